"""A recorded network on an input of any size: every step's shapes, costs and receptive field.

Standard library and `cnnlab.arithmetic` only; no network is run. `record` makes what it replays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnnlab.arithmetic import Layer
from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.layers import Convolution, Dense, Normalisation, TransposedConvolution
from cnnlab.arithmetic.rules import problems
from cnnlab.arithmetic.shapes import output_shape
from cnnlab.errors import CnnLabError
from cnnlab.tracing.costs import step_macs, step_memory
from cnnlab.tracing.fields import ReceptiveField
from cnnlab.tracing.layered import LAYERED, full_settings, layer_of
from cnnlab.tracing.operations import POINTWISE
from cnnlab.tracing.places import Sight, first_sight
from cnnlab.tracing.resizing import ShapesDisagree
from cnnlab.tracing.shapes import shape_rule
from cnnlab.tracing.sights import seen_through_layer, sight_rule
from cnnlab.tracing.sizes import evaluate, resolve, written
from cnnlab.tracing.trace import NETWORK_INPUT, Guard, Step, Trace

Shape = tuple[int, ...]
LARGEST_INPUT = 16_384
UNCHANGING = POINTWISE | {name for name in LAYERED if name.endswith("_norm")} | {"prelu"}


class ImpossibleSize(CnnLabError):
    """An input that a network cannot take: at which step it fails, why, and the smallest that works.

    `index` is the step's number from 0; `input_shapes` are what came in, without batch axis;
    `smallest` is the smallest square input that works, None where none was found.
    """

    def __init__(
        self, reason: str, index: int, input_shapes: tuple[Shape, ...], smallest: Shape | None
    ) -> None:
        """Keep the parts for a page to show."""
        super().__init__(reason)
        self.index = index
        self.input_shapes = input_shapes
        self.smallest = smallest


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Replay:
    """A network on one input; `problem` is why it ends early, if it does."""

    trace: Trace
    input_shape: Shape
    steps: tuple[ReplayedStep, ...]
    problem: ImpossibleSize | None = None

    @property
    def parameters(self) -> int:
        """All learned numbers that are used."""
        return sum(step.recorded.parameters for step in self.steps)

    @property
    def macs(self) -> int:
        """All multiply-adds."""
        return sum(step.macs for step in self.steps)

    @property
    def flops(self) -> int:
        """Two operations for each multiply-add."""
        return 2 * self.macs

    @property
    def memory(self) -> int:
        """The bytes of all outputs in float32."""
        return sum(step.memory for step in self.steps)

    @property
    def receptive_field(self) -> ReceptiveField | None:
        """What a unit sees along the local path just before everything is pooled together."""
        known = (step.receptive_field for step in reversed(self.steps))
        return next((field for field in known if field is not None and field.local), None)


def replay(trace: Trace, input_shape: Shape) -> Replay:
    """Send an input (C x H x W) through the recorded network.

    Raises `ImpossibleSize`, which names the step that fails and the smallest input that works.
    """
    result = replay_as_far_as_possible(trace, input_shape)
    if result.problem is None:
        return result
    raise result.problem


def replay_as_far_as_possible(trace: Trace, input_shape: Shape) -> Replay:
    """Send an input through the network up to the step that fails, with the reason in `problem`."""
    shape = checked(trace, input_shape)
    run = _Run(trace, shape)
    try:
        run.go()
    except ShapesDisagree as refusal:
        return Replay(trace, shape, tuple(run.steps), _problem(run, refusal))
    return Replay(trace, shape, tuple(run.steps))


def checked(trace: Trace, input_shape: Sequence[int]) -> Shape:
    """Refuse what is no input at all."""
    shape = tuple(input_shape)
    rank = len(trace.input_shape)
    if len(shape) != rank or not all(isinstance(size, int) and 0 < size <= LARGEST_INPUT for size in shape):
        raise ImpossibleSize(
            f"{trace.name} takes an input of {rank} whole numbers between 1 and {LARGEST_INPUT:,}, "
            f"channels × height × width, such as {shape_text(trace.input_shape)}; "
            f"{'×'.join(map(str, shape)) or 'nothing'} was given.",
            NETWORK_INPUT,
            (shape,),
            trace.input_shape,
        )
    return shape


class _Run:
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
        for index, step in enumerate(self.trace.steps):
            if index in self.guards:
                self._ask(self.guards[index])
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

    def _take(self, index: int, step: Step) -> None:
        sights = [self.input if one < 0 else self.sights[one] for one in step.inputs]
        settings, layer = step.settings, step.layer
        if step.dynamic or step.constants:
            shapes = self._all_shapes(step, sights)
            settings = {name: resolve(value, self.shape) for name, value in settings.items()}
            if step.operation in LAYERED:
                layer = layer_of(step.operation, settings)
                settings = full_settings(step.operation, layer)
        else:
            shapes = [sight.shape for sight in sights]
        if step.operation in UNCHANGING and (layer is None or _reads(layer, shapes[0])):
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
                tuple([unbatched(shape) for shape in shapes]),
                shown,
                step_macs(step, layer, shapes, sight.shape),
                step_memory(step, shown),
                sight.field,
            )
        )

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
    match layer:
        case Convolution() | TransposedConvolution():
            return shape[1] == layer.in_channels and len(shape) == layer.dims + 2
        case Dense():
            return shape[-1] == layer.in_features
        case Normalisation(kind="layer"):
            return shape[len(shape) - len(layer.shape) :] == layer.shape
        case Normalisation(kind="response"):
            return True
        case Normalisation():
            return shape[1] == layer.channels
        case _:
            return True


def unbatched(shape: Shape) -> Shape:
    """Leave out the batch axis of size 1; one picture is all there is."""
    return shape[1:] if len(shape) > 1 and shape[0] == 1 else shape


def _problem(run: _Run, refusal: ShapesDisagree) -> ImpossibleSize:
    index = len(run.steps)
    step, shape = run.trace.steps[index], run.input.shape[1:]
    came = tuple(unbatched(run.shape(one)) for one in step.inputs)
    smallest = smallest_input(run.trace)
    advice = f" The smallest square input that works is {shape_text(smallest)}." if smallest else ""
    text = (
        f"{run.trace.name} cannot take an input of {shape_text(shape)}: step {index + 1}, {step.name} "
        f"({step.operation}), gets {' and '.join(map(shape_text, came))}, and {refusal}.{advice}"
    )
    return ImpossibleSize(text, index, came, smallest)


def smallest_input(trace: Trace) -> Shape | None:
    """Find the smallest square input that works, from the one that was recorded downwards."""
    channels, *sizes = trace.input_shape

    def works(size: int) -> bool:
        run = _Run(trace, (channels, *(size for _ in sizes)))
        try:
            run.go()
        except ShapesDisagree:
            return False
        return True

    low, high = 0, max(sizes)
    if not works(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return (channels, *(high for _ in sizes))
