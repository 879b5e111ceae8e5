"""What somebody wants of a run that goes on: go on, pause or stop; asked for through a file in its folder.

The same file serves the command line, the broker's processes and workers on other machines. It does not know
who writes it or what a step is.
"""

import time
from pathlib import Path
from typing import Protocol

GO, PAUSE, STOP = "go", "pause", "stop"
_FILE = "command"
_LOOK_AGAIN_S = 0.05


class Control(Protocol):
    """What a run asks at every step."""

    def command(self) -> str:
        """Return "go", "pause" or "stop"."""
        ...


def give_command(path: Path, command: str) -> None:
    """Ask the run in this folder to go on, to pause or to stop; a missing folder is left missing."""
    beside = path / f".{_FILE}.{time.monotonic_ns()}"
    try:
        beside.write_text(command, encoding="ascii")
        beside.replace(path / _FILE)
    except FileNotFoundError:
        return


def command_of(path: Path) -> str:
    """Return what was asked of the run last; "go" where nothing was."""
    try:
        asked = (path / _FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return GO
    return asked if asked in (PAUSE, STOP) else GO


class FileControl:
    """Reads what is asked of a run from its folder, at most twenty times a second."""

    def __init__(self, path: Path) -> None:
        """Look into this folder, first when it is asked."""
        self._path, self._next, self._last = path, 0.0, GO

    def command(self) -> str:
        """Return "go", "pause" or "stop"."""
        now = time.monotonic()
        if now >= self._next:
            self._last, self._next = command_of(self._path), now + _LOOK_AGAIN_S
        return self._last
