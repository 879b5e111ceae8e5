"""What a lesson's text says: the lesson as a tree of blocks, and all mistakes in it at once.

It knows the text of one lesson only: whether a picture or another lesson is there is the folder's matter.
Nothing that an author writes raises an error here.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cnnlab.course.blocks import BlockReader
from cnnlab.course.callouts import take_callouts
from cnnlab.course.directives import split
from cnnlab.course.footnotes import take_footnotes
from cnnlab.course.front_matter import FrontMatter, read_front_matter
from cnnlab.course.lesson import Lesson
from cnnlab.course.links import link_definitions
from cnnlab.course.mistakes import Findings, Mistake, Place, Severity
from cnnlab.course.prose import Uses

LARGEST = 1_000_000
LEAVES = frozenset({"figure", "widget", "video"})
STAND_IN = FrontMatter(id="unread", title="Unread", minutes=1)  # in place of one that cannot be used


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson as far as it could be read, its mistakes in reading order, and what it speaks of.

    `shown` is what its author can be shown of it: where its front matter cannot be used, under another.
    `lost_questions` counts the questions with mistakes that leave nothing to ask.
    """

    lesson: Lesson | None
    mistakes: tuple[Mistake, ...]
    uses: Uses
    shown: Lesson | None = None
    lost_questions: int = 0

    @property
    def sound(self) -> bool:
        """Return whether learners can be shown this lesson: nothing in it is an error."""
        return self.lesson is not None and all(one.severity is not Severity.ERROR for one in self.mistakes)


def read_lesson(text: str, name: str) -> Reading:
    """Read the text of a lesson; `name` stands in the mistakes.

    >>> read_lesson("## Hello", "hello.md").mistakes[0].message
    'a lesson starts with its front matter'
    """
    findings = Findings(name, lines_of(text))
    front, first_line = read_front_matter(findings)
    definitions = link_definitions(findings.lines[first_line - 1 :])
    parts = split(findings, first_line, LEAVES)
    reader = BlockReader(findings, definitions)
    for said in (front.title, front.summary, *front.objectives) if front else ():
        reader.prose.check(said, findings.place_of(said, 1, first_line).line)
    footnotes, parts = take_footnotes(take_callouts(parts, findings), findings)
    blocks = reader.read_all(parts)
    for note in footnotes:
        reader.prose.check(note.text, note.line)
    reader.finish(blocks, footnotes)
    reader.prose.check_anchors(front.title if front else "")
    shown = Lesson(front or STAND_IN, blocks, footnotes, definitions)
    lesson = shown if front else None
    return Reading(lesson, tuple(sorted(findings.mistakes)), reader.prose.uses, shown, reader.lost_questions)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, without a byte order mark; tabs become spaces, other signs stay out."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(sign if sign >= " " or sign in "\n\t" else "\ufffd" for sign in plain)
    return [line.expandtabs(4) for line in shown.split("\n")]


def read_file(path: Path, name: str) -> Reading:
    """Read a lesson's file; one that is no text, or too large, is a mistake in its first line."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        return _unusable(name, "file", f"the file cannot be read: {error.strerror or 'unknown'}")
    if content is None:
        return _unusable(name, "too-large", f"the file is larger than {LARGEST:,} bytes")
    try:
        return _read_once(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return _unusable(name, "not-utf-8", "the file is not UTF-8 text", line)


@lru_cache(maxsize=128)
def _read_once(text: str, name: str) -> Reading:
    """Read a text that was not read just before: each save of one lesson checks its whole folder."""
    return read_lesson(text, name)


def _unusable(name: str, code: str, message: str, line: int = 1) -> Reading:
    findings = Findings(name, [])
    findings.error(code, message, Place(line), "save a lesson as UTF-8 text of ordinary length")
    return Reading(None, tuple(findings.mistakes), Uses())
