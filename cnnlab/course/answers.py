"""Which answers a question's text lists: right and wrong ones, items of an order, a table, and the stem.

One grammar for all kinds: `- [x]` is right, `- [ ]` wrong, an indented `>` is the feedback for the answer
above it, `1.` is an item of an order, a row of `|` holds `[[…]]` to fill in. It does not know what an
answer means.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from cnnlab.course.directives import Text
from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.questions import Kind

_TICK = re.compile(r"^ {0,3}[-*+] \[([ xX])\](?: +(.*?))? *$")
_BAD_TICK = re.compile(r"^ {0,3}[-*+] ?\[ *[xX]? *\]")
_ITEM = re.compile(r"^ {0,3}\d{1,3}[.)] +(.*?) *$")
_BULLET = re.compile(r"^ {0,3}[-*+] +(?!\[)(.*?) *$")
_ROW = re.compile(r"^ {0,3}\|.*\| *$")
_FEEDBACK = re.compile(r"^( *)> ?(.*?) *$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


class Mark(Enum):
    """What an entry is."""

    RIGHT = "right"
    WRONG = "wrong"
    ITEM = "item"
    POINT = "point"


@dataclass(slots=True)
class Entry:
    """One answer: its mark, its text, the feedback below it, and where its text stands."""

    mark: Mark
    text: str
    place: Place
    feedback: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Return the feedback as one text."""
        return "\n".join(self.feedback).strip()


@dataclass(slots=True)
class Answers:
    """The parts of a question's text."""

    stem: str
    entries: list[Entry]
    rows: list[tuple[int, str]]
    stem_line: int

    def marked(self, mark: Mark) -> list[Entry]:
        """Return the entries with one mark."""
        return [entry for entry in self.entries if entry.mark is mark]


def read_answers(texts: Sequence[Text], kind: Kind, findings: Findings) -> Answers:
    """Take the lines of a question apart."""
    reader = _Reader(kind, findings)
    for text in texts:
        for number, line in enumerate(text.lines, start=text.line):
            reader.read(number, line)
    first = next((at for at, line in enumerate(reader.stem) if line.strip()), 0)
    stem = "\n".join(reader.stem[first:]).rstrip()
    return Answers(stem, reader.entries, reader.rows, (texts[0].line if texts else 1) + first)


class _Reader:
    def __init__(self, kind: Kind, findings: Findings) -> None:
        self.kind = kind
        self.findings = findings
        self.stem: list[str] = []
        self.entries: list[Entry] = []
        self.rows: list[tuple[int, str]] = []
        self.code = ""

    def read(self, number: int, line: str) -> None:
        if self.read_code(line):
            return
        entry = self.entry(number, line)
        if entry:
            self.entries.append(entry)
        elif self.kind is Kind.TABLE and _ROW.match(line):
            self.rows.append((number, line))
        elif _BAD_TICK.match(line):
            place = self.findings.place_of(line.strip(), number)
            self.findings.error(
                "checkbox", "this is not a choice", place, "write `- [x] ` for right and `- [ ] ` for wrong"
            )
        elif not self.entries and not self.rows:
            self.stem.append(line)
        elif line.strip():
            self.read_more(number, line)

    def read_code(self, line: str) -> bool:
        """Keep code as part of the stem or of the answer above it."""
        fence = _FENCE.match(line)
        inside = bool(self.code)
        if fence and not inside:
            self.code = fence[1]
        elif fence and fence[1].startswith(self.code):
            self.code = ""
        if not (fence or inside):
            return False
        if self.entries:
            self.entries[-1].text += f"\n{line.removeprefix('  ')}"
        else:
            self.stem.append(line)
        return True

    def entry(self, number: int, line: str) -> Entry | None:
        if tick := _TICK.match(line):
            if not tick[2]:
                self.findings.error(
                    "empty-answer",
                    "this answer is empty",
                    Place(number, 1, len(line)),
                    "write it, or delete the line",
                )
            place = Place(number, tick.start(2) + 1 if tick[2] else 1, len(tick[2] or line))
            return Entry(Mark.WRONG if tick[1] == " " else Mark.RIGHT, tick[2] or "", place)
        for kind, pattern, mark in ((Kind.ORDER, _ITEM, Mark.ITEM), (Kind.TEXT, _BULLET, Mark.POINT)):
            if self.kind is kind and (found := pattern.match(line)):
                return Entry(mark, found[1], Place(number, found.start(1) + 1, max(1, len(found[1]))))
        return None

    def read_more(self, number: int, line: str) -> None:
        """Read a line below an answer: its feedback, or more of its text."""
        feedback = _FEEDBACK.match(line)
        if feedback and self.entries:
            if self.entries[-1].mark in (Mark.ITEM, Mark.POINT):
                self.findings.error(
                    "feedback-place",
                    "nothing is said to a single line of this list",
                    self.findings.place_of(line.strip(), number),
                    "say it to every wrong answer, as `:feedback: …` above, or in a `:::{reveal}`",
                )
            elif len(feedback[1]) < 2:
                self.findings.error(
                    "feedback-indent",
                    "the feedback for an answer is indented below it",
                    Place(number, 1, len(line)),
                    "put two spaces before `>`",
                )
            self.entries[-1].feedback.append(feedback[2])
        elif line.startswith("  ") and self.entries:
            last = self.entries[-1]
            if last.feedback:
                last.feedback.append(line.strip())
            else:
                last.text += f"\n{line.strip()}"
        else:
            self.findings.error(
                "text-after-answers",
                "this text stands below the answers",
                self.findings.place_of(line.strip(), number),
                "move it above them, or indent it by two spaces if it belongs to the answer above it",
            )
