"""An instructor's own models: one small Python file each, in the folder that `CNNLAB_MODELS` names.

A file gives `NAME`, `INPUT` and a function `build()`, and may give `TITLE` and `IDEA`: docs/own-models.md.
The names are read without running the file; the file runs when its model is built, and then it may do
what any program may. That is why only whoever starts the server can name the folder.
"""

import ast
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from cnnlab.zoo.errors import BrokenModelFile
from cnnlab.zoo.records import Builder, Facts

FOLDER_VARIABLE = "CNNLAB_MODELS"
MOST_FILES = 100
MOST_BYTES = 200_000
FAMILY = "own"


@dataclass(frozen=True, slots=True)
class OwnModel:
    """One model of an instructor: where its file is, and what the file says of it."""

    path: Path
    facts: Facts


@dataclass(frozen=True, slots=True)
class OwnModels:
    """The models that can be used, by name, and a sentence for each file that cannot."""

    models: dict[str, OwnModel]
    problems: tuple[str, ...] = ()


def own_models(taken: frozenset[str] = frozenset()) -> OwnModels:
    """Return the models of the folder; a file whose name is `taken` by another network is a problem."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if not named:
        return OwnModels({})
    folder = Path(named).expanduser()
    if not folder.is_dir():
        return OwnModels({}, (f"{FOLDER_VARIABLE} is `{named}`, which is not a folder.",))
    files = sorted(file for file in folder.glob("*.py") if not file.name.startswith("_"))
    problems = []
    if len(files) > MOST_FILES:
        problems.append(f"{named} has {len(files)} files; only the first {MOST_FILES} are read.")
    models: dict[str, OwnModel] = {}
    for file in files[:MOST_FILES]:
        try:
            model = _read(file)
            _refuse_a_taken_name(model, models, taken)
        except BrokenModelFile as error:
            problems.append(str(error))
        else:
            models[model.facts.name] = model
    return OwnModels(models, tuple(problems))


def build_own(model: OwnModel, options: dict[str, object]) -> Any:
    """Run an instructor's file and its `build()`, and return the model."""
    build = getattr(_run(model.path), "build", None)
    if not callable(build):
        raise BrokenModelFile(
            f"{model.path.name} has no function `build()`; define one that returns the model."
        )
    return _guarded(model.path, lambda: build(**options), "its `build()`")


def _refuse_a_taken_name(model: OwnModel, models: dict[str, OwnModel], taken: frozenset[str]) -> None:
    name = model.facts.name
    if name in models:
        other = models[name].path.name
        raise BrokenModelFile(f"{model.path.name} and {other} both say NAME = {name!r}; rename one of them.")
    if name in taken:
        raise BrokenModelFile(
            f"{model.path.name} says NAME = {name!r}, which CNN Lab has already; choose another."
        )


def _read(file: Path) -> OwnModel:
    status = _guarded(file, file.stat, "looking at it")
    return _read_once(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2 * MOST_FILES)
def _read_once(file: Path, _changed_ns: int, size: int) -> OwnModel:
    if size > MOST_BYTES:
        raise BrokenModelFile(f"{file.name} has {size:,} bytes; at most {MOST_BYTES:,} are read.")
    tree = _guarded(file, lambda: ast.parse(file.read_bytes(), filename=str(file)), "reading it")
    values = _constants(tree)
    name = _checked(
        file, values, "NAME", _is_name, 'a short text such as NAME = "my_net", without : or spaces'
    )
    shape = _checked(
        file, values, "INPUT", _is_shape, "channels, height and width, such as INPUT = (3, 64, 64)"
    )
    if not any(isinstance(node, ast.FunctionDef) and node.name == "build" for node in tree.body):
        raise BrokenModelFile(f"{file.name} has no function `build()`; define one that returns the model.")
    idea = _checked(file, values, "IDEA", _is_text, "a text", default="")
    title = _checked(file, values, "TITLE", _is_text, "a text", default=name)
    channels, height, width = shape
    builder = Builder("own", str(name))
    facts = Facts(str(name), str(title), FAMILY, builder, (channels, height, width), introduced=str(idea))
    return OwnModel(file, facts)


def _constants(tree: ast.Module) -> dict[str, object]:
    """Return what the file assigns to names at its top, where that is written out and not computed."""
    found: dict[str, object] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                try:
                    found[target.id] = ast.literal_eval(node.value)
                except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                    found[target.id] = NotImplemented
    return found


def _checked(
    file: Path,
    values: dict[str, object],
    key: str,
    fits: Callable[[object], bool],
    allowed: str,
    **other: Any,
) -> Any:
    if key not in values and "default" in other:
        return other["default"]
    if key not in values:
        raise BrokenModelFile(f"{file.name} has no {key} at its top; it must be {allowed}.")
    value = values[key]
    if value is NotImplemented:
        raise BrokenModelFile(f"{file.name} computes {key}; it must be written out: {allowed}.")
    if not fits(value):
        raise BrokenModelFile(f"{file.name} says {key} = {value!r:.80}; it must be {allowed}.")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 500


def _is_name(value: object) -> bool:
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
    return isinstance(value, str) and 0 < len(value) <= 60 and set(value) <= allowed


def _is_shape(value: object) -> bool:
    if not isinstance(value, tuple | list) or len(value) != 3:
        return False
    return all(isinstance(size, int) and not isinstance(size, bool) and 1 <= size <= 4096 for size in value)


def _run(file: Path) -> ModuleType:
    module = ModuleType(f"cnnlab_own_{file.stem}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # dataclasses and pickles look there
    code = _guarded(file, lambda: compile(file.read_bytes(), str(file), "exec"), "reading it")
    _guarded(file, lambda: exec(code, vars(module)), "running it")
    return module


def _guarded(file: Path, action: Callable[[], Any], doing: str) -> Any:
    """Run what an instructor wrote; whatever goes wrong becomes a sentence with the file and the line."""
    try:
        return action()
    except (Exception, SystemExit) as error:
        raise BrokenModelFile(
            f"{file.name}{_line_of(error, file)}: {doing} failed: {_said(error)}"
        ) from error


def _said(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def _line_of(error: BaseException, file: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f", line {error.lineno}"
    trace, line = error.__traceback__, 0
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(file) else line
        trace = trace.tb_next
    return f", line {line}" if line else ""
