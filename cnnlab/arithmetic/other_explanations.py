"""Why the numbers of the layers without a window are what they are: pools, normalisations, merges.

It assumes a layer that works; memory and receptive field are explained elsewhere.
"""

from collections.abc import Iterator
from math import prod

from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.costs import normalised_numbers, parameters
from cnnlab.arithmetic.layers import (
    Activation,
    AdaptivePool,
    Add,
    Concatenate,
    Flatten,
    GlobalPool,
    Layer,
    Normalisation,
)
from cnnlab.arithmetic.steps import Step, counted, product
from cnnlab.arithmetic.units import grouped

Shape = tuple[int, ...]

_NOT_COUNTED = "by convention only convolutions and dense layers are counted"
_STATISTICS = {
    "batch": "one mean and variance for each channel, over the batch and all positions",
    "layer": "one mean and variance for each input, over the normalised axes",
    "instance": "one mean and variance for each channel of each input, over all positions",
    "group": "one mean and variance for each group of channels of each input",
    "response": "each number is divided by the size of its neighbours in nearby channels",
}


def other_steps(layer: Layer, shapes: tuple[Shape, ...], output: Shape) -> Iterator[Step]:
    """Explain the shape and the costs of a layer that slides no window."""
    formula, substituted, note = _shape_words(layer, shapes)
    yield Step("output shape", formula, substituted, shape_text(output), note)
    count = parameters(layer)
    if not count:
        yield from free_costs("nothing is learned")
        return
    if isinstance(layer, Normalisation):
        numbers = grouped(normalised_numbers(layer))
        yield Step("parameters", "2 · C", f"2 · {numbers}", grouped(count), "a scale and a shift for each")
    else:
        yield Step("parameters", "slopes", grouped(count), grouped(count), "one learned slope each")
    yield from _free_operations()


def free_costs(why: str) -> Iterator[Step]:
    """Explain that there are no parameters, and no operations that are counted."""
    yield Step("parameters", "0", "0", "0", why)
    yield from _free_operations()


def _free_operations() -> Iterator[Step]:
    yield Step("MACs", "0", "0", "0", _NOT_COUNTED)
    yield Step("FLOPs", "2 · MACs", "2 · 0", "0")


def _shape_words(layer: Layer, shapes: tuple[Shape, ...]) -> tuple[str, str, str]:
    text = shape_text(shapes[0])
    match layer:
        case AdaptivePool():
            return "C × the size asked for", text, "windows that share the input as evenly as they can"
        case GlobalPool():
            cells = counted(prod(shapes[0][1:]), "position")
            return "C × 1 for each axis" if layer.keep_axes else "C", text, f"one number out of {cells}"
        case Flatten():
            return "the product of all sizes", product(*shapes[0]), "the numbers stay as they are"
        case Add():
            return "the common shape", " + ".join(map(shape_text, shapes)), "position by position"
        case Concatenate():
            sizes = " + ".join(grouped(shape[layer.axis]) for shape in shapes)
            return f"the sum along axis {layer.axis}", sizes, "one behind the other"
        case Normalisation():
            return "as the input", text, _STATISTICS[layer.kind]
        case Activation():
            return "as the input", text, "each number by itself"
        case _:
            return "as the input", text, ""
