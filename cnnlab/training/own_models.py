"""A finished run's network as a network of the app, under the name `run-<id>`, to be looked into at once.

Who knows a run's id may look; nobody can guess one. It does not know how networks are looked into.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab import zoo
from cnnlab.training.built_models import welcome_built
from cnnlab.training.kept_epoch import kept_epoch
from cnnlab.training.places import run_path
from cnnlab.training.run_folder import NoSuchRun, RunFolder
from cnnlab.training.trained import Written, network_of, untrained, written

if TYPE_CHECKING:
    from cnnlab.inspection.weights import Loaded

PREFIX = "run-"
LIBRARY = "run"
TRACE = "trace.json.gz"
_NO_NAME = re.compile(r"[^\w\s.,%+–-]")  # learners name runs; titles are shown as Markdown


def name_of(run_id: str) -> str:
    """Return what the network of a run is called."""
    return PREFIX + run_id


def trace_of_run(run_id: str) -> Path | None:
    """Return the file with the steps of a run's network; None where they were not recorded yet."""
    file = run_path(run_id) / TRACE
    return file if file.is_file() else None


def welcome_runs() -> None:
    """Let networks of runs, and built ones, be found by their names, from now on in this process."""
    zoo.welcome(PREFIX, find)
    welcome_built()


def find(name: str) -> zoo.Guest:
    """Return the network `run-<id>`; raises `NoSuchRun`, `NoTrainedNetwork`."""
    path = run_path(name.removeprefix(PREFIX))
    if not path.is_dir():
        raise NoSuchRun(
            "There is no such run, or it was deleted, and its network with it. Choose another network."
        )
    folder = RunFolder(path)
    said = _written(folder, _changed(folder))
    title = " ".join(_NO_NAME.sub(" ", str(folder.about().get("name", ""))).split())
    facts = zoo.Facts(
        name, title or f"run {path.name[:6]}", "", zoo.Builder(LIBRARY, said.recipe.model), said.input_shape
    )
    return zoo.Guest(
        facts, folder.weights, path / TRACE, lambda: untrained(said), lambda: _loaded(folder, said)
    )


def _changed(folder: RunFolder) -> int:
    try:
        return folder.weights.stat().st_mtime_ns
    except OSError:
        return 0


def _written(folder: RunFolder, changed: int) -> Written:
    return _written_once(str(folder.path), changed) if changed else written(folder)


@lru_cache(maxsize=256)
def _written_once(path: str, _changed: int) -> Written:
    return written(RunFolder(Path(path)))


def _loaded(folder: RunFolder, said: Written) -> "Loaded":
    from cnnlab.inspection.weights import Loaded

    kept = kept_epoch(said.recipe, folder.state().get("state", ""), folder.epochs())
    right = kept.get("accuracy")
    measured = f", {100 * right:.1f} % right on its validation pictures" if right is not None else ""
    return Loaded(network_of(folder), "trained", said.preparing, f"your run's{measured}", said.classes)
