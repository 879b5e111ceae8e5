"""What the browser is told of a network: its steps on one input, its facts, and the teaching notes.

Plain dictionaries for JSON; all numbers come from a replay, and unknown is None, never 0. It does not know
how they travel, nor how they are drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cnnlab import zoo
from cnnlab.tracing import Replay, ReplayedStep, replay_as_far_as_possible, trace_of
from cnnlab.tracing.fields import ReceptiveField
from cnnlab.zoo.notes import notes_at

Shape = tuple[int, ...]


def describe(name: str, input_shape: Shape | None = None) -> dict[str, Any]:
    """Return a network on an input (C × H × W; its own, if none is given), as far as it can take it.

    Raises `CnnLabError` with a sentence where there is no such network, or no such input.
    """
    trace = trace_of(name)
    replayed = replay_as_far_as_possible(trace, input_shape or trace.input_shape)
    notes = _notes(name, [step.path for step in replayed.steps])
    return {**_facts(name), **numbers_of(replayed), "notes": notes}


def numbers_of(replayed: Replay) -> dict[str, Any]:
    """Return all that a replay knows: the network's totals, its modules, and every step."""
    trace, problem = replayed.trace, replayed.problem
    return {
        "name": trace.name,
        "input": replayed.input_shape,
        "own_input": trace.input_shape,
        "parameters": replayed.parameters,
        "unused": trace.unused_parameters,
        "macs": replayed.macs,
        "memory": replayed.memory,
        "field": _field(replayed.receptive_field),
        "problem": problem and {"text": str(problem), "step": problem.index, "smallest": problem.smallest},
        "modules": dict(trace.modules),
        "outputs": trace.outputs,
        "steps": [described_step(step) for step in replayed.steps],
        "missing": [_missing(one) for one in trace.steps[len(replayed.steps) :]],
    }


def described_step(step: ReplayedStep) -> dict[str, Any]:
    """Return one step: what is done, its shapes and costs, and what its units see."""
    return {
        "name": step.name,
        "op": _operation(step.operation, step.settings),
        "path": step.path,
        "settings": _plain(step.settings),
        "from": step.inputs,
        "in": step.input_shapes,
        "out": step.output_shape,
        "parameters": step.parameters,
        "macs": step.macs,
        "memory": step.memory,
        "field": _field(step.receptive_field),
    }


def _missing(step: Any) -> dict[str, Any]:
    """Describe a step that the input never reaches."""
    return {"name": step.name, "op": step.operation, "path": step.path, "from": step.inputs}


def _operation(operation: str, settings: Mapping[str, Any]) -> str:
    """Name an operation as papers do: PyTorch computes ReLU6 by a hard tanh between 0 and 6."""
    is_relu6 = operation == "hardtanh" and (settings.get("min_val"), settings.get("max_val")) == (0, 6)
    return "relu6" if is_relu6 else operation


def _field(field: ReceptiveField | None) -> dict[str, Any] | None:
    """Return a receptive field: size, distance of neighbours and beginning along each axis."""
    if field is None:
        return None
    return {
        "size": field.size,
        "stride": [float(stride) for stride in field.stride],
        "start": field.start,
        "whole": field.whole,
        "local": field.local,
        "aligned": field.aligned,
    }


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | str | bool | tuple | list) else str(value)
        for name, value in settings.items()
        if value is not None
    }


def _facts(name: str) -> dict[str, Any]:
    """Return the facts of a network; only its name where nothing is known of it."""
    if name not in zoo.names():
        return {"title": name, "family": "", "facts": None}
    facts = zoo.facts(name)
    told = {
        key: value for key, value in asdict(facts).items() if key not in ("name", "builder", "input_shape")
    }
    return {"title": facts.title, "family": facts.family, "facts": told}


def _notes(name: str, paths: Sequence[str]) -> dict[int, list[str]]:
    """Return the teaching notes, each by the number of the first step inside the module that it is about."""
    notes: dict[int, list[str]] = {}
    entered: set[str] = set()
    for index, path in enumerate(paths):
        parts = path.split(".")
        around = [".".join(parts[: length + 1]) for length in range(len(parts))]
        found = [note for module in around if module not in entered for note in notes_at(name, module)]
        entered.update(around)
        if found:
            notes[index] = found
    return notes
