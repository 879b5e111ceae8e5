"""Everything about one layer on one input: shape, costs, memory, receptive field, and why.

It puts together what the other modules answer, and refuses with the nearest settings that work.
"""

from dataclasses import dataclass
from math import prod

from cnnlab.arithmetic.costs import macs, parameters
from cnnlab.arithmetic.explanation import explain
from cnnlab.arithmetic.layers import Layer
from cnnlab.arithmetic.nearest import nearest
from cnnlab.arithmetic.receptive_field import AxisField, axis_field, sights
from cnnlab.arithmetic.refusal import ImpossibleLayer
from cnnlab.arithmetic.rules import problems
from cnnlab.arithmetic.shapes import output_shape
from cnnlab.arithmetic.steps import Step

Shape = tuple[int, ...]
FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Report:
    """What a layer is and costs, for a batch of one in float32.

    `output_shape` is C x H x W without the batch axis. `macs` are the multiply-adds of convolutions
    and dense layers, bias additions left out; other layers have 0 by convention. `flops` are 2 · MACs.
    `receptive_field` has one entry for each spatial axis of the (first) input.
    """

    output_shape: Shape
    parameters: int
    macs: int
    receptive_field: tuple[AxisField, ...]
    steps: tuple[Step, ...]

    @property
    def flops(self) -> int:
        """Two operations for each multiply-add."""
        return 2 * self.macs

    @property
    def weight_bytes(self) -> int:
        """The memory of all parameters."""
        return FLOAT_BYTES * self.parameters

    @property
    def activation_bytes(self) -> int:
        """The memory of the output."""
        return FLOAT_BYTES * prod(self.output_shape)


def analyse(layer: Layer, *input_shapes: Shape) -> Report:
    """Work out every number of a layer on inputs of these shapes (C x H x W, no batch axis).

    Raises `ImpossibleLayer`, with the violated rules and the nearest settings that work.

    >>> from cnnlab.arithmetic.layers import Convolution
    >>> report = analyse(Convolution(3, 64, kernel=5), (3, 32, 32))
    >>> report.output_shape, report.parameters, report.macs
    ((64, 28, 28), 4864, 3763200)
    """
    shapes = tuple(tuple(shape) for shape in input_shapes)
    broken = tuple(problems(layer, shapes))
    if broken:
        raise ImpossibleLayer(broken, nearest(layer, shapes))
    output = output_shape(layer, shapes)
    return Report(
        output_shape=output,
        parameters=parameters(layer),
        macs=macs(layer, shapes[0], output),
        receptive_field=tuple(axis_field(sight) for sight in sights(layer, shapes[0])),
        steps=explain(layer, shapes, output),
    )
