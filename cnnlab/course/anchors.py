"""What a heading is called in the address of its page, so that a link `#its-name` leads to it.

The rules are those of Streamlit 1.67. It does not know headings with other letters than English ones or with
formulas: their names are worked out in the browser.
"""

import re

_CAMEL = [
    (re.compile(r"([A-Z]{2,})(\d+)"), r"\1 \2"),
    (re.compile(r"([a-z\d]+)([A-Z]{2,})"), r"\1 \2"),
    (re.compile(r"([a-z\d])([A-Z])"), r"\1 \2"),
    (re.compile(r"([A-Z]+)([A-Z][a-rt-z\d]+)"), r"\1 \2"),
]
_CONTRACTION = re.compile(r"([A-Za-z\d]+)'([ts])(?=\s|$)")


def anchor(heading: str) -> str | None:
    """Return the name of a heading without its Markdown, or None where it cannot be told.

    >>> anchor("Padding & stride: what's new?"), anchor("PyTorch says"), anchor("Größe")
    ('padding-and-stride-whats-new', 'py-torch-says', None)
    """
    if not heading.isascii() or "$" in heading or "{{" in heading:
        return None
    for pattern, spaced in _CAMEL:
        heading = pattern.sub(spaced, heading)
    plain = _CONTRACTION.sub(r"\1\2", heading.replace("&", " and ")).lower()
    return re.sub(r"[^a-z\d]+", "-", plain).strip("-")
