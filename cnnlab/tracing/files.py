"""A trace as a file: JSON with one step a line, and with its format's number.

Left out is what can be told from the rest: settings at their default, the parameters of a layer,
inputs that are the step before, paths that are names.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cnnlab.arithmetic.costs import parameters as layer_parameters
from cnnlab.tracing.layered import LAYERED, short_settings
from cnnlab.tracing.trace import Guard, Step, Trace, TraceProblem, make_step

FORMAT = 1


def written(trace: Trace) -> str:
    """Write a trace."""
    head = {
        "format": FORMAT,
        "name": trace.name,
        "input_shape": trace.input_shape,
        "outputs": trace.outputs,
        "unused_parameters": trace.unused_parameters,
        "guards": [(guard.step, guard.question, guard.answer) for guard in trace.guards],
        "modules": trace.modules,
    }
    lines = [
        f"{json.dumps(name)}: {_compact(value)}" for name, value in head.items() if value or name == "modules"
    ]
    steps = ",\n".join(_compact(_row(index, step)) for index, step in enumerate(trace.steps))
    return "{" + ",\n".join(lines) + ',\n"steps": [\n' + steps + "\n]}\n"


def read(text: str) -> Trace:
    """Read a trace; raises `TraceProblem` if it is none of this format."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise TraceProblem(
                f"this recording has format {found['format']}, but format {FORMAT} is read; record it again"
            )
        return Trace(
            name=found["name"],
            input_shape=tuple(found["input_shape"]),
            steps=tuple(_steps(found["steps"])),
            modules=found["modules"],
            outputs=tuple(found["outputs"]),
            guards=tuple(Guard(step, question, answer) for step, question, answer in found.get("guards", ())),
            unused_parameters=found.get("unused_parameters", 0),
        )
    except (ValueError, KeyError, TypeError) as problem:
        if isinstance(problem, TraceProblem):
            raise
        raise TraceProblem(
            f"this is no recording of a network ({type(problem).__name__}: {problem}); record it again"
        ) from problem


def _row(index: int, step: Step) -> dict[str, Any]:
    row: dict[str, Any] = {"name": step.name, "do": step.operation}
    if step.path != step.name:
        row["path"] = step.path
    layered = step.operation in LAYERED and not step.dynamic
    settings = short_settings(step.operation, step.settings) if layered else dict(step.settings)
    row |= {"settings": settings} if settings else {}
    if step.inputs != (index - 1,):
        row["inputs"] = step.inputs
    if step.parameters != _expected(step):
        row["parameters"] = step.parameters
    if step.constants:
        row["constants"] = step.constants
    more = {"in_place": step.in_place, "constant_macs": step.constant_macs}
    return row | {name: value for name, value in more.items() if value}


def _steps(rows: list[Mapping[str, Any]]) -> Iterator[Step]:
    for index, row in enumerate(rows):
        yield make_step(
            row["name"],
            row["do"],
            {name: _tuples(value) for name, value in row.get("settings", {}).items()},
            tuple(row.get("inputs", (index - 1,))),
            path=row.get("path"),
            parameters=row.get("parameters"),
            constants=tuple((place, _tuples(shape)) for place, shape in row.get("constants", ())),
            in_place=row.get("in_place", False),
            constant_macs=row.get("constant_macs", 0),
        )


def _expected(step: Step) -> int:
    return layer_parameters(step.layer) if step.layer else 0


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
