"""What a unit of a network sees of the input: fields that grow along layers and join at merges.

It does not know which operation does what to a field: `sights` does. Formulas are those of
`cnnlab.arithmetic`, which follows Araujo, Norris and Sim, 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from cnnlab.arithmetic import AxisField, Layer, hull
from cnnlab.arithmetic.receptive_field import axis_field, sights

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """What one unit sees: one `AxisField` for each spatial axis of the network's input.

    `covered` says of each axis that a unit reads all of it, through pooling, a dense layer or
    attention. With `gated`, a side branch (the gate of a squeeze-and-excitation block, a pooled
    branch) has seen the whole picture, and `axes` describe the local path. `aligned` says that all
    merged branches had equal strides and centres; if not, `axes` are the hull.
    """

    axes: tuple[AxisField, ...]
    covered: tuple[bool, ...]
    gated: bool = False
    aligned: bool = True

    @property
    def local(self) -> bool:
        """Whether at least one axis is seen in part only, along the local path."""
        return not all(self.covered)

    @property
    def whole(self) -> bool:
        """Whether a unit depends on the whole picture, in whatever way."""
        return self.gated or not self.local

    @property
    def size(self) -> Shape:
        """How many input cells a unit sees along each axis."""
        return tuple(axis.size for axis in self.axes)

    @property
    def stride(self) -> tuple[Fraction, ...]:
        """How many input cells neighbouring units are apart."""
        return tuple(axis.stride for axis in self.axes)

    @property
    def start(self) -> tuple[int | None, ...]:
        """Where the first unit's field begins; negative in the padding."""
        return tuple(axis.lo for axis in self.axes)


class Sight(NamedTuple):
    """A tensor on its way: its shape, where the picture's axes are in it, and what its units see.

    `places[i]` are the axes of the tensor that hold positions along axis i of the picture, several
    if it was divided; `sizes[i]` is how many positions these are. `field` is None where a network
    does something to positions that cannot be followed.
    """

    shape: Shape
    places: tuple[frozenset[int], ...]
    sizes: Shape
    field: ReceptiveField | None


@lru_cache(maxsize=64)
def first_field(axes: int) -> ReceptiveField:
    """Give the field of the input itself: every cell sees itself."""
    return ReceptiveField((AxisField(1, Fraction(1), 0, 0),) * axes, (False,) * axes)


def first_sight(shape: Shape) -> Sight:
    """Give the input as a tensor on its way; `shape` has no batch axis."""
    places = tuple(frozenset({axis}) for axis in range(2, len(shape) + 1))
    return Sight((1, *shape), places, shape[1:], first_field(len(places)))


def grown(field: AxisField, single: AxisField) -> AxisField:
    """Put a layer's own field behind what its inputs see.

    >>> once = AxisField(7, Fraction(2), -3, 3)
    >>> grown(once, AxisField(3, Fraction(2), -1, 1))
    AxisField(size=11, stride=Fraction(4, 1), lo=-5, hi=5, uniform=True)
    """
    size, stride = field.size + ceil(field.stride * (single.size - 1)), field.stride * single.stride
    if field.lo is None or field.hi is None or single.lo is None or single.hi is None:
        return AxisField(size, stride, None, None, False)
    low, high = ceil(field.lo + field.stride * single.lo), ceil(field.hi + field.stride * single.hi)
    return AxisField(size, stride, low, high, field.uniform and single.uniform)


@lru_cache(maxsize=4096)
def own_fields(layer: Layer, shape: Shape) -> tuple[AxisField, ...]:
    """Give the field of one layer by itself, on an input of this shape."""
    return tuple(axis_field(sight) for sight in sights(layer, shape))


@lru_cache(maxsize=16384)
def after(field: ReceptiveField, singles: tuple[AxisField, ...]) -> ReceptiveField:
    """Put a layer with one field for each axis behind a field."""
    axes = tuple(grown(axis, single) for axis, single in zip(field.axes, singles, strict=True))
    return ReceptiveField(axes, field.covered, field.gated, field.aligned)


def spread(axis: AxisField, positions: int) -> AxisField:
    """Give what is seen by a unit that reads all positions of an axis.

    >>> spread(AxisField(212, Fraction(32), -90, 121), 7).size
    404
    """
    return grown(axis, AxisField(positions, Fraction(0), 0, positions - 1))


def joined(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """Join the fields of merged branches; one that has seen all beside a local one is a side branch."""
    first = fields[0]
    if all(field is first for field in fields):
        return first
    local = [field for field in fields if field.local] or list(fields)
    gated = len(local) < len(fields) or any(field.gated for field in fields)
    axes, aligned = hull(tuple(field.axes for field in local))
    aligned = aligned and all(field.aligned for field in local)
    covered = tuple(all(axis) for axis in zip(*(field.covered for field in local), strict=True))
    return ReceptiveField(axes, covered, gated, aligned)
