"""Typed shapes: how they are read, when they are right, and what a wrong one is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.course.expressions import ExpressionError
from cnnlab.course.grading import Grade, Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.numbers import read_shape
from cnnlab.course.questions import ShapeQuestion, WrongAnswer


def asked(answer: str = "(64, 28, 30)", **more) -> ShapeQuestion:
    return ShapeQuestion(id="q", stem="Which shape?", answer=answer, **more)


def verdict(question: ShapeQuestion, typed: str, **values: int) -> Grade:
    return grade(question, typed, Setting(values))


@pytest.mark.parametrize(
    "typed",
    [
        "(64, 28, 30)",
        "[64,28,30]",
        "64x28x30",
        "64 × 28 × 30",
        "64X28X30",
        "64 28 30",
        "64,28,30,",
        "64*28*30",
        "torch.Size([64, 28, 30])",
        "([64, 28, 30])",
        " ( 64 ,28,  30 ) ",
        "٦٤، ٢٨، ٣٠",
    ],
)
def test_a_shape_is_read_in_every_usual_notation(typed: str):
    assert read_shape(typed) == (64, 28, 30)
    assert verdict(asked(), typed).outcome is Outcome.RIGHT


@pytest.mark.parametrize(
    "typed", ["big", "64, 28.5, 30", "64,,28", "(64, 28", "-1, 2, 3", "1e3", "n × n", "64/2"]
)
def test_what_is_no_shape_is_said_and_is_no_attempt(typed: str):
    result = verdict(asked(), typed)
    assert not result.is_attempt
    assert "cannot be read as a shape" in result.message


def test_reading_refuses_in_words():
    with pytest.raises(Unreadable, match="“big” cannot be read as a shape"):
        read_shape("big")
    with pytest.raises(Unreadable, match="Write a shape first"):
        read_shape("")
    with pytest.raises(Unreadable, match="at most 8 sizes, each from 1 to 1,000,000,000"):
        read_shape("1 2 3 4 5 6 7 8 9")
    with pytest.raises(Unreadable, match="each from 1"):
        read_shape("64, 0, 28")


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(typed: str):
    assert verdict(asked(), typed).outcome in set(Outcome)


@pytest.mark.parametrize(
    ("answer", "typed", "slip"),
    [
        ("(64, 28, 30)", "(28, 30, 64)", "channels-last"),
        ("(64, 28, 30)", "(1, 64, 28, 30)", "batch-counted"),
        ("(64, 28, 30)", "(32, 64, 28, 30)", "batch-counted"),
        ("(64, 28, 30)", "(64, 30, 28)", "axes-swapped"),
        ("(64, 28, 30)", "(28, 30)", "channels-forgotten"),
        ("(64, 28, 30)", "53760", "wrong-rank"),
        ("(64, 28, 30)", "(64, 27, 29)", "off-by-one"),
        ("(64, 28, 30)", "(64, 29, 30)", "off-by-one"),
        ("(64, 28, 30)", "(3, 28, 30)", "wrong-channels"),
        ("(64, 28, 30)", "(63, 28, 30)", "wrong-channels"),
        ("(64, 28, 30)", "(64, 14, 15)", "wrong-sizes"),
        ("(64, 28, 30)", "(3, 14, 15)", ""),
        ("(16, 30)", "(30, 16)", "axes-swapped"),
        ("(16, 30)", "(16, 31)", "off-by-one"),
        ("(16, 30)", "(16, 40)", ""),
        ("(64, 64, 30)", "(64, 30, 64)", "channels-last"),
        ("10", "11", "off-by-one"),
        ("10", "20", ""),
    ],
)
def test_everybodys_slips_are_recognised(answer: str, typed: str, slip: str):
    result = verdict(asked(answer), typed)
    assert result.outcome is Outcome.WRONG
    assert (result.diagnosis.slip.value if result.diagnosis else "") == slip


def test_an_expected_wrong_answer_gets_the_authors_words():
    question = asked(
        "(m, n - k + 1, n - k + 1)", wrong=(WrongAnswer("(m, n, n)", "Without padding {{n}} cannot stay."),)
    )
    result = verdict(question, "8x32x32", m=8, n=32, k=5)
    assert (result.feedback, result.diagnosis) == ("Without padding 32 cannot stay.", None)


def test_general_words_are_said_only_where_nothing_else_explains():
    question = asked(feedback="Work out one axis at a time.")
    assert verdict(question, "(3, 14, 15)").feedback == "Work out one axis at a time."
    assert verdict(question, "(28, 30, 64)").feedback == ""


@pytest.mark.parametrize("answer", ["(64, 28.5)", "(64, 0)", "()", "'wide'"])
def test_an_answer_that_is_no_shape_is_the_authors_mistake(answer: str):
    with pytest.raises(ExpressionError, match=r"is no shape|cannot be read"):
        verdict(asked(answer), "1")
