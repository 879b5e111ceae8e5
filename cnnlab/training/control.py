"""What somebody wants of a run that goes on: go on, pause or stop; asked for through a file in its folder.

The same file serves the command line, the broker's processes and workers on other machines. It does not know
who writes it or what a step is.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

GO, PAUSE, STOP = "go", "pause", "stop"
# Asked of the broker: a paused run goes on when it is its turn. Until then the run itself stays paused.
CONTINUE = "continue"
_FILE, _HEARD = "command", ".heard"
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
    """Return what was asked of the run last, `CONTINUE` included; "go" where nothing was."""
    return _read(path / _FILE)


def _read(file: Path) -> str:
    try:
        asked = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return GO
    return asked if asked in (PAUSE, STOP, CONTINUE) else GO


def heard_stop(path: Path) -> bool:
    """Return whether the run knows that it shall stop, and is about to keep its results."""
    return (path / _HEARD).exists()


def hear_stop(path: Path) -> None:
    """Say that the run is about to keep its results."""
    with suppress(OSError):
        (path / _HEARD).touch()


def forget_commands(path: Path) -> str:
    """Let a run begin, or begin again, with nothing asked of it; return what was asked until now.

    What is asked meanwhile is not lost: it is either returned, or still asked.
    """
    taken, asked = path / f".{_FILE}.taken.{time.monotonic_ns()}", GO
    with suppress(FileNotFoundError):
        (path / _FILE).replace(taken)
        asked = _read(taken)
        taken.unlink()
    (path / _HEARD).unlink(missing_ok=True)
    return asked


class FileControl:
    """Reads what is asked of a run from its folder, at most twenty times a second."""

    def __init__(self, path: Path) -> None:
        """Look into this folder, first when it is asked."""
        self._path, self._next, self._last = path, 0.0, GO

    def command(self) -> str:
        """Return "go", "pause" or "stop"."""
        now = time.monotonic()
        if now >= self._next:
            asked, self._next = command_of(self._path), now + _LOOK_AGAIN_S
            if asked == STOP and self._last != STOP:
                hear_stop(self._path)
            self._last = PAUSE if asked == CONTINUE else asked
        return self._last
