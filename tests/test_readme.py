"""The README tells the truth: its examples, its tree, its links and its pictures."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_files import ROOT, project_files, text_of

README = text_of(Path("README.md"))
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/decisions.md"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """Return each command after a `$` with what the README says that it prints."""
    parts = [part for block in blocks("console") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(part.partition("\n")[0], part.partition("\n")[2].rstrip()) for part in parts]


def tree() -> list[tuple[str, str]]:
    """Return the path of each entry of the tree, a folder's with a slash at its end, and its remark."""
    found: list[tuple[str, str]] = []
    folder = ""
    for line in blocks("text")[0].splitlines():
        name, _, remark = line.strip().partition(" ")
        folder = folder if line.startswith(" ") else ""
        found.append((folder + name, remark.strip()))
        if name.endswith("/") and not line.startswith(" "):
            folder = name
    return found


def entries(folder: str) -> set[str]:
    """Return what a folder of the project holds, in the notation of the tree; of hidden entries none."""
    inside = [
        str(file)[len(folder) :] for file in map(Path.as_posix, project_files()) if file.startswith(folder)
    ]
    shown = [name for name in inside if not name.startswith((".", "__init__"))]
    return {folder + (name.partition("/")[0] + "/" if "/" in name else name) for name in shown}


def anchors(document: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text_of(Path(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("command", "expected"), examples(), ids=[command for command, _ in examples()])
def test_the_command_prints_what_the_readme_says(command: str, expected: str):
    program, *words = shlex.split(command)
    assert program == "python"
    result = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.stdout + result.stderr).rstrip() == expected


def test_the_readme_shows_a_layer_an_object_and_a_refusal():
    commands = " ".join(command for command, _ in examples())
    assert commands.count("python -m cnnlab layer ") >= 3
    assert "--json" in commands


def test_the_tree_has_every_visible_entry_of_the_root():
    assert {path for path, _ in tree() if "/" not in path[:-1]} == entries("")


def test_the_tree_has_every_part_of_the_library():
    assert {path for path, _ in tree() if re.fullmatch(r"cnnlab/[^/]+/?", path)} == entries("cnnlab/")


def test_every_entry_of_the_tree_has_one_remark():
    assert [path for path, remark in tree() if not remark] == []
    assert len({path for path, _ in tree()}) == len(tree())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_and_picture_is_there(document: str):
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(Path(document)))
    for target in targets:
        path, _, anchor = target.partition("#")
        if path.startswith("https:"):
            continue
        file = ((ROOT / document).parent / path).resolve() if path else ROOT / document
        assert file.is_file(), target
        assert not anchor or anchor in anchors(str(file.relative_to(ROOT))), target


def test_every_picture_has_words_for_those_who_do_not_see_it():
    pictures = re.findall(r"!\[([^\]]*)\]", README)
    assert pictures
    assert all(len(words) > 20 for words in pictures)


def test_the_first_screen_has_the_two_commands():
    first_screen = README.splitlines()[:20]
    assert any(line.startswith("make app") for line in first_screen)
    assert any(line.startswith("make test") for line in first_screen)
