"""A recorded network on an input of any size: every step's shapes, costs and receptive field.

Standard library and `cnnlab.arithmetic` only; no network is run. `record` makes what it replays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cnnlab.arithmetic.axes import shape_text
from cnnlab.errors import CnnLabError
from cnnlab.tracing.fields import ReceptiveField
from cnnlab.tracing.resizing import ShapesDisagree
from cnnlab.tracing.trace import NETWORK_INPUT, Trace
from cnnlab.tracing.walk import ReplayedStep, Walk, unbatched

Shape = tuple[int, ...]
LARGEST_INPUT = 16_384


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
    run = Walk(trace, shape)
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


def _problem(run: Walk, refusal: ShapesDisagree) -> ImpossibleSize:
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
        run = Walk(trace, (channels, *(size for _ in sizes)))
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
