"""What is said of a run that did not end by itself. It knows neither processes nor PyTorch."""

import signal
import time
from pathlib import Path

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import FAILED, OVER, STOPPED, Facts, NoSuchRun, RunFolder

BALLAST = ".ballast"
BALLAST_BYTES = 64 * 1024
_TRIES, _BETWEEN_S = 3, 0.02

STOPPED_BEFORE = "It was stopped before it began."
STOPPED_LATE = "It was stopped in the middle of a step. What it had measured until then is kept."
NO_APP = "It was stopped because the app was closed. Go on with it, and it begins at its last checkpoint."
BROKER_GONE = (
    "The process that looks after runs ended unexpectedly, and this run with it. What it had measured is "
    "kept; go on with it, and it begins at its last checkpoint."
)
MACHINE_GONE = "The machine that it ran on is gone; it waits for another, and begins at its last checkpoint."
NO_RESULT = "It ended without a result, and nothing says why. Start it again."
_KILLED = (
    "The system ended it, most often because the machine was short of memory. What it had measured is kept. "
    "Try a smaller network, smaller pictures or a smaller batch."
)


def too_long(seconds: float) -> str:
    """Return what is said of a run that took longer than is allowed."""
    return (
        f"It was stopped after {seconds / 60:.3g} minutes, the longest that a run may take here. What it had "
        "measured is kept."
    )


def crashed(code: int | None) -> str:
    """Return what is said of a process that ended with this exit code, a negative one for a signal."""
    if code is None or code == 0:
        return NO_RESULT
    if code == -getattr(signal, "SIGKILL", 9):
        return _KILLED
    kind = f"by the signal {_signal(-code)}" if code < 0 else f"with the code {code}"
    return f"Its process ended unexpectedly, {kind}. What it had measured is kept; other runs go on."


def cannot_start(problem: Exception) -> str:
    """Return what is said where the process could not be started."""
    if isinstance(problem, CnnLabError):
        return str(problem)
    return f"Its process could not be started ({type(problem).__name__}). Start it again in a minute."


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def keep_ballast(path: Path) -> None:
    """Keep some bytes in a run's folder, so that its end can be written on a disk that is full."""
    (path / BALLAST).write_bytes(b"\0" * BALLAST_BYTES)


def conclude(path: Path, state: str, message: str) -> bool:
    """Write how a run ended, unless it says so itself; return False where that cannot be written now."""
    folder = RunFolder(path)
    for _ in range(_TRIES):
        try:
            if folder.state().get("state") not in OVER:
                folder.stand(state=state, message=message)
            return True
        except (NoSuchRun, FileNotFoundError):
            return True  # deleted
        except OSError:
            (path / BALLAST).unlink(missing_ok=True)
            time.sleep(_BETWEEN_S)
    return False


def state_of(path: Path) -> str:
    """Return where a run stands; nothing where it is gone."""
    try:
        return str(RunFolder(path).state().get("state", ""))
    except (NoSuchRun, ValueError):
        return ""


def ending(code: int | None, asked_to_stop: bool) -> Facts:
    """Return the state and the message for a process that ended and left neither."""
    if asked_to_stop:
        return {"state": STOPPED, "message": STOPPED_LATE}
    return {"state": FAILED, "message": crashed(code)}
