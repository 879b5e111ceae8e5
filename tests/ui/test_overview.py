"""How far the learner is in the course, as the home page and the menu say it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cnnlab.course.progress import LOCAL_LEARNER, Attempt
from cnnlab.ui.lessons import overview
from cnnlab.ui.lessons.shelf import menu_lines, shelf
from cnnlab.ui.lessons.store import progress


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    progress.clear()
    yield progress()
    progress.clear()


def answer(question: str, outcome: str, lesson: str = "one", **more) -> Attempt:
    return Attempt(
        learner=LOCAL_LEARNER, lesson=lesson, question=question, answer="", outcome=outcome, **more
    )


def lesson_named(name: str) -> str:
    front = f'---\nid: {name}\ntitle: "About {name}"\nminutes: 10\n---\n\n'
    choices = "- [x] Yes\n  > So it is.\n- [ ] No\n  > But yes.\n"
    return front + "".join(
        f":::{{question}} {kind}\n:id: {one}\n\nIs it?\n\n{choices}:::\n\n"
        for one, kind in (("a", "single"), ("b", "single"), ("c", "predict"))
    )


@pytest.fixture
def two_lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(lesson_named(name), encoding="utf-8")
    monkeypatch.setattr(overview, "shelf", lambda: shelf(tmp_path))


def details() -> list[str]:
    return [one["details"] for one in overview.course_overview()["lessons"]]


@pytest.mark.usefixtures("two_lessons")
def test_right_and_recorded_answers_are_done_and_wrong_ones_are_not(store):
    nothing = "10 minutes; 3 questions"
    assert details() == [nothing, nothing]
    assert overview.menu_title("About one", "lesson-one") == "About one"
    for question, outcome in (("a", "wrong"), ("a", "right"), ("b", "wrong"), ("c", "recorded")):
        store.record(answer(question, outcome))
    assert details() == ["10 minutes; 2 of 3 questions done", nothing]
    assert overview.menu_title("About one", "lesson-one") == "About one · 2 of 3 done"
    assert overview.menu_title("About two", "lesson-two") == "About two"
    store.record(answer("b", "right"))
    assert details() == ["10 minutes; all 3 questions done and mastered ✓", nothing]
    assert overview.menu_title("About one", "lesson-one") == "About one · done ✓"
    store.start_over(LOCAL_LEARNER)
    assert details() == [nothing, nothing]


@pytest.mark.usefixtures("two_lessons")
def test_an_answer_to_a_question_that_is_gone_does_not_count(store):
    store.record(answer("gone", "right"))
    assert details()[0] == "10 minutes; 3 questions"
    assert overview.menu_title("About one", "lesson-one") == "About one"
    store.record(answer("a", "right", lesson="unknown"))
    assert overview.menu_title("Unknown", "lesson-unknown") == "Unknown"


@pytest.mark.usefixtures("two_lessons")
def test_what_is_due_is_named_with_links_and_gone_once_it_is_answered(store):
    assert overview.course_overview()["reviews"] == {}
    now = datetime.now(UTC)
    store.record(answer("b", "right", at=now - timedelta(hours=25)))
    store.record(answer("a", "right", lesson="two", at=now - timedelta(hours=23)))
    found = overview.course_overview()["reviews"]
    assert found["title"] == "1 question is due for review"
    link = {"text": "Question 2", "address": "/lesson-one?question=b"}
    assert found["lessons"] == [{"title": "About one", "links": [link]}]
    store.record(answer("b", "right"))
    assert overview.course_overview()["reviews"] == {}


@pytest.mark.usefixtures("two_lessons")
def test_a_store_that_cannot_be_opened_leaves_the_home_page_and_the_menu_standing(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("CNNLAB_DATABASE_URL", "sqlite:////no/such/folder/at/all/progress.db")
    progress.clear()
    assert details()[0] == "10 minutes; 3 questions"
    assert overview.menu_title("About one", "lesson-one") == "About one"
    progress.clear()


@pytest.mark.usefixtures("store")
def test_every_lesson_of_the_course_is_offered_with_its_questions():
    offered = overview.course_overview()["lessons"]
    assert offered
    assert all(int(one["details"].split()[2]) >= 6 for one in offered)
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
