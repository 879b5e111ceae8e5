"""Whatever a browser sends, grading answers in words and never with a traceback."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.questions import Question
from tests.course.grading.test_key import EXAMPLES, NUMBERS

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["a", "b", "x", "y", "26", "r1c1", "choice", "sure", "rows", "1e5"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "question", [question for question, _, _ in EXAMPLES], ids=lambda one: type(one).__name__
)
@settings(max_examples=100)
@given(answer=ANYTHING)
def test_nothing_that_can_be_sent_raises(question: Question, answer: Any):
    result = grade(question, answer, NUMBERS)
    assert result.message
    assert (result.score is None) == (result.outcome in (Outcome.UNREADABLE, Outcome.RECORDED))
    assert result.score is None or 0 <= result.score <= 1


@pytest.mark.parametrize(
    "question", [question for question, _, _ in EXAMPLES], ids=lambda one: type(one).__name__
)
def test_an_answer_of_another_form_is_no_attempt(question: Question):
    result = grade(question, 26, Setting(NUMBERS.values))
    assert not result.is_attempt
    assert "Reload the page" in result.message
