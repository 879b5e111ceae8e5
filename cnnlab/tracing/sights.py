"""How each operation moves the picture's axes about, and what its units then see.

It computes no shapes: it is told the shape of the output. Where positions are mixed in a way that
it cannot follow, such as attention inside windows, the field becomes unknown (None).
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from operator import attrgetter
from typing import Any

from cnnlab.arithmetic import AdaptivePool, Dense, Layer
from cnnlab.arithmetic.receptive_field import SlidingSight
from cnnlab.arithmetic.receptive_field import sights as layer_sights
from cnnlab.arithmetic.windows import Window
from cnnlab.tracing.fields import (
    ReceptiveField,
    ScaledSight,
    field_of,
    grown,
    joined,
)
from cnnlab.tracing.layered import Sliding, WindowRule
from cnnlab.tracing.operations import JOINING, MERGING, POINTWISE, REDUCING
from cnnlab.tracing.places import Sight, chosen, groups, last_axes, mixed, moved, without_places
from cnnlab.tracing.resizing import same_padding

Shape = tuple[int, ...]
Settings = Mapping[str, Any]


_SHAPE, _SIZES, _FIELD = attrgetter("shape"), attrgetter("sizes"), attrgetter("field")
SightRule = Callable[[Settings, Sequence[Sight], Shape], Sight]


def seen_through_layer(layer: Layer, sight: Sight, shape: Shape) -> Sight:
    """Give the output of a layer as a tensor on its way."""
    if isinstance(layer, Dense):
        return mixed(sight, {len(shape) - 1}, shape)
    dims = getattr(layer, "dims", None)
    if dims is None:
        return sight if sight.shape == shape else sight._replace(shape=shape)
    if sight.field is None or dims != len(sight.places) or sight.places != last_axes(len(shape), dims):
        return without_places(sight, shape)
    return Sight(shape, sight.places, shape[2:], _after(sight.field, layer, sight.shape[1:], shape[2:]))


def slid_sight(sliding: Sliding, sight: Sight, shape: Shape) -> Sight:
    """Give the output of a convolution or pool as a tensor on its way."""
    count = len(sliding.windows)
    if sight.field is None or count != len(sight.places) or sight.places != last_axes(len(shape), count):
        return without_places(sight, shape)
    sizes = () if sight.field.regular else tuple(zip(sight.sizes, shape[2:], strict=True))
    return Sight(shape, sight.places, shape[2:], _slid(sight.field, sliding.windows, sizes))


@lru_cache(maxsize=16_384)
def _slid(
    field: ReceptiveField, windows: tuple[WindowRule, ...], sizes: tuple[tuple[int, int], ...]
) -> ReceptiveField:
    """Put sliding windows behind a field; a regular one does not depend on `sizes` before and after."""
    seen = []
    for axis, (kernel, stride, left, right, dilation, ceil) in enumerate(windows):
        size, output = sizes[axis] if sizes else (1, 1)
        window = Window(size, kernel, stride, left, right, dilation, ceil)
        seen.append(grown(field.seen[axis], SlidingSight(window), size, output))
    return field_of(tuple(seen), field.covered, field.gated, field.aligned)


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
    return without_places(sights[0], shape)


def _merged(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    fields = tuple(dict.fromkeys(map(_FIELD, sights)))
    if shape in map(_SHAPE, sights):
        largest = next(one for one in sights if one.shape == shape)
    else:
        alike = len(set(map(_SIZES, sights))) == 1
        largest = sights[0] if alike else max(sights, key=lambda one: prod(one.sizes))
    if None in fields:
        return without_places(largest._replace(field=None), shape)
    return Sight(shape, largest.places, largest.sizes, joined(fields, largest.sizes))


def _reduced(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    axes = set(settings["axes"])
    sight = mixed(sights[0], axes, shape)
    if settings["keep"]:
        return sight
    kept = [axis for axis in range(len(sights[0].shape)) if axis not in axes]
    return moved(sight, {axis: {new} for new, axis in enumerate(kept)}, shape)


def _permuted(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    return moved(sights[0], {axis: {new} for new, axis in enumerate(settings["order"])}, shape)


def _expanded(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    more = len(shape) - len(sights[0].shape)
    return moved(sights[0], {axis: {axis + more} for axis in range(len(sights[0].shape))}, shape)


def _reshaped(_settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    where = {axis: set(new) for old, new in groups(sights[0].shape, shape) for axis in old}
    return moved(sights[0], where, shape)


def _squeezed(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    old = sights[0].shape
    kept = [axis for axis, size in enumerate(old) if axis not in settings["axes"] or size != 1]
    return moved(sights[0], {axis: {new} for new, axis in enumerate(kept)}, shape)


def _unsqueezed(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    at = settings["axis"]
    return moved(sights[0], {axis: {axis + (axis >= at)} for axis in range(len(shape) - 1)}, shape)


def _cut(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Chunk or split: fine along the channels; along positions the parts can no longer be followed."""
    sight = sights[0]
    if any(settings["axis"] in place for place in sight.places):
        return without_places(sight, shape)
    return sight._replace(shape=shape)


def _unbound(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    sight, at = _cut(settings, sights, shape), settings["axis"]
    where = {axis: {axis - (axis > at)} for axis in range(len(sights[0].shape)) if axis != at}
    return moved(sight, where, shape)


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
    return moved(chosen(sight, kept), where, shape)


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
    return chosen(sight, kept)._replace(shape=shape)


def _interpolated(settings: Settings, sights: Sequence[Sight], shape: Shape) -> Sight:
    """Nearest neighbours see one cell, linear ones two along each axis, cubic ones four."""
    sight = sights[0]
    if sight.field is None or not sight.field.local:
        return sight._replace(shape=shape, sizes=shape[2:])
    reach = {"nearest": 1, "bilinear": 2, "linear": 2, "trilinear": 2, "bicubic": 4}.get(settings["mode"])
    if reach is None or settings.get("align_corners"):
        return without_places(sight, shape)
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
        seen.append(mixed(sight, last, sight.shape) if inside else without_places(sight, sight.shape))
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
