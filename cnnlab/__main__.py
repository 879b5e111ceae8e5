"""The command line: `python -m cnnlab serve`, `python -m cnnlab layer KIND …` and `python -m cnnlab check`.

It reads what was typed and prints answers; the arithmetic knows how layers work. It imports neither
PyTorch nor Streamlit.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from cnnlab import __version__
from cnnlab.architecture_commands import architectures, inspect
from cnnlab.arithmetic import ImpossibleLayer, Layer, PaddingMode, PaddingWord, Report, Suggestion, analyse
from cnnlab.arithmetic.kinds import KINDS
from cnnlab.checking_command import check
from cnnlab.data_command import data
from cnnlab.finetune_command import finetune
from cnnlab.predict_command import predict
from cnnlab.ui.lessons.author_mode import SWITCH
from cnnlab.weights_command import weights

ROOT = Path(__file__).resolve().parents[1]
Shape = tuple[int, ...]
Settings = dict[str, Any]

# What an option says when it says nothing; a kind that does not have the option takes this value of it.
_IDLE = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0, "bias": False}
_SIZES = re.compile(r"-?\d{1,20}([x×]-?\d{1,20})*")


class Sizes(click.ParamType):
    """One whole number, or several with an x between them; perhaps also some words."""

    name = "sizes"

    def __init__(self, *words: str, single: bool = True) -> None:
        self.words = words
        self.single = single

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return an int, a tuple of ints, or the word."""
        text = str(value).strip().lower()
        if text in self.words:
            return text
        if not _SIZES.fullmatch(text):
            words = f", or {' or '.join(self.words)}" if self.words else ""
            self.fail(
                f"{value!r} is not a size: write whole numbers with an x between them, such as 3x32x32, "
                f"or a single one, such as 3{words}.",
                param,
                ctx,
            )
        numbers = tuple(int(number) for number in re.split("[x×]", text))
        return numbers[0] if len(numbers) == 1 and self.single else numbers


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cnnlab")
def main() -> None:
    """CNN Lab teaches how convolutional networks work."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe on Windows may not take ⌊ and −


main.add_command(check)
main.add_command(architectures)
main.add_command(inspect)
main.add_command(weights)
main.add_command(predict)
main.add_command(data)
main.add_command(finetune)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is all.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on; without it, 8501 or the next free."
)
@click.option(
    "--author", is_flag=True, help="Show drafts, mistakes and answer keys to everybody who opens the app."
)
def serve(host: str, port: int | None, author: bool) -> None:
    """Serve the app until it is interrupted."""
    script = ROOT / "app.py"
    if not script.is_file():
        raise click.ClickException(f"There is no app.py in {ROOT}: run this from a checkout of the project.")
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.address={host}"]
    command += [f"--server.port={port}"] if port else []
    if author:
        os.environ[SWITCH] = "1"
        if host not in ("127.0.0.1", "localhost", "::1"):
            click.echo(
                f"Everybody who can reach {host} sees drafts and the answers to all questions.", err=True
            )
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from here
    if os.name == "posix":
        os.execv(sys.executable, command)  # signals then reach the server itself
    sys.exit(subprocess.call(command))


_LAYER_OPTIONS = (
    click.option("--input", "input_shape", type=Sizes(single=False), required=True, help="Such as 3x32x32."),
    click.option("--out-channels", "--out-features", type=int, help="Channels, or features of linear."),
    click.option("--kernel", type=Sizes(), help="Such as 5 or 3x1."),
    click.option("--stride", type=Sizes(), help="1 for convolutions, the kernel for pools."),
    click.option(
        "--padding",
        type=Sizes(*(word.value for word in PaddingWord)),
        help="A number for each axis, same or valid.",
    ),
    click.option(
        "--padding-mode",
        type=click.Choice([mode.value for mode in PaddingMode]),
        help="What the padding holds.",
    ),
    click.option("--dilation", type=Sizes(), help="Distance between kernel elements."),
    click.option("--output-padding", type=Sizes(), help="Of a transposed convolution."),
    click.option("--output-size", "output", type=Sizes(), help="Of an adaptive pool."),
    click.option("--groups", type=int, help="Of a convolution or groupnorm."),
    click.option("--shape", type=Sizes(single=False), help="Axes that layernorm normalises; all without it."),
    click.option("--size", type=int, help="Channels that localresponsenorm looks at."),
    click.option("--no-bias", "bias", flag_value=False, default=None, type=bool, help="Leave the bias out."),
    click.option("--affine/--no-affine", default=None, help="Learn a scale and a shift, or not."),
    click.option("--ceil-mode", flag_value=True, default=None, type=bool, help="Round the output size up."),
    click.option(
        "--no-count-pad", "count_include_pad", flag_value=False, default=None, type=bool, help="Of avgpool."
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)


def _layer_options(command: Callable) -> Callable:
    for option in reversed(_LAYER_OPTIONS):
        command = option(command)
    return command


@main.command()
@click.argument("kind", type=click.Choice(list(KINDS), case_sensitive=False), metavar="KIND")
@_layer_options
@click.pass_context
def layer(context: click.Context, kind: str, input_shape: Shape, as_json: bool, **options: Any) -> None:
    """Print the shape, the costs and the receptive field of one layer.

    KIND is named as in PyTorch, such as conv2d, convtranspose1d, maxpool2d, linear or batchnorm2d.
    """
    settings = {name: value for name, value in options.items() if value is not None}
    described = _described(context, kind, settings, input_shape)
    try:
        report = analyse(described, input_shape)
    except ImpossibleLayer as refusal:
        click.echo(_refusal_text(kind, refusal), err=True)
        context.exit(2)
    click.echo(json.dumps(_json_object(report)) if as_json else _table(report))


def _described(context: click.Context, kind: str, settings: Settings, shape: Shape) -> Layer:
    """Build the layer; an option that the kind does not have, or lacks, is a usage error."""
    flags = {parameter.name: parameter.opts[0] for parameter in context.command.params}
    own = {name: value for name, value in settings.items() if name in KINDS[kind].takes}
    unknown = [flags[name] for name in settings.keys() - own.keys() if not _idle(name, settings[name], shape)]
    if unknown:
        raise click.UsageError(f"{kind} has no {' and no '.join(sorted(unknown))}; leave it out.", context)
    missing = [flags[name] for name in flags if name in KINDS[kind].needs and name not in settings]
    if missing:
        raise click.UsageError(f"{kind} needs {' and '.join(missing)}.", context)
    return KINDS[kind].build(own, shape)


def _idle(name: str, value: Any, shape: Shape) -> bool:
    """Whether a setting that a layer does not have is at the value that changes nothing."""
    if name == "out_channels":
        return value == shape[0]
    numbers = value if isinstance(value, tuple) else (value,)
    return name in _IDLE and all(number == _IDLE[name] for number in numbers)


def _json_object(report: Report) -> dict[str, Any]:
    fields = report.receptive_field
    return {
        "output_shape": list(report.output_shape),
        "parameters": report.parameters,
        "macs": report.macs,
        "flops": report.flops,
        "weight_bytes": report.weight_bytes,
        "activation_bytes": report.activation_bytes,
        "receptive_field": {
            "size": [field.size for field in fields],
            "stride": [_number(field.stride) for field in fields],
            "start": [field.lo for field in fields],
        },
    }


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _table(report: Report) -> str:
    rows = [("output shape", "×".join(map(str, report.output_shape)), "")]
    for step in report.steps:
        worked = step.substituted if step.substituted != step.result else ""
        rows.append((step.quantity, step.result, "; ".join(part for part in (worked, step.note) if part)))
    unique = {row[0]: row for row in rows}.values()
    widths = [max(len(row[column]) for row in unique) for column in (0, 1)]
    lines = (f"{name:<{widths[0]}}  {value:<{widths[1]}}  {how}".rstrip() for name, value, how in unique)
    return "\n".join(lines)


def _refusal_text(kind: str, refusal: ImpossibleLayer) -> str:
    lines = [f"{kind} cannot work like this:"]
    lines += [f"  {problem.sentence}" for problem in refusal.problems]
    if refusal.suggestions:
        lines.append("Nearest settings that work:")
        lines += [f"  {one.sentence}  ({_flags(one)})" for one in refusal.suggestions]
    return "\n".join(lines)


def _flags(suggestion: Suggestion) -> str:
    """Write a suggestion as options; the channels going in are part of the input."""
    renamed = {"out_features": "out-channels", "output": "output-size"}
    parts = []
    for name, value in suggestion.changes.items():
        text = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
        if name not in ("in_channels", "in_features", "channels"):
            parts.append(f"--{renamed.get(name, name.replace('_', '-'))} {text}")
    return " ".join(parts)


if __name__ == "__main__":
    main(prog_name="python -m cnnlab")
