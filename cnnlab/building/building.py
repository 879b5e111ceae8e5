"""A network from its text: the trace with all its numbers, or the sentence that says what does not fit.

It joins reading and lowering, and looks for the smallest input that works. It draws nothing.
"""

from dataclasses import dataclass, replace

from cnnlab.arithmetic.axes import shape_text
from cnnlab.building.lowering import Lowered, Misfit, lowered
from cnnlab.building.modules import Module
from cnnlab.building.nodes import Notation
from cnnlab.building.reading import read_notation
from cnnlab.building.words import LARGEST_SIDE
from cnnlab.tracing import Replay, replay_as_far_as_possible

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """A network on its own input; `sentence` says why it ends early, if it does."""

    replayed: Replay
    root: Module
    lines: tuple[int, ...]
    misfit: Misfit | None
    smallest: Shape | None
    sentence: str


def build(text: str) -> Built:
    """Build a network; raises `NotationProblem` where the text is none.

    >>> build("input 1x28x28; conv 6 k5 p2; relu; flatten; dense 10").replayed.macs
    164640
    """
    notation = read_notation(text)
    network = lowered(notation, text)
    smallest = smallest_input(notation) if network.misfit else None
    return Built(
        replay_as_far_as_possible(network.trace, notation.input_shape),
        network.root,
        tuple(place.line for place in network.places),
        network.misfit,
        smallest,
        _sentence(network, smallest),
    )


def smallest_input(notation: Notation) -> Shape | None:
    """Find the smallest square input that works, from the one that does not upwards; None if none does."""
    channels, *sizes = notation.input_shape
    low, high = min(sizes) - 1, max(sizes)

    def works(size: int) -> bool:
        return lowered(replace(notation, input_shape=(channels, size, size))).misfit is None

    while not works(high):
        if high == LARGEST_SIDE:
            return None
        low, high = high, min(2 * high, LARGEST_SIDE)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return (channels, high, high)


def _sentence(network: Lowered, smallest: Shape | None) -> str:
    misfit = network.misfit
    if misfit is None:
        return ""
    advice = misfit.refusal.help()
    if smallest:
        advice += f" The smallest square input that works is {shape_text(smallest)}."
    where = f"Line {misfit.place.line}: `{misfit.source}` does not fit"
    return f"{where}: {misfit.refusal.reason}. {advice}".strip()
