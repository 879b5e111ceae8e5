"""Which input cells an output cell can see, along one axis: how many, how far apart, from where.

It does not know channels, and it follows positions only: reflect and circular padding are taken as
cells outside the input, and the statistics of normalisations are left out, as is usual. Definitions
from Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", 2019.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Protocol

from cnnlab.arithmetic.layers import (
    AdaptivePool,
    AveragePool,
    Convolution,
    Dense,
    GlobalPool,
    Layer,
    MaxPool,
    TransposedConvolution,
)
from cnnlab.arithmetic.windows import Stamp, Window, stamps, windows

Shape = tuple[int, ...]
Interval = tuple[int, int]

_MOST_ELEMENTS = 4096  # beyond it the answer would be slow, and nobody has such a stride


@dataclass(frozen=True, slots=True)
class AxisField:
    """The receptive field along one axis, in cells of the input.

    `size` is the largest over all outputs; neighbouring outputs start `stride` apart (a fraction
    where a layer enlarges); the first output sees `lo` to `hi`, both included and perhaps in the
    padding (None where it sees nothing). `uniform` says that all outputs see equally many.
    """

    size: int
    stride: Fraction
    lo: int | None
    hi: int | None
    uniform: bool = True


class Sight(Protocol):
    """One axis of a layer, asked backwards: which cells do these outputs see?"""

    def back(self, first: int, last: int) -> Interval | None:
        """Give the first and the last cell that the outputs `first` to `last` see, unclipped."""
        ...


@dataclass(frozen=True, slots=True)
class SlidingSight:
    """Convolutions and pools: output u sees u·S − P and the D(K − 1) cells after it."""

    window: Window

    def back(self, first: int, last: int) -> Interval | None:
        """See `Sight.back`."""
        window = self.window
        return first * window.stride - window.left, last * window.stride - window.left + window.reach - 1


@dataclass(frozen=True, slots=True)
class StampSight:
    """Transposed convolutions: output u sees the cells i with u + P − i·S on a kernel element."""

    stamp: Stamp

    def back(self, first: int, last: int) -> Interval | None:
        """See `Sight.back`; None if no stamp reaches any of the outputs."""
        stamp = self.stamp
        low, high = first + stamp.crop, last + stamp.crop
        seen = [
            (-((offset - low) // stamp.stride), (high - offset) // stamp.stride) for offset in self._offsets()
        ]
        seen = [(lo, hi) for lo, hi in seen if lo <= hi]
        return (min(lo for lo, _ in seen), max(hi for _, hi in seen)) if seen else None

    def _offsets(self) -> list[int]:
        """The kernel elements at both ends; those between repeat them every S / gcd(S, D) elements."""
        stamp = self.stamp
        period = stamp.stride // gcd(stamp.stride, stamp.dilation)
        few = min(stamp.kernel, period, _MOST_ELEMENTS)
        elements = {*range(few), *range(stamp.kernel - few, stamp.kernel)}
        return [element * stamp.dilation for element in elements]


@dataclass(frozen=True, slots=True)
class AdaptiveSight:
    """Adaptive pools: output u sees ⌊u·I/O⌋ up to ⌈(u + 1)·I/O⌉, that one left out."""

    size: int
    output: int

    def back(self, first: int, last: int) -> Interval | None:
        """See `Sight.back`."""
        return first * self.size // self.output, -(-(last + 1) * self.size // self.output) - 1


@dataclass(frozen=True, slots=True)
class PointSight:
    """Everything that works on each position by itself."""

    def back(self, first: int, last: int) -> Interval | None:
        """See `Sight.back`."""
        return first, last


def sights(layer: Layer, shape: Shape) -> tuple[Sight, ...]:
    """Give one sight for each spatial axis of the input; flattening sees what its input sees."""
    sizes = shape[1:]
    match layer:
        case Convolution() | MaxPool() | AveragePool():
            return tuple(SlidingSight(window) for window in windows(layer, sizes))
        case TransposedConvolution():
            return tuple(StampSight(stamp) for stamp in stamps(layer, sizes))
        case AdaptivePool():
            return tuple(AdaptiveSight(*pair) for pair in zip(sizes, layer.output, strict=True))
        case GlobalPool():
            return tuple(AdaptiveSight(size, 1) for size in sizes)
        case Dense() if sizes:
            return (*(PointSight() for _ in sizes[:-1]), AdaptiveSight(sizes[-1], 1))
        case _:
            return tuple(PointSight() for _ in sizes)


def axis_field(sight: Sight) -> AxisField:
    """Describe one layer's receptive field along one axis.

    >>> field = axis_field(SlidingSight(Window(size=9, kernel=3, stride=2, dilation=2, left=1)))
    >>> field.size, field.stride, field.lo, field.hi
    (5, Fraction(2, 1), -1, 3)
    """
    first = sight.back(0, 0) or (None, None)
    match sight:
        case SlidingSight(window):
            return AxisField(window.reach, Fraction(window.stride), *first)
        case StampSight(stamp):
            size = stamped_size(stamp)
            uniform = gcd(stamp.stride, stamp.dilation) == 1 and stamp.kernel % stamp.stride == 0
            return AxisField(size, Fraction(1, stamp.stride), *first, uniform)
        case AdaptiveSight(size, output):
            seen = adaptive_size(size, output)
            return AxisField(seen, Fraction(size, output), *first, size % output == 0)
        case _:
            return AxisField(1, Fraction(1), *first)


def stamped_size(stamp: Stamp) -> int:
    """Give the most input cells that one output of a transposed convolution spans.

    Two kernel elements meet in an output if they are a common multiple of stride and dilation apart.
    """
    common = gcd(stamp.stride, stamp.dilation)
    return (stamp.kernel - 1) // (stamp.stride // common) * (stamp.dilation // common) + 1


def adaptive_size(size: int, output: int) -> int:
    """Give the largest window of an adaptive pool: ⌈I/O⌉, or one more where windows start between cells."""
    whole, rest = divmod(size, output)
    if not rest:
        return whole
    longest = -(-(rest + output - gcd(size, output)) // output)
    return whole + longest
