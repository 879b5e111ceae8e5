"""Which lessons there are: those in the lessons folder that can be read, in their order.

A file is read again when it has changed; while it is broken, the last version that could be read stays.
It does not draw lessons.
"""

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnlab.course.lesson import Lesson

OWN_FOLDER = Path(__file__).resolve().parents[3] / "lessons"
FOLDER = Path(os.environ.get("CNNLAB_LESSONS", OWN_FOLDER))  # an instructor's own folder

TOP_CHARACTERS = 4000
_TOP_LINE = re.compile(r"^(id|title|order|status):[ \t]+(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A lesson that learners can open: the file, a fingerprint of its text, and the lesson itself."""

    path: Path
    sha: str
    lesson: "Lesson"

    @property
    def url_path(self) -> str:
        """Return the lesson's address on this server."""
        return f"lesson-{self.lesson.front.id}"


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A lesson as the menu names it."""

    title: str
    url_path: str


def menu_lines(folder: Path = FOLDER) -> list[MenuLine]:
    """Return a line for each published lesson, in their order, from the lines at the top of the files alone.

    Every page draws the menu, so no lesson is read for it; a broken one says so when it is opened.
    """
    tops = [top for path in sorted(folder.glob("*.md")) if {"id", "title"} <= (top := _top(path)).keys()]
    shown = [top for top in tops if top.get("status", "published") == "published"]
    ordered = sorted(
        shown, key=lambda top: int(top.get("order", "0")) if top.get("order", "0").isdecimal() else 0
    )
    lines = {top["id"]: MenuLine(top["title"], f"lesson-{top['id']}") for top in reversed(ordered)}
    return list(reversed(lines.values()))


def _top(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(TOP_CHARACTERS)
    found = re.match(r"\ufeff?---\n(.*?)\n---", text, re.DOTALL)
    lines = _TOP_LINE.findall(found[1]) if found else []
    return {name: value.strip().strip("\"'") for name, value in lines}


_known: dict[Path, tuple[tuple[int, int], ShelfEntry | None]] = {}
_lock = threading.Lock()


def shelf(folder: Path = FOLDER) -> list[ShelfEntry]:
    """Return the published lessons of a folder, by their `order`, then by file name."""
    entries = [entry for path in sorted(folder.glob("*.md")) if (entry := _entry(path))]
    published = [entry for entry in entries if entry.lesson.front.status == "published"]
    return sorted(published, key=lambda entry: (entry.lesson.front.order, entry.path.name))


def _entry(path: Path) -> ShelfEntry | None:
    stat = path.stat()
    stamp = (stat.st_mtime_ns, stat.st_size)
    with _lock:
        known = _known.get(path)
        if known and known[0] == stamp:
            return known[1]
        from cnnlab.course.reading import read_file  # 0.2 s that the server takes while it starts

        reading = read_file(path, path.name)
        if reading.sound and reading.lesson:
            sha = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            entry: ShelfEntry | None = ShelfEntry(path, sha, reading.lesson)
        else:
            entry = known[1] if known else None
        _known[path] = (stamp, entry)
        return entry
