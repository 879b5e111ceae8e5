"""Pictures drawn for a run: shapes in clutter, their colours, their directions; as many as are asked for.

Those to learn from depend on the seed; those to measure with are always the same and come from other random
numbers. A larger number of a class holds the pictures of a smaller one. It does not know what the sets are
called.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from cnnlab.inspection.bundled.shape_names import SHAPES
from cnnlab.inspection.bundled.shapes import Dials, Rendered, render
from cnnlab.training.picture_set import PictureSet, SplitSet

TOGETHER = 5  # pictures of each class that are drawn at once
_APART = 7_368_787  # between the seeds of two such draws, so that no two runs share one
_MEASURED_SEED = 900_000_000_000
# Pixels as a class shows them, given what was drawn and the numbers of the classes.
Changed = Callable[[Rendered, Tensor], tuple[Tensor, Tensor]]

HUES = {
    "red": (0.85, 0.1, 0.1),
    "orange": (0.9, 0.42, 0.05),
    "yellow": (0.85, 0.75, 0.05),
    "green": (0.1, 0.65, 0.15),
    "blue": (0.15, 0.25, 0.9),
    "purple": (0.6, 0.15, 0.75),
}
DIRECTIONS = ("right", "up", "left", "down")  # in the order of quarter turns against the clock


def shapes(names: tuple[str, ...], learned: Dials, measured: Dials | None = None) -> "Made":
    """Return pictures whose classes are shapes; those to measure with may have other dials."""
    numbers = torch.tensor([SHAPES.index(name) for name in names])
    return Made(names, lambda classes, _: numbers[classes], _as_drawn, learned, measured or learned)


def colours(dials: Dials) -> "Made":
    """Return shapes of any kind whose colour is the class."""

    def any_shape(classes: Tensor, generator: torch.Generator) -> Tensor:
        return torch.randint(0, len(SHAPES), classes.shape, generator=generator)

    return Made(tuple(HUES), any_shape, _coloured, dials, dials)


def directions(dials: Dials) -> "Made":
    """Return arrows whose direction is the class."""
    arrow = SHAPES.index("arrow")
    return Made(DIRECTIONS, lambda classes, _: torch.full_like(classes, arrow), _turned, dials, dials)


class Made:
    """A set of drawn pictures."""

    def __init__(
        self,
        classes: tuple[str, ...],
        shape_of: Callable[[Tensor, torch.Generator], Tensor],
        change: Changed,
        learned: Dials,
        measured: Dials,
    ) -> None:
        self.classes, self._shape_of, self._change = classes, shape_of, change
        self._learned, self._measured = learned, measured

    def split(self, seed: int, per_class: int, measured_of_each: int) -> SplitSet:
        """Draw so many pictures of each class to learn from, and so many to measure with."""
        return SplitSet(
            self._drawn(seed * _APART, per_class, self._learned),
            self._drawn(_MEASURED_SEED, measured_of_each, self._measured),
        )

    def _drawn(self, seed: int, per_class: int, dials: Dials) -> PictureSet:
        classes = torch.arange(len(self.classes)).repeat(TOGETHER)
        pixels, masks = [], []
        for start in range(0, per_class, TOGETHER):
            generator = torch.Generator().manual_seed(seed + start)
            drawn = render(self._shape_of(classes, generator), generator, dials)
            wanted = len(self.classes) * min(TOGETHER, per_class - start)
            for kept, part in zip((pixels, masks), self._change(drawn, classes), strict=True):
                kept.append(part[:wanted])
        return PictureSet(
            torch.cat(pixels).permute(0, 2, 3, 1).contiguous().numpy(),
            np.tile(np.arange(len(self.classes)), per_class),
            self.classes,
            (torch.cat(masks) * 255).round().to(torch.uint8).numpy(),
        )


def _as_drawn(drawn: Rendered, _classes: Tensor) -> tuple[Tensor, Tensor]:
    return drawn.pixels, drawn.masks


def _coloured(drawn: Rendered, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Give the shape its class's colour, as light as each of its pixels was; the ground loses its colours."""
    light = drawn.pixels.float().mean(1, keepdim=True) / 255
    hues = torch.tensor(tuple(HUES.values()))[classes][:, :, None, None]
    painted = torch.lerp(light, hues * (0.5 + light), drawn.masks[:, None])
    return (painted.clamp(0, 1) * 255).round().to(torch.uint8), drawn.masks


def _turned(drawn: Rendered, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Turn whole pictures by quarters, against the clock."""
    pixels, masks = drawn.pixels.clone(), drawn.masks.clone()
    for quarters in range(1, 4):
        rows = classes == quarters
        pixels[rows] = torch.rot90(pixels[rows], quarters, (2, 3))
        masks[rows] = torch.rot90(masks[rows], quarters, (1, 2))
    return pixels, masks
