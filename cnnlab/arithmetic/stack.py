"""Several layers one after another: shapes, totals, and the receptive field that grows with them.

It does not know branches, except that `hull` joins the receptive fields of those that are merged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, prod

from cnnlab.arithmetic.layers import Dense, Layer
from cnnlab.arithmetic.receptive_field import (
    AdaptiveSight,
    AxisField,
    Interval,
    PointSight,
    Sight,
    StampSight,
    WholeSight,
    axis_field,
    sights,
)
from cnnlab.arithmetic.refusal import ImpossibleLayer, Problem
from cnnlab.arithmetic.report import Report, analyse
from cnnlab.errors import CnnLabError

Shape = tuple[int, ...]
_MOST_UNITS = 256  # looked at for the largest field, where not all units see equally many cells
_MOST_CELLS = 100_000
_TOO_LARGE = (
    "a unit of this stack sees more than 100,000 cells along one axis; use smaller kernels to follow it"
)


class StackTooLarge(CnnLabError):
    """Following single cells through this stack would take too long."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Layers with one input each, and the shape that goes into the first."""

    layers: tuple[Layer, ...]
    input_shape: Shape


@dataclass(frozen=True, slots=True)
class StackReport:
    """One report for each layer, and what a unit of each layer sees of the stack's input.

    `fields[i]` has one entry for each spatial axis of the stack's input, also after flattening.
    """

    reports: tuple[Report, ...]
    fields: tuple[tuple[AxisField, ...], ...]

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The output shape of each layer."""
        return tuple(report.output_shape for report in self.reports)

    @property
    def parameters(self) -> int:
        """All learned numbers."""
        return sum(report.parameters for report in self.reports)

    @property
    def macs(self) -> int:
        """All multiply-adds."""
        return sum(report.macs for report in self.reports)

    @property
    def flops(self) -> int:
        """Two operations for each multiply-add."""
        return 2 * self.macs

    @property
    def weight_bytes(self) -> int:
        """The memory of all parameters in float32."""
        return sum(report.weight_bytes for report in self.reports)

    @property
    def activation_bytes(self) -> int:
        """The memory of all outputs together in float32."""
        return sum(report.activation_bytes for report in self.reports)


@dataclass(frozen=True, slots=True)
class Projection:
    """What one unit sees along one axis of the input: with padding, and what is left of it inside.

    Both count from the first input cell and include their ends; None is nothing.
    """

    unclipped: Interval | None
    clipped: Interval | None


def analyse_stack(stack: Stack) -> StackReport:
    """Analyse the layers in turn; `ImpossibleLayer` names the first one that does not work.

    >>> from cnnlab.arithmetic.layers import Convolution, MaxPool
    >>> report = analyse_stack(Stack((Convolution(3, 8, 3), MaxPool(2), Convolution(8, 8, 3)), (3, 32, 32)))
    >>> report.shapes[-1], report.fields[-1][0].size
    ((8, 13, 13), 8)
    """
    shape, reports = stack.input_shape, []
    for number, layer in enumerate(stack.layers, start=1):
        try:
            reports.append(analyse(layer, shape))
        except ImpossibleLayer as refusal:
            broken = (
                Problem(one.rule, f"layer {number}: {one.sentence}", one.axis) for one in refusal.problems
            )
            raise ImpossibleLayer(tuple(broken), refusal.suggestions) from refusal
        shape = reports[-1].output_shape
    chains = _chains(stack, tuple(report.output_shape for report in reports))
    fields = tuple(tuple(_field(chain[: depth + 1]) for chain in chains) for depth in range(len(reports)))
    return StackReport(tuple(reports), fields)


def project(stack: Stack, unit: Shape) -> tuple[Projection, ...]:
    """Follow one unit of the last layer back to the input: one projection for each spatial axis.

    `unit` is its position along each spatial axis, or its number in a flat output.

    >>> from cnnlab.arithmetic.layers import Convolution
    >>> project(Stack((Convolution(1, 1, 3, padding=1),), (1, 8, 8)), (0, 7))[0]
    Projection(unclipped=(-1, 1), clipped=(0, 1))
    """
    shapes = analyse_stack(stack).shapes
    position = _position(stack, shapes, unit)
    chains = _chains(stack, shapes)
    ends = [
        tuple(_follow(chain, place, clip) for chain, place in zip(chains, position, strict=True))
        for clip in (False, True)
    ]
    # A rectangle without height has no width either.
    unclipped, clipped = (axes if all(axes) else (None,) * len(axes) for axes in ends)
    return tuple(Projection(*axis) for axis in zip(unclipped, clipped, strict=True))


def hull(branches: tuple[tuple[AxisField, ...], ...]) -> tuple[tuple[AxisField, ...], bool]:
    """Join what the branches of an addition or a concatenation see; also whether they are aligned.

    They are, if on every axis the strides and the centres of the fields agree.
    """
    joined, aligned = [], True
    for fields in zip(*branches, strict=True):
        ends = [(field.lo, field.hi) for field in fields if field.lo is not None and field.hi is not None]
        low = min((lo for lo, _ in ends), default=None)
        high = max((hi for _, hi in ends), default=None)
        aligned &= len({field.stride for field in fields}) == 1 and len({lo + hi for lo, hi in ends}) == 1
        size = max(field.size for field in fields) if low is None or high is None else high - low + 1
        uniform = all(field.uniform for field in fields)
        joined.append(AxisField(size, fields[0].stride, low, high, uniform))
    return tuple(joined), aligned


@dataclass(frozen=True, slots=True)
class _Link:
    """How one layer sees along one axis of the stack's input, and how many cells it then has."""

    sight: Sight
    size: int
    output: int


