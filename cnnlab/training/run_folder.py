"""A run on the disk: its recipe, its state and what it measured, written while it goes on, read by any process.

Files: `recipe.json`, `about.json` (name, learner, classes, the network's preparation, when it began),
`state.json` (where it stands), `steps.jsonl` (loss of each step), `epochs.jsonl` (what each epoch measured),
`epochs/NNN/*.npz` (arrays of an epoch), `weights.safetensors`, `checkpoint/`. A file that is replaced is
replaced whole; a line that was cut off by a crash is left out. It loads no PyTorch and knows no training.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.training.recipe import Recipe, recipe_from_json

QUEUED, RUNNING, PAUSED = "queued", "running", "paused"
DONE, STOPPED, FAILED, LOST = "done", "stopped", "failed", "lost"
OVER = frozenset({DONE, STOPPED, FAILED, LOST})
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
        return json.loads(self._text("about.json"))

    def describe(self, **facts: Any) -> None:
        """Add to what `about` returns."""
        path = self.path / "about.json"
        before = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self._replace("about.json", json.dumps(before | facts))

    def state(self) -> Facts:
        """Return where the run stands; raises `NoSuchRun`.

        "state" is one of the names above; "message" says why it ended; "epoch" of "epochs", "step" of "steps",
        "seconds" gone, "seconds_left", "images_per_second", "device", "phase" (what is being done).
        """
        return json.loads(self._text("state.json"))

    def stand(self, **facts: Any) -> None:
        """Change what `state` returns; what is not named stays."""
        path = self.path / "state.json"
        before = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self._replace("state.json", json.dumps(before | facts | {"at": time.time()}))

    def add_step(self, **facts: Any) -> None:
        """Add what a step measured: step, loss, learning_rate."""
        self._append("steps.jsonl", facts)

    def add_epoch(self, **facts: Any) -> None:
        """Add what an epoch measured.

        epoch (from 1), step, seconds, train_loss, train_accuracy, loss, accuracy (of the validation pictures),
        learning_rate, images_per_second, gradients (a norm for each layer's name).
        """
        self._append("epochs.jsonl", facts)

    def steps(self) -> list[Facts]:
        """Return what the steps measured so far."""
        return list(self._lines("steps.jsonl"))

    def epochs(self) -> list[Facts]:
        """Return what the epochs measured so far."""
        return list(self._lines("epochs.jsonl"))

    def keep_arrays(self, epoch: int, name: str, **arrays: np.ndarray) -> None:
        """Keep arrays of an epoch."""
        folder = self.path / "epochs" / f"{epoch:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{name}.npz"
        with beside.open("wb") as file:
            np.savez_compressed(file, **arrays)
        beside.replace(folder / f"{name}.npz")

    def arrays(self, epoch: int, name: str) -> dict[str, np.ndarray] | None:
        """Return arrays that were kept of an epoch; None where there are none."""
        path = self.path / "epochs" / f"{epoch:04d}" / f"{name}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            return dict(kept)

    @property
    def weights(self) -> Path:
        """Return where the trained weights are, once there are any."""
        return self.path / "weights.safetensors"

    def _text(self, name: str) -> str:
        try:
            return (self.path / name).read_text("utf-8")
        except OSError as problem:
            raise NoSuchRun(f"There is no run “{self.path.name}”; it may have been deleted.") from problem

    def _replace(self, name: str, text: str) -> None:
        beside = self.path / f".{name}.{os.getpid()}"
        beside.write_text(text, encoding="utf-8")
        beside.replace(self.path / name)

    def _append(self, name: str, facts: Facts) -> None:
        with (self.path / name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    def _lines(self, name: str) -> Iterator[Facts]:
        path = self.path / name
        if not path.exists():
            return
        for line in path.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue  # cut off by a crash
