"""Which lessons there are: those in the lessons folder that can be read, in their order.

A file is read again when it has changed; while it is broken, the last version that could be read stays.
It does not draw lessons.
"""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnnlab.course.lesson import Lesson

OWN_FOLDER = Path(__file__).resolve().parents[3] / "lessons"
FOLDER = Path(os.environ.get("CNNLAB_LESSONS", OWN_FOLDER))  # an instructor's own folder


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
