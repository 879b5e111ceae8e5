"""How each operation moves the picture's axes about, and what its units then see.

It computes no shapes: it is told the shape of the output. Where positions are mixed in a way that
it cannot follow, such as attention inside windows, the field becomes unknown (None).
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from cnnlab.arithmetic import AdaptivePool, Dense, Layer
from cnnlab.arithmetic.receptive_field import sights as layer_sights
from cnnlab.tracing.fields import (
    ReceptiveField,
    ScaledSight,
    covering,
    field_of,
    first_field,
    grown,
    joined,
    taken,
)
from cnnlab.tracing.operations import JOINING, MERGING, POINTWISE, REDUCING
from cnnlab.tracing.shapes import same_padding

Shape = tuple[int, ...]
Settings = Mapping[str, Any]


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


SightRule = Callable[[Settings, Sequence[Sight], Shape], Sight]


def first_sight(shape: Shape) -> Sight:
    """Give the input as a tensor on its way; `shape` has no batch axis."""
    return Sight(
        (1, *shape), _last_axes(len(shape) + 1, len(shape) - 1), shape[1:], first_field(len(shape) - 1)
    )


@lru_cache(maxsize=64)
def _last_axes(rank: int, count: int) -> tuple[frozenset[int], ...]:
    return tuple(frozenset({axis}) for axis in range(rank - count, rank))


def seen_through_layer(layer: Layer, sight: Sight, shape: Shape) -> Sight:
    """Give the output of a layer as a tensor on its way."""
    if isinstance(layer, Dense):
        return mixed(sight, {len(shape) - 1}, shape)
    dims = getattr(layer, "dims", None)
    if dims is None:
        return sight if sight.shape == shape else sight._replace(shape=shape)
    if sight.field is None or dims != len(sight.places) or sight.places != _last_axes(len(shape), dims):
        return _without_places(sight, shape)
    return Sight(shape, sight.places, shape[2:], _after(sight.field, layer, sight.shape[1:], shape[2:]))


@lru_cache(maxsize=16_384)
def _after(field: ReceptiveField, layer: Layer, shape: Shape, output: Shape) -> ReceptiveField:
    """Put a layer behind a field; `output` are the positions that it gives."""
    axes = zip(field.seen, layer_sights(layer, shape), shape[1:], output, strict=True)
    seen = tuple(grown(*axis) for axis in axes)
    covered = field.covered
    if isinstance(layer, AdaptivePool):
        sizes = zip(covered, shape[1:], output, strict=True)
        covered = tuple(before or (after == 1 and size > 1) for before, size, after in sizes)
    return field_of(seen, covered, field.gated, field.aligned)


def _without_places(sight: Sight, shape: Shape) -> Sight:
    """Give up following positions, unless everything has been seen already."""
    known = sight.field if sight.field is not None and not sight.field.local else None
    return Sight(shape, (frozenset(),) * len(sight.places), (1,) * len(sight.places), known)


def mixed(sight: Sight, dims: set[int], shape: Shape) -> Sight:
    """Let every unit of the output read all positions along these axes of the tensor."""
    read = tuple(bool(place & dims) for place in sight.places)
    if sight.field is None or not any(read):
        return sight._replace(shape=shape)
    if any(place & dims and not place <= dims for place in sight.places):
        return _without_places(sight, shape)
    places = tuple(frozenset() if gone else place for gone, place in zip(read, sight.places, strict=True))
    sizes = tuple(1 if gone else size for gone, size in zip(read, sight.sizes, strict=True))
    return Sight(shape, places, sizes, covering(sight.field, sight.sizes, read))


def sight_rule(operation: str) -> SightRule:
    """Return how an operation that is no layer moves fields."""
    if operation in POINTWISE or operation == "channel_shuffle":
        return _same
    if operation in MERGING or operation in JOINING:
        return _merged
    if operation in REDUCING:
        return _reduced
    return _RULES.get(operation, _lost)


def _same(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    sight = sights[0]
    return sight if sight.shape == shape else sight._replace(shape=shape)


def _lost(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    return _without_places(sights[0], shape)


def _merged(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    fields = [sight.field for sight in sights if sight.field is not None]
    same = (one for one in sights if one.shape == shape)
    largest = next(same, None) or max(sights, key=lambda one: prod(one.sizes))
    if len(fields) < len(sights):
        return _without_places(largest._replace(field=None), shape)
    return Sight(shape, largest.places, largest.sizes, joined(fields, largest.sizes))


def _reduced(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    axes = set(settings["axes"])
    sight = mixed(sights[0], axes, shape)
    if settings["keep"]:
        return sight
    kept = [axis for axis in range(len(sights[0].shape)) if axis not in axes]
    return _moved(sight, {axis: {new} for new, axis in enumerate(kept)}, shape)


def _moved(sight: Sight, where: Mapping[int, set[int]], shape: Shape) -> Sight:
    """Send each axis of the tensor to its new axes."""
    places = tuple(frozenset().union(*(where.get(axis, set()) for axis in place)) for place in sight.places)
    return sight._replace(shape=shape, places=places)


def _permuted(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    return _moved(sights[0], {axis: {new} for new, axis in enumerate(settings["order"])}, shape)


def _expanded(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    more = len(shape) - len(sights[0].shape)
    return _moved(sights[0], {axis: {axis + more} for axis in range(len(sights[0].shape))}, shape)


def _reshaped(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    where = {axis: set(new) for old, new in groups(sights[0].shape, shape) for axis in old}
    return _moved(sights[0], where, shape)


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


def _squeezed(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    old = sights[0].shape
    kept = [axis for axis, size in enumerate(old) if axis not in settings["axes"] or size != 1]
    return _moved(sights[0], {axis: {new} for new, axis in enumerate(kept)}, shape)


def _unsqueezed(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    at = settings["axis"]
    return _moved(sights[0], {axis: {axis + (axis >= at)} for axis in range(len(shape) - 1)}, shape)


def _cut(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Chunk or split: fine along the channels; along positions the parts can no longer be followed."""
    sight = sights[0]
    if any(settings["axis"] in place for place in sight.places):
        return _without_places(sight, shape)
    return sight._replace(shape=shape)


