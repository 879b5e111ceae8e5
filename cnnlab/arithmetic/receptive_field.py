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


@dataclass(frozen=True, slots=True)
class AxisField:
    """The receptive field along one axis, in cells of the input.

    `size` is the largest over all outputs; neighbouring outputs start `stride` apart (a fraction
    where a layer enlarges, 0 where all see the same); the first output sees `lo` to `hi`, both
    included and perhaps in the padding (None where it sees nothing). `uniform` says that all
    outputs see equally many.
    """

    size: int
    stride: Fraction
    lo: int | None
    hi: int | None
    uniform: bool = True


class Sight(Protocol):
    """One axis of a layer, asked backwards: which cells does this output see, inside or outside?"""

    def cells(self, output: int) -> range:
        """Give the cells in order; those of dilated kernels have holes between them."""
        ...


@dataclass(frozen=True, slots=True)
class SlidingSight:
    """Convolutions and pools: output u sees u·S − P and the D(K − 1) cells after it."""

    window: Window

    def cells(self, output: int) -> range:
        """See `Sight.cells`."""
        start = output * self.window.stride - self.window.left
        return range(start, start + self.window.reach, self.window.dilation)


@dataclass(frozen=True, slots=True)
class StampSight:
    """Transposed convolutions: output u sees the cells i with u + P − i·S on a kernel element."""

    stamp: Stamp

    def cells(self, output: int) -> range:
        """See `Sight.cells`; empty if no stamp reaches the output.

        The elements that stamp this output are S / g apart, with g = gcd(S, D), and so their cells
        D / g apart; so it is enough to find the first of them.
        """
        stamp = self.stamp
        common = gcd(stamp.stride, stamp.dilation)
        every, place = stamp.stride // common, output + stamp.crop
        if place % common:
            return range(0)
        # The element m with m·D ≡ place (mod S): the inverse of D / g modulo S / g.
        first = place // common * pow(stamp.dilation // common, -1, every) % every if every > 1 else 0
        if first >= stamp.kernel:
            return range(0)
        count = (stamp.kernel - 1 - first) // every + 1
        highest = (place - first * stamp.dilation) // stamp.stride
        apart = stamp.dilation // common
        return range(highest - (count - 1) * apart, highest + 1, apart)


@dataclass(frozen=True, slots=True)
class AdaptiveSight:
    """Adaptive pools: output u sees ⌊u·I/O⌋ up to ⌈(u + 1)·I/O⌉, that one left out."""

    size: int
    output: int

    def cells(self, output: int) -> range:
        """See `Sight.cells`."""
        return range(output * self.size // self.output, -(-(output + 1) * self.size // self.output))


@dataclass(frozen=True, slots=True)
class WholeSight:
    """Dense layers: every output sees every cell."""

    size: int

    def cells(self, output: int) -> range:  # noqa: ARG002
        """See `Sight.cells`."""
        return range(self.size)


@dataclass(frozen=True, slots=True)
class PointSight:
    """Everything that works on each position by itself."""

    def cells(self, output: int) -> range:
        """See `Sight.cells`."""
        return range(output, output + 1)


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
            return (*(PointSight() for _ in sizes[:-1]), WholeSight(sizes[-1]))
        case _:
            return tuple(PointSight() for _ in sizes)


def axis_field(sight: Sight) -> AxisField:
    """Describe one layer's receptive field along one axis.

    >>> field = axis_field(SlidingSight(Window(size=9, kernel=3, stride=2, dilation=2, left=1)))
    >>> field.size, field.stride, field.lo, field.hi
    (5, Fraction(2, 1), -1, 3)
    """
    seen = sight.cells(0)
    first = (seen[0], seen[-1]) if seen else (None, None)
    match sight:
        case SlidingSight(window):
            return AxisField(window.reach, Fraction(window.stride), *first)
        case StampSight(stamp):
            size = stamped_size(stamp)
            uniform = gcd(stamp.stride, stamp.dilation) == 1 and stamp.kernel % stamp.stride == 0
            return AxisField(size, Fraction(1, stamp.stride), *first, uniform)
        case AdaptiveSight(size, output):
            largest = adaptive_size(size, output)
            uniform = size % output in (0, gcd(size, output))
            return AxisField(largest, Fraction(size, output), *first, uniform)
        case WholeSight(size):
            return AxisField(size, Fraction(0), *first)
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
