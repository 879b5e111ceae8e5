"""How an author's Markdown is written for Streamlit: stray dollars, pictures, links and footnotes.

It looks at text outside code and formulas only. It does not know where pictures are served: the caller
gives addresses.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cnnlab.course.masking import mask

_TARGET = re.compile(r"\]\(\s*<?([^)\s>]*)")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]+<?([^\s>]+)", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")
NOTE = "#note-{}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """How a picture's path and a lesson's id become addresses; `footnotes` has the number of each label."""

    picture: Callable[[str], str]
    lesson: Callable[[str], str] = "?lesson={}".format
    footnotes: Mapping[str, int] = field(default_factory=dict)
    definitions: str = ""


def normalised(text: str, addresses: Addresses) -> str:
    r"""Return the Markdown to hand to Streamlit.

    >>> normalised("costs $5, see [it](lesson:pooling)", Addresses(picture=str))
    'costs \\$5, see [it](?lesson=pooling)'
    """
    whole = f"{text}\n\n{addresses.definitions}" if addresses.definitions else text
    masked = mask(whole)
    edits = [(index, index + 1, "\\$") for index in masked.dollars]
    for found in _TARGET.finditer(masked.text):
        is_picture = _is_picture(masked.text, found.start())
        edits.append((*found.span(1), _address(whole[found.start(1) : found.end(1)], is_picture, addresses)))
    for found in _DEFINITION.finditer(masked.text):
        edits.append((*found.span(1), _address(whole[found.start(1) : found.end(1)], False, addresses)))
    for found in _FOOTNOTE.finditer(masked.text):
        if found[1] in addresses.footnotes:
            number = addresses.footnotes[found[1]]
            edits.append((*found.span(), rf"[\[{number}\]]({NOTE.format(number)})"))
    for start, end, new in sorted(edits, reverse=True):
        whole = whole[:start] + new + whole[end:]
    return whole


def _address(target: str, is_picture: bool, addresses: Addresses) -> str:
    if is_picture:
        return addresses.picture(target)
    return addresses.lesson(target.removeprefix("lesson:")) if target.startswith("lesson:") else target


def _is_picture(text: str, closing: int) -> bool:
    """Return whether the bracket that closes here was opened by `![`."""
    depth = 0
    for index in range(closing, -1, -1):
        depth += (text[index] == "]") - (text[index] == "[")
        if depth == 0:
            return text[index - 1 : index] == "!"
    return False
