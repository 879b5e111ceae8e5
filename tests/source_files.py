"""What the project consists of: its files, and what each Python file imports.

The tests of the project itself read both here. It does not judge what it finds.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNTRACKED = {"__pycache__", "build", "dist"}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module: its dotted name, the line, and whether it is loaded when the file is imported."""

    module: str
    line: int
    at_import: bool


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file under version control, relative to the root; without git, every visible one."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        names = [Path(name) for name in listing.stdout.split("\0") if name]
        return tuple(sorted(name for name in names if (ROOT / name).is_file()))
    found = (file.relative_to(ROOT) for file in ROOT.rglob("*") if file.is_file())
    return tuple(sorted(file for file in found if not is_untracked(file)))


def is_untracked(file: Path) -> bool:
    """Return whether a path lies in a hidden folder or in one that tools make."""
    return any(part in UNTRACKED or part.startswith(".") or part.endswith(".egg-info") for part in file.parts)


def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the Python files below these folders, or these files themselves."""
    return tuple(file for file in project_files() if file.suffix == ".py" and file.parts[0] in folders)


def text_of(file: Path) -> str:
    """Return the text of a file of the project; pictures and other binary files have none."""
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def module_name(file: Path) -> str:
    """Return the dotted name under which a file is imported."""
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(file: Path) -> tuple[Import, ...]:
    """Return all imports of a file, those inside functions and of `importlib.import_module("…")` too."""
    tree = ast.parse(text_of(file))
    package = ".".join(file.parent.parts)
    later = {id(node) for part in ast.walk(tree) if runs_later(part) for node in ast.walk(part)}
    return tuple(
        Import(module, node.lineno, id(node) not in later)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call)
        for module in imported_modules(node, package)
    )


def runs_later(node: ast.AST) -> bool:
    """Return whether the inside of a node does not run when the file is imported."""
    if isinstance(node, ast.If):
        return ast.unparse(node.test).endswith("TYPE_CHECKING")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def imported_modules(node: ast.Import | ast.ImportFrom | ast.Call, package: str) -> Iterator[str]:
    """Yield the dotted names that one statement imports; of `from a import b` both `a` and `a.b`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        yield module
        yield from (f"{module}.{alias.name}" for alias in node.names)
    elif ast.unparse(node.func).endswith("import_module") and isinstance(node.args[0], ast.Constant):
        yield str(node.args[0].value)
