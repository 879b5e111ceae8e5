"""The right answer in words: for the author's key, and for learners after the last attempt.

It does not decide who may see it.
"""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.questions import (
    KernelQuestion,
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
)

Values = Mapping[str, Any]


@singledispatch
def answer_key(question: Question, values: Values) -> str:  # noqa: ARG001
    """Return the right answer for these numbers as Markdown; a question for the learner to judge has none."""
    return "–"


@answer_key.register(SingleQuestion)
@answer_key.register(MultipleQuestion)
@answer_key.register(PredictQuestion)
def _(question: SingleQuestion | MultipleQuestion | PredictQuestion, values: Values) -> str:
    return "; ".join(fill(one.text, values) for one in question.choices if one.right) or "–"


@answer_key.register
def _(question: NumericQuestion, values: Values) -> str:
    return f"{worded(value_of(question.answer, values))} {question.unit}".rstrip()


@answer_key.register
def _(question: ShapeQuestion, values: Values) -> str:
    return worded(value_of(question.answer, values))


@answer_key.register
def _(question: TableQuestion, values: Values) -> str:
    return "; ".join(
        f"{fill(one.label, values)}: {worded(value_of(one.answer, values))}" for one in question.blanks
    )


@answer_key.register
def _(question: OrderQuestion, values: Values) -> str:
    return "; ".join(f"{place}. {fill(one.text, values)}" for place, one in enumerate(question.items, 1))


@answer_key.register
def _(question: TextQuestion, values: Values) -> str:
    return fill(question.accepted[0], values) if question.accepted else "–"


@answer_key.register
def _(question: KernelQuestion, values: Values) -> str:
    return worded(value_of(question.answer, values))


@answer_key.register
def _(question: ReachQuestion, values: Values) -> str:  # noqa: ARG001
    return f"`{question.check}`"
