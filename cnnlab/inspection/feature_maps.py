"""Which units of a feature map answer most, and which part of the picture each of them sees.

Maps come from `cnnlab.inspection.flow`, fields from the network's trace. It runs no network.
"""

from dataclasses import dataclass

import numpy as np

from cnnlab.tracing import ReplayedStep

MOST = 6
APART = 8  # strongest units are at least an eighth of the map apart


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture in cells of the network's input, clipped to it."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One number of a map; `seen` is None where it is not known what it sees, or only padding is left."""

    row: int
    column: int
    value: float
    seen: Box | None


def strongest_units(
    values: np.ndarray, step: ReplayedStep, picture: tuple[int, int], most: int = MOST
) -> tuple[Unit, ...]:
    """Return the units of a map (height × width) with the largest values, the largest first.

    Where one was found its neighbours are left out: they see nearly the same. `picture` is the height and
    width of the network's input.
    """
    left = values.astype(np.float64).copy()
    reach = [max(1, size // APART) for size in left.shape]
    found = []
    while len(found) < most and np.isfinite(left).any():
        row, column = (int(one) for one in np.unravel_index(np.nanargmax(left), left.shape))
        found.append(Unit(row, column, float(values[row, column]), seen_by(step, (row, column), picture)))
        rows, columns = (
            slice(max(0, at - by), at + by + 1) for at, by in zip((row, column), reach, strict=True)
        )
        left[rows, columns] = -np.inf
    return tuple(found)


def seen_by(step: ReplayedStep, unit: tuple[int, int], picture: tuple[int, int]) -> Box | None:
    """Return the part of the picture that a unit of a step's output sees; None where that is not known.

    A unit behind global pooling or a dense layer sees all of it.
    """
    field = step.receptive_field
    if field is None:
        return None
    if not field.local:
        return Box(0, 0, *picture)
    starts = field.start
    if any(start is None for start in starts) or not _laid_out(step, picture):
        return None
    edges = []
    for start, stride, size, at, whole in zip(starts, field.stride, field.size, unit, picture, strict=True):
        first = int((start or 0) + at * stride // 1)
        edges.append((max(0, first), min(whole, first + size)))
    (top, bottom), (left, right) = edges
    return Box(top, left, bottom - top, right - left) if bottom > top and right > left else None


def _laid_out(step: ReplayedStep, picture: tuple[int, int]) -> bool:
    """Whether the last two axes of an output are the picture's: its last unit still sees some of it."""
    field, shape = step.receptive_field, step.output_shape
    if field is None or len(shape) < 3:
        return False
    axes = zip(field.start, field.stride, shape[-2:], picture, strict=True)
    return all((start or 0) + (size - 1) * stride < whole for start, stride, size, whole in axes)
