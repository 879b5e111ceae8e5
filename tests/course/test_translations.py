"""The translated lessons ask what their sources ask, and the check would notice if they did not."""

import shutil
from pathlib import Path

import pytest

from cnnlab.course.checking import check_lessons
from cnnlab.course.mistakes import Severity
from cnnlab.language import ENGLISH, LANGUAGES
from tests.running_app import ROOT

FOLDER = ROOT / "lessons"
TRANSLATED = sorted(path.relative_to(FOLDER) for path in FOLDER.glob("*/*.md"))


def test_there_are_translated_lessons_and_the_interface_speaks_their_languages():
    assert len(TRANSLATED) >= 2
    assert {path.parent.name for path in TRANSLATED} <= set(LANGUAGES) - {ENGLISH}


@pytest.mark.parametrize("path", TRANSLATED, ids=str)
def test_a_translated_lesson_is_called_as_its_source_and_says_its_language(path: Path):
    (one,) = check_lessons(FOLDER / path, variants=1).lessons
    assert (FOLDER / path.name).is_file()
    assert one.lesson is not None
    assert one.lesson.front.lang == path.parent.name
    assert one.lesson.front.translation_of


@pytest.mark.parametrize("path", TRANSLATED, ids=str)
def test_a_translated_lesson_has_no_errors(path: Path):
    found = check_lessons(FOLDER / path, variants=20).mistakes
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


def test_an_answer_that_differs_from_the_source_is_found_in_the_real_lessons(tmp_path: Path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "ar" / "10-dense-and-1d.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("- [x] `n*m + m`", "- [x] `n*m + 2*m`"), encoding="utf-8")
    errors = [one for one in check_lessons(file, variants=5).mistakes if one.severity is Severity.ERROR]
    assert [(one.code, one.message.startswith("the answers or the numbers differ")) for one in errors] == [
        ("translation", True)
    ]
