"""Things put in order: right, right up to a step, and the part of a point for what is in sequence."""

from itertools import combinations, permutations

import pytest

from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.order import grade_order, longest_common
from cnnlab.course.questions import Item, OrderQuestion, Partial


def asked(partial: Partial = Partial.OFF) -> OrderQuestion:
    items = tuple(Item(name, f"step {name}") for name in "abcd")
    return OrderQuestion(
        id="q", stem="Which order?", items=items, partial=partial, feedback="Start at the input."
    )


def test_the_right_order_is_right():
    result = grade(asked(), list("abcd"), Setting())
    assert (result.outcome, result.score) == (Outcome.RIGHT, 1.0)


@pytest.mark.parametrize(
    ("order", "words", "score"),
    [
        ("abdc", "The order is right up to step 2.", 2 / 3),
        ("acbd", "The order is right up to step 1.", 2 / 3),
        ("bcda", "The first step is another one.", 2 / 3),
        ("badc", "The first step is another one.", 1 / 3),
        ("dcba", "The first step is another one.", 0.0),
    ],
)
def test_a_wrong_order_is_told_how_far_it_is_right(order: str, words: str, score: float):
    result = grade(asked(Partial.LCS), list(order), Setting())
    assert (result.outcome, result.message) == (Outcome.WRONG, f"Not yet. {words}")
    assert result.score == pytest.approx(score, abs=1e-12)
    assert grade(asked(), list(order), Setting()).score == 0.0
    assert result.feedback == "Start at the input."


@pytest.mark.parametrize("order", ["", "abc", "aabc", "abcz", "abcde"])
def test_a_place_without_an_item_is_no_attempt(order: str):
    assert not grade(asked(), list(order), Setting()).is_attempt
    with pytest.raises(Unreadable, match="each position once"):
        grade_order(asked(), list(order), Setting())


def test_what_is_in_sequence_is_counted_as_by_trying_all_selections():
    for order in permutations("abcde"):
        longest = max(n for n in range(6) for part in combinations(order, n) if list(part) == sorted(part))
        assert longest_common(order, "abcde") == longest
