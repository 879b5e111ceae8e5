"""What a unit of a network sees of the input: fields that grow along layers and join at merges.

It does not know which operation does what to a field: `sights` does. Formulas are those of
`cnnlab.arithmetic`, which follows Araujo, Norris and Sim, 2019. Where units see differently many
cells, as after an enlargement, every unit's interval is kept, and the largest is told. Cells that a
network cuts off count as seen by units at the edge, like cells of the padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from cnnlab.arithmetic import AxisField
from cnnlab.arithmetic.receptive_field import AdaptiveSight, PointSight, SlidingSight, StampSight, axis_field
from cnnlab.arithmetic.receptive_field import Sight as AxisSight

Interval = tuple[int, int]
Units = tuple[Interval | None, ...]
_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What units see along one axis; `units` has each one's interval if they are not all alike."""

    field: AxisField
    units: Units | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ReceptiveField:
    """What one unit sees, along each spatial axis of the network's input.

    `covered` says of each axis that a unit reads all of it, through pooling, a dense layer or
    attention. With `gated`, a side branch (the gate of a squeeze-and-excitation block, a pooled
    branch) has seen the whole picture, and `axes` describe the local path. `aligned` says that all
    merged branches had equal strides and centres; if not, `axes` are the hull.
    """

    seen: tuple[Seen, ...]
    covered: tuple[bool, ...]
    gated: bool = False
    aligned: bool = True
    regular: bool = field(init=False)  # all units see equally many cells, evenly apart

    def __post_init__(self) -> None:
        """Find out once whether the units are alike; every step asks."""
        object.__setattr__(self, "regular", all(one.units is None for one in self.seen))

    @property
    def axes(self) -> tuple[AxisField, ...]:
        """The field along each axis."""
        return tuple(seen.field for seen in self.seen)

    @property
    def local(self) -> bool:
        """Whether at least one axis is seen in part only, along the local path."""
        return not all(self.covered)

    @property
    def whole(self) -> bool:
        """Whether a unit depends on the whole picture, in whatever way."""
        return self.gated or not self.local

    @property
    def size(self) -> tuple[int, ...]:
        """How many input cells a unit sees along each axis; the most, where units differ."""
        return tuple(seen.field.size for seen in self.seen)

    @property
    def stride(self) -> tuple[Fraction, ...]:
        """How many input cells neighbouring units are apart."""
        return tuple(seen.field.stride for seen in self.seen)

    @property
    def start(self) -> tuple[int | None, ...]:
        """Where the first unit's field begins; negative in the padding."""
        return tuple(seen.field.lo for seen in self.seen)


@lru_cache(maxsize=_REMEMBERED)
def field_of(
    seen: tuple[Seen, ...], covered: tuple[bool, ...], gated: bool = False, aligned: bool = True
) -> ReceptiveField:
    """Make a field, or return the one that was made before; so what follows it is remembered, too."""
    return ReceptiveField(seen, covered, gated, aligned)


@dataclass(frozen=True, slots=True)
class ScaledSight:
    """An enlarged or reduced axis: output u lies at (u + ½)·ratio − ½, between up to `reach` cells."""

    size: int
    ratio: Fraction
    reach: int = 2

    def cells(self, output: int) -> range:
        """Give the cells that an output is mixed from; cells outside are those at the edge."""
        if self.reach == 1:
            cell = min(int(output * self.ratio), self.size - 1)
            return range(cell, cell + 1)
        place = max((output + Fraction(1, 2)) * self.ratio - Fraction(1, 2), Fraction(0))
        before = int(place)
        if place == before:
            return range(min(before, self.size - 1), min(before, self.size - 1) + 1)
        wider = self.reach // 2 - 1
        return range(max(before - wider, 0), min(before + 1 + wider, self.size - 1) + 1)


@lru_cache(maxsize=64)
def first_field(axes: int) -> ReceptiveField:
    """Give the field of the input itself: every cell sees itself."""
    return ReceptiveField((Seen(AxisField(1, Fraction(1), 0, 0)),) * axes, (False,) * axes)


@lru_cache(maxsize=_REMEMBERED)
def grown(seen: Seen, sight: AxisSight, size: int, output: int) -> Seen:
    """Put one axis of an operation behind what the `size` units of its input see.

    >>> from cnnlab.arithmetic.windows import Window
    >>> once = Seen(AxisField(7, Fraction(2), -3, 3))
    >>> grown(once, SlidingSight(Window(size=112, kernel=3, stride=2, left=1)), 112, 56).field
    AxisField(size=11, stride=Fraction(4, 1), lo=-5, hi=5, uniform=True)
    """
    if seen.units is None and _regular(sight):
        return Seen(_composed(seen.field, axis_field(sight)))
    before = units_of(seen, size)
    units = tuple(_united(before, sight.cells(unit)) for unit in range(output))
    return _seen(units, seen.field.stride * _stride(sight))


def _regular(sight: AxisSight) -> bool:
    """Whether every output sees what the one before it sees, moved by the same whole number of cells."""
    match sight:
        case SlidingSight() | PointSight():
            return True
        case StampSight(stamp):
            return stamp.stride == 1
        case AdaptiveSight(size, output):
            return size % output == 0
        case _:
            return False


