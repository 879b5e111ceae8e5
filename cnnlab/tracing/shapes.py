"""What shape an operation gives that is no layer of `cnnlab.arithmetic`, from its settings and inputs.

Shapes have their batch axis here. It does not know receptive fields, nor what anything costs.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from operator import itemgetter
from typing import Any

from cnnlab.arithmetic.axes import shape_text
from cnnlab.tracing.operations import JOINING, MERGING, POINTWISE, REDUCING
from cnnlab.tracing.resizing import ShapesDisagree, interpolated, padded, padded_same

Shape = tuple[int, ...]
Settings = Mapping[str, Any]
ShapeRule = Callable[[Settings, Sequence[Shape]], Shape]


def shape_rule(operation: str) -> ShapeRule | None:
    """Return the rule of an operation, or None where there is none."""
    if operation in POINTWISE:
        return _same
    if operation in MERGING:
        return _broadcast
    if operation in REDUCING:
        return _reduced
    if operation in JOINING:
        return {"cat": _concatenated, "stack": _stacked}[operation]
    return _RULES.get(operation)


def _same(_settings: Settings, shapes: Sequence[Shape]) -> Shape:
    return shapes[0]


def _broadcast(_settings: Settings, shapes: Sequence[Shape]) -> Shape:
    first = shapes[0]
    if len(set(shapes)) == 1:
        return first
    if len(shapes) == 2 and is_gate(shapes[1], first):  # a gate: one number a channel
        return first
    rank = max(map(len, shapes))
    columns = zip(*((1,) * (rank - len(shape)) + tuple(shape) for shape in shapes), strict=True)
    merged = []
    for column in columns:
        sizes = {*column} - {1}
        if len(sizes) > 1:
            raise ShapesDisagree(
                f"shapes {_listed(shapes)} do not go together: sizes differ, and only a size of 1 is repeated"
            )
        merged.append(sizes.pop() if sizes else 1)
    return tuple(merged)


def is_gate(small: Shape, shape: Shape) -> bool:
    """Whether a tensor has one number for each channel of another, which is repeated at every place."""
    return len(small) == len(shape) and small[:2] == shape[:2] and small[2:] == (1,) * (len(shape) - 2)


def _concatenated(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, first = settings["axis"], shapes[0]
    rest = {(*shape[:axis], *shape[axis + 1 :]) for shape in set(shapes)}
    if len(rest) > 1:
        raise ShapesDisagree(
            f"shapes {_listed(shapes)} cannot be concatenated: they may differ only in "
            f"{'their channels' if axis == 1 else f'axis {axis}'}"
        )
    return (*first[:axis], sum(map(itemgetter(axis), shapes)), *first[axis + 1 :])


def _stacked(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, first = settings["axis"], shapes[0]
    if len(set(shapes)) > 1:
        raise ShapesDisagree(f"shapes {_listed(shapes)} cannot be stacked: they have to be equal")
    return (*first[:axis], len(shapes), *first[axis:])


def _reduced(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axes, keep = set(settings["axes"]), settings["keep"]
    sizes = ((1 if axis in axes else size) for axis, size in enumerate(shapes[0]) if keep or axis not in axes)
    return tuple(sizes)


def _flattened(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    start, end, shape = settings["start"], settings["end"], shapes[0]
    return (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :])


def _reshaped(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    return _filled(tuple(settings["shape"]), prod(shapes[0]), shapes[0])


def _filled(wanted: Shape, total: int, shape: Shape) -> Shape:
    """Put the size that is left in the place of −1."""
    known = prod(size for size in wanted if size >= 0)
    if -1 in wanted and known and total % known == 0:
        return tuple(total // known if size < 0 else size for size in wanted)
    if -1 in wanted or known != total:
        raise ShapesDisagree(
            f"the {total:,} numbers of {shape_text(shape)} do not fill the shape "
            f"{'×'.join('?' if size < 0 else str(size) for size in wanted)}"
        )
    return wanted


def _unflattened(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, shape = settings["axis"], shapes[0]
    parts = _filled(tuple(settings["sizes"]), shape[axis], (shape[axis],))
    return (*shape[:axis], *parts, *shape[axis + 1 :])


def _permuted(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    return tuple(shapes[0][axis] for axis in settings["order"])


def _squeezed(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axes = settings["axes"]
    return tuple(size for axis, size in enumerate(shapes[0]) if axis not in axes or size != 1)


def _unsqueezed(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, shape = settings["axis"], shapes[0]
    return (*shape[:axis], 1, *shape[axis:])


def _expanded(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    wanted, shape = settings["shape"], shapes[0]
    old = (1,) * (len(wanted) - len(shape)) + tuple(shape)
    return tuple(before if after < 0 else after for before, after in zip(old, wanted, strict=True))


def _indexed(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    """Index by whole numbers, slices and new axes; what is not mentioned stays."""
    sizes, axis, shape = [], 0, shapes[0]
    for item in settings["index"]:
        if item is None:
            sizes.append(1)
            continue
        if isinstance(item, tuple):
            sizes.append(len(range(shape[axis])[slice(*item)]))
        axis += 1
    return (*sizes, *shape[axis:])


def _part(size: int, every: int, part: int) -> int:
    """Give the size of one of the parts into which an axis is cut."""
    found = min(every, size - part * every)
    if found < 1:
        raise ShapesDisagree(f"an axis of {size} is too short to be cut into {part + 1} parts of {every}")
    return found


def _chunk(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, shape = settings["axis"], shapes[0]
    size = _part(shape[axis], -(-shape[axis] // settings["chunks"]), settings["part"])
    return (*shape[:axis], size, *shape[axis + 1 :])


def _split(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, shape, sizes = settings["axis"], shapes[0], settings["sizes"]
    if isinstance(sizes, int):
        size = _part(shape[axis], sizes, settings["part"])
    elif sum(sizes) != shape[axis]:
        raise ShapesDisagree(f"an axis of {shape[axis]} cannot be cut into {', '.join(map(str, sizes))}")
    else:
        size = sizes[settings["part"]]
    return (*shape[:axis], size, *shape[axis + 1 :])


def _unbound(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    axis, shape = settings["axis"], shapes[0]
    return (*shape[:axis], *shape[axis + 1 :])


def _shuffled(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    (batch, channels, *sizes), factor = shapes[0], settings["factor"]
    if channels % factor**2:
        raise ShapesDisagree(f"{channels} channels cannot be laid out in squares of {factor}×{factor}")
    return (batch, channels // factor**2, *(size * factor for size in sizes))


def _unshuffled(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    (batch, channels, *sizes), factor = shapes[0], settings["factor"]
    if any(size % factor for size in sizes):
        raise ShapesDisagree(
            f"{shape_text(tuple(sizes))} cannot be divided into squares of {factor}×{factor}"
        )
    return (batch, channels * factor**2, *(size // factor for size in sizes))


def _multiplied(_settings: Settings, shapes: Sequence[Shape]) -> Shape:
    left, right = shapes[0], shapes[1]
    if len(left) < 2 or len(right) < 2:
        return _multiplied_by_vector(left, right)
    if left[-1] != right[-2]:
        raise ShapesDisagree(
            f"matrices {_listed(shapes)} cannot be multiplied: {left[-1]} is not {right[-2]}"
        )
    return (*_broadcast({}, (left[:-2], right[:-2])), left[-2], right[-1])


def _multiplied_by_vector(left: Shape, right: Shape) -> Shape:
    if left[-1] != right[max(len(right) - 2, 0)]:
        raise ShapesDisagree(f"{_listed((left, right))} cannot be multiplied")
    return left[:-1] + (right[:-2] + right[-1:] if len(right) > 1 else ())


def _attended(_settings: Settings, shapes: Sequence[Shape]) -> Shape:
    queries, _, values = shapes[:3]
    return (*queries[:-1], values[-1])


def _summed(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    sizes = letter_sizes(settings["equation"], shapes)
    return tuple(sizes[letter] for letter in settings["equation"].replace(" ", "").partition("->")[2])


def letter_sizes(equation: str, shapes: Sequence[Shape]) -> dict[str, int]:
    """Give the size that each letter of an einsum stands for.

    >>> letter_sizes("b i d, b j d -> b i j", ((2, 3, 4), (2, 5, 4)))
    {'b': 2, 'i': 3, 'd': 4, 'j': 5}
    """
    terms = equation.replace(" ", "").partition("->")[0].split(",")
    sizes: dict[str, int] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, size in zip(term, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ShapesDisagree(f"in {equation}, {letter} is {sizes[letter]} and {size}")
    return sizes


def _regional(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    return (settings["regions"], shapes[0][1], *settings["output"])


def _regional_by_place(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    return (settings["regions"], shapes[0][1] // prod(settings["output"]), *settings["output"])


def _listed(shapes: Sequence[Shape]) -> str:
    return " and ".join(shape_text(shape) for shape in shapes)


_RULES: dict[str, ShapeRule] = {
    "flatten": _flattened,
    "reshape": _reshaped,
    "unflatten": _unflattened,
    "permute": _permuted,
    "squeeze": _squeezed,
    "unsqueeze": _unsqueezed,
    "expand": _expanded,
    "getitem": _indexed,
    "chunk": _chunk,
    "split": _split,
    "unbind": _unbound,
    "channel_shuffle": _same,
    "roll": _same,
    "flip": _same,
    "pixel_shuffle": _shuffled,
    "pixel_unshuffle": _unshuffled,
    "pad": padded,
    "pad_same": padded_same,
    "interpolate": interpolated,
    "roi_pool": _regional,
    "roi_align": _regional,
    "ps_roi_pool": _regional_by_place,
    "ps_roi_align": _regional_by_place,
    "matmul": _multiplied,
    "einsum": _summed,
    "scaled_dot_product_attention": _attended,
    "multi_head_attention": _same,
}
