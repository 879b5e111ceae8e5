"""Which parts of a text from the right stay written from the left: sizes, sums, shapes and negative numbers.

In a line from the right, `64 × 28 × 28` would be shown as 28 × 28 × 64, and −3 as 3−: digits keep their
order, but the signs between them do not. Unicode's invisible marks around such a part prevent that. The
module does not know languages: it is asked only where a text is written from the right.
"""

import re

from cnnlab.course.masking import mask

FROM_THE_LEFT, END = "\u2066", "\u2069"
_TARGET = re.compile(r"\]\([^)]*\)|https?://\S+|\u2066[^\u2069]*\u2069")
_PART = re.compile(r"[0-9A-Za-z(⌊√−+](?:[0-9A-Za-z ,×·/+−=<>≤≥≈≠()⌊⌋%^]|\.(?=\d)|-(?=[0-9A-Za-z]))*")
_NEEDED = re.compile(r"[×·/+−=<>≤≥≈≠%^⌊]|\d-|\([^()]*,[^()]*\)")
_EDGE = " .,×·/+=<>≤≥≈≠^"


def isolated(text: str) -> str:
    """Return the Markdown with marks around what stays written from the left, outside code and formulas.

    >>> isolated("شكله 64 × 28 × 28.") == "شكله \u206664 × 28 × 28\u2069."
    True
    """
    shown = _TARGET.sub(lambda found: " " * len(found[0]), mask(text).text)
    parts, end = [], 0
    for found in _PART.finditer(shown):
        first, last = _trimmed(shown, *found.span())
        if _NEEDED.search(shown, first, last) and re.search(r"\d", shown[first:last]):
            parts += [text[end:first], FROM_THE_LEFT, text[first:last], END]
            end = last
    return "".join([*parts, text[end:]])


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """Leave out what belongs to the sentence: signs at the edges, and brackets without their partners."""
    before = (first, last + 1)
    while (first, last) != before and first < last:
        before = (first, last)
        part = text[first:last]
        last -= len(part) - len(part.rstrip(_EDGE))
        first += text[first:last].startswith("(") and part.count("(") > part.count(")")
        last -= text[first:last].endswith(")") and part.count(")") > part.count("(")
    return first, last