def _stride(sight: AxisSight) -> Fraction:
    return sight.ratio if isinstance(sight, ScaledSight) else axis_field(sight).stride


def _composed(field: AxisField, single: AxisField) -> AxisField:
    step = int(field.stride)
    low, high = (field.lo or 0) + step * (single.lo or 0), (field.hi or 0) + step * (single.hi or 0)
    return AxisField(high - low + 1, field.stride * single.stride, low, high)


def units_of(seen: Seen, size: int) -> Units:
    """Give the interval of each of the units."""
    if seen.units is not None:
        return seen.units
    low, high, step = seen.field.lo or 0, seen.field.hi or 0, int(seen.field.stride)
    return tuple((low + step * unit, high + step * unit) for unit in range(size))


def _united(units: Units, cells: range) -> Interval | None:
    """Join what some cells see; those outside are padding."""
    found = [one for cell in cells if 0 <= cell < len(units) and (one := units[cell]) is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _seen(units: Units, stride: Fraction) -> Seen:
    sizes = {high - low + 1 for low, high in filter(None, units)} | {0 for one in units if one is None}
    low, high = units[0] or (None, None)
    return Seen(AxisField(max(sizes, default=0), stride, low, high, len(sizes) == 1), units)


@lru_cache(maxsize=_REMEMBERED)
def taken(seen: Seen, units: range, size: int) -> Seen:
    """Keep some of the units, evenly apart; those before the first or behind the last are padding."""
    stride = seen.field.stride * units.step
    if seen.units is None:
        shift = int(seen.field.stride) * units.start
        low, high = (seen.field.lo or 0) + shift, (seen.field.hi or 0) + shift
        return Seen(AxisField(seen.field.size, stride, low, high))
    before = units_of(seen, size)
    return _seen(tuple(before[unit] if 0 <= unit < size else None for unit in units), stride)


@lru_cache(maxsize=_REMEMBERED)
def spread(seen: Seen, positions: int) -> Seen:
    """Give what is seen by a unit that reads all positions of an axis.

    >>> spread(Seen(AxisField(212, Fraction(32), -90, 121)), 7).field.size
    404
    """
    low, high = _united(units_of(seen, positions), range(positions)) or (0, -1)
    return Seen(AxisField(high - low + 1, Fraction(0), low, high))


def covering(field: ReceptiveField, sizes: tuple[int, ...], axes: tuple[bool, ...]) -> ReceptiveField:
    """Let every unit read all positions along some axes."""
    seen = tuple(
        spread(one, size) if all_read else one
        for one, size, all_read in zip(field.seen, sizes, axes, strict=True)
    )
    covered = tuple(map(max, field.covered, axes))
    return field_of(seen, covered, field.gated, field.aligned)


def joined(fields: Sequence[ReceptiveField], sizes: tuple[int, ...]) -> ReceptiveField:
    """Join the fields of merged branches; one that has seen all beside a local one is a side branch."""
    alike = tuple(dict.fromkeys(fields))
    return alike[0] if len(alike) == 1 else _regular_union(alike) or _union(alike, sizes)


@lru_cache(maxsize=_REMEMBERED)
def _regular_union(fields: tuple[ReceptiveField, ...]) -> ReceptiveField | None:
    """Join fields for which it does not matter how many units there are; None if it does."""
    regular = all(field.regular for field in fields)
    return _union(fields, (0,) * len(fields[0].seen)) if regular else None


def _union(fields: tuple[ReceptiveField, ...], sizes: tuple[int, ...]) -> ReceptiveField:
    local = tuple(field for field in fields if field.local) or fields
    gated = len(local) < len(fields) or any(field.gated for field in fields)
    return _hull(local, gated, sizes)


@lru_cache(maxsize=_REMEMBERED)
def _hull(fields: tuple[ReceptiveField, ...], gated: bool, sizes: tuple[int, ...]) -> ReceptiveField:
    first = fields[0]
    covered = tuple(all(axis) for axis in zip(*(field.covered for field in fields), strict=True))
    if len(fields) == 1:
        return first if first.gated == gated else field_of(first.seen, covered, gated, first.aligned)
    seen, aligned = [], all(field.aligned for field in fields)
    for axis, size in zip(zip(*(one.seen for one in fields), strict=True), sizes, strict=True):
        union, same = _axis_hull(axis, size)
        seen.append(union)
        aligned = aligned and same
    return field_of(tuple(seen), covered, gated, aligned)


def _axis_hull(branches: tuple[Seen, ...], size: int) -> tuple[Seen, bool]:
    """Join one axis; also whether strides and centres agree."""
    strides = {seen.field.stride for seen in branches}
    if all(seen.units is None for seen in branches):
        ends = [(seen.field.lo or 0, seen.field.hi or 0) for seen in branches]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        centred = len({low + high for low, high in ends}) == 1
        stride = branches[0].field.stride
        return Seen(AxisField(high - low + 1, stride, low, high)), centred and len(strides) == 1
    rows = list(zip(*(units_of(seen, size) for seen in branches), strict=False))
    units = tuple(_united(row, range(len(row))) for row in rows)
    centred = all(len({one and one[0] + one[1] for one in row}) == 1 for row in rows)
    return _seen(units, branches[0].field.stride), centred and len(strides) == 1
