"""Which lessons the menu has: for learners while a file is broken, and for authors with all their files."""

from pathlib import Path

import pytest

from cnnlab.course.front_matter import IDENTIFIER
from cnnlab.ui.lessons import shelf as shelf_module
from cnnlab.ui.lessons.author_mode import SWITCH, is_author_mode
from cnnlab.ui.lessons.shelf import menu_lines, shelf

TOP = '---\nid: {}\ntitle: "{}"\nminutes: 5\nstatus: {}\n---\nHello\n'


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def addresses(folder: Path) -> list[tuple[str, str]]:
    return [(line.title, line.url_path) for line in menu_lines(folder)]


@pytest.mark.parametrize(("value", "expected"), [("1", True), (" Yes ", True), ("0", False), ("", False)])
def test_only_a_clear_yes_in_the_environment_turns_the_server_to_authors(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(SWITCH, value)
    assert is_author_mode() is expected
    monkeypatch.delenv(SWITCH)
    assert not is_author_mode()


def test_a_lesson_whose_top_is_broken_stays_in_the_menu_as_it_was(tmp_path: Path):
    file = write(tmp_path, "a.md", TOP.format("one", "One", "published"))
    assert addresses(tmp_path) == [("One", "lesson-one")]
    write(tmp_path, "a.md", file.read_text().replace("title:", "titel:"))
    assert addresses(tmp_path) == [("One", "lesson-one")]
    file.unlink()
    assert addresses(tmp_path) == []


def test_an_id_that_cannot_be_an_address_keeps_no_page_from_being_drawn(tmp_path: Path):
    write(tmp_path, "a.md", TOP.format("../up", "Up", "published"))
    assert addresses(tmp_path) == []
    assert f"^{shelf_module._ID.pattern}$" == IDENTIFIER


def test_an_author_has_drafts_and_unreadable_files_in_the_menu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path, "a.md", TOP.format("one", "One", "published"))
    write(tmp_path, "b.md", TOP.format("two", "Two", "draft"))
    write(tmp_path, "c my Notes.md", "no front matter")
    write(tmp_path, "README.md", "not a lesson")
    write(tmp_path, "_old.md", TOP.format("old", "Old", "published"))
    assert addresses(tmp_path) == [("One", "lesson-one")]
    monkeypatch.setenv(SWITCH, "1")
    assert addresses(tmp_path) == [
        ("One", "lesson-one"),
        ("Draft: Two", "lesson-two"),
        ("Unread: c my Notes.md", "file-c-my-notes"),
    ]
    assert [entry.url_path for entry in shelf(tmp_path)] == ["lesson-one"]  # what learners can open
