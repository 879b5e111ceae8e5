"""Pictures that excite a channel of a network, made by climbing: what is asked for, and what came of it.

Activation maximisation with transform robustness, after Olah, Mordvintsev and Schubert, Feature
Visualization, Distill 2017 (doi 10.23915/distill.00007). Results are kept for whoever asks next, also
those of a climb that was stopped. PyTorch is imported by the first climb.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow import MOST_PARAMETERS
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.results import Results
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Models
from cnnlab.tracing import Replay, replay_as_far_as_possible, trace_of

if TYPE_CHECKING:
    from cnnlab.inspection.exciting_climb import Standing

Progress = Callable[[str, int, int], None]
USUAL_SIZE = 128
SIZES = (32, 64, 96, 128, 192, 224)
STEPS = (32, 512)
MOST_MACS = 12_000_000_000  # of one pass to the layer
KEPT_BYTES = 32_000_000


class NotExcitable(CnnLabError):
    """A layer, channel or recipe for which no picture can be made."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the picture is made.

    `size` is its side in pixels, 0 for the usual one. `aim` is the mean of the channel's map, in which
    negative values count as 0, as behind a ReLU, or its unit in the middle as it is. `moved`: the picture is
    shifted, turned and scaled by chance at each step. `waves`: it is made of waves, weighted as in
    photographs, else of pixels.
    """

    steps: int = 96
    size: int = 0
    aim: Literal["channel", "unit"] = "channel"
    moved: bool = True
    waves: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """Which channel is to be excited; `layer` is the name of a step in the network's trace."""

    model: str
    layer: str
    channel: int
    recipe: Recipe = Recipe()


@dataclass(frozen=True, slots=True, eq=False)
class Excited:
    """The picture so far, height × width × 3, and how the channel's value grew.

    After each of `steps` steps, `plain` is the value for the picture itself, `under` its mean for four views
    of it that are shifted, turned and scaled. `kind` is that of the weights, `category` what the channel
    stands for where it is a score of one. `standing` is from where the climb can go on, None at its end.
    """

    wish: Wish
    pixels: np.ndarray
    steps: tuple[int, ...]
    plain: tuple[float, ...]
    under: tuple[float, ...]
    kind: str
    category: str = ""
    standing: "Standing | None" = field(default=None, repr=False)

    @property
    def step(self) -> int:
        """After how many steps this is."""
        return self.steps[-1]

    @property
    def done(self) -> bool:
        """Whether all steps were taken."""
        return self.step >= self.wish.recipe.steps


class Excitements:
    """Makes pictures and keeps them, unfinished ones too."""

    def __init__(self, models: Models | None = None) -> None:
        self._models = models or shared_models()
        self._kept = Results(KEPT_BYTES)

    def latest(self, wish: Wish) -> Excited | None:
        """Return the picture so far, for the weights that the network has now; None where there is none."""
        return self._kept.find(_key(wish))

    def make(self, wish: Wish, progress: Progress = lambda *_: None) -> Excited:
        """Make the picture, or go on with it; `progress` hears of every step and may raise to end it.

        What there is by then stays, and the next call goes on from there. Raises `NotExcitable`.
        """
        from cnnlab.inspection.exciting_climb import Climber, climb

        step, size = checked(wish)
        sized = replace(wish, recipe=replace(wish.recipe, size=size))
        progress("Loading the network", 0, wish.recipe.steps)
        key = _key(wish)  # before the weights are read: others may come meanwhile
        loaded = self._models.get(wish.model)

        outcome = trace_of(wish.model).outputs == (step,)
        category = loaded.categories[wish.channel] if outcome and loaded.categories else ""

        def show(found: Excited) -> None:
            kept = replace(found, wish=wish, category=category)
            standing = kept.standing.nbytes if kept.standing else 0
            self._kept.keep(key, kept, kept.pixels.nbytes + standing + 10_000)

        so_far = self._kept.find(key)
        climb(Climber(sized, loaded, step, so_far.standing if so_far else None), progress, show)
        made = self._kept.find(key)
        assert made is not None  # the newest result always stays
        return made


def _key(wish: Wish) -> tuple[Wish, str]:
    return wish, weights_here(wish.model)


@cache
def excitements() -> Excitements:
    """Return the one store that everybody shares."""
    return Excitements()


def checked(wish: Wish) -> tuple[int, int]:
    """Return the number of the wish's step and the side of its picture, or raise `NotExcitable`."""
    low, high = STEPS
    if not 1 <= wish.recipe.steps <= high:
        raise NotExcitable(f"{wish.recipe.steps} steps were asked for; take {low} to {high}.")
    size = wish.recipe.size or usual_size(wish.model, wish.layer)
    found = _reached(wish.model, size)
    names = [step.name for step in found.trace.steps]
    if wish.layer not in names:
        raise NotExcitable(f"{wish.model} has no layer called {wish.layer}. Choose one of its layers.")
    number = names.index(wish.layer)
    if number >= len(found.steps):
        raise NotExcitable(f"A picture of {size} pixels a side does not reach {wish.layer}. {found.problem}")
    shape = found.steps[number].output_shape
    if len(shape) not in (1, 3) or found.input_shape[0] not in (1, 3):
        raise NotExcitable(
            f"{wish.layer} of {wish.model} gives {' × '.join(map(str, shape))}, which is neither maps nor a "
            "vector of scores, or the network does not read pictures. Choose another layer."
        )
    if not 0 <= wish.channel < shape[0]:
        raise NotExcitable(f"{wish.layer} has the channels 0 to {shape[0] - 1}, and none {wish.channel}.")
    _affordable(wish, found, number, size)
    return number, size


def _affordable(wish: Wish, found: Replay, number: int, size: int) -> None:
    macs = sum(step.macs for step in found.steps[: number + 1])
    parameters = found.parameters + found.trace.unused_parameters
    if size > SIZES[-1] or macs > MOST_MACS or parameters > MOST_PARAMETERS:
        raise NotExcitable(
            f"At {size} × {size} pixels, one pass to {wish.layer} of {wish.model} takes {grouped(macs)} "
            f"multiply-adds, and the network has {grouped(parameters)} parameters. At most {SIZES[-1]} "
            f"pixels a side, {grouped(MOST_MACS)} multiply-adds and {grouped(MOST_PARAMETERS)} parameters "
            "are climbed here: choose a smaller picture, an earlier layer or a smaller network."
        )


def usual_size(model: str, layer: str) -> int:
    """Return the side of a picture for a layer: the network's own if it is small, else 128 where it works."""
    own = min(trace_of(model).input_shape[1:])
    return own if own <= USUAL_SIZE or not _works(model, layer, USUAL_SIZE) else USUAL_SIZE


def possible_sizes(model: str, layer: str) -> tuple[int, ...]:
    """Return the sides to choose from with which a layer is reached."""
    sizes = sorted({*SIZES, usual_size(model, layer)})
    return tuple(size for size in sizes if size <= SIZES[-1] and _works(model, layer, size))


def _works(model: str, layer: str, size: int) -> bool:
    return layer in (step.name for step in _reached(model, size).steps)


def _reached(model: str, size: int) -> Replay:
    trace = trace_of(model)
    return replay_as_far_as_possible(trace, (trace.input_shape[0], size, size))
