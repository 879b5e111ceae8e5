"""A lock between processes: a file that one of them holds, and that the system frees when it ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnnlab.errors import CnnLabError

_AGAIN_S = 0.01


class Busy(CnnLabError):
    """Somebody else holds a lock for longer than one waits."""


class FileLock:
    """Held by one process at a time; a process that dies holds nothing."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when it is first taken."""
        self._path, self._file = path, -1

    def take(self) -> bool:
        """Take it unless another has it; return whether it is held now."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _take(file)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def give(self) -> None:
        """Let others have it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _take(file: int) -> None:
    """Lock an open file without waiting; raises `OSError` where another process holds it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(path: Path, wait_s: float = 5.0) -> Iterator[None]:
    """Hold a lock inside the block; raises `Busy` where others hold it for longer than one waits."""
    lock, until = FileLock(path), time.monotonic() + wait_s
    while not lock.take():
        if time.monotonic() > until:
            raise Busy("Too many ask for the same thing at this moment; try again in a few seconds.")
        time.sleep(_AGAIN_S)
    try:
        yield
    finally:
        lock.give()
