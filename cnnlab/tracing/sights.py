"""How each operation moves the picture's axes about, and what its units then see.

It computes no shapes: it is told the shape of the output. Where positions are mixed in a way that
it cannot follow, such as attention inside windows, the field becomes unknown (None).
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from cnnlab.arithmetic import AdaptivePool, AxisField, Dense, Layer, Normalisation
from cnnlab.tracing.fields import ReceptiveField, Shape, Sight, after, grown, joined, own_fields, spread
from cnnlab.tracing.operations import JOINING, MERGING, POINTWISE, REDUCING
from cnnlab.tracing.shapes import same_padding

Settings = Mapping[str, Any]
SightRule = Callable[[Settings, Sequence[Sight], Shape], Sight]


def seen_through_layer(layer: Layer, sight: Sight, shape: Shape) -> Sight:
    """Give the output of a layer as a tensor on its way."""
    if isinstance(layer, Normalisation) or not hasattr(layer, "dims"):
        return (
            mixed(sight, {len(shape) - 1}, shape) if isinstance(layer, Dense) else sight._replace(shape=shape)
        )
    first = len(shape) - len(sight.places)
    here = all(place == {first + axis} for axis, place in enumerate(sight.places))
    if sight.field is None or not here or getattr(layer, "dims", 0) != len(sight.places):
        return _without_places(sight, shape)
    if isinstance(layer, AdaptivePool):
        return _pooled(layer, sight, shape)
    return Sight(shape, sight.places, shape[2:], after(sight.field, own_fields(layer, sight.shape[1:])))


def _pooled(layer: AdaptivePool, sight: Sight, shape: Shape) -> Sight:
    assert sight.field is not None
    field = after(sight.field, own_fields(layer, sight.shape[1:]))
    covered = tuple(
        before or (output == 1 and size > 1)
        for before, output, size in zip(field.covered, shape[2:], sight.sizes, strict=True)
    )
    return Sight(
        shape, sight.places, shape[2:], ReceptiveField(field.axes, covered, field.gated, field.aligned)
    )


def _without_places(sight: Sight, shape: Shape) -> Sight:
    """Give up following positions, unless everything has been seen already."""
    known = sight.field if sight.field is not None and not sight.field.local else None
    return Sight(shape, (frozenset(),) * len(sight.places), (1,) * len(sight.places), known)


def mixed(sight: Sight, dims: set[int], shape: Shape) -> Sight:
    """Let every unit of the output read all positions along these axes of the tensor."""
    if sight.field is None or not any(place & dims for place in sight.places):
        return sight._replace(shape=shape)
    axes, covered, places, sizes = [], [], [], []
    for axis, place in enumerate(sight.places):
        if place and place <= dims:
            axes.append(spread(sight.field.axes[axis], sight.sizes[axis]))
        elif place & dims:
            return _without_places(sight, shape)
        else:
            axes.append(sight.field.axes[axis])
        taken = bool(place & dims)
        covered.append(sight.field.covered[axis] or taken)
        places.append(frozenset() if taken else place)
        sizes.append(1 if taken else sight.sizes[axis])
    field = ReceptiveField(tuple(axes), tuple(covered), sight.field.gated, sight.field.aligned)
    return Sight(shape, tuple(places), tuple(sizes), field)


def sight_rule(operation: str) -> SightRule:
    """Return how an operation that is no layer moves fields."""
    if operation in POINTWISE or operation in {"channel_shuffle", "expand"}:
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
    fields = [sight.field for sight in sights]
    known = [field for field in fields if field is not None]
    largest = next(
        (one for one in sights if one.shape == shape), max(sights, key=lambda one: prod(one.sizes))
    )
    if len(known) < len(fields):
        return _without_places(largest._replace(field=None), shape)
    return Sight(shape, largest.places, largest.sizes, joined(known))


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


def _reshaped(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    where: dict[int, set[int]] = {}
    for before, behind in groups(sights[0].shape, shape):
        for axis in before:
            where[axis] = set(behind)
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
    sight, where, new, axis = sights[0], {}, 0, 0
    moved = {}
    for item in settings["index"]:
        if item is not None:
            if isinstance(item, tuple):
                where[axis] = {new}
                moved[axis] = range(sight.shape[axis])[slice(*item)]
            else:
                moved[axis] = range(sight.shape[axis])[item : item + 1 or None]
            axis += 1
        new += not isinstance(item, int)
    where |= {axis + more: {new + more} for more in range(len(sight.shape) - axis)}
    return _moved(_taken(sight, moved), where, shape)


def _taken(sight: Sight, moved: Mapping[int, range]) -> Sight:
    """Keep only some positions along some axes of the tensor."""
    axes, sizes = list(sight.field.axes) if sight.field else [], list(sight.sizes)
    for axis, place in enumerate(sight.places):
        for dim in place & moved.keys():
            units = moved[dim]
            if len(place) > 1 or len(range(sight.shape[dim])) != sight.sizes[axis] or not axes:
                if len(units) != sight.shape[dim]:
                    return _without_places(sight, sight.shape)
                continue
            single = AxisField(1, Fraction(units.step), units.start, units.start)
            axes[axis], sizes[axis] = grown(axes[axis], single), len(units)
    if sight.field is None:
        return sight
    field = ReceptiveField(tuple(axes), sight.field.covered, sight.field.gated, sight.field.aligned)
    return sight._replace(field=field, sizes=tuple(sizes))


def _padded(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    padding = settings["padding"]
    lefts = {len(shape) - 1 - place: padding[2 * place] for place in range(len(padding) // 2)}
    return _moved_start(sights[0], lefts, shape)


def _padded_same(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    pairs = same_padding(settings, sights[0].shape)
    first = len(shape) - len(pairs)
    return _moved_start(sights[0], {first + place: left for place, (left, _) in enumerate(pairs)}, shape)


def _moved_start(sight: Sight, lefts: Mapping[int, int], shape: Shape) -> Sight:
    if sight.field is None:
        return sight._replace(shape=shape)
    axes, sizes = list(sight.field.axes), list(sight.sizes)
    for axis, place in enumerate(sight.places):
        for dim in place:
            if dim in lefts and len(place) == 1 and sight.sizes[axis] == sight.shape[dim]:
                axes[axis] = grown(axes[axis], AxisField(1, Fraction(1), -lefts[dim], -lefts[dim]))
                sizes[axis] = shape[dim]
    field = ReceptiveField(tuple(axes), sight.field.covered, sight.field.gated, sight.field.aligned)
    return Sight(shape, sight.places, tuple(sizes), field)


def _interpolated(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Nearest neighbours see one cell, linear ones up to two along each axis."""
    sight = sights[0]
    if sight.field is None or not sight.field.local:
        return sight._replace(shape=shape, sizes=shape[2:])
    reach = 1 if settings["mode"].startswith("nearest") else 2
    singles = tuple(
        AxisField(reach, Fraction(old, new), None, None, False)
        for old, new in zip(sight.sizes, shape[2:], strict=True)
    )
    return Sight(shape, sight.places, shape[2:], after(sight.field, singles))


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
