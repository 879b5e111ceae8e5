"""What the process of a run does: gets the pictures, trains, and says in a sentence why it could not.

The broker's processes, workers on other machines and the command line all end here. It does not know who
started it, nor how a network learns (`engine`).
"""

import errno
import traceback
from pathlib import Path

from cnnlab.errors import CnnLabError
from cnnlab.training.control import FileControl
from cnnlab.training.jobs.endings import conclude
from cnnlab.training.run_folder import FAILED, RunFolder

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_SHORT_OF_MEMORY = ("allocate memory", "out of memory", "not enough memory", "bad_alloc")
DISK_FULL = (
    "The disk is full, so its results could not be written. What was written before is kept. Delete runs "
    "that you no longer need, and start it again."
)
MEMORY_SHORT = (
    "It needed more memory than a run may have here. What it had measured is kept. Try a smaller batch, "
    "smaller pictures or a smaller network."
)


def work(path: Path) -> None:
    """Train what the recipe in this folder asks for; whatever happens, the state says how it ended."""
    try:
        _train(RunFolder(path))
    except Exception as problem:
        if not isinstance(problem, CnnLabError):
            traceback.print_exc()
        conclude(path, FAILED, sentence(problem))


def _train(folder: RunFolder) -> None:
    from cnnlab.training import data_sets, engine

    recipe = folder.recipe()
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    engine.run(folder, data, FileControl(folder.path))


def sentence(problem: Exception) -> str:
    """Return what a learner is told of a problem.

    >>> sentence(OSError(28, "No space left on device"))[:17]
    'The disk is full,'
    """
    if isinstance(problem, CnnLabError):
        return str(problem)
    if _of_memory(problem):
        return MEMORY_SHORT
    if _of_a_full_disk(problem):
        return DISK_FULL
    first = (str(problem).splitlines() or [""])[0][:200]
    return (
        f"A mistake in the program ended it ({type(problem).__name__}: {first}). What it had measured is "
        "kept; other runs go on."
    )


def _of_memory(problem: Exception) -> bool:
    text = str(problem).lower()
    return (
        isinstance(problem, MemoryError)
        or type(problem).__name__ == "OutOfMemoryError"
        or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM)
        or (isinstance(problem, RuntimeError) and any(words in text for words in _SHORT_OF_MEMORY))
    )


def _of_a_full_disk(problem: Exception) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in _FULL
    return "no space left on device" in str(problem).lower()
