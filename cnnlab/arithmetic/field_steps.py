"""How large a receptive field is and where it starts, in words.

It describes one layer; `stack` follows several. The browser's `explanation.js` writes the same text.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import gcd

from cnnlab.arithmetic.axes import AXES, Axis
from cnnlab.arithmetic.layers import AveragePool, Layer
from cnnlab.arithmetic.receptive_field import (
    AdaptiveSight,
    AxisField,
    Sight,
    SlidingSight,
    StampSight,
    WholeSight,
    axis_field,
    sights,
)
from cnnlab.arithmetic.steps import Step
from cnnlab.arithmetic.units import grouped
from cnnlab.arithmetic.windows import Stamp, Window

Shape = tuple[int, ...]


def field_steps(layer: Layer, shape: Shape) -> Iterator[Step]:
    """Explain the receptive field along each spatial axis of an input with one to three of them."""
    axes = AXES.get(len(shape) - 1, ())
    for axis, sight in zip(axes, sights(layer, shape) if axes else (), strict=True):
        field = axis_field(sight)
        formula, substituted = _formula(layer, sight)
        note = field_note(field, axis)
        yield Step(f"receptive field, {axis.name}", formula, substituted, grouped(field.size), note)


def _formula(layer: Layer, sight: Sight) -> tuple[str, str]:
    match sight:
        case SlidingSight(Window(kernel=kernel)) if isinstance(layer, AveragePool):
            return "K", grouped(kernel)
        case SlidingSight(Window(kernel=kernel, dilation=dilation)):
            return "D(K − 1) + 1", f"{grouped(dilation)}·({grouped(kernel)} − 1) + 1"
        case StampSight(stamp):
            return _stamp_formula(stamp)
        case WholeSight(size):
            return "the whole axis", grouped(size)
        case AdaptiveSight(size, output):
            return _adaptive_formula(size, output)
        case _:
            return "1", "1"


def _adaptive_formula(size: int, output: int) -> tuple[str, str]:
    if output == 1:
        return "the whole axis", grouped(size)
    return "the largest window" if size % output else "I / O", f"{grouped(size)} / {grouped(output)}"


def _stamp_formula(stamp: Stamp) -> tuple[str, str]:
    kernel, stride, dilation = grouped(stamp.kernel), grouped(stamp.stride), grouped(stamp.dilation)
    if stamp.dilation == 1:
        return "⌊(K − 1) / S⌋ + 1", f"⌊({kernel} − 1) / {stride}⌋ + 1"
    common = grouped(gcd(stamp.stride, stamp.dilation))
    return (
        "⌊(K − 1) / (S / g)⌋ · D / g + 1, g = gcd(S, D)",
        f"⌊({kernel} − 1) / ({stride} / {common})⌋ · {dilation} / {common} + 1",
    )


def field_note(field: AxisField, axis: Axis) -> str:
    """Say how far apart the fields of neighbours start, and what the first output sees."""
    apart = f"neighbouring outputs start {_stride(field.stride, axis)} apart"
    if field.lo is None or field.hi is None:
        seen = "the first sees nothing"
    elif field.lo == field.hi:
        seen = f"the first sees {axis.cell} {grouped(field.lo)}"
    else:
        seen = f"the first sees {axis.cells} {grouped(field.lo)} to {grouped(field.hi)}"
    return f"{apart}; {seen}" + ("" if field.uniform else "; not all outputs see equally many")


def _stride(stride: Fraction, axis: Axis) -> str:
    if stride.denominator == 1:
        return axis.counted(stride.numerator)
    cells = axis.cell if stride < 1 else axis.cells
    return f"{grouped(stride.numerator)}/{grouped(stride.denominator)} {cells}"
