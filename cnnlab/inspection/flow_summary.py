"""What is kept of a step's output: its statistics, each channel's strength, and small maps of 8 bits.

Whole outputs would be too much: those of NASNet-A take 1.2 GB. A channel here is one map of the output: of C
× H × W values each of the C, of a vector each number. This module does not import PyTorch until it is
called.
"""

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

Shape = tuple[int, ...]
BINS = 32
LARGEST_SIDE = 64  # of a map in the overview; the page draws it about as large
TILE_BUDGET = 48_000_000  # bytes for all maps of one run


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """One step's output in short.

    `shape` is without the batch axis. `zeros` is the share of values that are exactly 0, `dead` how many
    channels are 0 everywhere, `odd` how many values are infinite or not a number. `histogram` counts the
    values that are not 0, in bins of equal width from `low` to `high`. `strengths` (mean of |x|),
    `deviations` and `highest` have one number for each channel. `tiles` holds a map for each channel: 0 is
    its own `tile_low`, 255 its `tile_high`; each cell is the mean over `factor` × `factor` units, or over
    fewer at the edge.
    """

    shape: Shape
    mean: float
    deviation: float
    low: float
    high: float
    zeros: float
    dead: int
    odd: int
    histogram: tuple[int, ...]
    strengths: np.ndarray
    deviations: np.ndarray
    highest: np.ndarray
    dead_channels: np.ndarray
    tiles: np.ndarray
    tile_low: np.ndarray
    tile_high: np.ndarray
    factor: int

    @property
    def channels(self) -> int:
        """How many maps there are."""
        return len(self.strengths)


def unbatched(shape: Shape) -> Shape:
    """Leave out the batch axis of size 1.

    >>> unbatched((1, 64, 56, 56))
    (64, 56, 56)
    """
    return shape[1:] if len(shape) > 1 and shape[0] == 1 else shape


def map_shape(shape: Shape) -> tuple[int, int, int]:
    """Return how many maps an output is drawn as, and their height and width.

    >>> map_shape((64, 56, 56)), map_shape((1000,)), map_shape((197, 768)), map_shape((2, 58, 28, 28))
    ((64, 56, 56), (1000, 1, 1), (1, 197, 768), (116, 28, 28))
    """
    if len(shape) < 2:
        return (shape[0] if shape else 1, 1, 1)
    count = 1
    for size in shape[:-2]:
        count *= size
    return count, shape[-2], shape[-1]


def largest_side(shapes: list[Shape], budget: int = TILE_BUDGET) -> int:
    """Return how large a side of a map may be so that the maps of all these outputs fit.

    At most 55 halves maps of 56, and 64 of 28 × 28 fit into the second budget.

    >>> largest_side([(64, 56, 56)]), largest_side([(64, 56, 56)], budget=64 * 28 * 28)
    (64, 55)
    """
    volumes = [map_shape(shape) for shape in shapes]
    for side in range(LARGEST_SIDE, 1, -1):
        if (
            sum(count * _least(height, side) * _least(width, side) for count, height, width in volumes)
            <= budget
        ):
            return side
    return 1


def _least(size: int, side: int) -> int:
    return ceil(size / ceil(size / side))


def as_maps(output: "Tensor") -> "Tensor":
    """Return a step's output as floating-point maps: channels × height × width."""
    count, height, width = map_shape(unbatched(tuple(output.shape)))
    return output.detach().float().reshape(count, height, width)


def summarise(output: "Tensor", side: int = LARGEST_SIDE) -> Summary:
    """Return what is kept of an output; its maps are at most `side` high and wide."""
    import torch
    from torch.linalg import vector_norm as norm

    maps = as_maps(output)
    odd = 0 if bool(torch.isfinite(maps.sum())) else int((~torch.isfinite(maps)).sum())
    if odd:
        maps = torch.nan_to_num(maps, nan=0.0, posinf=0.0, neginf=0.0)
    # One pass each; PyTorch's own functions for several of these at once take ten times as long.
    flat = maps.flatten(1)
    count = flat.shape[1]
    means, lowest, highest = flat.mean(1), flat.amin(1), flat.amax(1)
    deviations = norm(flat - means[:, None], 2, dim=1) / count**0.5
    zeros = count - norm(flat, 0, dim=1).long()
    low, high = float(lowest.min()), float(highest.max())
    dead = zeros == count
    tiles, tile_low, tile_high, factor = _tiles(maps, side)
    return Summary(
        shape=unbatched(tuple(output.shape)),
        mean=float(means.double().mean()),
        deviation=float((deviations.double().square().mean() + means.double().var(correction=0)).sqrt()),
        low=low,
        high=high,
        zeros=float(zeros.sum()) / flat.numel(),
        dead=int(dead.sum()),
        odd=odd,
        histogram=_histogram(flat, int(zeros.sum()), low, high),
        strengths=(norm(flat, 1, dim=1) / count if low < 0 else means).numpy(),
        deviations=deviations.numpy(),
        highest=highest.numpy(),
        dead_channels=dead.numpy(),
        tiles=tiles,
        tile_low=tile_low,
        tile_high=tile_high,
        factor=factor,
    )


def _histogram(flat: "Tensor", zeros: int, low: float, high: float) -> tuple[int, ...]:
    """Count values in bins, without the exact zeros: after a ReLU they would dwarf all others."""
    import torch

    if low == high:
        return (0,) * (BINS - 1) + (flat.numel() - zeros,)

    def bins(values: "Tensor") -> "Tensor":
        places = ((values - low) * (BINS / (high - low))).clamp_(0, BINS - 1)
        return torch.bincount(places.to(torch.uint8).flatten(), minlength=BINS)

    counts = bins(flat) - zeros * bins(torch.zeros(1)) if zeros else bins(flat)
    return tuple(counts.tolist())


def _tiles(maps: "Tensor", side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    import torch.nn.functional as f

    factor = ceil(max(maps.shape[1:]) / side)
    if factor > 1:
        kernel = [min(factor, size) for size in maps.shape[1:]]
        maps = f.avg_pool2d(maps[None], kernel, ceil_mode=True, count_include_pad=False)[0]
    low, high = maps.amin((1, 2)), maps.amax((1, 2))
    scale = 255 / (high - low).clamp_min(1e-30)
    tiles = ((maps - low[:, None, None]) * scale[:, None, None]).round().clamp(0, 255).byte()
    return tiles.numpy(), low.numpy(), high.numpy(), factor


SORTS: dict[str, Any] = {
    "number": lambda summary: np.arange(summary.channels),
    "strength": lambda summary: np.argsort(-summary.strengths, kind="stable"),
    "deviation": lambda summary: np.argsort(-summary.deviations, kind="stable"),
    "highest": lambda summary: np.argsort(-summary.highest, kind="stable"),
}


def ordered(summary: Summary, sort: str) -> np.ndarray:
    """Return the numbers of all channels in an order of `SORTS`, the largest first; equal ones by number."""
    return SORTS[sort](summary)
