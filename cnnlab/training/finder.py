"""Which learning rate? A short try in which it grows at every step, and the loss says when it is too large.

Smith 2015 (arXiv 1506.01186). The network that is tried is a copy that nobody keeps. What a `Curve` holds
is kept in a run's folder as the arrays "rate" of epoch 0.
"""

import math
import time
from dataclasses import asdict, dataclass, replace

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.training import chance
from cnnlab.training.control import GO, STOP, Control
from cnnlab.training.devices import Device, chosen_device
from cnnlab.training.endings import Ended
from cnnlab.training.journal import EVERY_S
from cnnlab.training.learning import Learner
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RUNNING, STOPPED, RunFolder
from cnnlab.training.setting_up import brought
from cnnlab.training.stages import Maker, plans

KEPT = "rate"
STEPS = 100
LEAST, MOST = 1e-6, 1.0  # with SGD up to ten times as much
BEYOND = 4  # times the least loss: then it has run away
REMEMBERED = 0.9  # how much of the mean loss before is kept at each step
BEFORE_THE_LEAST = 10  # the rate suggested is so many times smaller than that of the least loss


class NothingFound(CnnLabError):
    """No rate could be suggested."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The rates that were tried, the loss at each, the same smoothed, and the rate to begin with."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    suggestion: float


class Telling:
    """Writes down how far a try is; raises `Ended` where it is to stop."""

    def __init__(self, folder: RunFolder, control: Control) -> None:
        """Begin with no step."""
        self._folder, self._control, self._step, self._told = folder, control, 0, 0.0

    def command(self) -> str:
        """Return "go": a try is too short for pauses."""
        if self._control.command() == STOP:
            raise Ended(STOPPED, "Stopped when asked to.")
        if time.monotonic() - self._told > EVERY_S:
            self._folder.stand(step=self._step, steps=STEPS)
            self._told = time.monotonic()
        self._step += 1
        return GO


def find_in(folder: RunFolder, data: SplitSet, control: Control, device: Device | None = None) -> None:
    """Try learning rates for a folder's recipe, and keep the curve there; raises as `find_rate`."""
    folder.stand(state=RUNNING, message="", phase="trying learning rates")
    found = find_rate(folder.recipe(), data, Telling(folder, control), device)
    folder.keep_arrays(0, KEPT, **{name: np.asarray(value) for name, value in asdict(found).items()})
    folder.stand(state=DONE, step=STEPS)


def find_rate(recipe: Recipe, data: SplitSet, control: Control, device: Device | None = None) -> Curve:
    """Try learning rates on what a recipe lets learn at last; raises `NothingFound` if it is stopped at once.

    The rate of a stage that is faster than the recipe's is tried as the recipe's.
    """
    device = device or chosen_device()
    trainable, pictures = brought(data, recipe, device)
    plan = replace(plans(recipe)[-1], rate=1.0)
    stage = Maker(trainable, pictures, recipe, device, lambda _done, _of: None).stage(plan)
    stage.begin(trainable.model)
    learner = Learner(stage, recipe, device, STEPS)
    rates, losses = [], []
    for step, rows in enumerate(_batches(recipe, len(pictures.training))):
        if control.command() != GO:
            break
        rate = rate_at(step, recipe)
        for group in learner.optimiser.param_groups:
            group["lr"] = rate * group["most"] / recipe.learning_rate
        loss, _ = learner.learned(stage.source.batch(rows, 0, step), step)
        rates.append(rate)
        losses.append(float(loss))
        if not math.isfinite(losses[-1]) or smoothed(losses)[-1] > BEYOND * min(smoothed(losses)):
            break
    return curve(rates, losses)


def rate_at(step: int, recipe: Recipe) -> float:
    """Return the rate at a step, from 0: each is the one before times the same factor."""
    most = MOST * 10 if recipe.optimiser == "sgd" else MOST
    return LEAST * (most / LEAST) ** (step / (STEPS - 1))


def _batches(recipe: Recipe, count: int):
    """Return the rows of 100 batches, epoch after epoch."""
    done, epoch = 0, 0
    while done < STEPS:
        for rows in chance.batches(chance.order(recipe.seed, epoch, count), recipe.batch)[: STEPS - done]:
            yield rows
            done += 1
        epoch += 1


def smoothed(losses: list[float]) -> list[float]:
    """Return the mean of all losses so far at each step, older ones counting less.

    >>> smoothed([2.0, 2.0])
    [2.0, 2.0]
    """
    total, found = 0.0, []
    for step, loss in enumerate(losses, 1):
        total = REMEMBERED * total + (1 - REMEMBERED) * loss
        found.append(total / (1 - REMEMBERED**step))
    return found


def curve(rates: list[float], losses: list[float]) -> Curve:
    """Return what was tried, with the rate to begin with: a tenth of that with the least smoothed loss."""
    known = [loss for loss in losses if math.isfinite(loss)]
    if len(known) < 3:
        raise NothingFound("Too few rates were tried to suggest one: let it go on for some steps.")
    means = smoothed(known)
    least = min(range(len(means)), key=means.__getitem__)
    return Curve(tuple(rates[: len(known)]), tuple(known), tuple(means), rates[least] / BEFORE_THE_LEAST)
