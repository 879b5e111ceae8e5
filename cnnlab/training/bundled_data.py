"""What the bundled networks learn from: endless batches to train on, and held-out pictures to measure with.

Shapes are drawn anew for every batch, so no picture is seen twice. Digits are scikit-learn's, enlarged as the
app enlarges them and moved a little at every use. It does not know networks.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cnnlab import zoo
from cnnlab.inspection.bundled.models import bundled
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.inspection.bundled.shapes import Dials, render
from cnnlab.inspection.flow_input import Preparing, cut, numbers
from cnnlab.inspection.pictures import Picture

# The smaller kernels of the residual network are smooth with less.
_MOST_NOISE = {"shapes_plain": 0.4, "shapes_residual": 0.1}
# Pictures as a network's numbers (count × channels × height × width, float32), and the number of each class.
Batch = tuple[Tensor, Tensor]


class Data(Protocol):
    """Where a network's pictures come from."""

    def batch(self, count: int, generator: torch.Generator) -> Batch:
        """Return pictures to train on; the same generator gives the same ones."""
        ...

    def held_out(self, most: int) -> Batch:
        """Return pictures that no training saw, always the same ones, at most so many."""
        ...


@dataclass(frozen=True, slots=True)
class Shapes:
    """Shapes in clutter of the trained classes; `dials` are those of the measured pictures, too.

    Pictures to train on have more noise, up to a deviation of `most_noise` of the network's numbers: kernels
    that look at single pixels are then of no use, and smooth ones are learned.
    """

    preparing: Preparing
    dials: Dials
    most_noise: float
    held_out_seed: int = 1_000_003

    def batch(self, count: int, generator: torch.Generator) -> Batch:
        """Draw new pictures, each of a class by chance."""
        classes = torch.randint(0, len(TRAINED), (count,), generator=generator)
        pictures = self._prepared(render(classes, generator, self.dials).pixels)
        strength = torch.rand(count, 1, 1, 1, generator=generator) * self.most_noise
        return pictures + strength * torch.randn(pictures.shape, generator=generator), classes

    def held_out(self, most: int) -> Batch:
        """Draw as many pictures of every class, from a seed that training does not use."""
        classes = torch.arange(len(TRAINED)).repeat(most // len(TRAINED))
        generator = torch.Generator().manual_seed(self.held_out_seed)
        parts = [render(part, generator, self.dials).pixels for part in classes.split(len(TRAINED) * 5)]
        return self._prepared(torch.cat(parts)), classes

    def _prepared(self, pixels: Tensor) -> Tensor:
        mean, deviation = (
            torch.tensor(one)[:, None, None] for one in (self.preparing.mean, self.preparing.deviation)
        )
        return (pixels.float() / 255 - mean) / deviation


@dataclass(frozen=True, slots=True)
class Digits:
    """scikit-learn's 1,797 handwritten digits; the last 360 rows of its table are held out."""

    preparing: Preparing
    shape: tuple[int, ...]
    kept_back: int = 360

    def batch(self, count: int, generator: torch.Generator) -> Batch:
        """Take digits by chance; turn, size and move each a little."""
        pictures, labels = self._all()
        rows = torch.randint(0, len(labels) - self.kept_back, (count,), generator=generator)
        return _moved(pictures[rows], generator), labels[rows]

    def held_out(self, most: int) -> Batch:
        """Return the last rows as they are."""
        pictures, labels = self._all()
        start = len(labels) - self.kept_back
        return pictures[start : start + most], labels[start : start + most]

    def _all(self) -> Batch:
        return _digits(self.shape, self.preparing)


@cache
def _digits(shape: tuple[int, ...], preparing: Preparing) -> Batch:
    from sklearn.datasets import load_digits

    table: Any = load_digits()
    pixels = np.rint(table["images"] * (255 / 16)).astype(np.uint8)
    pictures = [Picture(np.repeat(one[:, :, None], 3, axis=2), "digit") for one in pixels]
    enlarged = np.concatenate([numbers(cut(one, shape, preparing), preparing) for one in pictures])
    return torch.from_numpy(enlarged), torch.from_numpy(table["target"]).long()


def _moved(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Turn by up to 0.2 radians, size by up to 15 %, move by up to 10 % of the side; outside it is dark."""
    count = len(pictures)
    turn, size, right, down = torch.rand(4, count, generator=generator) * 2 - 1
    angle, factor = 0.2 * turn, 1 + 0.15 * size
    cos, sin = factor * torch.cos(angle), factor * torch.sin(angle)
    rows = torch.stack([cos, -sin, 0.2 * right, sin, cos, 0.2 * down], dim=1).reshape(count, 2, 3)
    grid = functional.affine_grid(rows, list(pictures.shape), align_corners=False)
    dark = pictures.amin()
    return functional.grid_sample(pictures - dark, grid, align_corners=False) + dark


def data_of(name: str) -> Data:
    """Return what a bundled network learns from; raises `NoBundledWeights` for another name."""
    one = bundled(name)
    if name.startswith("shapes"):
        return Shapes(one.preparing, Dials(), _MOST_NOISE[name])
    return Digits(one.preparing, zoo.input_shape(name))
