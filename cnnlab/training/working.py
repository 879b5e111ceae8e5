"""What the process of a run does: gets the pictures, trains, and says in a sentence why it could not.

The broker's processes, workers on other machines and the command line all end here. It does not know who
started it, nor how a network learns (`engine`).
"""

import errno
import signal
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from cnnlab.errors import CnnLabError
from cnnlab.training.control import FileControl, hear_stop, heard_stop
from cnnlab.training.endings import Ended, OutOfMemory, is_short_of_memory
from cnnlab.training.jobs.endings import STOPPED_LATE, conclude
from cnnlab.training.run_folder import FAILED, RATES, STOPPED, RunFolder

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
DISK_FULL = (
    "The disk is full, so its results could not be written. What was written before is kept. Delete runs "
    "that you no longer need, then go on with it."
)
MEMORY_SHORT = (
    "It needed more memory than a run may have here. What it had measured is kept. Try a smaller batch, "
    "smaller pictures or a smaller network."
)


def work(path: Path) -> None:
    """Train what the recipe in this folder asks for; whatever happens, the state says how it ended."""
    try:
        with _ending_when_told(path):
            _train(RunFolder(path))
    except Ended as early:
        conclude(path, early.state, str(early))
    except Exception as problem:
        if not isinstance(problem, CnnLabError):
            traceback.print_exc()
        conclude(path, FAILED, sentence(problem))


@contextmanager
def _ending_when_told(path: Path) -> Iterator[None]:
    """Let SIGTERM end the run in the middle of a step, with its results, unless it keeps them already."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        if not heard_stop(path):
            hear_stop(path)
            raise Ended(STOPPED, STOPPED_LATE)

    if threading.current_thread() is not threading.main_thread():
        yield  # only a main thread hears signals
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _train(folder: RunFolder) -> None:
    from cnnlab.training import data_sets, engine, finder

    recipe = folder.recipe()
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    do = finder.find_in if folder.about().get("kind") == RATES else engine.run
    do(folder, data, FileControl(folder.path))


def sentence(problem: Exception) -> str:
    """Return what a learner is told of a problem.

    >>> sentence(OSError(28, "No space left on device"))[:17]
    'The disk is full,'
    """
    cause = problem.__cause__
    if is_short_of_memory(cause if isinstance(cause, Exception) else problem):
        return str(problem) if isinstance(problem, OutOfMemory) else MEMORY_SHORT
    if isinstance(problem, CnnLabError):
        return str(problem)
    if _of_a_full_disk(problem):
        return DISK_FULL
    first = (str(problem).splitlines() or [""])[0][:200]
    return (
        f"A mistake in the program ended it ({type(problem).__name__}: {first}). What it had measured is "
        "kept; other runs go on."
    )


def _of_a_full_disk(problem: Exception) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in _FULL
    return "no space left on device" in str(problem).lower()
