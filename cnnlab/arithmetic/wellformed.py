"""Whether the numbers of a layer and of its input are numbers at all: whole, positive, not absurd.

It does not ask how they go together; `rules` does, once nothing is wrong here.
"""

from collections.abc import Iterator
from typing import Any

from cnnlab.arithmetic.axes import AXES, LARGEST, shape_text
from cnnlab.arithmetic.fields import Field, fields
from cnnlab.arithmetic.layers import (
    Activation,
    Add,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    Normalisation,
    NormalisationKind,
    PaddingMode,
    PaddingWord,
    PoolMode,
    TransposedConvolution,
)
from cnnlab.arithmetic.refusal import Problem
from cnnlab.arithmetic.units import grouped

Shape = tuple[int, ...]
Problems = Iterator[Problem]

_FEWEST_AXES = {Flatten: 1, Activation: 1, Dense: 1, GlobalPool: 2, Add: 1, Concatenate: 1}
_FEWEST_NORMALISED = {"response": 2, "instance": 2}


def form_problems(layer: Layer, shapes: tuple[Shape, ...]) -> Problems:
    """Yield what is wrong with each number and word taken by itself."""
    dims = getattr(layer, "dims", None)
    if dims is not None and dims not in AXES:
        yield Problem("dims", f"a layer has 1, 2 or 3 spatial axes, not {dims}")
        return
    yield from _word_problems(layer)
    for field in fields(layer):
        yield from _field_problems(layer, field, dims)
    yield from _input_count_problems(layer, shapes)
    for shape in shapes:
        yield from _shape_problems(layer, shape)


def _word_problems(layer: Layer) -> Problems:
    choices: tuple[tuple[str, str, Any], ...] = (
        ("padding_mode", "padding mode", PaddingMode),
        ("mode", "pooling mode", PoolMode),
        ("kind", "normalisation", NormalisationKind),
    )
    for name, label, words in choices:
        value = getattr(layer, name, None)
        if value is not None and value not in set(words):
            yield Problem(name.replace("_", "-"), f"{label} {value!r} is not one of {', '.join(words)}")
    padding, worded = getattr(layer, "padding", None), isinstance(layer, Convolution)
    if isinstance(padding, str) and not (worded and padding in set(PaddingWord)):
        allowed = "numbers, same or valid" if worded else "numbers only"
        yield Problem("padding-word", f"this layer takes its padding as {allowed}, not as {padding}")
    if isinstance(layer, TransposedConvolution) and layer.padding_mode != PaddingMode.ZEROS:
        yield Problem(
            "padding-mode", f"a transposed convolution pads with zeros only, not {layer.padding_mode}"
        )


def _field_problems(layer: Layer, field: Field, dims: int | None) -> Problems:
    value = getattr(layer, field.name)
    if not field.spread:
        yield from _number_problems(field.label, value, field.least, None)
        return
    if isinstance(value, str) and field.name == "padding":
        return
    if not isinstance(value, tuple):
        yield Problem("not-whole", f"{field.label} is {value!r}, which is not a whole number")
        return
    if dims is not None and len(value) != dims:
        yield Problem(
            "axis-count",
            f"{field.label} has numbers for {_axes(len(value))}, but the layer has {_axes(dims)}",
        )
        return
    words = AXES.get(len(value)) if dims is not None else None
    for axis, number in enumerate(value):
        label = f"{field.label} {words[axis].name}" if words else field.label
        yield from _number_problems(label, number, _least(layer, field), axis)


def _least(layer: Layer, field: Field) -> int:
    """PyTorch lets a negative padding crop the input, except with zeros."""
    crops = isinstance(layer, Convolution) and layer.padding_mode != PaddingMode.ZEROS
    return -LARGEST if field.name == "padding" and crops else field.least


def _number_problems(label: str, number: Any, least: int, axis: int | None) -> Problems:
    if not isinstance(number, int):
        yield Problem("not-whole", f"{label} is {number!r}, which is not a whole number", axis)
    elif number < least:
        rule = "not-positive" if least == 1 else "negative"
        yield Problem(rule, f"{label} is {grouped(number)}, but must be at least {grouped(least)}", axis)
    elif number > LARGEST:
        yield Problem(
            "too-large", f"{label} is {grouped(number)}; numbers up to {grouped(LARGEST)} are taken", axis
        )


def _input_count_problems(layer: Layer, shapes: tuple[Shape, ...]) -> Problems:
    merging = isinstance(layer, Add | Concatenate)
    if merging and len(shapes) < 1:
        yield Problem("input-count", "there is nothing to merge: no input was given")
    if not merging and len(shapes) != 1:
        yield Problem("input-count", f"the layer takes one input, not {len(shapes)}")


def _shape_problems(layer: Layer, shape: Shape) -> Problems:
    low, high = _ranks(layer)
    if len(shape) < low or len(shape) > high:
        wanted = f"{low}" if low == high else f"at least {low}" if high > 9 else f"{low} or {high}"
        yield Problem(
            "input-axes",
            f"the input {shape_text(shape) or 'without numbers'} has {_axes(len(shape))}; "
            f"the layer reads {wanted}, channels first",
        )
        return
    words = AXES.get(len(shape) - 1, ())
    for place, size in enumerate(shape):
        name = "channels" if not place else words[place - 1].name if words else f"axis {place}"
        yield from _number_problems(f"input {name}", size, 1, place - 1 if place else None)


def _ranks(layer: Layer) -> tuple[int, int]:
    """The fewest and the most axes that an input may have, channels included."""
    if isinstance(layer, Normalisation):
        if layer.dims is None:
            return _FEWEST_NORMALISED.get(layer.kind, 1), 10**6
        return layer.dims + 1 - (layer.dims == 1 and layer.kind == NormalisationKind.BATCH), layer.dims + 1
    dims: int | None = getattr(layer, "dims", None)
    if dims is None:
        return _FEWEST_AXES[type(layer)], 10**6
    return dims + 1, dims + 1


def _axes(number: int) -> str:
    return f"{number} axis" if number == 1 else f"{number} axes"
