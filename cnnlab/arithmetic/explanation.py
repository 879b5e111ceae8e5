"""Why a layer's numbers are what they are: each formula, with the numbers put in, step by step.

It computes nothing itself and assumes a layer that works. The browser's `explanation.js` writes the
same text, sign for sign; change both together.
"""

from collections.abc import Iterator
from math import prod

from cnnlab.arithmetic.axes import AXES, Axis
from cnnlab.arithmetic.costs import macs, parameters
from cnnlab.arithmetic.field_steps import field_steps
from cnnlab.arithmetic.layers import (
    AveragePool,
    Convolution,
    Dense,
    Layer,
    MaxPool,
    TransposedConvolution,
    Windowed,
)
from cnnlab.arithmetic.other_explanations import free_costs, other_steps
from cnnlab.arithmetic.steps import Step, counted, factor, memory, product, quotient
from cnnlab.arithmetic.units import grouped
from cnnlab.arithmetic.windows import Stamp, Window, stamps, windows

Shape = tuple[int, ...]
Steps = Iterator[Step]


def explain(layer: Layer, shapes: tuple[Shape, ...], output: Shape) -> tuple[Step, ...]:
    """Explain every number of the layer, in the order shape, costs, memory, receptive field.

    >>> explain(Convolution(3, 64, kernel=5), ((3, 32, 32),), (64, 28, 28))[0].substituted
    '⌊(32 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = ⌊27 / 1⌋ + 1'
    """
    shape = shapes[0]
    steps: list[Step] = []
    match layer:
        case Convolution():
            steps += _window_steps(layer, shape)
            steps += _kernel_costs(layer, shape, output)
        case TransposedConvolution():
            steps += (_stamp_step(*pair) for pair in zip(_axes(layer), stamps(layer, shape[1:]), strict=True))
            steps += _kernel_costs(layer, shape, output)
        case MaxPool() | AveragePool():
            steps += _window_steps(layer, shape)
            steps += free_costs("a pool learns nothing")
        case Dense():
            steps += _dense_steps(layer, shape)
        case _:
            steps += other_steps(layer, shapes, output)
    steps += _memory_steps(layer, output)
    steps += field_steps(layer, shape)
    return tuple(steps)


def _axes(layer: Windowed | TransposedConvolution) -> tuple[Axis, ...]:
    return AXES[layer.dims]


def _window_steps(layer: Windowed, shape: Shape) -> Steps:
    holes = not isinstance(layer, AveragePool)
    for axis, window in zip(_axes(layer), windows(layer, shape[1:]), strict=True):
        even = window.left == window.right
        opening, closing = "⌈⌉" if window.ceil else "⌊⌋"
        dropped = " − 1" if window.last_dropped else ""
        pads = "2P" if even else "P_left + P_right"
        reach = "D(K − 1) − 1" if holes else "K"
        formula = f"{opening}({axis.letter} + {pads} − {reach}) / S{closing} + 1{dropped}"
        pads = f"2·{factor(window.left)}" if even else f"{grouped(window.left)} + {grouped(window.right)}"
        kernel = grouped(window.kernel)
        reach = f"{grouped(window.dilation)}·({kernel} − 1) − 1" if holes else kernel
        stride = grouped(window.stride)
        substituted = (
            f"{opening}({grouped(window.size)} + {pads} − {reach}) / {stride}{closing} + 1{dropped} = "
            f"{opening}{grouped(window.span)} / {stride}{closing} + 1{dropped}"
        )
        note = _window_note(window, axis)
        yield Step(f"output {axis.name}", formula, substituted, grouped(window.output), note)


def _window_note(window: Window, axis: Axis) -> str:
    notes = []
    if window.left != window.right:
        notes.append(
            f"padding same adds {grouped(window.left)} before and {axis.counted(window.right)} after"
        )
    divided = quotient(window.span, window.stride)
    padded = "padded input" if window.left or window.right else "input"
    if window.unread:
        last = f"last {axis.cell}" if window.unread == 1 else f"last {axis.counted(window.unread)}"
        verb = "is" if window.unread == 1 else "are"
        rounded = grouped(window.windows - 1)
        notes.append(f"{divided} → {rounded}: the {last} of the {padded} {verb} never read")
    if window.last_dropped:
        rounded = grouped(window.windows - 1)
        notes.append(f"{divided} → {rounded}: the last window would start in the padding, so it is left out")
    elif window.overhang:
        rounded = grouped(window.windows - 1)
        over = axis.counted(window.overhang)
        notes.append(f"{divided} → {rounded}: the last window hangs over the end of the {padded} by {over}")
    return "; ".join(notes)


