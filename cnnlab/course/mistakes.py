"""What is wrong in a lesson: one place, one sentence and one way out for each mistake.

It does not look for mistakes, and does not know what a lesson is.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from enum import StrEnum

LONGEST_SOURCE = 160
MOST_NAMES = 20


class Severity(StrEnum):
    """Whether a lesson cannot be shown like this, or only should not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column count from 1; `length` is how many characters it has."""

    line: int
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: where it is, what it is, and what to do; `source` is the line that it stands in."""

    file: str
    line: int
    column: int
    length: int
    severity: Severity
    code: str
    message: str
    help: str
    source: str

    def text(self) -> str:
        """Return the mistake as compilers show one, with a caret below the source."""
        shown = [f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}"]
        if self.source.strip():
            number = f"{self.line:>5}"
            start = min(self.column, LONGEST_SOURCE) - 1
            carets = "^" * max(1, min(self.length, LONGEST_SOURCE - start))
            shown += [f"{number} | {self.source}", f"{' ' * len(number)} | {' ' * start}{carets}"]
        if self.help:
            shown.append(f"      = help: {self.help}")
        return "\n".join(shown)

    def github(self) -> str:
        """Return the mistake as a workflow command that marks the line in a pull request."""
        message = f"{self.message}. {self.help}" if self.help else self.message
        where = f"file={_escaped(self.file, ':,')},line={self.line},col={self.column}"
        return f"::{self.severity} {where},title={_escaped(self.code, ':,')}::{_escaped(message)}"

    def as_json(self) -> str:
        """Return the mistake as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Findings:
    """Collects the mistakes of one file while it is read."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = lines
        self.mistakes: list[Mistake] = []

    def error(self, code: str, message: str, place: Place, help: str = "") -> None:
        """Note something that must be changed."""
        self._note(Severity.ERROR, code, (message, help), place)

    def warning(self, code: str, message: str, place: Place, help: str = "") -> None:
        """Note something that should be changed."""
        self._note(Severity.WARNING, code, (message, help), place)

    def _note(self, severity: Severity, code: str, words: tuple[str, str], place: Place) -> None:
        source = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        shown = source if len(source) <= LONGEST_SOURCE else source[: LONGEST_SOURCE - 1] + "…"
        spot = (self.file, place.line, place.column, max(1, place.length))
        mistake = Mistake(*spot, severity, code, *words, shown)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    @property
    def failed(self) -> bool:
        """Return whether anything must be changed."""
        return any(one.severity == Severity.ERROR for one in self.mistakes)

    def place_of(self, text: str, line: int, last_line: int = 0) -> Place:
        """Return where a text stands at or below a line; the whole line where it is not found."""
        for number in range(line, max(line, last_line) + 1):
            source = self.lines[number - 1] if 0 < number <= len(self.lines) else ""
            if text and text in source:
                return Place(number, source.index(text) + 1, len(text))
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        start = len(source) - len(source.lstrip())
        return Place(line, start + 1, len(source.strip()))


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Suggest the known name that is nearest to the given one, or list them all.

    >>> did_you_mean("levle", ["level", "title"])
    'did you mean `level`?'
    """
    names = list(known)
    near = get_close_matches(given.lower(), names, n=1, cutoff=0.55)
    if near:
        return f"did you mean `{near[0]}`?"
    listed = ", ".join(f"`{name}`" for name in sorted(names)[:MOST_NAMES])
    more = " and others" if len(names) > MOST_NAMES else ""
    return f"there are {listed}{more}" if names else ""


def _escaped(text: str, more: str = "") -> str:
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
