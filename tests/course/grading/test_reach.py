"""States of a widget: reached, not yet with the state in words, or unknown."""

import math

import pytest

from cnnlab.course.grading import Grade, Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.reach import grade_reach
from cnnlab.course.questions import ReachQuestion, WrongAnswer


def asked(check: str = "out_h == n and stride == 2") -> ReachQuestion:
    return ReachQuestion(
        id="q",
        stem="Get {{n}} out.",
        check=check,
        feedback="The stride is {{stride}}.",
        wrong=(WrongAnswer("stride == 1", "A stride of 1 skips nothing."),),
    )


def verdict(**state: object) -> Grade:
    return grade(asked(), state, Setting({"n": 14}))


def test_a_state_that_fulfils_the_condition_is_right():
    assert verdict(out_h=14, stride=2, padding=9).outcome is Outcome.RIGHT


def test_another_state_is_told_in_words():
    result = verdict(out_h=9, stride=3, padding=1)
    assert (result.outcome, result.score) == (Outcome.WRONG, 0.0)
    assert result.message == "Not yet. Now: out_h = 9, stride = 3."
    assert result.feedback == "The stride is 3."


def test_an_expected_state_gets_the_authors_words():
    result = verdict(out_h=14, stride=1)
    assert (result.feedback, result.matched) == ("A stride of 1 skips nothing.", "stride == 1")


def test_words_about_an_unknown_setting_are_left_out():
    assert grade(asked("out_h == 14"), {"out_h": 9}, Setting()).feedback == ""


def test_lists_and_words_can_be_asked_for():
    question = asked("out == (8, 14) and padding == 'same'")
    state = {"out": [8, 14], "padding": "same", "stride": 2}
    assert grade(question, state, Setting()).outcome is Outcome.RIGHT
    assert "out = (8, 15), padding = same" in grade(question, state | {"out": [8, 15]}, Setting()).message


def test_the_learners_numbers_cannot_be_overwritten_by_the_browser():
    assert verdict(out_h=5, stride=2, n=5).outcome is Outcome.WRONG


@pytest.mark.parametrize(
    "state",
    [
        None,
        {"out_h": 14},
        {"out_h": math.nan, "stride": 2},
        {"out_h": 1e16, "stride": 2},
        {"out_h": {"a": 1}, "stride": 2},
        {"out_h": "x" * 200, "stride": 2},
    ],
)
def test_a_state_that_is_not_known_is_no_attempt(state: dict | None):
    assert not grade(asked(), state, Setting({"n": 14})).is_attempt
    with pytest.raises(Unreadable, match="has not told its settings yet"):
        grade_reach(asked(), state, Setting({"n": 14}))


def test_a_lab_that_is_set_to_something_impossible_is_no_attempt():
    with pytest.raises(Unreadable, match="cannot work as it is set"):
        grade_reach(asked(), {}, Setting({"n": 14}))


def test_a_state_that_cannot_be_compared_is_no_attempt():
    question = asked("stride < 3")
    assert not grade(question, {"stride": "wide"}, Setting()).is_attempt
    with pytest.raises(Unreadable, match="cannot be compared with what is asked"):
        grade_reach(question, {"stride": "wide"}, Setting())