def _chains(stack: Stack, shapes: tuple[Shape, ...]) -> tuple[tuple[_Link, ...], ...]:
    """Give the links of each axis of the input, first layer first."""
    rows = list(_rows(stack, shapes))
    return tuple(zip(*rows, strict=True)) if rows else tuple(() for _ in stack.input_shape[1:])


def _rows(stack: Stack, shapes: tuple[Shape, ...]) -> Iterator[tuple[_Link, ...]]:
    sizes, before = stack.input_shape[1:], stack.input_shape
    for layer, after in zip(stack.layers, shapes, strict=True):
        if len(before) > 1:
            seen = sights(layer, before)
        elif isinstance(layer, Dense):
            seen = tuple(WholeSight(size) for size in sizes)
        else:
            seen = tuple(PointSight() for _ in sizes)
        outputs = after[1:] if len(after) > 1 else _flat_sizes(seen, sizes)
        yield tuple(_Link(*link) for link in zip(seen, sizes, outputs, strict=True))
        sizes, before = outputs, after


def _flat_sizes(seen: tuple[Sight, ...], sizes: Shape) -> Shape:
    """Count the places that a flat output still tells apart along each axis."""
    return tuple(
        size if isinstance(sight, PointSight) else 1 for sight, size in zip(seen, sizes, strict=True)
    )


def _position(stack: Stack, shapes: tuple[Shape, ...], unit: Shape) -> Shape:
    """Turn the number of a unit in a flat output into a place along each axis."""
    axes = len(stack.input_shape) - 1
    if not shapes or len(shapes[-1]) > 1 or not axes:
        return unit
    sizes = tuple(chain[-1].output for chain in _chains(stack, shapes))
    number, places = unit[0] % prod(sizes), []
    for size in reversed(sizes):
        number, place = divmod(number, size)
        places.append(place)
    return tuple(reversed(places))


def _follow(chain: tuple[_Link, ...], unit: int, clip: bool) -> Interval | None:
    """Follow a unit back through the links; with `clip`, drop at each layer what lies outside its input."""
    seen: set[int] | range = range(unit, unit + 1)
    for link in reversed(chain):
        found: set[int] = set()
        for one in seen:
            cells = link.sight.cells(one)
            if len(found) + len(cells) > _MOST_CELLS:
                raise StackTooLarge(_TOO_LARGE)
            found.update(cells)
        seen = {cell for cell in found if 0 <= cell < link.size} if clip else found
    return (min(seen), max(seen)) if seen else None


def _field(chain: tuple[_Link, ...]) -> AxisField:
    """Compose the fields of the links: regular ones by formula, else the largest of one period."""
    singles = [axis_field(link.sight) for link in chain]
    stride = Fraction(prod(single.stride for single in singles))
    if all(_regular(link.sight) for link in chain):
        lo, hi, jump = 0, 0, Fraction(1)
        for single in singles:
            lo, hi, jump = lo + jump * (single.lo or 0), hi + jump * (single.hi or 0), jump * single.stride
        return AxisField(int(hi - lo) + 1, stride, int(lo), int(hi))
    period = prod(_period(link.sight) for link in chain)
    seen = [_follow(chain, unit, clip=False) for unit in range(min(period, chain[-1].output, _MOST_UNITS))]
    sizes = {hi - lo + 1 for lo, hi in filter(None, seen)} | {0 for one in seen if one is None}
    lo, hi = seen[0] or (None, None)
    return AxisField(max(sizes), stride, lo, hi, len(sizes) == 1)


def _regular(sight: Sight) -> bool:
    """Whether every output sees what the one before it sees, moved by the same whole number of cells."""
    return _period(sight) == 1 and not isinstance(sight, WholeSight)


def _period(sight: Sight) -> int:
    """After how many outputs the pattern of what they see begins again."""
    match sight:
        case StampSight(stamp):
            return stamp.stride
        case AdaptiveSight(size, output):
            return output // gcd(size, output)
        case _:
            return 1
