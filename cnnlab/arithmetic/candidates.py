"""Which other values are worth a try for the settings that are one number or a word.

It tries nothing itself: `nearest` does.
"""

from collections.abc import Iterator
from math import gcd, isqrt
from typing import Any

from cnnlab.arithmetic.axes import LARGEST
from cnnlab.arithmetic.fields import INPUT, Field
from cnnlab.arithmetic.layers import (
    Convolution,
    Dense,
    Layer,
    Normalisation,
    PaddingMode,
    TransposedConvolution,
)
from cnnlab.arithmetic.windows import padding_pairs

Shape = tuple[int, ...]
Changes = dict[str, Any]


def scalar_values(layer: Layer, shape: Shape, field: Field) -> Iterator[Changes]:
    """Give the values nearest to the present one that the rules about channels could accept."""
    now = getattr(layer, field.name)
    if now < field.least or now > LARGEST:
        yield from _changed(layer, shape, field, field.least if now < field.least else LARGEST)
    elif field.name == "groups":
        for value in _divisors_beside(now, _shared_channels(layer, shape)):
            yield {field.name: value}
    elif field.name in ("in_channels", "out_channels"):
        groups = _groups(layer)
        if groups >= 1 and now % groups:
            for value in (now // groups * groups, (now // groups + 1) * groups):
                yield from _changed(layer, shape, field, value)
    yield from _read_from_input(layer, shape, field)


def word_values(layer: Layer) -> Iterator[Changes]:
    """Give numbers for a padding given by name, and zeros for another padding mode."""
    if not isinstance(layer, Convolution | TransposedConvolution):
        return
    if isinstance(layer, TransposedConvolution) and isinstance(layer.padding, str):
        yield {"padding": (0,) * layer.dims}
    elif isinstance(layer.padding, str) and layer.padding == "same":
        yield {"padding": tuple(left for left, _ in padding_pairs(layer))}
        yield {"padding": "valid"}
    elif isinstance(layer.padding, str):
        yield {"padding": "valid"}
    if layer.padding_mode != PaddingMode.ZEROS:
        yield {"padding_mode": str(PaddingMode.ZEROS)}


def _read_from_input(layer: Layer, shape: Shape, field: Field) -> Iterator[Changes]:
    """Make the layer and its input agree, from either side."""
    now = getattr(layer, field.name)
    if field.name in ("in_channels", "channels") and now != shape[0]:
        yield {field.name: shape[0]}
        if isinstance(layer, Convolution | TransposedConvolution | Normalisation):
            yield {INPUT.name: (now, *shape[1:])}
    if isinstance(layer, Dense) and field.name == "in_features" and now != shape[-1]:
        yield {field.name: shape[-1]}
        yield {INPUT.name: (*shape[:-1], now)}


def _changed(layer: Layer, shape: Shape, field: Field, value: int) -> Iterator[Changes]:
    """Change the field; where it is the input's own channel count, change that too."""
    if field.name == "in_channels" and getattr(layer, field.name) == shape[0]:
        yield {field.name: value, INPUT.name: (value, *shape[1:])}
    else:
        yield {field.name: value}


def _groups(layer: Layer) -> int:
    return layer.groups if isinstance(layer, Convolution | TransposedConvolution | Normalisation) else 1


def _shared_channels(layer: Layer, shape: Shape) -> int:
    if isinstance(layer, Convolution | TransposedConvolution):
        return gcd(layer.in_channels, layer.out_channels)
    return gcd(getattr(layer, "channels", shape[0]), shape[0])


def _divisors_beside(number: int, whole: int) -> Iterator[int]:
    """Give the largest divisor of `whole` below `number` and the smallest above it.

    >>> list(_divisors_beside(5, 12))
    [4, 6]
    """
    if not 1 <= whole <= LARGEST:
        return
    small = [value for value in range(1, isqrt(whole) + 1) if whole % value == 0]
    every = {*small, *(whole // value for value in small)}
    below = [one for one in every if one < number]
    above = [one for one in every if one > number]
    if below:
        yield max(below)
    if above:
        yield min(above)
