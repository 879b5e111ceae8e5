"""One walk of an input through the steps of a trace: what comes out of each, and what it takes.

It stops with `ShapesDisagree` at the step that does not work; `replay` tells people about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from operator import attrgetter
from typing import Any

from cnnlab.arithmetic import Layer
from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.layers import (
    Convolution,
    Dense,
    Normalisation,
    NormalisationKind,
    TransposedConvolution,
)
from cnnlab.arithmetic.report import FLOAT_BYTES
from cnnlab.arithmetic.rules import problems
from cnnlab.arithmetic.shapes import output_shape
from cnnlab.tracing.costs import step_macs, step_memory
from cnnlab.tracing.fields import ReceptiveField, joined
from cnnlab.tracing.layered import LAYERED, full_settings, layer_of, slid_shape
from cnnlab.tracing.places import Sight, first_sight
from cnnlab.tracing.planned import UNCHANGING, planned
from cnnlab.tracing.resizing import ShapesDisagree
from cnnlab.tracing.shapes import is_gate, shape_rule
from cnnlab.tracing.sights import seen_through_layer, sight_rule, slid_sight
from cnnlab.tracing.sizes import evaluate, resolve, written
from cnnlab.tracing.trace import NETWORK_INPUT, Guard, Step, Trace

Shape = tuple[int, ...]
# A dense block's steps read dozens of earlier ones; these ask each of them without a loop in Python.
_SHAPE, _OUTPUT_SHAPE = attrgetter("shape"), attrgetter("output_shape")


@dataclass(slots=True, eq=False)
class ReplayedStep:
    """One step on this input. Shapes are as in the lessons: C x H x W, without the batch axis of size 1."""

    index: int
    recorded: Step
    settings: Mapping[str, Any]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    macs: int
    memory: int
    receptive_field: ReceptiveField | None

    @property
    def name(self) -> str:
        """Its name, unique in the network."""
        return self.recorded.name

    @property
    def path(self) -> str:
        """The module that takes it."""
        return self.recorded.path

    @property
    def operation(self) -> str:
        """What is done, such as conv2d."""
        return self.recorded.operation

    @property
    def inputs(self) -> tuple[int, ...]:
        """The numbers of the steps that it reads, −1 for the network's input."""
        return self.recorded.inputs

    @property
    def parameters(self) -> int:
        """The learned numbers that it is the first to use."""
        return self.recorded.parameters

    @property
    def block(self) -> str:
        """The path of the module around it."""
        return self.recorded.path.rpartition(".")[0]


