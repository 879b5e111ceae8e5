"""Lessons on the page, in Streamlit's own test runner: questions answered right, wrong and unreadably."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.course.progress import LOCAL_LEARNER, open_progress
from tests.ui.lesson_app import FRONT, check, open_lesson, page, said, stored

SINGLE = """:::{question} single
:id: q

Which one?

- [x] This one
  > Well seen.
- [ ] That one
  > No, because it is the other.
:::
"""
SHAPE = """:::{question} shape
:id: q
:params: n = 28|32|36; k = 3|5
:hint: Subtract first.

8 kernels of {{k}} × {{k}} on 3 × {{n}} × {{n}}?

- [x] `(8, n - k + 1, n - k + 1)`
:::
"""
NUMERIC = """:::{question} numeric
:id: q
:attempts: 2

How many weights has a 5 × 5 kernel over 3 channels?

- [x] `5 * 5 * 3`
- [ ] `25`
  > That is one channel.
:::
"""
OWN_WORDS = """:::{question} text
:id: q

Why?

- says that weights are $3 \\times 3$
- says that they are shared

:::{reveal}
Because SHARED.
:::
:::
"""


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AppTest]:
    """Return a function that opens a lesson of the given text for a learner who has answered nothing."""
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")

    return lambda text: open_lesson(tmp_path, text)


def choose(app: AppTest, label: str) -> AppTest:
    app.radio[0].set_value(option_of(app, label))
    return check(app)


def option_of(app: AppTest, label: str) -> str:
    """Return the id of the choice with a label: as a browser knows it, from what was sent to draw it."""
    from cnnlab.course.reading import read_lesson

    lesson = read_lesson(FRONT + SINGLE, "lesson.md").lesson
    assert lesson is not None
    assert label in app.radio[0].options
    return next(one.id for one in lesson.questions[0].choices if one.text == label)  # type: ignore[union-attr]


def test_a_right_choice_is_praised_with_the_authors_words_and_locked(lesson: Callable[[str], AppTest]):
    app = choose(lesson(SINGLE), "This one")
    assert [one.value for one in app.success] == ["Right."]
    assert "Well seen." in said(app)
    assert app.radio[0].disabled


def test_a_wrong_choice_is_explained_and_may_be_mended(lesson: Callable[[str], AppTest]):
    app = choose(lesson(SINGLE), "That one")
    assert [one.value for one in app.error] == ["Not yet."]
    assert "because it is the other" in said(app)
    assert not app.radio[0].disabled
    assert not list(app.success)


def test_no_answer_is_not_an_attempt(lesson: Callable[[str], AppTest]):
    app = check(lesson(SINGLE))
    assert "did not count" in said(app)
    assert stored() == []


def test_a_shape_is_wrong_unreadable_and_right(lesson: Callable[[str], AppTest]):
    app = lesson(SHAPE)
    app.text_input[0].set_value("banana")
    app = check(app)
    assert "cannot be read as a shape" in said(app)
    app.text_input[0].set_value("1x1x8")
    app = check(app)
    assert "Not yet." in said(app)
    assert [attempt.outcome for attempt in stored()] == ["wrong"]
    right = stored()[0].key
    app.text_input[0].set_value(right)
    app = check(app)
    assert "Right." in said(app)
    assert app.text_input[0].disabled


def test_a_hint_is_offered_after_a_wrong_answer_only(lesson: Callable[[str], AppTest]):
    app = lesson(SHAPE)
    assert "Hint" not in [button.label for button in app.button]
    app.text_input[0].set_value("1x1x1")
    app = check(app)
    app = next(button for button in app.button if button.label == "Hint").click().run()
    assert "Subtract first." in said(app)
    app.text_input[0].set_value("1x1x2")
    check(app)
    assert [attempt.hints for attempt in stored()] == [0, 1]


def test_new_numbers_come_after_a_right_answer_and_empty_the_field(lesson: Callable[[str], AppTest]):
    app = lesson(SHAPE)
    app.text_input[0].set_value("1x1x1")
    app = check(app)
    app.text_input[0].set_value(stored()[0].key)
    app = check(app)
    before = stem(app)
    app = next(button for button in app.button if button.label == "New numbers").click().run()
    assert app.text_input[0].value == ""
    assert not app.text_input[0].disabled
    assert before != stem(app)


def stem(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.startswith("8 kernels"))


def test_after_the_last_attempt_the_answer_is_told_and_not_before(lesson: Callable[[str], AppTest]):
    app = lesson(NUMERIC)
    assert "75" not in said(app)
    app.text_input[0].set_value("25")
    app = check(app)
    assert "That is one channel." in said(app)
    assert "75" not in said(app)
    app.text_input[0].set_value("24")
    app = check(app)
    assert "**The answer:** 75" in said(app)
    assert app.text_input[0].disabled


def test_a_reload_brings_every_answer_back(lesson: Callable[[str], AppTest]):
    app = lesson(NUMERIC)
    app.text_input[0].set_value("75")
    check(app)
    again = lesson(NUMERIC)
    assert again.text_input[0].value == "75"
    assert again.text_input[0].disabled
    assert "Right." in said(again)


def test_a_broken_save_keeps_the_last_good_version(lesson: Callable[[str], AppTest], tmp_path: Path):
    assert "How many weights" in said(lesson(NUMERIC))
    (tmp_path / "lesson.md").write_text(FRONT + ":::{question} nonsense\n", encoding="utf-8")
    again = AppTest.from_function(page, args=(str(tmp_path),), default_timeout=30).run()
    assert "How many weights" in said(again)


def test_starting_over_empties_the_fields_and_keeps_the_log(lesson: Callable[[str], AppTest]):
    app = lesson(NUMERIC)
    app.text_input[0].set_value("75")
    app = check(app)
    app = next(button for button in app.button if button.label == "Start this lesson over").click().run()
    assert not app.exception
    assert app.text_input[0].value == ""
    assert not app.text_input[0].disabled
    assert stored() == []
    assert len(open_progress().everything(LOCAL_LEARNER)["attempts"]) == 1


def test_a_question_that_cannot_be_asked_says_why_and_the_rest_of_the_lesson_stands(
    lesson: Callable[[str], AppTest],
):
    nothing = SHAPE.replace(":hint:", ":where: n > 100\n:hint:")
    app = lesson(nothing.replace("n > 100", "n > 30 and n < 28") + "\n\nThe end.\n")
    assert not app.exception
    assert "The end." in said(app)
    assert list(app.error)


def test_an_answer_that_cannot_be_saved_counts_on_the_page_and_is_told():
    from cnnlab.course.normalising import Addresses
    from cnnlab.course.progress import Attempt
    from cnnlab.course.reading import read_lesson
    from cnnlab.errors import CnnLabError
    from cnnlab.ui.lessons.context import LessonContext

    class FullStore:
        def record(self, _attempt: Attempt) -> None:
            raise CnnLabError("the disk is full")

    text = read_lesson(FRONT + NUMERIC, "lesson.md").lesson
    assert text is not None
    store: Any = FullStore()
    context = LessonContext(text, "sha", "learner", store, b"secret", Addresses(picture=str), Path())
    question = text.questions[0]
    attempt = Attempt(learner="learner", lesson="tried", question="q", answer="75", outcome="right")
    assert context.keep(question, attempt) is False
    assert context.attempts(question) == [attempt]


def test_own_words_are_kept_and_then_compared_with_the_model_answer_and_the_list(
    lesson: Callable[[str], AppTest],
):
    app = lesson(OWN_WORDS)
    assert "SHARED" not in said(app)
    assert list(app.checkbox) == []
    app.text_area[0].input("They share.")
    check(app)
    assert [one.outcome for one in stored()] == ["recorded"]
    assert "Because SHARED." in said(app)
    assert [one.label for one in app.checkbox] == ["says that weights are 3 × 3", "says that they are shared"]
    app.checkbox[1].check().run()
    assert len(stored()) == 1
