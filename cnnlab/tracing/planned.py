"""What can be known of a trace's steps before any sizes are: most are of three kinds that need little.

`walk` takes them; it looks here once for each trace.
"""

from functools import lru_cache
from typing import NamedTuple

from cnnlab.tracing.costs import step_memory
from cnnlab.tracing.fields import ReceptiveField
from cnnlab.tracing.layered import LAYERED
from cnnlab.tracing.operations import MERGING, POINTWISE
from cnnlab.tracing.trace import NETWORK_INPUT, Step, Trace

UNCHANGING = POINTWISE | {name for name in LAYERED if name.endswith("_norm")} | {"prelu"}


class Planned(NamedTuple):
    """One step, and what does not depend on sizes about it.

    `reads` are the channels that a step needs (0: any) that leaves shapes alone, else None; `costs_memory`
    says whether its output takes memory; `followed` is what a convolution or pool made of a field before;
    `extended` is the earlier concatenation that has all inputs of this one but the last; `merges` says
    whether two earlier steps are added, multiplied or the like.
    """

    step: Step
    reads: int | None
    costs_memory: bool
    followed: dict[ReceptiveField, ReceptiveField] | None
    extended: int | None
    merges: bool


@lru_cache(maxsize=128)
def planned(trace: Trace) -> tuple[Planned, ...]:
    """Look at every step of a trace, once."""
    joinings = {step.inputs: index for index, step in enumerate(trace.steps) if _joins_channels(step)}
    return tuple(
        Planned(
            step,
            _unchanged(step),
            step_memory(step, (1,)) > 0,
            _slides(step),
            joinings.get(step.inputs[:-1]) if _joins_channels(step) else None,
            _merges(step),
        )
        for step in trace.steps
    )


def _merges(step: Step) -> bool:
    plain = step.operation in MERGING and not step.constants and not step.dynamic
    return plain and len(step.inputs) == 2 and NETWORK_INPUT not in step.inputs


def _joins_channels(step: Step) -> bool:
    plain = step.operation == "cat" and not step.constants and not step.dynamic
    return plain and step.settings.get("axis") == 1 and NETWORK_INPUT not in step.inputs


def _slides(step: Step) -> dict[ReceptiveField, ReceptiveField] | None:
    plain = step.sliding is not None and not step.dynamic and not step.constants and len(step.inputs) == 1
    return {} if plain and step_memory(step, (1,)) > 0 else None


def _unchanged(step: Step) -> int | None:
    if step.dynamic or step.constants or step.operation not in UNCHANGING or len(step.inputs) != 1:
        return None
    if step.layer is None or step.operation in ("prelu", "local_response_norm"):
        return 0
    return step.layer.channels if step.operation == "batch_norm" else None  # pyright: ignore[reportAttributeAccessIssue]
