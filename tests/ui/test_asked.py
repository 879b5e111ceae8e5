"""What is asked of who comes back: reviews ask anew, changed questions say so, new numbers stay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.course.progress import LOCAL_LEARNER, Attempt, EventKind, open_progress
from tests.ui.lesson_app import FRONT, check, labels, open_lesson, press, said, stored

CHOICE = """:::{question} single
:id: q
Which one?
- [x] This one
  > Well seen.
- [ ] That one
  > No, the other.
:::
"""
SUM = """:::{question} numeric
:id: q
:params: n = 3|4|5|6
Add 2 to {{n}}.
- [x] `n + 2`
:::
"""
TWO_DAYS = timedelta(days=2)


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return a function that opens a lesson of the given text, for a learner who stays the same."""
    monkeypatch.setenv("CNNLAB_DATABASE_URL", f"sqlite:///{tmp_path / 'progress.db'}")
    return lambda text, front=FRONT: open_lesson(tmp_path, text, front)


def choose(app: AppTest, choice: str) -> AppTest:
    app.radio[0].set_value(choice)
    return check(app)


def answer(app: AppTest) -> AppTest:
    """Answer the sum that is asked for."""
    asked = next(text.value for text in app.markdown if text.value.startswith("Add 2"))
    app.text_input[0].set_value(str(int(asked.removeprefix("Add 2 to ").removesuffix(".")) + 2))
    return check(app)


def put_back(days: timedelta) -> None:
    """Let everything have happened some days earlier."""
    store = open_progress()
    attempts = [replace(one, at=one.at - days) for one in stored()]
    store.forget(LOCAL_LEARNER)
    store.join(LOCAL_LEARNER)
    for one in attempts:
        store.record(one)


def test_a_mastered_choice_is_asked_again_with_nothing_chosen(lesson: Callable[..., AppTest]):
    app = lesson(CHOICE)
    app = choose(app, "a")
    assert "Mastered. To be asked again from " in said(app)
    put_back(timedelta(hours=23))
    again = lesson(CHOICE)
    assert again.radio[0].disabled
    assert "due" not in said(again)
    put_back(timedelta(hours=1))
    review = lesson(CHOICE)
    assert "1 question is due for review" in said(review)
    assert "Due for review" in said(review)
    assert "Well seen." not in said(review)
    assert (review.radio[0].value, review.radio[0].disabled) == (None, False)
    review = choose(review, "b")
    assert "No, the other." in said(review)
    assert "All reviews are done ✓" in said(review)
    assert not review.radio[0].disabled
    reloaded = lesson(CHOICE)
    assert (reloaded.radio[0].value, reloaded.radio[0].disabled) == ("b", False)


def test_a_review_of_numbers_has_numbers_that_were_never_asked(lesson: Callable[..., AppTest]):
    app = press(answer(lesson(SUM)), "New numbers")
    app = answer(app)
    assert "Mastered." in said(app)
    put_back(TWO_DAYS)
    review = lesson(SUM)
    assert "Due for review: with new numbers" in said(review)
    assert review.text_input[0].value == ""
    review = answer(review)
    assert "Right." in said(review)
    asked = [one.params["n"] for one in stored()]
    assert len(set(asked)) == len(asked) == 3
    assert "due" not in said(lesson(SUM))


def test_new_numbers_that_were_not_answered_are_there_after_a_reload(lesson: Callable[..., AppTest]):
    app = press(answer(lesson(SUM)), "New numbers")
    asked = [text.value for text in app.markdown if text.value.startswith("Add 2")]
    again = lesson(SUM)
    assert [text.value for text in again.markdown if text.value.startswith("Add 2")] == asked
    assert again.text_input[0].value == ""
    events = open_progress().events(LOCAL_LEARNER)
    assert [(one.kind, one.question, one.data) for one in events] == [
        (EventKind.NEW_NUMBERS, "q", {"variant": 1})
    ]
    press(again, "Start this lesson over")
    first = stored_everything()[0].params["n"]
    fresh = lesson(SUM)
    assert f"Add 2 to {first}." in said(fresh)


def stored_everything() -> list[Attempt]:
    return [Attempt(**{**row, "at": None}) for row in _rows()]


def _rows() -> list[dict]:
    rows = open_progress().everything(LOCAL_LEARNER)["attempts"]
    return [{name: value for name, value in row.items() if name != "number"} for row in rows]


@pytest.mark.parametrize(
    ("given", "words"),
    [("a", "Your answer was right then."), ("b", "Your answer was not right then.")],
)
def test_a_changed_key_is_told_and_the_answer_of_then_stays(
    lesson: Callable[..., AppTest], given: str, words: str
):
    app = lesson(CHOICE)
    choose(app, given)
    turned = CHOICE.replace("[x] This", "[ ] This").replace("[ ] That", "[x] That")
    again = lesson(turned)
    assert f"This question was changed after you answered it. {words}" in said(again)
    assert not [*again.success, *again.error]
    assert "Mastered" not in said(again)
    assert (again.radio[0].value, again.radio[0].disabled) == (None, False)
    again = choose(again, "b")
    assert "Right." in said(again)
    assert "was changed" not in said(again)
    assert [one.outcome for one in stored()] == ["right" if given == "a" else "wrong", "right"]
    assert "was changed" not in said(lesson(turned))


def test_better_words_change_nothing(lesson: Callable[..., AppTest]):
    app = lesson(CHOICE)
    choose(app, "a")
    again = lesson(CHOICE.replace("Which one?", "Which of the two?"))
    assert "was changed" not in said(again)
    assert "Right." in said(again)


def test_the_numbers_of_an_answer_stay_whatever_would_be_drawn_today(lesson: Callable[..., AppTest]):
    answer(lesson(SUM))
    asked = stored()[0].params["n"]
    others = "|".join(str(n) for n in (11, 12, 13, asked))
    again = lesson(SUM.replace("3|4|5|6", others))
    assert f"Add 2 to {asked}." in said(again)
    assert "Right." in said(again)


COMMA = FRONT.replace("minutes", "lang: de\nminutes")
HALF = """:::{question} numeric
:id: q
:tolerance: 0.001
How much is 1 + 234/1000?
- [x] `1.234`
:::
"""


def test_a_comma_is_a_decimal_comma_where_the_lesson_s_language_writes_one(lesson: Callable[..., AppTest]):
    app = lesson(HALF, COMMA)
    app.text_input[0].set_value("1,234")
    assert "Right." in said(check(app))


def test_elsewhere_it_stands_between_thousands(lesson: Callable[..., AppTest]):
    app = lesson(HALF)
    app.text_input[0].set_value("1,234")
    assert "Not yet." in said(check(app))


def test_in_a_shape_the_comma_separates_and_that_is_said(lesson: Callable[..., AppTest]):
    shape = ":::{question} shape\n:id: q\nWhich?\n- [x] `(3, 5)`\n:::\n"
    assert "3,5 is 3 × 5" not in said(lesson(shape))
    app = lesson(shape, COMMA)
    assert "3,5 is 3 × 5" in said(app)
    app.text_input[0].set_value("3,5")
    assert "Right." in said(check(app))


def test_who_is_not_due_has_no_buttons_for_reviews(lesson: Callable[..., AppTest]):
    assert "Question 1" not in labels(lesson(CHOICE))
