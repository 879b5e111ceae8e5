"""What makes a layer impossible on an input: every rule, its id and its sentence.

The rules are PyTorch's, tried on its CPU modules (its meta device is laxer); an output without any
number is impossible as well, and so is a number above 2³¹. It does not know what would work instead.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cnnlab.arithmetic.axes import AXES, Axis, shape_text
from cnnlab.arithmetic.layers import (
    Activation,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    Layer,
    MaxPool,
    Normalisation,
    PaddingMode,
    TransposedConvolution,
)
from cnnlab.arithmetic.normalising import activation_rules, merge_rules, normalisation_rules
from cnnlab.arithmetic.refusal import Problem
from cnnlab.arithmetic.units import grouped
from cnnlab.arithmetic.wellformed import form_problems
from cnnlab.arithmetic.windows import Window, stamps, windows

Shape = tuple[int, ...]
Problems = Iterator[Problem]


def convolution_rules(layer: Convolution, shape: Shape) -> Problems:
    """Channels, groups, "same", the limits of the padding modes, and the kernel inside the padded input."""
    yield from _channel_rules(layer, shape)
    for axis, window in enumerate(windows(layer, shape[1:])):
        words = AXES[layer.dims][axis]
        if layer.padding == "same" and window.stride != 1:
            yield Problem(
                "same-needs-stride-1",
                f"padding same needs stride 1, but the stride {words.name} is {grouped(window.stride)}",
                axis,
            )
            continue
        yield from _padding_mode_rules(layer.padding_mode, window, words, axis)
        yield from _fit_rules(window, words, axis)


def transposed_rules(layer: TransposedConvolution, shape: Shape) -> Problems:
    """Channels, groups, output padding below stride or dilation, and something left after cropping."""
    yield from _channel_rules(layer, shape)
    for axis, stamp in enumerate(stamps(layer, shape[1:])):
        words = AXES[layer.dims][axis]
        if stamp.extra >= max(stamp.stride, stamp.dilation):
            yield Problem(
                "output-padding-too-large",
                f"the output padding {words.name} is {grouped(stamp.extra)}; it must be smaller than "
                f"the stride, {grouped(stamp.stride)}, or the dilation, {grouped(stamp.dilation)}",
                axis,
            )
        if stamp.output < 1:
            yield Problem(
                "empty-output",
                f"the padding cuts {grouped(2 * stamp.crop)} from the stamped "
                f"{words.counted(stamp.output + 2 * stamp.crop)}, and nothing is left",
                axis,
            )


def pool_rules(layer: MaxPool | AveragePool, shape: Shape) -> Problems:
    """Padding at most half the kernel, and the window inside the padded input."""
    for axis, window in enumerate(windows(layer, shape[1:])):
        words = AXES[layer.dims][axis]
        if window.left > window.kernel // 2:
            yield Problem(
                "pool-padding-half-kernel",
                f"the padding {words.name} is {grouped(window.left)}, but a pool takes at most half its "
                f"kernel: ⌊{grouped(window.kernel)} / 2⌋ = {grouped(window.kernel // 2)}",
                axis,
            )
        if isinstance(layer, AveragePool) and layer.dims == 3 and window.kernel > window.size:
            yield Problem(
                "kernel-exceeds-unpadded-input",
                f"a window of {words.counted(window.kernel)} is larger than the input, "
                f"{words.counted(window.size)}; a 3-D average pool may not count on padding for that",
                axis,
            )
            continue
        yield from _fit_rules(window, words, axis)


def dense_rules(layer: Dense, shape: Shape) -> Problems:
    """The last axis holds the input features."""
    if shape[-1] != layer.in_features:
        yield Problem(
            "input-features",
            f"the layer reads {grouped(layer.in_features)} features, but the last axis of the input "
            f"{shape_text(shape)} has {grouped(shape[-1])}",
        )


def _channel_rules(layer: Convolution | TransposedConvolution, shape: Shape) -> Problems:
    if shape[0] != layer.in_channels:
        yield Problem(
            "input-channels",
            f"the layer reads {_counted(layer.in_channels, 'input channel')}, "
            f"but the input has {grouped(shape[0])}",
        )
    for name, count in (("input", layer.in_channels), ("output", layer.out_channels)):
        if count % layer.groups:
            yield Problem(
                "groups-divide-in-channels" if name == "input" else "groups-divide-out-channels",
                f"{_counted(count, name + ' channel')} cannot be shared equally among "
                f"{grouped(layer.groups)} groups",
            )


def _padding_mode_rules(mode: str, window: Window, words: Axis, axis: int) -> Problems:
    largest = max(window.left, window.right)
    if mode == PaddingMode.REFLECT and largest >= window.size:
        yield Problem(
            "reflect-padding-too-large",
            f"reflect padding of {words.counted(largest)} needs an input of at least "
            f"{grouped(largest + 1)}, but it has {grouped(window.size)}",
            axis,
        )
    if mode == PaddingMode.CIRCULAR and largest > window.size:
        yield Problem(
            "circular-padding-too-large",
            f"circular padding of {words.counted(largest)} needs an input of at least "
            f"{grouped(largest)}, but it has {grouped(window.size)}",
            axis,
        )


def _fit_rules(window: Window, words: Axis, axis: int) -> Problems:
    if window.output >= 1:
        return
    holes = f" (kernel {grouped(window.kernel)}, dilation {grouped(window.dilation)})"
    room = words.counted(window.padded)
    if window.left or window.right:
        room = (
            f"{grouped(window.size)} + {grouped(window.left)} + {grouped(window.right)} = "
            f"{grouped(window.padded)} padded {words.cells}"
        )
    yield Problem(
        "kernel-exceeds-input",
        f"a window of {words.counted(window.reach)}{holes if window.dilation > 1 else ''} "
        f"does not fit in {room}{', even in ceil mode' if window.ceil else ''}",
        axis,
    )


def _counted(number: int, noun: str) -> str:
    return f"{grouped(number)} {noun}" + ("" if number == 1 else "s")


_RULES: dict[type, Callable[[Any, Shape], Problems]] = {
    Convolution: convolution_rules,
    TransposedConvolution: transposed_rules,
    MaxPool: pool_rules,
    AveragePool: pool_rules,
    Dense: dense_rules,
    Normalisation: normalisation_rules,
    Activation: activation_rules,
}


def problems(layer: Layer, shapes: tuple[Shape, ...]) -> Problems:
    """Yield every rule that the layer breaks on inputs of these shapes; nothing if it works.

    >>> [problem.rule for problem in problems(Convolution(3, 8, kernel=7), ((3, 5, 5),))]
    ['kernel-exceeds-input', 'kernel-exceeds-input']
    """
    malformed = False
    for problem in form_problems(layer, shapes):
        malformed = True
        yield problem
    if malformed:
        return
    if isinstance(layer, Add | Concatenate):
        yield from merge_rules(layer, shapes)
    elif type(layer) in _RULES:
        yield from _RULES[type(layer)](layer, shapes[0])


def is_possible(layer: Layer, *shapes: Shape) -> bool:
    """Whether the layer works on inputs of these shapes."""
    return next(problems(layer, shapes), None) is None
