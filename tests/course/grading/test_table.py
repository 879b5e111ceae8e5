"""Tables with cells to fill in: each graded by itself, none read by guessing."""

import pytest

from cnnlab.course.grading import Grade, Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.table import grade_table
from cnnlab.course.questions import Blank, Partial, TableQuestion, Tolerance

ROWS = (
    ("conv1", Blank("r1c1", "n - 2", "conv1 on {{n}}, height"), Blank("r1c2", "(8, n - 2)", "conv1, shape")),
    (
        "pool",
        Blank("r2c1", "(n - 2) / 3", "pool, mean", Tolerance(absolute=0.1)),
        Blank("r2c2", "'max'", "pool, kind"),
    ),
)
RIGHT = {"r1c1": "30", "r1c2": "8 x 30", "r2c1": "10.05", "r2c2": " Max. "}


def asked(partial: Partial = Partial.EACH) -> TableQuestion:
    return TableQuestion(
        id="q",
        stem="Fill in.",
        header=("layer", "a", "b"),
        rows=ROWS,
        partial=partial,
        feedback="One by one.",
    )


def verdict(partial: Partial = Partial.EACH, **changed: str) -> Grade:
    return grade(asked(partial), RIGHT | changed, Setting({"n": 32}))


def test_numbers_shapes_and_words_can_be_filled_in():
    result = verdict()
    assert (result.outcome, result.score) == (Outcome.RIGHT, 1.0)
    assert dict(result.marks) == dict.fromkeys(RIGHT, True)


def test_each_cell_is_marked_and_counts_where_the_author_allows():
    result = verdict(r1c1="32", r2c2="mean")
    assert (result.outcome, result.score) == (Outcome.WRONG, 0.5)
    assert result.message == "Not yet. 2 of 4 cells are right."
    assert [name for name, fine in result.marks.items() if not fine] == ["r1c1", "r2c2"]
    assert result.feedback == "One by one."
    assert verdict(Partial.OFF, r1c1="32").score == 0.0


def test_the_first_slip_of_a_cell_is_told():
    result = verdict(r1c2="30 x 8", r2c1="100")
    assert (result.diagnosis.slip.value if result.diagnosis else "") == "axes-swapped"
    assert result.feedback == ""


def test_a_column_may_carry_a_tolerance():
    assert verdict(r2c1="9.95").outcome is Outcome.RIGHT
    assert verdict(r2c1="9.85").outcome is Outcome.WRONG


def test_cells_that_cannot_be_read_are_named_and_nothing_is_counted():
    result = verdict(r1c1="thirty", r2c1="")
    assert not result.is_attempt
    assert "conv1 on 32, height: “thirty” cannot be read" in result.message
    assert "pool, mean: Write a number first" in result.message
    with pytest.raises(Unreadable, match="pool, kind: Write something first"):
        grade_table(asked(), RIGHT | {"r2c2": " "}, Setting({"n": 32}))


def test_a_cell_that_was_not_sent_is_empty():
    assert not grade(asked(), {}, Setting({"n": 32})).is_attempt
