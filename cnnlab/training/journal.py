"""What a run tells while it goes on: losses of steps, results of epochs, speed and time left.

Losses stay on the device until it is time to tell, for asking for a number makes the device wait.
"""

import json
import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import RunFolder

EVERY_S = 0.25


class NotLearning(CnnLabError):
    """The loss is no number any more."""


@dataclass(slots=True, eq=False)
class Journal:
    """Writes a run's steps, epochs and state; `steps` and `epochs` are those of the whole run."""

    folder: RunFolder
    steps: int
    epochs: int
    seconds_budget: float
    _losses: list[tuple[int, Tensor, float]] = field(default_factory=list)
    _told: float = 0.0
    _epoch_began: float = 0.0
    _pictures: int = 0

    def begin_epoch(self) -> None:
        """Measure the speed from now on."""
        self._epoch_began, self._pictures = time.monotonic(), 0

    def paused(self, seconds: float) -> None:
        """Leave time out of the speed."""
        self._epoch_began += seconds

    def step(self, number: int, loss: Tensor, rate: float, pictures: int) -> None:
        """Remember a step's loss, `number` from 1."""
        self._losses.append((number, loss, rate))
        self._pictures += pictures

    def due(self) -> bool:
        """Whether it is time to tell."""
        return time.monotonic() - self._told >= EVERY_S

    def tell(self, epoch: int, seconds: float) -> None:
        """Write what is remembered, and where the run stands; raises `NotLearning`.

        `epoch` is the number of the one that goes on, from 1; `seconds` how long the run has worked.
        """
        self._told = time.monotonic()
        step = self._write_steps()
        self.folder.stand(
            epoch=epoch,
            epochs=self.epochs,
            step=step,
            steps=self.steps,
            seconds=round(seconds, 3),
            seconds_left=self._left(step, seconds),
            images_per_second=self.speed(),
        )

    def _write_steps(self) -> int:
        if not self._losses:
            return self.folder.state().get("step", 0)
        values = torch.stack([loss for _, loss, _ in self._losses]).tolist()
        told = [(number, value, rate) for (number, _, rate), value in zip(self._losses, values, strict=True)]
        self._losses.clear()
        for number, value, rate in told:
            if not math.isfinite(value):
                raise NotLearning(
                    f"At step {number} the loss was no number any more: the weights have run away. The "
                    f"learning rate, {rate:.2g} there, is too large for this network; try a tenth of it."
                )
        self.folder.add_steps([{"step": n, "loss": value, "learning_rate": rate} for n, value, rate in told])
        return told[-1][0]

    def _left(self, step: int, seconds: float) -> float | None:
        if not step:
            return None
        left = seconds / step * (self.steps - step)
        if self.seconds_budget:
            left = min(left, max(0.0, self.seconds_budget - seconds))
        return round(left, 1)

    def speed(self) -> float | None:
        """Return how many pictures a second were learned from in this epoch."""
        gone = time.monotonic() - self._epoch_began
        return round(self._pictures / gone, 1) if self._pictures and gone > 0 else None

    def epoch(self, **facts: Any) -> None:
        """Write what an epoch measured."""
        self.folder.add_epoch(**facts)


def go_back(folder: RunFolder, step: int) -> None:
    """Forget what was told of steps after this one, which will be done again."""
    for name, told in (("steps.jsonl", folder.steps()), ("epochs.jsonl", folder.epochs())):
        lines = [json.dumps(one) + "\n" for one in told if one["step"] <= step]
        if len(lines) < len(told):
            beside = folder.path / f".{name}"
            beside.write_text("".join(lines), encoding="utf-8")
            beside.replace(folder.path / name)
