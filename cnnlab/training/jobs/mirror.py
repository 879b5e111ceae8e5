"""A run's folder in two places: what has changed in one is told, and written in the other.

Files that only grow are told by what was added. It does not know how the tellings travel.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cnnlab.errors import CnnLabError

_GROWING = (".jsonl", ".txt")
_LAST = "state.json"  # it may say that the run is over, so all else has to be there before it
_KnownBy = tuple[int, int, int]  # inode, bytes, time of the last change


class OddPath(CnnLabError):
    """A change names a file outside the run's folder."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is new in a file, by its path inside the folder: `content` from the byte `offset` on."""

    path: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Telling:
    """What is new in a folder, in the order in which it is to be written, and all files that there are."""

    changes: tuple[Change, ...]
    files: frozenset[str]


class Mirror:
    """Remembers what was told of a folder."""

    def __init__(self, folder: Path) -> None:
        """Look at this folder; nothing of it was told yet."""
        self.folder = folder
        self._told: dict[str, _KnownBy] = {}

    def telling(self) -> Telling:
        """Return what is new since the last time; files whose names begin with a dot stay here."""
        state = self._change(_LAST)  # read first, written last
        changes, files = [], {_LAST}
        for name in _names(self.folder):
            files.add(name)
            if name != _LAST and (change := self._change(name)):
                changes.append(change)
        return Telling((*changes, *([state] if state else [])), frozenset(files))

    def _change(self, name: str) -> Change | None:
        try:
            with (self.folder / name).open("rb") as file:
                found = _known_by(file.fileno())
                before = self._told.get(name)
                if found == before:
                    return None
                grew = before and name.endswith(_GROWING) and found[0] == before[0] and found[1] >= before[1]
                offset = before[1] if before and grew else 0
                file.seek(offset)
                content = file.read()
        except FileNotFoundError:
            return None
        self._told[name] = (found[0], offset + len(content), found[2])
        return Change(name, offset, content)


def _known_by(file: int) -> _KnownBy:
    found = os.fstat(file)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not any(part.startswith(".") for part in parts) and parts != ("command",) and path.is_file():
            yield "/".join(parts)


def write(folder: Path, telling: Telling) -> None:
    """Make a folder like the one that was told of, unless it is gone; raises `OddPath`."""
    if not folder.is_dir():
        return
    for change in telling.changes:
        path = _inside(folder, change.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        if change.offset:
            with path.open("r+b") as file:
                file.truncate(change.offset)
                file.seek(change.offset)
                file.write(change.content)
        else:
            beside = path.with_name(f".{path.name}.told")
            beside.write_bytes(change.content)
            beside.replace(path)
    for name in set(_names(folder)) - telling.files:
        (folder / name).unlink(missing_ok=True)


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or any(part in ("..", "/") or part.startswith(".") or "\\" in part for part in parts):
        raise OddPath(f"A worker told of a file “{name}”, which is not in the run's folder.")
    return folder.joinpath(*parts)
