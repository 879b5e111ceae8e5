"""Which lessons there are: those in the lessons folder that can be read, in their order.

A file is read again when it has changed; while it is broken, the last version that could be read stays.
Where the server runs for authors, the menu also has drafts and files that cannot be read. A folder named as a
language has the same lessons in that language. It does not draw lessons.
"""

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab.language import ENGLISH, LANGUAGES, language, translate
from cnnlab.ui.lessons.author_mode import is_author_mode

if TYPE_CHECKING:
    from cnnlab.course.lesson import Lesson

OWN_FOLDER = Path(__file__).resolve().parents[3] / "lessons"
FOLDER = Path(os.environ.get("CNNLAB_LESSONS", OWN_FOLDER))  # an instructor's own folder

TOP_CHARACTERS = 4000
NO_LESSONS = ("README.md", "CHANGELOG.md")
_ID = re.compile(r"[a-z][a-z0-9-]{1,60}")
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

    @property
    def language(self) -> str:
        """Return the language that the lesson is written in."""
        folder = self.path.parent.name
        return self.lesson.front.lang or (folder if folder in LANGUAGES else ENGLISH)


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A lesson as the menu names it, and its file."""

    title: str
    url_path: str
    path: Path


def _files(folder: Path) -> list[Path]:
    files = (path for path in folder.glob("*.md") if path.is_file() and not path.name.startswith((".", "_")))
    return sorted(path for path in files if path.name not in NO_LESSONS)


def menu_lines(folder: Path = FOLDER) -> list[MenuLine]:
    """Return a line for each lesson to show, in their order, from the lines at the top of the files alone.

    Every page draws the menu, so no lesson is read for it; a broken one says so when it is opened.
    """
    tops = [(_usable_top(path), path) for path in _files(folder)]
    ordered = sorted(tops, key=lambda one: int(one[0]["order"]) if one[0].get("order", "").isdecimal() else 0)
    translated = {
        line.url_path: line for path in _translations(folder) if (line := _menu_line(_usable_top(path), path))
    }
    named = [line for top, path in ordered if (line := _menu_line(top, path))]
    named = [translated.get(line.url_path, line) for line in named]
    lines = {line.url_path: line for line in reversed(named)}
    return list(reversed(lines.values()))


def _menu_line(top: dict[str, str], path: Path) -> MenuLine | None:
    """Return a file's line in the menu; None where it is not for the eyes of who visits this server."""
    is_named = {"id", "title"} <= top.keys()
    if is_named and top.get("status", "published") == "published":
        return MenuLine(top["title"], f"lesson-{top['id']}", path)
    if not is_author_mode():
        return None
    if is_named:
        return MenuLine(translate("Draft: {title}").format(title=top["title"]), f"lesson-{top['id']}", path)
    slug = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return MenuLine(translate("Unread: {file}").format(file=path.name), f"file-{slug}", path)


def page_for_author(path: Path) -> str:
    """Return the address of the page that a lesson's file has, for its author; "" where there is none."""
    line = _menu_line(_usable_top(path), path)
    return line.url_path if line else ""


_last_tops: dict[Path, dict[str, str]] = {}


def _usable_top(path: Path) -> dict[str, str]:
    """Return what the top of a file says; while it says no id or no title, what it said before."""
    top = _top(path)
    if "title" in top and _ID.fullmatch(top.get("id", "")):
        _last_tops[path] = top
    return _last_tops.get(path, {})


def _top(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(TOP_CHARACTERS)
    except OSError:
        return {}
    found = re.match(r"\ufeff?---\n(.*?)\n---", text, re.DOTALL)
    lines = _TOP_LINE.findall(found[1]) if found else []
    return {name: value.strip().strip("\"'") for name, value in lines}


_known: dict[Path, tuple[tuple[int, int], ShelfEntry | None]] = {}
_lock = threading.Lock()


def shelf(folder: Path = FOLDER) -> list[ShelfEntry]:
    """Return the published lessons of a folder, by their `order`, then by file name.

    Each is in the reader's language if there is such a text of it, which has the same id.
    """
    inside = _published(_files(folder))
    translated = {entry.lesson.front.id: entry for entry in _published(_translations(folder))}
    ordered = sorted(inside, key=lambda entry: (entry.lesson.front.order, entry.path.name))
    return [translated.get(entry.lesson.front.id, entry) for entry in ordered]


def shelf_of(entry: ShelfEntry) -> list[ShelfEntry]:
    """Return the lessons that a lesson stands among."""
    return shelf(_shelf_folder(entry.path.parent))


def file_beside(folder: Path, name: str) -> Path:
    """Return a file that a lesson in a folder names; a translation may leave it to what it translates."""
    own = folder / name
    return own if own.is_file() else _shelf_folder(folder) / name


def _shelf_folder(folder: Path) -> Path:
    return folder.parent if folder.name in LANGUAGES else folder


def _translations(folder: Path) -> list[Path]:
    return [] if language() == ENGLISH else _files(folder / language())


def _published(files: list[Path]) -> list[ShelfEntry]:
    entries = [entry for path in files if (entry := last_good(path))]
    return [entry for entry in entries if entry.lesson.front.status == "published"]


def last_good(path: Path) -> ShelfEntry | None:
    """Return the last version of a lesson that could be read, a draft too; None where there was none."""
    with _lock:
        known = _known.get(path)
        try:
            stat = path.stat()
        except OSError:
            return known[1] if known else None
        stamp = (stat.st_mtime_ns, stat.st_size)
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
