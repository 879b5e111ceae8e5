"""Where the picture's axes are in a tensor, and how they move when it is rearranged.

It knows no operation by name: `sights` does.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from cnnlab.tracing.fields import ReceptiveField, covering, field_of, first_field, taken

Shape = tuple[int, ...]


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


def first_sight(shape: Shape) -> Sight:
    """Give the input as a tensor on its way; `shape` has no batch axis."""
    return Sight(
        (1, *shape), last_axes(len(shape) + 1, len(shape) - 1), shape[1:], first_field(len(shape) - 1)
    )


@lru_cache(maxsize=64)
def last_axes(rank: int, count: int) -> tuple[frozenset[int], ...]:
    """Give the places of a picture whose axes are the last ones, as in N x C x H x W."""
    return tuple(frozenset({axis}) for axis in range(rank - count, rank))


def without_places(sight: Sight, shape: Shape) -> Sight:
    """Give up following positions, unless everything has been seen already."""
    known = sight.field if sight.field is not None and not sight.field.local else None
    return Sight(shape, (frozenset(),) * len(sight.places), (1,) * len(sight.places), known)


def mixed(sight: Sight, dims: set[int], shape: Shape) -> Sight:
    """Let every unit of the output read all positions along these axes of the tensor."""
    read = tuple(bool(place & dims) for place in sight.places)
    if sight.field is None or not any(read):
        return sight._replace(shape=shape)
    if any(place & dims and not place <= dims for place in sight.places):
        return without_places(sight, shape)
    places = tuple(frozenset() if gone else place for gone, place in zip(read, sight.places, strict=True))
    sizes = tuple(1 if gone else size for gone, size in zip(read, sight.sizes, strict=True))
    return Sight(shape, places, sizes, covering(sight.field, sight.sizes, read))


def moved(sight: Sight, where: Mapping[int, set[int]], shape: Shape) -> Sight:
    """Send each axis of the tensor to its new axes."""
    places = tuple(frozenset().union(*(where.get(axis, set()) for axis in place)) for place in sight.places)
    return sight._replace(shape=shape, places=places)


def chosen(sight: Sight, kept: Mapping[int, range]) -> Sight:
    """Keep only some positions along some axes of the tensor, or add padding around them."""
    if sight.field is None:
        return sight
    seen, sizes = list(sight.field.seen), list(sight.sizes)
    for axis, place in enumerate(sight.places):
        for dim in place & kept.keys():
            if kept[dim] == range(sight.shape[dim]):
                continue
            if len(place) > 1 or sight.shape[dim] != sight.sizes[axis]:
                return without_places(sight, sight.shape)
            seen[axis], sizes[axis] = taken(seen[axis], kept[dim], sizes[axis]), len(kept[dim])
    field = field_of(tuple(seen), sight.field.covered, sight.field.gated, sight.field.aligned)
    return sight._replace(field=field, sizes=tuple(sizes))


def groups(old: Shape, new: Shape) -> list[tuple[list[int], list[int]]]:
    """Pair the axes of two shapes of equally many numbers: the smallest groups with equal products.

    >>> groups((1, 256, 7, 7), (1, 12544))
    [([0], [0]), ([1, 2, 3], [1])]
    """
    found: list[tuple[list[int], list[int]]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        before, behind, left, right = [i], [j], old[i], new[j]
        while left != right and (i + 1 < len(old) or j + 1 < len(new)):
            if (left < right and i + 1 < len(old)) or j + 1 == len(new):
                i += 1
                before.append(i)
                left *= old[i]
            else:
                j += 1
                behind.append(j)
                right *= new[j]
        found.append((before, behind))
        i, j = i + 1, j + 1
    if found:
        found[-1][0].extend(range(i, len(old)))
        found[-1][1].extend(range(j, len(new)))
    return found
