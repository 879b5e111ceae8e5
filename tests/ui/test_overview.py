"""How far the learner is in the course, as the home page says it."""

from pathlib import Path

import pytest

from cnnlab.course.progress import LOCAL_LEARNER, Attempt
from cnnlab.ui.lessons import overview
from cnnlab.ui.lessons.page import progress


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
