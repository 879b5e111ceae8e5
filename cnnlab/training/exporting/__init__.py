"""A run to take along: its weights, a script that trains it again, ONNX, event files of TensorBoard.

What is made is kept in the run's folder until the run changes, and made by `export`, which may take seconds
and loads PyTorch; asking what there is loads nothing. It does not know who takes it along.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from cnnlab.errors import CnnLabError
from cnnlab.training.run_folder import RunFolder

Progress = Callable[[str, int, int], None]


class CannotExport(CnnLabError):
    """A run cannot be taken along in this form."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a run can be taken along.

    `made_by` is the module here whose `write(folder, file)` makes the file; `made_of` is the file of the
    run's folder that it follows from.
    """

    name: str
    title: str
    sentence: str
    suffix: str
    made_by: str = ""
    made_of: str = "weights.safetensors"


FORMS: dict[str, Form] = {
    one.name: one
    for one in (
        Form(
            "weights",
            "Weights",
            "A file of safetensors: numbers only, which run nothing when they are read. The names of the "
            "classes, what is done to pixels and the whole recipe stand in its metadata.",
            ".safetensors",
        ),
        Form(
            "script",
            "A PyTorch script",
            "An archive with a script that trains the same network again without CNN Lab: the pictures and "
            "the weights that it began with lie beside it.",
            ".zip",
            "script_archive",
        ),
        Form(
            "onnx",
            "ONNX",
            "The network for other programs, such as ONNX Runtime in browsers, phones or C++. It reads "
            "pixels from 0 to 1 and gives probabilities; scaling is inside. The classes and how pictures are "
            "resized stand in its metadata.",
            ".onnx",
            "onnx_file",
        ),
        Form(
            "tensorboard",
            "TensorBoard",
            "An event file with the curves: tensorboard --logdir FOLDER shows them.",
            ".tfevents",
            "event_file",
            "epochs.jsonl",
        ),
    )
}


def form(name: str) -> Form:
    """Return the form of that name; raises `CannotExport`."""
    if name not in FORMS:
        raise CannotExport(
            f"A run cannot be taken along as “{name}”; choose one of: {', '.join(sorted(FORMS))}."
        )
    return FORMS[name]


def exported(folder: RunFolder, name: str) -> Path | None:
    """Return the file in that form; None where it has to be made first, or again. Raises `CannotExport`."""
    one = form(name)
    source, made = folder.path / one.made_of, _file(folder, one)
    try:
        return made if source.stat().st_mtime_ns <= made.stat().st_mtime_ns else None
    except FileNotFoundError:
        return None


def export(folder: RunFolder, name: str, progress: Progress = lambda *_: None) -> Path:
    """Make the file in that form and return it; raises `CannotExport`, and what its maker raises.

    A run can be taken along once there is what it follows from: weights once it is over, curves earlier.
    """
    one = form(name)
    source, made = folder.path / one.made_of, _file(folder, one)
    if not source.is_file():
        raise CannotExport(
            f"This run cannot be taken along as “{one.title}” yet: wait until it has ended, or stop it. If "
            "it failed, start it again."
        )
    if one.made_by:
        progress(f"Writing “{one.title}”", 0, 1)
        made.parent.mkdir(exist_ok=True)
        beside = made.with_name(f".{made.name}")
        import_module(f"{__name__}.{one.made_by}").write(folder, beside)
        beside.replace(made)
    return made


def _file(folder: RunFolder, one: Form) -> Path:
    return folder.path / "exports" / f"{one.name}{one.suffix}" if one.made_by else folder.weights