class Walk:
    """One walk through the steps."""

    def __init__(self, trace: Trace, input_shape: Shape) -> None:
        self.trace = trace
        self.input = first_sight(input_shape)
        self.sights: list[Sight] = []
        self.steps: list[ReplayedStep] = []
        self.guards: dict[int, list[Guard]] = {}
        for guard in trace.guards:
            self.guards.setdefault(guard.step, []).append(guard)

    def go(self) -> None:
        """Take every step; the first that does not work raises `ShapesDisagree`."""
        guards = self.guards
        for index, (step, reads, costs_memory, followed, extended, merges) in enumerate(planned(self.trace)):
            if guards and index in guards:
                self._ask(guards[index])
            if reads is not None:
                done = self._keep(index, step, reads, costs_memory)
            elif followed is not None:
                done = self._slide(index, step, followed)
            elif extended is not None:
                done = self._extend(index, step, extended)
            else:
                done = merges and self._merge(index, step)
            if not done:
                self._take(index, step)

    def shape(self, index: int) -> Shape:
        """Give the shape of a step's output, or of the input, with its batch axis."""
        return (self.input if index < 0 else self.sights[index]).shape

    def _ask(self, guards: list[Guard]) -> None:
        for guard in guards:
            if bool(evaluate(guard.question, self.shape)) != guard.answer:
                raise ShapesDisagree(
                    "the network decides by its sizes and would go another way here: "
                    f"{written(guard.question)} was {str(guard.answer).lower()} when it was recorded"
                )

    def _keep(self, index: int, step: Step, reads: int, costs_memory: bool) -> bool:
        """Take a step that leaves shape and field as they are, most of a network's; False if it may not."""
        before = step.inputs[0]
        sight = self.input if before < 0 else self.sights[before]
        if reads and sight.shape[1] != reads:
            return False
        shown = unbatched(sight.shape) if before < 0 else self.steps[before].output_shape
        memory = FLOAT_BYTES * prod(shown) if costs_memory else 0
        self.sights.append(sight)
        self.steps.append(
            ReplayedStep(index, step, step.settings, (shown,), shown, step.constant_macs, memory, sight.field)
        )
        return True

    def _slide(self, index: int, step: Step, followed: dict[ReceptiveField, ReceptiveField]) -> bool:
        """Take a convolution or pool; False where something is out of the ordinary."""
        before, sliding = step.inputs[0], step.sliding
        came, places, _, seen = sight = self.input if before < 0 else self.sights[before]
        shape = slid_shape(sliding, came) if sliding else None
        if sliding is None or shape is None or seen is None or not seen.regular:
            return False
        field = followed.get(seen)
        if field is None:
            field = slid_sight(sliding, sight, shape).field
            if field is None:
                return False
            followed[seen] = field
        numbers = prod(shape)
        macs = sliding.products * numbers + step.constant_macs
        shown, memory = unbatched(shape), FLOAT_BYTES * numbers
        inputs = (unbatched(came),) if before < 0 else (self.steps[before].output_shape,)
        self.sights.append(Sight(shape, places, shape[2:], field))
        self.steps.append(ReplayedStep(index, step, step.settings, inputs, shown, macs, memory, field))
        return True

    def _extend(self, index: int, step: Step, extended: int) -> bool:
        """Take a concatenation that adds one tensor to an earlier one's, as in a dense block."""
        so_far, added = self.sights[extended], self.sights[step.inputs[-1]]
        fields = (so_far.field, added.field)
        channels, *rest = added.shape[1:]
        if fields[0] is None or fields[1] is None or not (fields[0].regular and fields[1].regular):
            return False
        if so_far.places != added.places or so_far.sizes != added.sizes or (*so_far.shape[2:],) != (*rest,):
            return False
        shape = (so_far.shape[0], so_far.shape[1] + channels, *rest)
        shown = unbatched(shape)
        field = joined(fields, so_far.sizes)  # pyright: ignore[reportArgumentType] (neither is None)
        self.sights.append(Sight(shape, so_far.places, so_far.sizes, field))
        inputs = (*self.steps[extended].input_shapes, unbatched(added.shape))
        self.steps.append(
            ReplayedStep(
                index,
                step,
                step.settings,
                inputs,
                shown,
                step.constant_macs,
                FLOAT_BYTES * prod(shown),
                field,
            )
        )
        return True

    def _merge(self, index: int, step: Step) -> bool:
        """Take an addition or product of two tensors of one shape, or of one and a gate for each channel."""
        one, other = (self.sights[before] for before in step.inputs)
        large = one if one.shape == other.shape or is_gate(other.shape, one.shape) else other
        fits = large is one or is_gate(one.shape, other.shape)
        if not fits or one.field is None or other.field is None:
            return False
        field = one.field if one.field is other.field else joined((one.field, other.field), large.sizes)
        inputs = (self.steps[step.inputs[0]].output_shape, self.steps[step.inputs[1]].output_shape)
        shown = unbatched(large.shape)
        memory = 0 if step.in_place else FLOAT_BYTES * prod(shown)
        self.sights.append(Sight(large.shape, large.places, large.sizes, field))
        self.steps.append(
            ReplayedStep(index, step, step.settings, inputs, shown, step.constant_macs, memory, field)
        )
        return True

    def _take(self, index: int, step: Step) -> None:
        sights = self._sights(step)
        settings, layer = step.settings, step.layer
        if step.dynamic or step.constants:
            shapes = self._all_shapes(step, sights)
            settings = {name: resolve(value, self.shape) for name, value in settings.items()}
            if step.operation in LAYERED:
                layer = layer_of(step.operation, settings)
                settings = full_settings(step.operation, layer)
        else:
            shapes = list(map(_SHAPE, sights))
        if step.sliding is not None and (slid := slid_shape(step.sliding, shapes[0])):
            sight = slid_sight(step.sliding, sights[0], slid)
        elif step.operation in UNCHANGING and (layer is None or _reads(layer, shapes[0])):
            sight = sights[0]
        elif layer is not None:
            sight = seen_through_layer(layer, sights[0], layer_shape(layer, shapes[0]))
        else:
            rule = shape_rule(step.operation)
            output = rule(settings, shapes) if rule else tuple(settings["fixed_shape"])
            sight = sight_rule(step.operation)(settings, sights, output)
        shown = unbatched(sight.shape)
        self.sights.append(sight)
        self.steps.append(
            ReplayedStep(
                index,
                step,
                settings,
                self._shown(step) if len(step.inputs) == len(shapes) else tuple(map(unbatched, shapes)),
                shown,
                step_macs(step, layer, shapes, sight.shape),
                step_memory(step, shown),
                sight.field,
            )
        )

    def _shown(self, step: Step) -> tuple[Shape, ...]:
        """Give what comes in without its batch axis."""
        if NETWORK_INPUT in step.inputs:
            return tuple([unbatched(sight.shape) for sight in self._sights(step)])
        return tuple(map(_OUTPUT_SHAPE, map(self.steps.__getitem__, step.inputs)))

    def _sights(self, step: Step) -> list[Sight]:
        if NETWORK_INPUT in step.inputs:
            return [self.input if one < 0 else self.sights[one] for one in step.inputs]
        return list(map(self.sights.__getitem__, step.inputs))

    def _all_shapes(self, step: Step, sights: list[Sight]) -> list[Shape]:
        """Give the shapes of all operands, constants among them."""
        shapes = [sight.shape for sight in sights]
        for place, constant in step.constants:
            shapes.insert(place, tuple(resolve(constant, self.shape)))
        return shapes


def layer_shape(layer: Layer, shape: Shape) -> Shape:
    """Give the shape behind a layer, or raise with the rules that it breaks."""
    own = shape[1:]
    if _reads(layer, shape):
        output = output_shape(layer, (own,))
        if min(output) > 0:
            return (shape[0], *output)
    broken = "; ".join(problem.sentence for problem in problems(layer, (own,)))
    raise ShapesDisagree(broken or f"{shape_text(own)} does not fit")


def _reads(layer: Layer, shape: Shape) -> bool:
    """Whether the channels or features that come in are those that the layer has weights for."""
    if isinstance(layer, Normalisation):
        if layer.kind == NormalisationKind.LAYER:
            return shape[len(shape) - len(layer.shape) :] == layer.shape
        return layer.kind == NormalisationKind.RESPONSE or shape[1] == layer.channels
    if isinstance(layer, Dense):
        return shape[-1] == layer.in_features
    if isinstance(layer, Convolution | TransposedConvolution):
        return shape[1] == layer.in_channels and len(shape) == layer.dims + 2
    return True


def unbatched(shape: Shape) -> Shape:
    """Leave out the batch axis of size 1; one picture is all there is."""
    return shape[1:] if len(shape) > 1 and shape[0] == 1 else shape
