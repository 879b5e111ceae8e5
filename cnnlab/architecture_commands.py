"""The commands `python -m cnnlab architectures` and `python -m cnnlab inspect NAME`: networks in numbers.

They print what `cnnlab.tracing` and `cnnlab.zoo` know, for people and for machines. For the networks of
the zoo they load no PyTorch.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import click

from cnnlab import zoo
from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.units import grouped, written_bytes, written_count
from cnnlab.errors import CnnLabError
from cnnlab.tracing import ReceptiveField, Replay, ReplayedStep, replay, replay_as_far_as_possible, trace_of
from cnnlab.tracing.library import recorded_file

Shape = tuple[int, ...]
UNKNOWN = "–"
_SHAPE = re.compile(r"\d{1,5}([x×]\d{1,5})*")
_REFUSED = 2


class InputShape(click.ParamType):
    """Channels, height and width with an x between them."""

    name = "shape"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shape:
        """Return the numbers."""
        text = str(value).strip().lower()
        if not _SHAPE.fullmatch(text):
            self.fail(
                f"{value!r} is not a shape: write channels, height and width with an x between them, "
                "such as 3x224x224.",
                param,
                ctx,
            )
        return tuple(int(size) for size in re.split("[x×]", text))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def architectures(as_json: bool) -> None:
    """List the networks that the app can take apart, with their costs."""
    rows = [_architecture(name) for name in zoo.names()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    click.echo(
        _columns(
            ("name", "year", "input", "parameters", "MACs", "title"),
            (
                (
                    row["name"],
                    _known(row["year"]),
                    shape_text(tuple(row["input_shape"])),
                    _known(row["parameters"], written_count),
                    _known(row["macs"], written_count),
                    row["title"],
                )
                for row in rows
            ),
        )
    )
    click.echo("\nOther classification models are inspected as torchvision:NAME or timm:NAME.")


def _architecture(name: str) -> dict[str, Any]:
    facts = zoo.facts(name)
    known = _replayed(name)
    return {
        "name": name,
        "title": facts.title,
        "family": facts.family,
        "year": facts.year,
        "input_shape": list(facts.input_shape),
        "parameters": known and known.parameters,
        "macs": known and known.macs,
    }


def _replayed(name: str) -> Replay | None:
    """Replay what is recorded; an instructor's model is not run only to be listed."""
    if recorded_file(name) is None:
        return None
    trace = trace_of(name)
    return replay(trace, trace.input_shape)


@click.command()
@click.argument("name")
@click.option("--input", "input_shape", type=InputShape(), help="Such as 3x224x224; without it, its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def inspect(context: click.Context, name: str, input_shape: Shape | None, as_json: bool) -> None:
    """Print every step of a network: shapes, parameters, multiply-adds, receptive field.

    NAME is one of `python -m cnnlab architectures`, or a classification model of torchvision or timm.
    """
    try:
        trace = trace_of(name)
        found = replay_as_far_as_possible(trace, input_shape or trace.input_shape)
    except CnnLabError as problem:
        click.echo(f"Error: {problem}", err=True)
        context.exit(_REFUSED)
    if found.problem is None:
        click.echo(json.dumps(inspected(found), ensure_ascii=False) if as_json else _text(found))
        return
    if not as_json and found.steps:
        click.echo(_steps_text(found))
    click.echo(f"Error: {found.problem}", err=True)
    context.exit(_REFUSED)


def inspected(found: Replay) -> dict[str, Any]:
    """Give everything that is known of a replayed network as one object for JSON."""
    return {
        "architecture": found.trace.name,
        "input_shape": list(found.input_shape),
        "parameters": found.parameters,
        "unused_parameters": found.trace.unused_parameters,
        "macs": found.macs,
        "flops": found.flops,
        "activation_bytes": found.memory,
        "receptive_field": _field_object(found.receptive_field),
        "steps": [_step_object(step) for step in found.steps],
    }


def _step_object(step: ReplayedStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "operation": step.operation,
        "module": step.path,
        "settings": dict(step.settings),
        "inputs": list(step.inputs),
        "input_shapes": [list(shape) for shape in step.input_shapes],
        "output_shape": list(step.output_shape),
        "parameters": step.parameters,
        "macs": step.macs,
        "activation_bytes": step.memory,
        "receptive_field": _field_object(step.receptive_field),
    }


def _field_object(field: ReceptiveField | None) -> dict[str, Any] | None:
    if field is None:
        return None
    return {
        "size": list(field.size),
        "stride": [one.numerator if one.denominator == 1 else float(one) for one in field.stride],
        "start": list(field.start),
        "covers_input": not field.local,
        "gated": field.gated,
        "aligned": field.aligned,
    }


def _text(found: Replay) -> str:
    trace = found.trace
    unused = f" (and {grouped(trace.unused_parameters)} that are not used here)" * bool(
        trace.unused_parameters
    )
    head = (
        ("architecture", trace.name),
        ("input shape", shape_text(found.input_shape)),
        ("parameters", grouped(found.parameters) + unused),
        ("MACs", grouped(found.macs)),
        ("FLOPs", grouped(found.flops)),
        ("activation memory", written_bytes(found.memory)),
        ("receptive field", _field_text(found.receptive_field) + _field_note(found.receptive_field)),
    )
    lines = [f"{name:<17}  {value}" for name, value in head]
    return "\n".join([*lines, "", _steps_text(found)])


def _steps_text(found: Replay) -> str:
    titles = ("step", "name", "operation", "output", "parameters", "MACs", "field")
    return _columns(titles, (_row(step) for step in found.steps))


def _row(step: ReplayedStep) -> tuple[str, ...]:
    return (
        str(step.index + 1),
        step.name,
        step.operation + _settings_text(step),
        shape_text(step.output_shape),
        grouped(step.parameters) if step.parameters else "",
        grouped(step.macs) if step.macs else "",
        _field_text(step.receptive_field),
    )


def _settings_text(step: ReplayedStep) -> str:
    """Write the kernel, and what else is not at its usual value."""
    parts = [shape_text(step.settings["kernel"])] if "kernel" in step.settings else []
    for name, usual in (("stride", 1), ("dilation", 1), ("groups", 1)):
        value = step.settings.get(name, usual)
        sizes = value if isinstance(value, tuple) else (value,)
        if any(size != usual for size in sizes):
            parts.append(f"{name} {shape_text(sizes[:1] if len(set(sizes)) == 1 else sizes)}")
    return "".join(f", {part}" if place else f" {part}" for place, part in enumerate(parts))


def _field_text(field: ReceptiveField | None) -> str:
    if field is None:
        return UNKNOWN
    if not field.local:
        return "all"
    sizes = field.size
    text = shape_text(sizes[:1] if len(set(sizes)) == 1 else sizes)
    return f"{text} + all" if field.gated else text


def _field_note(field: ReceptiveField | None) -> str:
    """Say what a field is worth, where that is not plain."""
    if field is None:
        return ""
    notes = [f"stride {', '.join(str(one) for one in dict.fromkeys(field.stride))}"]
    if field.gated:
        notes.append("along the local path; a gate or another side branch sees the whole input")
    if not field.aligned:
        notes.append("branches are not aligned: the hull of what they see")
    return f" ({'; '.join(notes)})"


def _known(value: Any, write: Any = str) -> str:
    return UNKNOWN if value is None else write(value)


def _columns(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Set rows in columns; numbers of parameters and MACs stand under each other's last digits."""
    table = [tuple(titles), *(tuple(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(titles))]
    right = {place for place, title in enumerate(titles) if title in ("parameters", "MACs", "step")}
    lines = (
        "  ".join(
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )
    return "\n".join(lines)
