"""A folder of lessons: what only the folder tells, and what the command prints."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cnnlab.__main__ import main
from cnnlab.course.checking import NothingToCheck, check_lessons, root_of

LESSON = """---
id: {id}
title: A lesson
minutes: 5
{more}---
Text. See [it](lesson:{id}).

:::{{question}} numeric
:id: one
:params: n = 8|9
How many are {{{{n}}}} without one?
- [x] `n - 1`
- [ ] `n + 1`
  > Without, not with.
:::
"""


def written(file: Path, id: str = "first", more: str = "", **changes: str) -> Path:
    text = LESSON.format(id=id, more=more)
    for old, new in changes.items():
        text = text.replace({"answer": "`n - 1`", "question": ":id: one", "text": "Text."}[old], new)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def codes(path: Path) -> list[tuple[str, int, str]]:
    return [(Path(one.file).name, one.line, one.code) for one in check_lessons(path).mistakes]


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words)])


def test_a_sound_folder_has_no_mistakes(tmp_path: Path):
    written(tmp_path / "10-first.md")
    written(tmp_path / "20-second.md", "second", "prerequisites: [first]\n")
    (tmp_path / "README.md").write_text("no lesson", encoding="utf-8")
    written(tmp_path / "_drafts/30.md", "first")
    result = check_lessons(tmp_path)
    assert result.mistakes == ()
    assert [one.path.name for one in result.lessons] == ["10-first.md", "20-second.md"]


def test_a_path_without_lessons_says_so(tmp_path: Path):
    with pytest.raises(NothingToCheck, match=r"There is no lesson in .*: lessons are files whose name ends"):
        check_lessons(tmp_path)
    with pytest.raises(NothingToCheck, match=r"There is no .*none.md: name a lesson, or a folder of lessons"):
        root_of(tmp_path / "none.md")


def test_two_lessons_with_one_id_are_both_named(tmp_path: Path):
    written(tmp_path / "10-first.md")
    written(tmp_path / "20-second.md")
    assert codes(tmp_path) == [("10-first.md", 2, "duplicate-id"), ("20-second.md", 2, "duplicate-id")]


def test_of_one_lesson_only_its_own_mistakes_are_told(tmp_path: Path):
    file = written(tmp_path / "10-first.md", more="prerequisites: [secnd]\n")
    written(tmp_path / "20-second.md", "second", answer="`m`")
    assert codes(file) == [("10-first.md", 5, "unknown-lesson")]
    assert check_lessons(file).mistakes[0].help == "did you mean `second`?"


def test_a_file_behind_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path):
    folder = tmp_path / "lessons"
    written(folder / "10-first.md", text="![a picture of it](a.png)")
    (tmp_path / "secret.png").write_bytes(b"x")
    (folder / "a.png").symlink_to(tmp_path / "secret.png")
    (mistake,) = check_lessons(folder).mistakes
    assert (mistake.line, mistake.message) == (6, "`a.png` leads out of the folder of lessons")


def test_a_lesson_behind_a_link_that_leads_out_of_the_folder_is_not_read(tmp_path: Path):
    folder = tmp_path / "lessons"
    written(folder / "10-first.md")
    written(tmp_path / "secret.md", "secret")
    (folder / "20-secret.md").symlink_to(tmp_path / "secret.md")
    assert [one.path.name for one in check_lessons(folder).lessons] == ["10-first.md"]


def test_a_translation_asks_the_same_and_knows_its_source(tmp_path: Path):
    written(tmp_path / "10-first.md", text="![a picture of it](a.png)")
    Image.new("L", (4, 3)).save(tmp_path / "a.png")
    fingerprint = next(iter(check_lessons(tmp_path).lessons)).fingerprint
    more = f"translation_of: {fingerprint}\n"
    file = written(tmp_path / "de/10-first.md", more=more, text="![ein Bild davon](a.png)")
    assert check_lessons(tmp_path).mistakes == ()
    assert check_lessons(file).lessons[0].language == "de"
    written(file, more=more, answer="`n - 2`")
    assert codes(file) == [("10-first.md", 10, "translation")]
    written(file, more=more, question=":id: eins")
    assert [(line, code) for _, line, code in codes(file)] == [(2, "translation"), (10, "translation")]
    written(file)
    assert codes(file) == [("10-first.md", 2, "stale-translation")]
    written(file, more="translation_of: 0123456789ab\n")
    (mistake,) = check_lessons(file).mistakes
    assert "10-first.md has changed since it was translated" in mistake.message
    assert mistake.help == f"compare it, then write `translation_of: {fingerprint}`"
    written(file, more="translation_of: 0\n")
    assert codes(file) == [("10-first.md", 5, "stale-translation")]
    assert not check_lessons(file).failed()


def test_the_numbers_are_tried_as_often_as_asked(tmp_path: Path):
    file = written(tmp_path / "10-first.md")
    text = (
        file.read_text(encoding="utf-8")
        .replace("n = 8|9", "n = 1..1000")
        .replace("`n + 1`", "`n - 2 if n > 900 else 0`")
    )
    file.write_text(text.replace("`n - 1`", "`n - 2`"), encoding="utf-8")
    assert codes(file) == [("10-first.md", 13, "same-as-right")]
    assert run(file, "--variants", 1).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("numeric", "`(1, 2)`", "not-a-number"),
        ("numeric", "`1 > 0`", "not-a-number"),
        ("numeric", "`n / (n - n)`", "expression"),
        ("shape", "`(n / 3, 2)`", "not-a-shape"),
        ("shape", "`(n - n, 2)`", "not-a-shape"),
        ("shape", "`n`", "not-a-shape"),
        ("kernel", "`((1, 2), (3,))`", "not-a-kernel"),
        ("kernel", "`5`", "not-a-kernel"),
    ],
)
def test_an_answer_that_is_none_is_named(tmp_path: Path, kind: str, answer: str, code: str):
    file = written(tmp_path / "10-first.md", answer=answer)
    text = (
        file.read_text(encoding="utf-8")
        .replace("numeric", kind)
        .replace("- [ ] `n + 1`\n  > Without, not with.\n", "")
    )
    file.write_text(text, encoding="utf-8")
    assert codes(file) == [("10-first.md", 12, code)]


def test_the_command_prints_for_people(tmp_path: Path):
    result = run(written(tmp_path / "10-first.md", answer="`m`"))
    assert result.exit_code == 1
    assert "10-first.md:12:8: error[unknown-name]: `m` has no value" in result.output
    assert result.output.endswith("1 lesson, 1 error, 0 warnings\n")


def test_the_command_prints_for_machines(tmp_path: Path):
    file = written(tmp_path / "10-first.md", answer="`m`")
    (mistake,) = map(json.loads, run(file, "--format", "json").output.splitlines())
    assert (mistake["line"], mistake["severity"], mistake["code"]) == (12, "error", "unknown-name")
    (line,) = run(file, "--format", "github").output.splitlines()
    assert line.startswith("::error file=")
    assert ",line=12,col=8,title=unknown-name::`m` has no value" in line


def test_warnings_fail_only_when_asked(tmp_path: Path):
    file = written(tmp_path / "10-first.md", text="See the red box.")
    assert run(file).exit_code == 0
    assert run(file, "--strict").exit_code == 1
    assert "0 errors, 1 warning\n" in run(file).output


def test_the_command_prints_the_answers(tmp_path: Path):
    output = run(written(tmp_path / "10-first.md"), "--answers").output
    assert "10-first.md:8: one (n = 8): 7\n" in output or "10-first.md:8: one (n = 9): 8\n" in output


def test_a_path_without_lessons_is_a_usage_error(tmp_path: Path):
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "There is no lesson in" in result.output
