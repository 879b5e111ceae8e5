"""The answer key: every kind's own right answer, and that it is graded as right."""

from typing import Any

import pytest

from cnnlab.course.grading import Outcome, Setting, answer_key, grade
from cnnlab.course.questions import (
    KIND_OF,
    Blank,
    Choice,
    Item,
    KernelQuestion,
    Kind,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    PredictQuestion,
    Question,
    ReachQuestion,
    ShapeQuestion,
    SingleQuestion,
    TableQuestion,
    TextQuestion,
    Tolerance,
)

NUMBERS = Setting({"n": 28, "k": 3})
CHOICES = (Choice("a", "{{n - k + 1}} rows", True), Choice("b", "{{n}} rows", False))
COMMON: dict[str, Any] = {"id": "q", "stem": "?"}
EXAMPLES: list[tuple[Question, Any, str]] = [
    (SingleQuestion(**COMMON, choices=CHOICES), "a", "26 rows"),
    (
        MultipleQuestion(**COMMON, choices=(*CHOICES, Choice("c", "fewer", True))),
        ["a", "c"],
        "26 rows; fewer",
    ),
    (NumericQuestion(**COMMON, answer="n - k + 1", unit="rows"), "26 rows", "26 rows"),
    (NumericQuestion(**COMMON, answer="1 / k", tolerance=Tolerance(relative=0.01)), "0.333", "0.333333"),
    (ShapeQuestion(**COMMON, answer="(8, n - k + 1)"), "8x26", "(8, 26)"),
    (
        TableQuestion(
            **COMMON, header=("layer", "rows"), rows=(("conv", Blank("r1c1", "n - 2", "conv {{k}}, rows")),)
        ),
        {"r1c1": "26"},
        "conv 3, rows: 26",
    ),
    (OrderQuestion(**COMMON, items=(Item("x", "pad"), Item("y", "slide"))), ["x", "y"], "1. pad; 2. slide"),
    (TextQuestion(**COMMON, accepted=("stride {{k}}",)), "Stride 3", "stride 3"),
    (KernelQuestion(**COMMON, answer="((-1, 1),)"), [["-1", "1"]], "((−1, 1),)"),
    (ReachQuestion(**COMMON, check="rows == n"), {"rows": 28}, "`rows == n`"),
    (PredictQuestion(**COMMON, choices=CHOICES), {"choice": "b", "sure": "guess"}, "26 rows"),
]


@pytest.mark.parametrize(("question", "answer", "key"), EXAMPLES)
def test_the_key_names_the_answer_that_is_graded_as_right(question: Question, answer: Any, key: str):
    assert answer_key(question, NUMBERS.values) == key
    wanted = Outcome.RECORDED if isinstance(question, PredictQuestion) else Outcome.RIGHT
    assert grade(question, answer, NUMBERS).outcome is wanted


def test_every_kind_has_an_example_here_and_a_class():
    assert {KIND_OF[type(question)] for question, _, _ in EXAMPLES} == set(Kind) == set(KIND_OF.values())


def test_what_the_learner_judges_has_no_key():
    assert answer_key(TextQuestion(**COMMON), {}) == "–"
    assert answer_key(PredictQuestion(**COMMON, choices=(Choice("a", "up", False),)), {}) == "–"
    assert answer_key(Question(**COMMON), {}) == "–"


def test_blanks_are_listed_row_by_row():
    one, two = Blank("1", "1", "one"), Blank("2", "2", "two")
    table = TableQuestion(**COMMON, header=("a", "b"), rows=(("x", one), (two, "y")))
    assert table.blanks == (one, two)
