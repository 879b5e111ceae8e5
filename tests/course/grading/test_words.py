"""Typed words: which count as the same, and what happens to those that nobody can grade."""

import pytest

from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.words import grade_text, same_words
from cnnlab.course.questions import TextQuestion, WrongAnswer


def asked(*accepted: str) -> TextQuestion:
    return TextQuestion(
        id="q",
        stem="What is it called?",
        accepted=accepted,
        wrong=(WrongAnswer("{{k}} by {{k}}", "Its name, not its size."),),
        feedback="It sees {{k}} × {{k}} values.",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "receptive field",
        "Receptive Field",
        "the  receptive field.",
        " “receptive-field” ",
        "RECEPTIVE\nFIELD!",
        "\uff52eceptive field",
    ],
)
def test_capitals_spaces_articles_and_stops_do_not_matter(typed: str):
    assert same_words(typed, "receptive field")


def test_accents_do_not_matter():
    assert same_words("moire", "moiré")
    assert same_words("MOIRE\u0301", "moiré")
    assert not same_words("moira", "moiré")


@pytest.mark.parametrize(
    "typed", ["field", "receptive fields", "there ceptive field", "not the receptive field"]
)
def test_other_words_are_other_words(typed: str):
    assert not same_words(typed, "receptive field")


def test_a_word_that_is_an_article_stays_a_word():
    assert not same_words("a", "the")


def test_accepted_words_are_right_and_others_are_explained():
    question = asked("receptive field", "field of view")
    setting = Setting({"k": 5})
    assert grade(question, "Field of view", setting).outcome is Outcome.RIGHT
    assert grade(question, "5 by 5", setting).feedback == "Its name, not its size."
    other = grade(question, "window", setting)
    assert (other.outcome, other.feedback) == (Outcome.WRONG, "It sees 5 × 5 values.")


def test_free_words_are_kept_for_the_learner_to_compare():
    result = grade(asked(), "Because of the stride.", Setting())
    assert (result.outcome, result.score) == (Outcome.RECORDED, None)
    assert "compare it with the model answer" in result.message


def test_no_words_and_too_many_are_no_attempt():
    with pytest.raises(Unreadable, match="Write an answer first"):
        grade_text(asked("x"), " \n", Setting())
    with pytest.raises(Unreadable, match="10,001 characters; at most 10,000"):
        grade_text(asked(), "x" * 10_001, Setting())
