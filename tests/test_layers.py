"""Who may know whom: arrows point downwards only, and nothing imports torch before it is needed."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.source_files import ROOT, Import, imports, module_name, python_files, text_of

STANDARD = sys.stdlib_module_names
HEAVY = {"torch", "torchvision", "timm", "captum"}
PACKAGE_OF_LIBRARY = {
    "PIL": "pillow",
    "babel": "Babel",
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "sqlalchemy": "SQLAlchemy",
    "yaml": "PyYAML",
}

# Imported only where somebody asks for what they do; an extra of pyproject.toml each.
OPTIONAL = tomllib.loads(text_of(Path("pyproject.toml")))["project"]["optional-dependencies"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A package of `cnnlab`: the layers below that it may know, and the libraries that it may use."""

    knows: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()


def layer(knows: str = "", libraries: str = "") -> Layer:
    return Layer(frozenset(knows.split()), frozenset(libraries.split()))


# From the ground up: each layer may know only layers that stand above it in this table.
LAYERS = {
    "errors": layer(),
    "folders": layer(),
    "language": layer(libraries="babel"),
    "locales": layer(),
    "arithmetic": layer("errors"),
    "fetching": layer("errors arithmetic"),
    "zoo": layer("errors arithmetic", "torch torchvision timm"),
    "tracing": layer("errors arithmetic zoo", "torch torchvision timm"),
    "building": layer("errors arithmetic tracing"),
    "inspection": layer(
        "errors arithmetic fetching zoo tracing",
        "torch torchvision captum safetensors numpy PIL skimage sklearn",
    ),
    "training": layer(
        "errors folders arithmetic fetching zoo tracing building inspection",
        "torch torchvision ray numpy PIL safetensors skimage sklearn scipy",
    ),
    "course": layer(
        "errors folders language arithmetic zoo",
        "pydantic markdown_it mdit_py_plugins yaml sqlalchemy alembic PIL",
    ),
    "checking_command": layer("errors course", "click"),
    "architecture_commands": layer("errors arithmetic zoo tracing", "click"),
    "fetch_commands": layer("errors", "click"),
    "weights_command": layer("errors fetch_commands inspection", "click"),
    "predict_command": layer("errors inspection", "click"),
    "data_command": layer("errors fetch_commands training", "click"),
    "finetune_command": layer("errors training", "click"),
    "figures": layer("errors arithmetic zoo tracing inspection training course", "plotly numpy"),
    "ui": layer(
        "errors language arithmetic zoo tracing building inspection training course figures",
        "streamlit starlette plotly numpy PIL",
    ),
    "__main__": layer(
        "errors language arithmetic zoo tracing inspection training course "
        "checking_command architecture_commands weights_command predict_command data_command "
        "finetune_command figures ui",
        "click",
    ),
}
PAGES = layer(" ".join(LAYERS), "streamlit")
SOURCES = python_files("cnnlab", "pages", "app.py")


def layer_name(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def is_module_of_cnnlab(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def rule_for(file: Path) -> tuple[str, Layer]:
    if file.parts[0] != "cnnlab":
        return "", PAGES
    name = layer_name(module_name(file))
    return (name, LAYERS[name]) if name else ("", layer())


def forbidden(file: Path) -> Iterator[str]:
    own, rule = rule_for(file)
    for found in imports(file):
        top = found.module.split(".")[0]
        if top == "cnnlab":
            below = layer_name(found.module)
            known = not below or below == own or below in rule.knows or not is_module_of_cnnlab(found.module)
        else:
            known = top in STANDARD or top in rule.libraries
        if not known:
            yield f"{file}:{found.line} may not import {found.module}"


def test_every_package_has_a_place_in_the_house():
    names = {layer_name(module_name(file)) for file in python_files("cnnlab")}
    assert names - {""} <= set(LAYERS)


def test_the_table_of_layers_points_downwards_only():
    order = list(LAYERS)
    for name, rule in LAYERS.items():
        assert rule.knows <= set(order[: order.index(name)]), name


def test_every_import_points_downwards():
    assert [problem for file in SOURCES for problem in forbidden(file)] == []


def test_streamlit_is_known_only_to_the_pages_and_the_interface():
    inside = [file for file in python_files("cnnlab") if file.parts[1] != "ui"]
    found = [
        f"{file}:{i.line}" for file in inside for i in imports(file) if i.module.split(".")[0] == "streamlit"
    ]
    assert found == []


def test_every_library_that_is_imported_is_in_the_requirements():
    required = {
        line.split(">=")[0] for line in text_of(Path("requirements.txt")).splitlines() if ">=" in line
    } | set(OPTIONAL)
    tops = {found.module.split(".")[0] for file in SOURCES for found in imports(file)}
    libraries = tops - STANDARD - {"cnnlab"}
    assert {PACKAGE_OF_LIBRARY.get(name, name) for name in libraries} <= required


def file_of(module: str) -> Path | None:
    path = Path(*module.split("."))
    return next(
        (file for file in (path.with_suffix(".py"), path / "__init__.py") if (ROOT / file).is_file()), None
    )


def loaded_with(file: Path) -> dict[str, str]:
    """Return the libraries loaded when a file is imported, each with the place that imports it."""
    libraries: dict[str, str] = {}
    waiting, seen = [file], {file}
    while waiting:
        current = waiting.pop()
        for found in filter(lambda one: one.at_import, imports(current)):
            libraries.setdefault(found.module.split(".")[0], f"{current}:{found.line}")
            parts = found.module.split(".")
            inner = (
                {file_of(".".join(parts[:n])) for n in range(1, len(parts) + 1)}
                if parts[0] == "cnnlab"
                else set()
            )
            fresh = {one for one in inner if one is not None} - seen
            seen |= fresh
            waiting += fresh
    return libraries


# The networks of the zoo are classes of PyTorch: these files may load it, and nothing light may load them.
NETWORKS = Path("cnnlab/zoo/networks")
LIGHT = [
    file
    for file in SOURCES
    if file.parts[0] in {"app.py", "pages"}
    or layer_name(module_name(file))
    in {
        "errors",
        "arithmetic",
        "zoo",
        "building",
        "course",
        "checking_command",
        "architecture_commands",
        "fetch_commands",
        "weights_command",
        "predict_command",
        "data_command",
        "finetune_command",
        "figures",
        "ui",
        "__main__",
    }
    if not file.is_relative_to(NETWORKS)
]


@pytest.mark.parametrize("file", LIGHT, ids=str)
def test_torch_is_not_loaded_by_importing(file: Path):
    assert {name: place for name, place in loaded_with(file).items() if name in HEAVY} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch.nn", [("torch.nn", True)]),
        ("def f():\n    import torch", [("torch", False)]),
        ("if TYPE_CHECKING:\n    import torch", [("torch", False)]),
        ("import_module('torch')", [("torch", True)]),
        ("from cnnlab import ui", [("cnnlab", True), ("cnnlab.ui", True)]),
        ("from . import b", [("cnnlab.figures", True), ("cnnlab.figures.b", True)]),
        ("from ..ui import b", [("cnnlab.ui", True), ("cnnlab.ui.b", True)]),
    ],
)
def test_no_way_of_importing_is_overlooked(source: str, expected: list, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.source_files.text_of", lambda _file: source)
    found: tuple[Import, ...] = imports.__wrapped__(Path("cnnlab/figures/a.py"))
    assert [(one.module, one.at_import) for one in found] == expected
