"""The authors' guide tells the truth: its examples are sound, and it names everything that there is."""

import re
import shutil
from pathlib import Path

import pytest

from cnnlab.course.blocks import NAMES
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


def test_the_guide_names_what_conditions_and_answers_may_use():
    states = {name for kind in WIDGETS.values() for name in kind.state}
    words = set(re.findall(r"[\w-]+", GUIDE))
    assert states | set(FUNCTIONS) | {*KernelGoal} | ({*Partial} - {"off"}) <= words
