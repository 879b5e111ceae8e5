"""All networks in numbers, and one network by the sizes of its maps: what comparisons are made of.

Every number comes from a replay, published accuracies from the table of facts. It draws nothing.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from cnnlab import zoo
from cnnlab.tracing import ReplayedStep, recorded_names, replay, trace_of

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One network in numbers; what nobody has published or measured is None.

    `top1` is the accuracy on ImageNet in per cent that a library publishes for the weights `weights` at
    `resolution`, of several the first: it was trained most like the paper's.
    """

    name: str
    title: str
    family: str
    year: int | None
    input_shape: Shape
    parameters: int
    macs: int
    memory: int
    field: int | None
    top1: float | None
    resolution: int | None
    weights: str


@dataclass(frozen=True, slots=True)
class SizeGroup:
    """All steps of a network whose output has one size, height × width; `size` is None for vectors."""

    size: tuple[int, int] | None
    steps: int
    parameters: int
    macs: int
    memory: int
    operations: tuple[tuple[str, int], ...]
    most_channels: int


@lru_cache(maxsize=1)
def all_rows() -> tuple[Row, ...]:
    """Return every recorded network on its own input, in the order of history."""
    return tuple(_row(name) for name in recorded_names())


def _row(name: str) -> Row:
    facts, trace = zoo.facts(name), trace_of(name)
    titles = {family.name: family.title for family in zoo.families()}
    replayed = replay(trace, trace.input_shape)
    best = facts.accuracies[0] if facts.accuracies else None
    field = replayed.receptive_field
    return Row(
        name=name,
        title=facts.title,
        family=titles.get(facts.family, facts.family),
        year=facts.year,
        input_shape=trace.input_shape,
        parameters=replayed.parameters,
        macs=replayed.macs,
        memory=replayed.memory,
        field=field.size[0] if field else None,
        top1=best.top1_percent if best else None,
        resolution=best.resolution if best else None,
        weights=f"{best.library}, {best.weights}" if best else "",
    )


@lru_cache(maxsize=64)
def by_size(name: str, input_shape: Shape | None = None) -> tuple[SizeGroup, ...]:
    """Return a network's steps by the height and width of what comes out, the largest first, vectors last.

    Raises `CnnLabError` where there is no such network, or where it cannot take the input.
    """
    trace = trace_of(name)
    groups: dict[tuple[int, int] | None, list[ReplayedStep]] = {}
    for step in replay(trace, input_shape or trace.input_shape).steps:
        groups.setdefault(_size_of(step), []).append(step)
    order = sorted(groups, key=lambda size: (size is not None, size or (0, 0)), reverse=True)
    return tuple(_group(size, groups[size]) for size in order)


def _size_of(step: ReplayedStep) -> tuple[int, int] | None:
    return (step.output_shape[1], step.output_shape[2]) if len(step.output_shape) == 3 else None


def _group(size: tuple[int, int] | None, steps: list[ReplayedStep]) -> SizeGroup:
    return SizeGroup(
        size=size,
        steps=len(steps),
        parameters=sum(step.parameters for step in steps),
        macs=sum(step.macs for step in steps),
        memory=sum(step.memory for step in steps),
        operations=tuple(Counter(step.operation for step in steps).most_common()),
        most_channels=max(step.output_shape[0] for step in steps),
    )
