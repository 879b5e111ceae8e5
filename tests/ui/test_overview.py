"""How far the learner is in the course, as the home page says it."""

from pathlib import Path

import pytest

from cnnlab.course.progress import LOCAL_LEARNER, Attempt
from cnnlab.ui.lessons import overview
from cnnlab.ui.lessons.page import progress
from cnnlab.ui.lessons.shelf import menu_lines, shelf


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    progress.clear()
    yield progress()
    progress.clear()


def answer(question: str, outcome: str) -> Attempt:
    return Attempt(learner=LOCAL_LEARNER, lesson="one", question=question, answer="", outcome=outcome)


def test_right_and_recorded_answers_are_done_and_wrong_ones_are_not(store):
    assert overview.done_by_lesson() == {}
    for question, outcome in (("a", "wrong"), ("a", "right"), ("b", "wrong"), ("c", "recorded")):
        store.record(answer(question, outcome))
    assert overview.done_by_lesson() == {"one": {"a", "c"}}
    store.start_over(LOCAL_LEARNER)
    assert overview.done_by_lesson() == {}


def test_a_store_that_cannot_be_opened_leaves_the_home_page_standing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_DATABASE_URL", "sqlite:////no/such/folder/at/all/progress.db")
    progress.clear()
    assert overview.done_by_lesson() == {}
    progress.clear()


@pytest.mark.usefixtures("store")
def test_every_lesson_of_the_course_is_offered_with_its_questions():
    offered = overview.course_overview()
    assert offered
    assert all(one["questions"] >= 6 and one["done"] == 0 for one in offered)
    assert len({one["address"] for one in offered}) == len(offered)


def test_the_menu_names_the_lessons_as_reading_them_does():
    assert [(line.title, line.url_path) for line in menu_lines()] == [
        (entry.lesson.front.title, entry.url_path) for entry in shelf()
    ]


def test_a_menu_of_odd_files_has_each_address_once_and_no_drafts(tmp_path: Path):
    top = '---\nid: {}\ntitle: "{}"\norder: {}\nstatus: {}\n---\n'
    (tmp_path / "a.md").write_text(top.format("one", "One", "20", "published"), encoding="utf-8")
    (tmp_path / "b.md").write_text(top.format("one", "One again", "30", "published"), encoding="utf-8")
    (tmp_path / "c.md").write_text(top.format("two", "Two", "first", "published"), encoding="utf-8")
    (tmp_path / "d.md").write_text(top.format("three", "Three", "1", "draft"), encoding="utf-8")
    (tmp_path / "e.md").write_text("no front matter\n", encoding="utf-8")
    (tmp_path / "f.md").write_bytes(b"\xff\xfe\x00")
    assert [(line.title, line.url_path) for line in menu_lines(tmp_path)] == [
        ("Two", "lesson-two"),
        ("One", "lesson-one"),
    ]
