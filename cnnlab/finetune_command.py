"""The command `python -m cnnlab finetune`: train a network on a folder of pictures or a set of the app.

It prints what `cnnlab.training` measures; PyTorch is loaded by it. The run that it writes is one that the app
can show.
"""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnlab.errors import CnnLabError
from cnnlab.training.policy import policy_from_text
from cnnlab.training.recipe import REGIMES, SETTINGS, Recipe, recipe_from, suggested

if TYPE_CHECKING:
    from cnnlab.training.picture_set import SplitSet
    from cnnlab.training.run_folder import RunFolder

_REFUSED, _STOPPED = 2, 130
_LOOK_EVERY_S = 0.2
_OWN_OPTIONS = {"epochs", "seed"}  # named in the command's own list


class Watching:
    """Moves the bar along with the run, and ends the run where the command is interrupted."""

    def __init__(self, folder: "RunFolder", bar: Any) -> None:
        """Begin with a bar of unknown length; `bar` is one of click's."""
        self._folder, self._bar, self._next, self._asked = folder, bar, 0.0, "go"

    def command(self) -> str:
        """Return "go", or "stop" once somebody has interrupted the command."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LOOK_EVERY_S
            self.look()
        return self._asked

    def stop(self, *_: object) -> None:
        """End the run at its next step; its results are kept."""
        self._asked = "stop"

    def look(self) -> None:
        """Show where the run stands."""
        state = self._folder.state()
        if "steps" in state:
            self._bar.length = state["steps"]
            self._bar.update(state["step"] - self._bar.pos)


def _options(command: Any) -> Any:
    """Add an option for each setting of a recipe."""
    for setting in reversed([one for one in SETTINGS.values() if one.name not in _OWN_OPTIONS]):
        kind = click.Choice(setting.choices) if setting.choices else type(setting.default)
        command = click.option(f"--{setting.name.replace('_', '-')}", type=kind, help=setting.explanation)(
            command
        )
    return command


@click.command()
@click.option(
    "--data",
    required=True,
    metavar="FOLDER|NAME",
    help="A folder that holds a folder of pictures for each class, or a data set of the app: shapes-new.",
)
@click.option("--model", required=True, metavar="NAME", help="A network of `weights list`.")
@click.option("--regime", type=click.Choice(list(REGIMES)), default="frozen", show_default=True)
@click.option("--epochs", type=int, help=SETTINGS["epochs"].explanation)
@click.option("--seed", type=int, help=SETTINGS["seed"].explanation)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder of the run; it is made, or gone on with.",
)
@click.option(
    "--augment",
    "policies",
    multiple=True,
    metavar="POLICY",
    help="Distort pictures while learning: light, strong, or transforms with their strengths, such as "
    "flip:0.5,rotate:15; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_options
@click.pass_context
def finetune(
    context: click.Context, out: Path, policies: tuple[str, ...], as_json: bool, **chosen: Any
) -> None:
    """Train a network on pictures, and write the run into a folder.

    What is not said takes what is usual for the regime. A run that was interrupted (Ctrl-C, twice to lose it)
    goes on when the same command is given again. It ends with 2 where something does not fit, with 130 where
    it was interrupted.
    """
    try:
        recipe = _recipe(chosen, policies)
        folder = _folder(out, recipe)
        notes = _run(folder, recipe, quiet=as_json)
    except CnnLabError as problem:
        click.echo(f"Error: {problem}", err=True)
        raise click.exceptions.Exit(_REFUSED) from problem
    told = _told(folder, notes)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _text(told))
    if told["state"] == "stopped":
        context.exit(_STOPPED)


def _recipe(chosen: dict[str, Any], policies: tuple[str, ...]) -> Recipe:
    given = {name: value for name, value in chosen.items() if value is not None}
    return recipe_from(
        {**suggested(given["regime"]), **given, "augmentation": policy_from_text(",".join(policies))}
    )


def _folder(out: Path, recipe: Recipe) -> "RunFolder":
    """Return the folder of a new run, or of the same one that was interrupted."""
    from cnnlab.training.run_folder import DONE, RunFolder

    if not out.exists():
        return RunFolder.create(out, recipe, name=out.name)
    folder = RunFolder(out)
    if not (out / "recipe.json").is_file() or folder.recipe() != recipe:
        raise CnnLabError(
            f"{out} is there already and holds something else. Name a folder that is not there yet."
        )
    if folder.state()["state"] == DONE:
        raise CnnLabError(f"The run in {out} is done. Name another folder to train once more.")
    return folder


def _run(folder: "RunFolder", recipe: Recipe, quiet: bool) -> tuple[str, ...]:
    from cnnlab.training import engine

    data, notes = _pictures(recipe)
    shown: Any = click.progressbar(length=1, label="learning", hidden=quiet, file=sys.stderr)
    with shown as bar:
        watching = Watching(folder, bar)
        with _interrupted(watching):
            engine.run(folder, data, watching)
        watching.look()
    return notes


def _pictures(recipe: Recipe) -> "tuple[SplitSet, tuple[str, ...]]":
    from cnnlab.training import archives, data_sets
    from cnnlab.training.picture_set import SplitSet

    path = Path(recipe.data)
    if not path.is_dir():
        return data_sets.split(recipe.data, recipe.seed, recipe.per_class), ()
    unpacked = archives.read_folder(path)
    whole = unpacked.pictures
    return SplitSet(*whole.split(recipe.seed), whole.digest), unpacked.notes


@contextmanager
def _interrupted(watching: Watching) -> Iterator[None]:
    """Let the first Ctrl-C end the run in order; the second one ends the command."""

    def first(*_: object) -> None:
        watching.stop()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _told(folder: "RunFolder", notes: tuple[str, ...]) -> dict[str, Any]:
    state, about = folder.state(), folder.about()
    return {
        "run": str(folder.path),
        "state": state["state"],
        "message": state.get("message", ""),
        "notes": list(notes),
        "device": state["device"],
        "seconds": state["seconds"],
        "classes": about["classes"],
        "pictures": about["pictures"],
        "weights": str(folder.weights),
        "recipe": json.loads(folder.recipe().to_json()),
        "epochs": [{k: v for k, v in one.items() if k != "gradients"} for one in folder.epochs()],
    }


def _text(told: dict[str, Any]) -> str:
    learned, validated = told["pictures"]
    first = f"{learned} pictures to learn from, {validated} to measure with, on {told['device']}"
    lines = [*told["notes"], first]
    lines += [
        f"epoch {one['epoch']:>3}  loss {one['loss']:.3f}  right {100 * one['accuracy']:5.1f} %"
        f"  (learned from: loss {one['train_loss']:.3f}, right {100 * one['train_accuracy']:5.1f} %)"
        for one in told["epochs"]
    ]
    ending = told["message"] or "Done."
    return "\n".join([*lines, f"{ending} {told['seconds']:.1f} s; weights: {told['weights']}"])
