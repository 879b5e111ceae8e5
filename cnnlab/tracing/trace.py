"""What a trace is: the steps that a network took once, and where each one's input came from.

A trace holds no sizes except those that the network itself fixes, so `replay` can send an input of
another size through it. It does not know how it was recorded, nor how it is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnlab.arithmetic import Layer
from cnnlab.arithmetic.costs import parameters as layer_parameters
from cnnlab.errors import CnnLabError
from cnnlab.tracing.layered import LAYERED, Sliding, full_settings, layer_of, sliding_of
from cnnlab.tracing.sizes import depends_on_sizes

Shape = tuple[int, ...]
NETWORK_INPUT = -1


class TraceProblem(CnnLabError):
    """A network that cannot be recorded, or a recording that cannot be read."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation that the network performs.

    `name` is unique in its network; `path` is the module that performs it, such as layer1.0.conv1.
    `inputs` are the numbers of earlier steps, counted from 0, or `NETWORK_INPUT`. `settings` of
    layers are named as in `cnnlab.arithmetic`; axes in other settings count the batch as axis 0.
    `constants` are operands that no input reaches, such as a position embedding: the place among
    the operands and the shape, batch included; `constant_macs` is what computing them takes.
    `parameters` are the learned numbers that this step is the first to use. `in_place` overwrites
    its first input. `dynamic` settings hold expressions.
    """

    name: str
    operation: str
    path: str
    settings: Mapping[str, Any]
    inputs: tuple[int, ...]
    parameters: int = 0
    constants: tuple[tuple[int, Any], ...] = ()
    in_place: bool = False
    constant_macs: int = 0
    dynamic: bool = False
    layer: Layer | None = field(default=None, compare=False, repr=False)
    sliding: Sliding | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Guard:
    """A question about sizes that the network's code asked before step `step`, and its answer."""

    step: int
    question: Any
    answer: bool


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """All steps of one network in the order in which they were taken.

    `modules` gives the class of every module on the way to a step: layer1.0 is a Bottleneck; the
    network itself is "". `outputs` are the steps whose results the network returns.
    `unused_parameters` belong to parts that are not used when evaluating, such as auxiliary heads.
    """

    name: str
    input_shape: Shape
    steps: tuple[Step, ...]
    modules: Mapping[str, str]
    outputs: tuple[int, ...]
    guards: tuple[Guard, ...] = ()
    unused_parameters: int = 0


def make_step(
    name: str, operation: str, settings: Mapping[str, Any], inputs: tuple[int, ...], **more: Any
) -> Step:
    """Make a step; a layer's settings are completed, and its parameters counted where none are given.

    `more` are the other fields of `Step`; without a `path` it is the name, None is as if not given.

    >>> make_step("fc", "linear", {"in_features": 512, "out_features": 1000}, (67,)).parameters
    513000
    """
    given = {field: value for field, value in more.items() if value is not None}
    dynamic = depends_on_sizes(settings)
    layer = layer_of(operation, settings) if operation in LAYERED and not dynamic else None
    counted = layer_parameters(layer) if layer else 0
    settings = full_settings(operation, layer) if layer else settings
    found = {"path": name, "parameters": counted, "dynamic": dynamic, "layer": layer} | given
    found["sliding"] = sliding_of(layer) if layer else None
    return Step(name, operation, settings=settings, inputs=inputs, **found)
