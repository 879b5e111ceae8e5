"""Ids that learners' answers are kept under: written down on request, and missed when they are gone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cnnlab.__main__ import main
from cnnlab.course.checking import check_lessons

LESSON = """---
id: {id}
title: A lesson
minutes: 5
{more}---
:::{{question}} numeric
:id: {question}
How many places has a kernel of 3 in a row of 8?
- [x] {answer}
:::
"""


def written(file: Path, id: str, question: str = "places", more: str = "", answer: str = "6") -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(LESSON.format(id=id, question=question, more=more, answer=answer), encoding="utf-8")
    return file


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words)])


def found(path: Path) -> list[tuple[str, int, str, str]]:
    return [(Path(one.file).name, one.line, one.code, one.severity) for one in check_lessons(path).mistakes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two lessons and a draft, whose ids are written down."""
    written(tmp_path / "10-first.md", "first")
    written(tmp_path / "20-second.md", "second")
    written(tmp_path / "30-third.md", "third", more="status: draft\n")
    assert run(tmp_path, "--lock").exit_code == 0
    return tmp_path


def test_the_ids_that_learners_can_have_answered_are_written_down(folder: Path):
    lines = (folder / ".ids.lock").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# Learners' answers are kept under these ids.")
    assert lines[1:] == ["first", "first places", "second", "second places"]
    assert run(folder, "--strict").exit_code == 0


def test_a_folder_without_the_file_misses_nothing(tmp_path: Path):
    written(tmp_path / "10-first.md", "first")
    assert found(tmp_path) == []


def test_a_question_that_is_gone_is_missed_until_the_author_agrees(folder: Path):
    file = written(folder / "10-first.md", "first", "place")
    assert found(folder) == found(file) == [("10-first.md", 2, "removed-id", "warning")]
    (mistake,) = check_lessons(file).mistakes
    assert mistake.message == "the question `places` is gone; learners' answers are kept under this id"
    assert mistake.help.startswith("did you mean `place`? give it its id back")
    assert run(folder).exit_code == 0
    assert run(folder, "--strict").exit_code == 1
    assert "4 ids are written down in" in run(folder, "--lock").output
    assert found(folder) == []


def test_a_lesson_that_is_gone_is_missed_in_the_file_itself(folder: Path):
    (folder / "20-second.md").unlink()
    assert found(folder) == [(".ids.lock", 4, "removed-id", "warning")]
    assert found(folder / "10-first.md") == []


def test_questions_hidden_by_a_mistake_are_not_missed(folder: Path):
    file = written(folder / "10-first.md", "first", answer="`m`")
    assert [code for _, _, code, _ in found(file)] == ["unknown-name"]
    file.write_text("no lesson", encoding="utf-8")
    assert [code for _, _, code, _ in found(folder)] == ["no-front-matter"]


def test_a_translation_keeps_the_ids_of_its_source(folder: Path):
    translated = written(folder / "de/10-first.md", "first")
    assert [code for _, _, code, _ in found(translated)] == ["stale-translation"]


def test_ids_are_not_written_down_while_there_are_errors(folder: Path):
    before = (folder / ".ids.lock").read_text(encoding="utf-8")
    written(folder / "10-first.md", "first", answer="`m`")
    result = run(folder, "--lock")
    assert result.exit_code == 1
    assert "The ids were not written down: repair the errors first." in result.output
    assert (folder / ".ids.lock").read_text(encoding="utf-8") == before


def test_ids_are_written_down_for_a_folder_only(folder: Path):
    result = run(folder / "10-first.md", "--lock")
    assert result.exit_code == 2
    assert "--lock is about all lessons: name their folder." in result.output


def test_a_line_that_is_no_id_is_named(folder: Path):
    with (folder / ".ids.lock").open("a", encoding="utf-8") as file:
        file.write("<<<<<<< HEAD\n")
    assert found(folder) == [(".ids.lock", 6, "ids-lock", "error")]
    assert "4 ids are written down in" in run(folder, "--lock").output
    assert found(folder) == []


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path):
    written(tmp_path / "10-first.md", "first")
    (tmp_path / ".ids.lock").mkdir()
    result = run(tmp_path, "--lock")
    assert result.exit_code == 1
    assert ".ids.lock could not be written: Is a directory." in result.output
