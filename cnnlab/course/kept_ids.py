"""Which ids learners' answers may be kept under, written down in the folder of lessons, and those now gone.

The file `.ids.lock` has one `lesson question` a line. It knows no answers: it is written when an author
says so, and can be compared on every machine.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cnnlab.course.front_matter import Status
from cnnlab.course.lesson import Lesson
from cnnlab.course.mistakes import Findings, Mistake, Place, did_you_mean

NAME = ".ids.lock"
MOST_SIGNS = 1_000_000
_HEADER = "# Learners' answers are kept under these ids. Written by: python -m cnnlab check --lock\n"
_ENTRY = re.compile(r"([a-z][a-z0-9-]*)(?: ([a-z][a-z0-9-]*))?")
_HOW = "give it its id back; if it shall go, run `python -m cnnlab check --lock`"


class WithIds(Protocol):
    """What is needed of a lesson's file."""

    @property
    def lesson(self) -> Lesson | None:
        """Return the lesson."""
        ...

    @property
    def findings(self) -> Findings:
        """Return where mistakes are noted."""
        ...


@dataclass(frozen=True, slots=True)
class KeptIds:
    """The lessons' ids with those of their questions, as they were written down; `lines` are of the file."""

    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def gone(self, lessons: Sequence[WithIds], name: str, whole: bool) -> list[Mistake]:
        """Note each question that its lesson has no more; of a whole folder, return lessons that are gone."""
        now = _ids(lessons)
        unread = any(one.lesson is None for one in lessons)
        lost = Findings(name, [])
        for (lesson, question), line in self.lines.items():
            if (lesson, "") not in now:
                if whole and not unread and not question:
                    message = (
                        f"there is no lesson `{lesson}` any more; learners' answers are kept under this id"
                    )
                    lost.warning("removed-id", message, Place(line, 1, len(lesson)), _HOW)
            elif (lesson, question) not in now:
                _note(lesson, question, now, lessons)
        return lost.mistakes


def _ids(lessons: Iterable[WithIds]) -> set[tuple[str, str]]:
    read = [one.lesson for one in lessons if one.lesson]
    questions = {(one.front.id, question.id) for one in read for question in one.questions}
    return questions | {(one.front.id, "") for one in read}


def _note(lesson: str, question: str, now: set[tuple[str, str]], lessons: Sequence[WithIds]) -> None:
    """Note a question that is gone, unless its lesson has errors, among which it may be."""
    same = [one for one in lessons if one.lesson and one.lesson.front.id == lesson]
    if any(one.findings.failed for one in same):
        return
    others = sorted(other for name, other in now if name == lesson and other)
    near = did_you_mean(question, others)
    help = f"{near} " if near.startswith("did") else ""
    message = f"the question `{question}` is gone; learners' answers are kept under this id"
    findings = same[0].findings
    findings.warning("removed-id", message, findings.place_of(lesson, 1, 40), f"{help}{_HOW}")


def read_kept_ids(folder: Path, name: str) -> KeptIds:
    """Read what a folder has written down; nothing where it has no such file."""
    file = folder / NAME
    if not file.is_file() or file.stat().st_size > MOST_SIGNS:
        return KeptIds()
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    findings = Findings(name, lines)
    found: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, start=1):
        entry = _ENTRY.fullmatch(line.strip())
        if entry:
            found.setdefault((entry[1], entry[2] or ""), number)
        elif line.strip() and not line.startswith("#"):
            message = "this line is no lesson's id, alone or with the id of one of its questions"
            help = "repair it, or write the file anew with `python -m cnnlab check --lock`"
            findings.error("ids-lock", message, findings.place_of(line.strip(), number), help)
    return KeptIds(found, tuple(findings.mistakes))


def write_kept_ids(folder: Path, lessons: Sequence[WithIds]) -> int:
    """Write down the ids of all lessons that learners can see, and return how many there are."""
    seen = [one for one in lessons if one.lesson and one.lesson.front.status is Status.PUBLISHED]
    entries = sorted(f"{lesson} {question}".strip() for lesson, question in _ids(seen))
    (folder / NAME).write_text("\n".join([_HEADER.strip(), *entries, ""]), encoding="utf-8")
    return len(entries)