def _stamp_step(axis: Axis, stamp: Stamp) -> Step:
    note = ""
    if stamp.extra:
        note = f"output padding adds {axis.counted(stamp.extra)} at the end"
    size, stride, kernel = grouped(stamp.size), grouped(stamp.stride), grouped(stamp.kernel)
    return Step(
        f"output {axis.name}",
        f"({axis.letter} − 1)·S − 2P + D(K − 1) + OP + 1",
        f"({size} − 1)·{stride} − 2·{grouped(stamp.crop)} + {grouped(stamp.dilation)}·({kernel} − 1) "
        f"+ {grouped(stamp.extra)} + 1",
        grouped(stamp.output),
        note,
    )


def _kernel_costs(layer: Convolution | TransposedConvolution, shape: Shape, output: Shape) -> Steps:
    transposed = isinstance(layer, TransposedConvolution)
    letters = [axis.letter for axis in _axes(layer)]
    kernel = "K" if len(letters) == 1 else " · ".join(f"K_{letter.lower()}" for letter in letters)
    inside, outside = layer.in_channels, layer.out_channels
    left, right = (inside, outside) if transposed else (outside, inside)
    shared = f"C_{'out' if transposed else 'in'}/G"
    many = f"C_{'in' if transposed else 'out'}"
    groups, sizes = grouped(layer.groups), product(*layer.kernel)
    each = right // layer.groups * prod(layer.kernel)
    count = parameters(layer)
    substituted = f"{grouped(left)} · {grouped(right)}/{groups} · {sizes}"
    if layer.bias:
        substituted += f" + {grouped(outside)} = {grouped(count - outside)} + {grouped(outside)}"
    formula = f"{many} · {shared} · {kernel}" + (" + C_out" if layer.bias else "")
    reading = layer.in_channels // layer.groups * prod(layer.kernel)
    note = f"{counted(outside, 'kernel')} of {counted(reading, 'weight')}"
    if layer.bias:
        note += f" and {counted(outside, 'bias', 'biases')}"
    yield Step("parameters", formula, substituted, grouped(count), note)
    places, numbers = (letters, shape[1:]) if transposed else ([f"{one}_out" for one in letters], output[1:])
    formula = f"{many} · {' · '.join(places)} · {shared} · {kernel}"
    substituted = f"{grouped(left)} · {product(*numbers)} · {grouped(right)}/{groups} · {sizes}"
    total = macs(layer, shape, output)
    if transposed:
        note = (
            f"each of the {counted(prod(shape), 'input value')} stamps {counted(each, 'product')}; "
            "stamps that fall into the cropped padding are counted"
        )
    else:
        note = f"each of the {counted(prod(output), 'output value')} is {counted(each, 'product')}"
    yield Step("MACs", formula, substituted, grouped(total), note)
    note = "one product and one addition each" if transposed else _operations(each, layer.bias)
    yield Step("FLOPs", "2 · MACs", f"2 · {grouped(total)}", grouped(2 * total), note)


def _operations(products: int, bias: bool) -> str:
    start = f"each output value: {counted(products, 'product')} + {counted(products - 1, 'sum')}"
    if bias:
        return f"{start} + 1 bias = {counted(2 * products, 'operation')}"
    return f"{start} = {counted(2 * products - 1, 'operation')}; 2 · MACs counts one more"


def _dense_steps(layer: Dense, shape: Shape) -> Steps:
    read, made, count = grouped(layer.in_features), grouped(layer.out_features), parameters(layer)
    yield Step("output features", "F_out", made, made)
    substituted = f"{made} · {read}"
    if layer.bias:
        substituted += f" + {made} = {grouped(count - layer.out_features)} + {made}"
    yield Step(
        "parameters",
        "F_out · F_in" + (" + F_out" if layer.bias else ""),
        substituted,
        grouped(count),
        "one weight for each pair" + (", one bias for each output" if layer.bias else ""),
    )
    total, positions = prod(shape) * layer.out_features, prod(shape[:-1])
    many = len(shape) > 1
    yield Step(
        "MACs",
        "F_out · F_in" + (" · positions" if many else ""),
        f"{made} · {read}" + (f" · {grouped(positions)}" if many else ""),
        grouped(total),
        f"each of the {counted(positions * layer.out_features, 'output value')} "
        f"is {counted(layer.in_features, 'product')}",
    )
    note = _operations(layer.in_features, layer.bias)
    yield Step("FLOPs", "2 · MACs", f"2 · {grouped(total)}", grouped(2 * total), note)


def _memory_steps(layer: Layer, output: Shape) -> Steps:
    count = parameters(layer)
    yield Step(
        "weight memory", "4 · parameters", f"4 · {grouped(count)}", memory(4 * count), "float32: 4 bytes each"
    )
    dims = getattr(layer, "dims", None)
    letters = "numbers out"
    if isinstance(layer, Dense) and len(output) == 1:
        letters = "F_out"
    elif dims is not None and len(output) == dims + 1:
        letters = " · ".join(("C_out", *(f"{axis.letter}_out" for axis in AXES[dims])))
    yield Step(
        "activation memory",
        f"4 · {letters}",
        f"4 · {product(*output)}",
        memory(4 * prod(output)),
        "float32, one input at a time",
    )
