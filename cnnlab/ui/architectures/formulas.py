"""Why a step's numbers are what they are: formulas with the numbers put in, for each step of a network.

The formulas of a layer are those of `cnnlab.arithmetic`; how the receptive field grows along the network is
added here. It does not know how they are shown.
"""

from dataclasses import astuple, replace

from cnnlab.arithmetic import Activation, Add, Concatenate, Flatten, Layer, Step
from cnnlab.arithmetic.explanation import explain
from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.tracing import Replay, ReplayedStep, replay_as_far_as_possible, trace_of
from cnnlab.tracing.fields import ReceptiveField, first_field
from cnnlab.tracing.operations import POINTWISE

Shape = tuple[int, ...]
AXES = ("height", "width")


def formulas(name: str, input_shape: Shape | None = None) -> list[list[tuple[str, ...]]]:
    """Return for each step of a network its formulas: quantity, formula, with numbers, result, remark.

    Raises `CnnLabError` where there is no such network, or no such input.
    """
    trace = trace_of(name)
    return formulas_of(replay_as_far_as_possible(trace, input_shape or trace.input_shape))


def formulas_of(replayed: Replay) -> list[list[tuple[str, ...]]]:
    """Return for each step of a replay its formulas."""
    return [[astuple(one) for one in _explained(step, replayed)] for step in replayed.steps]


def _explained(step: ReplayedStep, replayed: Replay) -> list[Step]:
    layer = layer_of_step(step)
    own = _of_layer(layer, step) if layer else []
    before = _incoming(step, replayed)
    grown = _grown(step, before) if before and step.receptive_field else []
    return [*own, *grown]


def layer_of_step(step: ReplayedStep) -> Layer | None:
    """Return a step as a layer of the arithmetic, where it is one.

    Merges along channels, activations and flattening are layers there, too, where PyTorch has functions.
    """
    if step.recorded.layer is not None:
        return step.recorded.layer
    if step.operation == "add" and len(step.input_shapes) > 1 and len(set(step.input_shapes)) == 1:
        return Add()
    if step.operation == "cat" and step.settings.get("axis") == 1:
        return Concatenate()
    if step.operation == "flatten" and len(step.output_shape) == 1:
        return Flatten()
    return Activation(step.operation) if step.operation in POINTWISE else None


def _of_layer(layer: Layer, step: ReplayedStep) -> list[Step]:
    """Explain the layer by itself; what it sees is told along the network."""
    try:
        steps = explain(layer, step.input_shapes, step.output_shape)
    except (CnnLabError, LookupError, ValueError):  # a shape that the arithmetic does not speak about
        return []
    # A step in place, or one that only looks at its input in another way, takes no memory of its own.
    left_out = ("receptive field", "activation memory") if step.memory == 0 else ("receptive field",)
    told = [one for one in steps if not one.quantity.startswith(left_out)]
    if isinstance(layer, Concatenate):  # which axis that is depends on whether the batch is counted
        told[0] = replace(told[0], formula="the sum of the channels")
    return told


def _incoming(step: ReplayedStep, replayed: Replay) -> ReceptiveField | None:
    if len(step.inputs) != 1:
        return None
    if step.inputs[0] < 0:
        return first_field(len(replayed.input_shape) - 1)
    return replayed.steps[step.inputs[0]].receptive_field


def _grown(step: ReplayedStep, before: ReceptiveField) -> list[Step]:
    """Explain how a window widens what a unit sees: by its reach less one, in steps of what came before."""
    layer, after = step.recorded.layer, step.receptive_field
    kernel = getattr(layer, "kernel", None)
    if kernel is None or after is None or after.size == before.size:
        return []
    dilation = getattr(layer, "dilation", None) or (1,) * len(kernel)
    told = []
    for axis, (width, holes) in enumerate(zip(kernel, dilation, strict=True)):
        stride, size = before.stride[axis], before.size[axis]
        if size + holes * (width - 1) * stride != after.size[axis]:
            return []
        told.append(
            Step(
                f"receptive field, {AXES[axis] if len(kernel) > 1 else 'length'}",
                "R_before + D(K − 1) · J_before",
                f"{grouped(size)} + {holes}·({width} − 1) · {grouped(int(stride))}",
                grouped(after.size[axis]),
                f"neighbouring units are {grouped(int(after.stride[axis]))} input cells apart",
            )
        )
    return told
