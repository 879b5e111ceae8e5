"""A run on the disk: its recipe, its state and what it measured, written while it goes on, read by anybody.

Files: `recipe.json`, `about.json` (name, learner, classes, the network's preparation, when it began),
`state.json` (where it stands), `steps.jsonl` (loss of each step), `epochs.jsonl` (what each epoch measured),
`epochs/NNNN/*.npz` (arrays of an epoch), `weights.safetensors`, `checkpoint/`. A file that is replaced is
replaced whole; of several that change it, none undoes what another wrote; a line that was cut off by a crash
is left out. Numbers that are not finite are kept as null. It loads no PyTorch and knows no training.
"""

import json
import math
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.training.recipe import Recipe, recipe_from_json

QUEUED, RUNNING, PAUSED = "queued", "running", "paused"
DONE, STOPPED, FAILED, LOST = "done", "stopped", "failed", "lost"
OVER = frozenset({DONE, STOPPED, FAILED, LOST})
RATES = "rates"  # the kind, in `about`, of a run that only tries learning rates
Facts = dict[str, Any]


class NoSuchRun(CnnLabError):
    """A run was asked for that is not there, or is no longer."""


class RunFolder:
    """One run's folder."""

    def __init__(self, path: Path) -> None:
        """Name a folder; nothing is read or written."""
        self.path = path

    @classmethod
    def create(cls, path: Path, recipe: Recipe, **about: Any) -> "RunFolder":
        """Make the folder of a new run, whose state is `queued`."""
        path.mkdir(parents=True)
        folder = cls(path)
        folder._replace("recipe.json", recipe.to_json())
        folder.describe(created=time.time(), **about)
        folder.stand(state=QUEUED)
        return folder

    def recipe(self) -> Recipe:
        """Return the recipe; raises `NoSuchRun`."""
        return recipe_from_json(self._text("recipe.json"))

    def about(self) -> Facts:
        """Return what is known of the run besides its recipe; raises `NoSuchRun`."""
        return self._facts("about.json")

    def describe(self, **facts: Any) -> None:
        """Add to what `about` returns; raises `NoSuchRun` where the run was deleted."""
        self._change("about.json", facts)

    def state(self) -> Facts:
        """Return where the run stands; raises `NoSuchRun`.

        "state" is one of the names above; "message" says why it ended; "epoch" of "epochs", "step" of
        "steps", "seconds" gone, "seconds_left", "images_per_second", "device", "phase" (what is being done).
        """
        return self._facts("state.json")

    def stand(self, **facts: Any) -> None:
        """Change what `state` returns; what is not named stays. Raises `NoSuchRun` where it was deleted."""
        self._change("state.json", facts | {"at": time.time()})

    def add_step(self, **facts: Any) -> None:
        """Add what a step measured: step, loss, learning_rate."""
        self._append("steps.jsonl", [facts])

    def add_steps(self, steps: list[Facts]) -> None:
        """Add what several steps measured, at once."""
        self._append("steps.jsonl", steps)

    def add_epoch(self, **facts: Any) -> None:
        """Add what an epoch measured.

        epoch (from 1), step, seconds, train_loss, train_accuracy, loss, accuracy (the last two of the
        validation pictures), learning_rate, images_per_second, gradients (a norm for each layer's name).
        """
        self._append("epochs.jsonl", [facts])

    def steps(self) -> list[Facts]:
        """Return what the steps measured so far."""
        return self.steps_since(0)[0]

    def steps_since(self, place: int) -> tuple[list[Facts], int]:
        """Return what steps measured behind a place of their file, and the place up to which was read."""
        return self._lines("steps.jsonl", place)

    def epochs(self) -> list[Facts]:
        """Return what the epochs measured so far."""
        return self._lines("epochs.jsonl")[0]

    def keep_arrays(self, epoch: int, name: str, **arrays: np.ndarray) -> None:
        """Keep arrays of an epoch; they are not packed, which pictures and maps hardly gain from."""
        folder = self.path / "epochs" / f"{epoch:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{name}.npz"
        with beside.open("wb") as file:
            np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]
        beside.replace(folder / f"{name}.npz")

    def arrays(self, epoch: int, name: str) -> dict[str, np.ndarray] | None:
        """Return arrays that were kept of an epoch; None where there are none."""
        path = self.path / "epochs" / f"{epoch:04d}" / f"{name}.npz"
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return dict(kept)
        except (OSError, EOFError, ValueError, zipfile.BadZipFile):
            return None  # never kept, or deleted just now, or damaged

    def kept_epochs(self, name: str) -> tuple[int, ...]:
        """Return the epochs of which arrays of that name are kept, the first one first."""
        return tuple(sorted(int(one.parent.name) for one in self.path.glob(f"epochs/*/{name}.npz")))

    @property
    def weights(self) -> Path:
        """Return where the trained weights are, once there are any."""
        return self.path / "weights.safetensors"

    def _text(self, name: str) -> str:
        try:
            return (self.path / name).read_text("utf-8")
        except OSError as problem:
            raise self._gone() from problem

    def _gone(self) -> NoSuchRun:
        return NoSuchRun(f"There is no run “{self.path.name}”; it may have been deleted.")

    def _facts(self, name: str) -> Facts:
        try:
            return json.loads(self._text(name))
        except (json.JSONDecodeError, UnicodeDecodeError) as problem:
            raise NoSuchRun(
                f"The run “{self.path.name}” is damaged: {name} cannot be read. Delete it and start another."
            ) from problem

    def _change(self, name: str, facts: Facts) -> None:
        with self._alone():
            try:
                before = self._facts(name)
            except NoSuchRun:  # new, or damaged: then what is known now is better than nothing
                before = {}
            self._replace(name, json.dumps(_finite(before | facts)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep all others away who change the same run, in this process or another."""
        try:
            lock = (self.path / ".lock").open("a")
        except FileNotFoundError as problem:
            raise self._gone() from problem
        with lock:  # closing it lets others in
            try:
                import fcntl
            except ImportError:  # not on this system; a change may then be lost, but no file is broken
                pass
            else:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _replace(self, name: str, text: str) -> None:
        beside = self.path / f".{name}.{os.getpid()}.{threading.get_ident()}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path / name)

    def _append(self, name: str, several: list[Facts]) -> None:
        lines = b"".join(json.dumps(_finite(facts)).encode() + b"\n" for facts in several)
        try:
            file = (self.path / name).open("a+b")
        except FileNotFoundError as problem:
            raise self._gone() from problem
        with file:
            if file.tell() and not self._ends_a_line(name):
                lines = b"\n" + lines
            file.write(lines)

    def _ends_a_line(self, name: str) -> bool:
        with (self.path / name).open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _lines(self, name: str, place: int = 0) -> tuple[list[Facts], int]:
        """Return what is in whole lines behind a place, and where the last of them ends."""
        try:
            with (self.path / name).open("rb") as file:
                file.seek(place)
                read = file.read()
        except OSError:
            return [], place
        whole = read[: read.rfind(b"\n") + 1]
        return list(_read(whole)), place + len(whole)


def _read(lines: bytes) -> Iterator[Facts]:
    for line in lines.split(b"\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue  # cut off by a crash


def _finite(value: Any) -> Any:
    """Return what JSON can say everywhere: None for numbers that are not finite."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
