"""The authors' guide tells the truth: its examples are sound, and it names everything that there is."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
import yaml
from click.testing import CliRunner

from cnnlab.__main__ import main
from cnnlab.course.blocks import NAMES
from cnnlab.course.callouts import KINDS
from cnnlab.course.captions import captions_problem
from cnnlab.course.checking import check_lessons
from cnnlab.course.expression_syntax import FUNCTIONS
from cnnlab.course.front_matter import FrontMatter
from cnnlab.course.options import (
    OPTIONS_OF,
    FigureOptions,
    NoteOptions,
    StepOptions,
    VideoOptions,
    WidgetPlace,
)
from cnnlab.course.questions import KernelGoal, Kind, Partial
from cnnlab.course.reading import read_lesson
from cnnlab.course.widgets import WIDGETS
from tests.source_files import ROOT, text_of
from tests.test_layers import PACKAGE_OF_LIBRARY

GUIDE = text_of(Path("docs/authors-guide.md"))
FRONT = "---\nid: fragment\ntitle: A fragment\nminutes: 5\n---\n"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


EXAMPLES = blocks("markdown")
FIRST = EXAMPLES[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of lessons with the guide's first lesson and its picture in it."""
    (tmp_path / "30-my-lesson.md").write_text(FIRST, encoding="utf-8")
    shutil.copytree(ROOT / "tests/course/broken/img", tmp_path / "img")
    return tmp_path


@pytest.mark.parametrize("number", range(1, len(EXAMPLES)))
def test_an_example_has_no_mistakes(number: int, folder: Path):
    file = folder / "40-fragment.md"
    file.write_text(FRONT + EXAMPLES[number], encoding="utf-8")
    result = check_lessons(file)
    wanted = [one for one in result.mistakes if one.code != "no-feedback"]
    assert [one.text() for one in wanted] == []
    assert not result.failed()


def test_the_first_lesson_has_no_mistakes(folder: Path):
    assert [one.text() for one in check_lessons(folder).mistakes] == []


def test_the_mistake_in_the_guide_is_the_mistake_that_the_check_finds():
    (mistake,) = read_lesson(FIRST.replace(":kernel: 3", ":kernal: 3"), "30-my-lesson.md").mistakes
    assert mistake.text() == blocks("text")[0].rstrip()


def test_the_examples_have_every_kind_of_question_and_every_block():
    text = "\n".join(EXAMPLES)
    assert {kind for kind in Kind if f":::{{question}} {kind}\n" not in text} == set()
    assert {name for name in NAMES if name not in GUIDE} == set()


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            field.alias or key
            for model in (FrontMatter, NoteOptions, FigureOptions, StepOptions, VideoOptions, WidgetPlace)
            for key, field in model.model_fields.items()
        }
        | {field.alias or key for model in OPTIONS_OF.values() for key, field in model.model_fields.items()}
        | {
            field.alias or key
            for kind in WIDGETS.values()
            for key, field in kind.options.model_fields.items()
        }
    ),
)
def test_the_guide_names_the_option(name: str):
    assert f"`{name}`" in GUIDE or f":{name}:" in GUIDE


def test_the_guide_names_every_value_of_the_labs():
    fields = [field for kind in WIDGETS.values() for field in kind.options.model_fields.values()]
    literals = [one for field in fields for one in get_args(field.annotation) if get_origin(one) is Literal]
    words = [word for one in literals for word in get_args(one)]
    digits = {f"digit-{number}" for number in range(10)}
    assert "`digit-0` to `digit-9`" in GUIDE
    assert {word for word in words if f"`{word}`" not in GUIDE} - digits == set()
    assert len(words) > 30


def test_the_guide_names_what_conditions_and_answers_may_use():
    states = {name for kind in WIDGETS.values() for name in kind.state}
    words = set(re.findall(r"[\w-]+", GUIDE))
    assert states | set(FUNCTIONS) | {*KernelGoal} | ({*Partial} - {"off"}) <= words


def test_the_examples_together_make_one_sound_lesson(folder: Path):
    file = folder / "40-whole.md"
    file.write_text(FRONT + "\n".join(EXAMPLES[1:]), encoding="utf-8")
    result = check_lessons(file)
    assert [one.text() for one in result.mistakes if one.code != "no-feedback"] == []
    (lesson,) = [one.lesson for one in result.lessons]
    assert lesson
    assert len({type(question) for question in lesson.questions}) == len(Kind)


def test_the_guide_names_the_boxes_of_other_tools():
    assert {word for word in KINDS if f"`{word.upper()}`" not in GUIDE and f"`{word}`" not in GUIDE} == set()


def test_the_captions_in_the_guide_can_be_shown():
    (captions,) = blocks("vtt")
    assert captions_problem(captions) == ("", "")


def exit_code(words: str, *more: str) -> int:
    """Run a check that the guide shows, on top of other words."""
    program, *rest = shlex.split(words)
    assert [program, *rest[:3]] == ["python", "-m", "cnnlab", "check"]
    return CliRunner().invoke(main, [*rest[2:], *more]).exit_code


def test_the_hook_of_the_guide_is_the_one_that_the_project_offers(folder: Path):
    hooks = [yaml.safe_load(text) for text in blocks("yaml")]
    (local,) = hooks[0]["repos"][0]["hooks"]
    (offered,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert local == {key: value for key, value in offered.items() if key != "description"}
    assert re.match(offered["files"], "lessons/30-my-lesson.md")
    assert exit_code(offered["entry"], str(folder)) == 0


def test_the_workflow_of_the_guide_installs_what_the_check_imports(folder: Path):
    steps = yaml.safe_load(blocks("yaml")[1])["jobs"]["check"]["steps"]
    install, check = [step["run"] for step in steps if "run" in step]
    script = (
        "import sys; from click.testing import CliRunner; from cnnlab.__main__ import main; "
        "assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 1; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    wanted = ["check", "tests/course/broken"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, *wanted],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    needed = {line.partition(">=")[0] for line in text_of(Path("requirements.txt")).splitlines()}
    imported = {PACKAGE_OF_LIBRARY.get(name, name) for name in done.stdout.split()} & needed
    assert set(install.removeprefix("pip install ").split()) == imported
    assert exit_code(check, str(folder)) == 0