def _unbound(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    sight, at = _cut(settings, sights, shape), settings["axis"]
    where = {axis: {axis - (axis > at)} for axis in range(len(sights[0].shape)) if axis != at}
    return _moved(sight, where, shape)


def _indexed(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Slices move the field's start and widen its stride; a single index takes the axis away."""
    sight, new, axis = sights[0], 0, 0
    where: dict[int, set[int]] = {}
    kept: dict[int, range] = {}
    for item in settings["index"]:
        if item is None:
            new += 1
            continue
        units = range(sight.shape[axis])
        if isinstance(item, tuple):
            where[axis], kept[axis] = {new}, units[slice(*item)]
            new += 1
        else:
            kept[axis] = range(units[item], units[item] + 1)
        axis += 1
    where |= {axis + more: {new + more} for more in range(len(sight.shape) - axis)}
    return _moved(_chosen(sight, kept), where, shape)


def _chosen(sight: Sight, kept: Mapping[int, range]) -> Sight:
    """Keep only some positions along some axes of the tensor, or add padding around them."""
    if sight.field is None:
        return sight
    seen, sizes = list(sight.field.seen), list(sight.sizes)
    for axis, place in enumerate(sight.places):
        for dim in place & kept.keys():
            if kept[dim] == range(sight.shape[dim]):
                continue
            if len(place) > 1 or sight.shape[dim] != sight.sizes[axis]:
                return _without_places(sight, sight.shape)
            seen[axis], sizes[axis] = taken(seen[axis], kept[dim], sizes[axis]), len(kept[dim])
    field = field_of(tuple(seen), sight.field.covered, sight.field.gated, sight.field.aligned)
    return sight._replace(field=field, sizes=tuple(sizes))


def _padded(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    padding = settings["padding"]
    lefts = {len(shape) - 1 - place: padding[2 * place] for place in range(len(padding) // 2)}
    return _around(sights[0], lefts, shape)


def _padded_same(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    pairs = same_padding(settings, sights[0].shape)
    first = len(shape) - len(pairs)
    return _around(sights[0], {first + place: left for place, (left, _) in enumerate(pairs)}, shape)


def _around(sight: Sight, lefts: Mapping[int, int], shape: Shape) -> Sight:
    kept = {axis: range(-left, shape[axis] - left) for axis, left in lefts.items()}
    return _chosen(sight, kept)._replace(shape=shape)


def _interpolated(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Nearest neighbours see one cell, linear ones two along each axis, cubic ones four."""
    sight = sights[0]
    if sight.field is None or not sight.field.local:
        return sight._replace(shape=shape, sizes=shape[2:])
    reach = {"nearest": 1, "bilinear": 2, "linear": 2, "trilinear": 2, "bicubic": 4}.get(settings["mode"])
    if reach is None or settings.get("align_corners"):
        return _without_places(sight, shape)
    seen = tuple(
        grown(one, ScaledSight(old, Fraction(old, new), reach), old, new)
        for one, old, new in zip(sight.field.seen, sight.sizes, shape[2:], strict=True)
    )
    field = field_of(seen, sight.field.covered, sight.field.gated, sight.field.aligned)
    return Sight(shape, sight.places, shape[2:], field)


def _multiplied(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """A product of two tensors that both depend on the input lets every position see every other."""
    seen = []
    for sight in sights:
        last = {len(sight.shape) - 1, len(sight.shape) - 2}
        inside = all(place <= last for place in sight.places)
        seen.append(mixed(sight, last, sight.shape) if inside else _without_places(sight, sight.shape))
    return _merged({}, seen, shape) if len(seen) > 1 else seen[0]._replace(shape=shape)


def _attended(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    everything = {axis for place in sights[0].places for axis in place}
    return mixed(sights[0], everything, shape)


_RULES: dict[str, SightRule] = {
    "flatten": _reshaped,
    "reshape": _reshaped,
    "unflatten": _reshaped,
    "permute": _permuted,
    "expand": _expanded,
    "squeeze": _squeezed,
    "unsqueeze": _unsqueezed,
    "getitem": _indexed,
    "chunk": _cut,
    "split": _cut,
    "unbind": _unbound,
    "pad": _padded,
    "pad_same": _padded_same,
    "interpolate": _interpolated,
    "matmul": _multiplied,
    "scaled_dot_product_attention": _multiplied,
    "multi_head_attention": _attended,
}
