"""Which signs in prose do not show what an author means, and what to write instead.

They are looked for outside code and formulas. The module does not look itself.
"""

import re
from dataclasses import dataclass

from cnnlab.course.mistakes import Severity


@dataclass(frozen=True, slots=True)
class Sign:
    """What to look for, and what to say about it after quoting it."""

    code: str
    severity: Severity
    pattern: re.Pattern[str]
    message: str
    help: str


def _sign(code: str, severity: Severity, pattern: str, message: str, help: str) -> Sign:
    return Sign(code, severity, re.compile(pattern, re.MULTILINE), message, help)


_COLOURS = "red|green|blue|orange|yellow|purple|pink|violet|brown|turquoise"
_THINGS = (
    "boxe?s?|lines?|cells?|ones?|squares?|parts?|areas?|arrows?|frames?|borders?|bars?|dots?|points?|curves?"
    "|tiles?|regions?|circles?|rectangles?|numbers?|values?"
)
_MADE = "marked|shown|drawn|coloured|colored|highlighted|framed|printed|painted"
SIGNS = (
    _sign(
        "text-directive",
        Severity.ERROR,
        r"(?<![\w:]):{1,2}[a-zA-Z][\w-]*\[",
        "is read as a command and vanishes",
        "put it in backticks, or a space after the colon",
    ),
    _sign(
        "emoji",
        Severity.ERROR,
        r"(?<![\w:]):(?:[a-z][a-z0-9_+-]*|material/\w+):(?![\w:])",
        "becomes a picture",
        "put it in backticks",
    ),
    _sign(
        "tilde",
        Severity.WARNING,
        r"(?<![~\w])~(?![~\s])[^~\n]+~(?!~)",
        "is struck out",
        "write `about` or `≈` instead of `~`",
    ),
    _sign(
        "definition-list",
        Severity.WARNING,
        r"^ {0,3}:[ \t]+\S.*",
        "is not shown as the meaning of a word",
        "write a list with `- **word**: meaning`",
    ),
    _sign(
        "callout",
        Severity.ERROR,
        r"^[ \t]*(?:[-*+>][ \t]*|\d+[.)][ \t]+)*\[![A-Za-z]+\]",
        "makes no box here",
        "let a line begin with `> [!NOTE]`, outside lists and questions",
    ),
    _sign(
        "colour-only",
        Severity.WARNING,
        rf"\b(?:(?:[Tt]he|[Ii]n) (?:{_COLOURS}) (?:{_THINGS})|(?:{_MADE}) (?:in )?(?:{_COLOURS}))\b",
        "names a colour as the only mark",
        "also say where it is or what it is called",
    ),
)
