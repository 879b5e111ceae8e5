"""What padding and resampling do to the sizes of a tensor, where they are steps of their own.

Shapes have their batch axis here.
"""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

from cnnlab.arithmetic.axes import shape_text
from cnnlab.errors import CnnLabError

Shape = tuple[int, ...]
Settings = Mapping[str, Any]


class ShapesDisagree(CnnLabError):
    """The inputs of an operation do not go together; the message says which and why."""


def padded(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    """Add to both ends of the last axes, or cut from them where the padding is negative."""
    shape, padding = list(shapes[0]), settings["padding"]
    for place in range(len(padding) // 2):
        shape[-1 - place] += padding[2 * place] + padding[2 * place + 1]
    if min(shape) < 1:
        raise ShapesDisagree(f"cutting {shape_text(shapes[0])} by {padding} leaves nothing")
    return tuple(shape)


def padded_same(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    """Add as much as TensorFlow would."""
    pairs = same_padding(settings, shapes[0])
    rank = len(shapes[0]) - len(pairs)
    sizes = (size + left + right for size, (left, right) in zip(shapes[0][rank:], pairs, strict=True))
    return (*shapes[0][:rank], *sizes)


def same_padding(settings: Settings, shape: Shape) -> tuple[tuple[int, int], ...]:
    """Give TensorFlow's "same" padding, left and right of each axis: what ⌈size / stride⌉ outputs need.

    >>> same_padding({"kernel": (3, 3), "stride": (2, 2), "dilation": (1, 1)}, (1, 3, 224, 225))
    ((0, 1), (1, 1))
    """
    kernel = settings["kernel"]
    pairs = []
    for place, size in enumerate(shape[len(shape) - len(kernel) :]):
        stride, reach = settings["stride"][place], settings["dilation"][place] * (kernel[place] - 1) + 1
        needed = max((-(-size // stride) - 1) * stride + reach - size, 0)
        pairs.append((needed // 2, needed - needed // 2))
    return tuple(pairs)


def interpolated(settings: Settings, shapes: Sequence[Shape]) -> Shape:
    """Resample to a size, or by a factor."""
    shape = shapes[0]
    if "size" in settings:
        return (*shape[:2], *settings["size"])
    return (*shape[:2], *(floor(old * by) for old, by in zip(shape[2:], settings["scale"], strict=True)))
