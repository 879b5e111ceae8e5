"""What is wrong in a folder of lessons: each lesson's mistakes, and what only the folder tells.

Ids that are taken, links to lessons and pictures that are not there, translations that say something else,
and numbers that do not work. It changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cnnlab.course.files import file_problem
from cnnlab.course.kept_ids import NAME, read_kept_ids
from cnnlab.course.lesson import Lesson
from cnnlab.course.mistakes import Findings, Mistake, Severity, did_you_mean
from cnnlab.course.reading import Reading, lines_of, read_file
from cnnlab.course.sampling import check_numbers
from cnnlab.course.translations import check_translation
from cnnlab.errors import CnnLabError

DEFAULT_LANGUAGE = "en"
VARIANTS = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class NothingToCheck(CnnLabError):
    """A path that holds no lesson."""


@dataclass(slots=True)
class CheckedLesson:
    """One lesson's file: its reading, its language, and the mistakes found so far."""

    path: Path
    name: str
    language: str
    reading: Reading
    findings: Findings
    fingerprint: str

    @property
    def lesson(self) -> Lesson | None:
        """Return the lesson, or None where its front matter cannot be used."""
        return self.reading.lesson


@dataclass(frozen=True, slots=True)
class Check:
    """The result for a folder: its lessons in the order of their names, and all mistakes."""

    lessons: tuple[CheckedLesson, ...]
    mistakes: tuple[Mistake, ...] = field(repr=False)

    def failed(self, strict: bool = False) -> bool:
        """Return whether the lessons may not be used like this; `strict` counts warnings."""
        return any(strict or one.severity is Severity.ERROR for one in self.mistakes)


def check_lessons(path: Path, variants: int = VARIANTS) -> Check:
    """Check a lesson or a folder of lessons; of a single lesson, its neighbours are read as well."""
    root = root_of(path)
    files = sorted(file for file in root.rglob("*.md") if _is_lesson(file, root))
    lessons = [_read(file, root, path) for file in files]
    if not lessons:
        raise NothingToCheck(f"There is no lesson in {path}: lessons are files whose name ends in .md.")
    chosen = [one for one in lessons if path.is_dir() or one.path.resolve() == path.resolve()]
    known = {one.lesson.front.id for one in lessons if one.lesson}
    for one in chosen:
        _check_names(one, lessons, known)
        _check_files(one, root)
        for question in one.reading.shown.questions if one.reading.shown else ():
            check_numbers(question, one.findings, variants)
        source = source_of(one, lessons)
        if source is not None:
            check_translation(one, source)
    kept = read_kept_ids(root, lock := _shown(root / NAME, root, path))
    gone = kept.gone(chosen, lock, whole=path.is_dir())
    mistakes = (mistake for one in chosen for mistake in sorted(one.findings.mistakes))
    return Check(tuple(chosen), (*mistakes, *kept.mistakes, *gone))


def root_of(path: Path) -> Path:
    """Return the folder of all lessons that a path belongs to; `NothingToCheck` where there is none."""
    if path.is_dir():
        return path
    if not path.is_file():
        raise NothingToCheck(f"There is no {path}: name a lesson, or a folder of lessons.")
    folder = path.resolve().parent
    return folder.parent if _LANGUAGE.fullmatch(folder.name) else folder


def _is_lesson(file: Path, root: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in file.relative_to(root).parts)
    inside = file.resolve().is_relative_to(root.resolve())
    return file.is_file() and inside and not hidden and file.name not in ("README.md", "CHANGELOG.md")


def _shown(file: Path, root: Path, asked: Path) -> str:
    """Return a file's name as somebody wrote it who asked for a folder or a lesson."""
    if file.resolve() == asked.resolve():
        return asked.as_posix()
    return (asked / file.relative_to(root) if asked.is_dir() else file).as_posix()


def _read(file: Path, root: Path, asked: Path) -> CheckedLesson:
    name = _shown(file, root, asked)
    reading = read_file(file, name)
    content = file.read_bytes() if reading.shown else b""
    findings = Findings(name, lines_of(content.decode("utf-8")))
    findings.mistakes += reading.mistakes
    folder = file.parent.name if file.parent.resolve() != root.resolve() else ""
    own = reading.lesson.front.lang if reading.lesson else ""
    language = own or (folder if _LANGUAGE.fullmatch(folder) else DEFAULT_LANGUAGE)
    text = content.replace(b"\r\n", b"\n")
    return CheckedLesson(file, name, language, reading, findings, sha256(text).hexdigest()[:12])


def source_of(one: CheckedLesson, lessons: Iterable[CheckedLesson]) -> CheckedLesson | None:
    """Return the lesson in the default language that this one translates, if it is a translation."""
    if one.lesson is None or one.language == DEFAULT_LANGUAGE:
        return None
    same = (other for other in lessons if other.lesson and other.language == DEFAULT_LANGUAGE)
    found = (other for other in same if other.lesson and other.lesson.front.id == one.lesson.front.id)
    return next(found, None)


def _check_names(one: CheckedLesson, lessons: Sequence[CheckedLesson], known: set[str]) -> None:
    if one.lesson is None:
        return
    front, findings = one.lesson.front, one.findings
    for other in lessons:
        twin = other.lesson is not None and other is not one and other.lesson.front.id == front.id
        if twin and other.language == one.language:
            place = findings.place_of(front.id, 1, 40)
            message = f"the lesson {other.name} has the id `{front.id}`, too"
            findings.error("duplicate-id", message, place, "give each lesson its own")
    for name in front.prerequisites:
        if name not in known:
            place = findings.place_of(name, 1, 60)
            findings.error("unknown-lesson", f"there is no lesson `{name}`", place, did_you_mean(name, known))
    for use in one.reading.uses.lessons:
        if use.name not in known:
            message = f"there is no lesson `{use.name}`"
            findings.error("unknown-lesson", message, use.place, did_you_mean(use.name, known))


def _check_files(one: CheckedLesson, root: Path) -> None:
    folders = (one.path.parent, root, root / DEFAULT_LANGUAGE)
    for use in one.reading.uses.files:
        problem = file_problem(use.name, folders, root)
        if problem:
            one.findings.error(problem.code, problem.message, use.place, problem.help)
