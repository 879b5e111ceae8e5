"""The climb: a picture is changed step by step so that a channel's value grows (Adam, on waves or pixels).

It knows neither what is kept nor who looks. This module imports PyTorch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import leaky_relu

from cnnlab.inspection.exciting import Excited, Progress, Wish
from cnnlab.inspection.exciting_canvas import Canvas, moved
from cnnlab.inspection.exciting_network import SLOPE, Prefix
from cnnlab.inspection.weights import Loaded

RATE = 0.05
MOMENTA = (0.9, 0.999)
EVERY = 8  # steps between pictures that are shown
EARLY = (1, 2, 4)
VIEWS = 4  # by which the value under movements is told
WAKING_STEPS = 16
SILENT = 1e-6
TINY = 4  # pixels a side of a map


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where a climb stands: the numbers, Adam's two means, the generator, steps done and to wake, the curves.

    From here it goes on as if it had never stopped.
    """

    numbers: Tensor
    means: tuple[Tensor, Tensor]
    chance: Tensor
    done: int
    waking: int
    curves: tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]]

    @property
    def nbytes(self) -> int:
        """Return about how much memory it takes."""
        return 3 * self.numbers.nbytes + self.chance.nbytes


def climb(climber: "Climber", progress: Progress, show: Callable[[Excited], None]) -> None:
    """Make a picture and `show` it every few steps, and once more when it ends, however it ends."""
    last = climber.wish.recipe.steps
    try:
        for done in range(climber.done + 1, last + 1):
            climber.go()
            if done in EARLY or done % EVERY == 0:
                show(climber.seen())
            progress(f"Step {done} of {last}", done, last)
    finally:
        if climber.done and climber.steps[-1:] != [climber.done]:
            show(climber.seen())


class Climber:
    """The picture, the way to its channel, and where the climb stands.

    `wish.recipe.size` must be given; `step` is the number of the layer's step. With `standing`, a climb that
    was stopped goes on.
    """

    def __init__(self, wish: Wish, loaded: Loaded, step: int, standing: Standing | None = None) -> None:
        recipe = wish.recipe
        channels = len(loaded.preparing.mean)
        self.wish, self.loaded = wish, loaded
        self.chance = Generator().manual_seed(recipe.seed)
        self.canvas = Canvas((channels, recipe.size, recipe.size), recipe.waves, self.chance)
        example = torch.zeros(1, channels, recipe.size, recipe.size)
        self.prefix = Prefix(loaded.model, step, example)
        self.layout = quicker_layout(self.prefix, example)
        self.mean = torch.tensor(loaded.preparing.mean).view(-1, 1, 1)
        self.deviation = torch.tensor(loaded.preparing.deviation).view(-1, 1, 1)
        self.adam = Adam(self.canvas.numbers)
        self.done, self.waking = 0, 0
        self.steps: list[int] = []
        self.plain: list[float] = []
        self.under: list[float] = []
        if standing is not None:
            self._go_on_from(standing)

    def _go_on_from(self, standing: Standing) -> None:
        with torch.no_grad():
            self.canvas.numbers.copy_(standing.numbers)
        self.adam.first, self.adam.second = (mean.clone() for mean in standing.means)
        self.adam.steps = self.done = standing.done
        self.chance.set_state(standing.chance)
        self.waking = standing.waking
        steps, plain, under = standing.curves
        self.steps, self.plain, self.under = list(steps), list(plain), list(under)

    def standing(self) -> Standing:
        """Return where the climb stands, in a copy."""
        return Standing(
            self.canvas.numbers.detach().clone(),
            (self.adam.first.clone(), self.adam.second.clone()),
            self.chance.get_state(),
            self.done,
            self.waking,
            (tuple(self.steps), tuple(self.plain), tuple(self.under)),
        )

    def go(self) -> None:
        """Take one step."""
        picture = self.canvas.picture()
        seen = moved(picture, 1, self.chance) if self.wish.recipe.moved else picture
        value = self.value(seen, waking=self.waking > 0).mean()
        (slope,) = torch.autograd.grad(value, self.canvas.numbers)
        silent = abs(value.item()) <= SILENT or not bool(slope.any())
        self.waking = WAKING_STEPS if silent else max(0, self.waking - 1)
        self.adam.climb(slope)
        self.done += 1

    def value(self, pictures: Tensor, waking: bool = False) -> Tensor:
        """Return one value for each of some pictures, 0 to 1."""
        prepared = ((pictures - self.mean) / self.deviation).contiguous(memory_format=self.layout)
        output = self.prefix(prepared, waking)[:, self.wish.channel]
        if output.dim() == 1:
            return output
        if self.wish.recipe.aim == "unit":
            return output[:, output.shape[1] // 2, output.shape[2] // 2]
        counted = leaky_relu(output, SLOPE) if waking else output.clamp(min=0)
        return counted.mean((1, 2))

    @torch.no_grad()
    def seen(self) -> Excited:
        """Return the picture as it is now, and the curves so far."""
        picture = self.canvas.picture()
        views = moved(picture, VIEWS, Generator().manual_seed(1))  # the same ones each time
        self.steps.append(self.done)
        self.plain.append(self.value(picture).item())
        self.under.append(self.value(views).mean().item())
        curves = tuple(self.steps), tuple(self.plain), tuple(self.under)
        standing = self.standing() if self.done < self.wish.recipe.steps else None
        return Excited(self.wish, _pixels(picture), *curves, self.loaded.kind, standing=standing)


def quicker_layout(prefix: Prefix, example: Tensor) -> torch.memory_format:
    """Return how a picture is to lie in memory: with its channels side by side, as long as maps are large.

    Then the way to an early layer and back took two thirds to nine tenths of the time; where maps are tiny
    and channels many, a third more. So it did in networks with depthwise convolutions (MobileNet v2).
    """
    side_by_side = torch.channels_last
    convolutions = [one for one in prefix.model.modules() if isinstance(one, nn.Conv2d)]
    if any(one.groups == one.in_channels > 1 for one in convolutions):
        return torch.contiguous_format
    try:
        with torch.no_grad():
            output = prefix(example.contiguous(memory_format=side_by_side))
    except RuntimeError:  # a network that takes its numbers for a plain row of them
        return torch.contiguous_format
    return side_by_side if output.dim() == 4 and min(output.shape[2:]) > TINY else torch.contiguous_format


class Adam:
    """Kingma and Ba's Adam (2015), uphill, with the usual constants.

    PyTorch's own loads its compiler first, which takes longer than many of these climbs.
    """

    def __init__(self, numbers: Tensor) -> None:
        self.numbers, self.steps = numbers, 0
        self.first, self.second = torch.zeros_like(numbers), torch.zeros_like(numbers)

    @torch.no_grad()
    def climb(self, slope: Tensor) -> None:
        """Change the numbers in place, in the direction of `slope`."""
        self.steps += 1
        self.first.lerp_(slope, 1 - MOMENTA[0])
        self.second.lerp_(slope * slope, 1 - MOMENTA[1])
        mean = self.first / (1 - MOMENTA[0] ** self.steps)
        square = self.second / (1 - MOMENTA[1] ** self.steps)
        self.numbers += RATE * mean / (square.sqrt() + 1e-8)


def _pixels(picture: Tensor) -> np.ndarray:
    """Return a picture of values from 0 to 1 as uint8, height × width × 3."""
    whole = (picture[0] * 255).round().to(torch.uint8).permute(1, 2, 0)
    return np.ascontiguousarray(whole.expand(-1, -1, 3).numpy())
