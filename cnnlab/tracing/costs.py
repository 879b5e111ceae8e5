"""How many multiply-adds a step takes, and how many bytes its output needs.

Bias additions are not counted. Only convolutions, dense layers and products of matrices have
multiply-adds, as everywhere in the app; PyTorch's FlopCounterMode counts the same, times two.
"""

from collections.abc import Sequence
from math import prod

from cnnlab.arithmetic import Layer
from cnnlab.arithmetic.costs import macs as layer_macs
from cnnlab.arithmetic.report import FLOAT_BYTES
from cnnlab.tracing.operations import COPYING, IDLE, KNOWN, MULTIPLYING, REARRANGING
from cnnlab.tracing.shapes import letter_sizes
from cnnlab.tracing.trace import Step

Shape = tuple[int, ...]
_FREE = KNOWN - MULTIPLYING
_SHARED = IDLE | (REARRANGING - COPYING)


def step_macs(step: Step, layer: Layer | None, shapes: Sequence[Shape], output: Shape) -> int:
    """Count the multiply-adds of a step; shapes have their batch axis.

    >>> from cnnlab.tracing.trace import make_step
    >>> product = make_step("product", "matmul", {}, (0, 1))
    >>> step_macs(product, None, ((1, 8, 49, 32), (1, 8, 32, 49)), (1, 8, 49, 49))
    614656
    """
    if step.sliding is not None:
        return step.sliding.products * prod(output) + step.constant_macs
    if layer is not None:
        return step.constant_macs + layer_macs(layer, shapes[0], output)
    if step.operation in _FREE:
        return step.constant_macs
    return step.constant_macs + _own_macs(step, shapes, output)


def _own_macs(step: Step, shapes: Sequence[Shape], output: Shape) -> int:
    match step.operation:
        case "matmul":
            return prod(output) * shapes[0][-1]
        case "einsum" if len(shapes) > 1:
            return prod(letter_sizes(step.settings["equation"], shapes).values())
        case "scaled_dot_product_attention":
            return prod(shapes[0]) * shapes[1][-2] + prod(output) * shapes[1][-2]
        case "multi_head_attention":
            return _attention(shapes)
        case _:
            return step.settings.get("fixed_macs", 0)


def _attention(shapes: Sequence[Shape]) -> int:
    """Projections of queries, keys and values, two products with every pair of positions, one projection."""
    (queries, batch, width), keys = shapes[0], shapes[1 % len(shapes)][0]
    projections = 2 * queries * width**2 + 2 * keys * width**2
    return batch * (projections + 2 * queries * keys * width)


def step_memory(step: Step, output: Shape) -> int:
    """Count the bytes that a step's output adds in float32: none if it is its input in another shape."""
    return 0 if step.in_place or step.operation in _SHARED else FLOAT_BYTES * prod(output)
