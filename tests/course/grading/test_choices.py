"""Ticked choices and predictions: right, partly right, and what each wrong one is told."""

import pytest

from cnnlab.course.grading import CERTAINTIES, Outcome, Setting, grade
from cnnlab.course.grading.choices import chosen, grade_predict
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.questions import Choice, MultipleQuestion, Partial, PredictQuestion, SingleQuestion

PLAIN = Setting({"k": 3})
CHOICES = (
    Choice("a", "stride", True, "Yes: it skips positions."),
    Choice("b", "padding", False, "Padding {{k}} adds rows."),
    Choice("c", "pooling", True),
    Choice("d", "bias", False, "A bias changes values only."),
)


def single() -> SingleQuestion:
    return SingleQuestion(id="q", stem="Which?", choices=CHOICES)


def multiple(partial: Partial = Partial.OFF, choices: tuple[Choice, ...] = CHOICES) -> MultipleQuestion:
    return MultipleQuestion(id="q", stem="Which?", choices=choices, partial=partial)


def predict() -> PredictQuestion:
    return PredictQuestion(id="q", stem="What will happen?", choices=CHOICES)


def test_the_right_choice_is_right_and_keeps_its_own_words():
    result = grade(single(), "a", PLAIN)
    assert (result.outcome, result.score, result.matched) == (Outcome.RIGHT, 1.0, "a")
    assert result.feedback == "Yes: it skips positions."


def test_a_wrong_choice_is_told_its_own_words_with_the_learners_numbers():
    result = grade(single(), "b", PLAIN)
    assert (result.outcome, result.score, result.matched) == (Outcome.WRONG, 0.0, "b")
    assert result.feedback == "Padding 3 adds rows."


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_choice_is_no_attempt(nothing: str | None):
    result = grade(single(), nothing, PLAIN)
    assert (result.outcome, result.message) == (Outcome.UNREADABLE, "Choose an answer first.")


def test_a_choice_that_the_lesson_no_longer_has_is_no_attempt():
    assert "not offered any more" in grade(single(), "z", PLAIN).message
    with pytest.raises(Unreadable, match="not offered any more"):
        chosen(CHOICES, ["a", "z"])
    with pytest.raises(Unreadable, match="Choose an answer first"):
        chosen(CHOICES, [])


def test_all_right_ticks_and_no_other_are_right():
    result = grade(multiple(), ["c", "a"], PLAIN)
    assert (result.outcome, result.score) == (Outcome.RIGHT, 1.0)
    assert result.feedback == "Yes: it skips positions."


# Decisions of a, b, c, d against right, wrong, right, wrong: counted by hand.
@pytest.mark.parametrize(
    ("ticks", "decided", "gaps", "each", "net"),
    [
        ("a", 3, "one more belongs", 0.75, 0.5),
        ("ab", 2, "one more belongs and one does not belong", 0.5, 0.0),
        ("b", 1, "2 more belong and one does not belong", 0.25, 0.0),
        ("bd", 0, "2 more belong and 2 do not belong", 0.0, 0.0),
        ("abc", 3, "one does not belong", 0.75, 0.5),
        ("abcd", 2, "2 do not belong", 0.5, 0.0),
    ],
)
def test_partly_right_ticks_are_counted_without_telling_which(
    ticks: str, decided: int, gaps: str, each: float, net: float
):
    expected = f"Not yet. {decided} of 4 decisions are right; {gaps}."
    for partial, score in ((Partial.OFF, 0.0), (Partial.EACH, each), (Partial.NET, net)):
        result = grade(multiple(partial), list(ticks), PLAIN)
        assert (result.outcome, result.message, result.score) == (Outcome.WRONG, expected, score)


def test_only_wrong_ticks_are_explained():
    assert grade(multiple(), ["a", "b", "d"], PLAIN).feedback == (
        "Padding 3 adds rows.\n\nA bias changes values only."
    )
    assert grade(multiple(), ["a"], PLAIN).feedback == ""


def test_no_tick_is_no_attempt():
    assert not grade(multiple(), [], PLAIN).is_attempt


def test_a_question_without_a_right_choice_earns_nothing():
    none_right = tuple(Choice(one.id, one.text, False) for one in CHOICES)
    assert grade(multiple(Partial.NET, none_right), ["a"], PLAIN).score == 0.0


@pytest.mark.parametrize("sure", CERTAINTIES)
def test_a_prediction_is_kept_and_never_scored(sure: str):
    result = grade(predict(), {"choice": "b", "sure": sure}, PLAIN)
    assert (result.outcome, result.score, result.matched) == (Outcome.RECORDED, None, "b")
    assert result.feedback == "Padding 3 adds rows."


def test_a_prediction_needs_a_choice_and_a_certainty():
    assert "Choose an answer first" in grade(predict(), {"sure": "guess"}, PLAIN).message
    with pytest.raises(Unreadable, match="Say how sure you are"):
        grade_predict(predict(), {"choice": "a", "sure": "maybe"}, PLAIN)
