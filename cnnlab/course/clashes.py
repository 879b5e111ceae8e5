"""Whether a wrong answer is worth the same as the right one, or as another wrong one, for given numbers.

It does not draw numbers: `parameters` avoids those that clash, and the checker reports them.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from cnnlab.course.expressions import ExpressionError, Value
from cnnlab.course.filling import fill, value_of
from cnnlab.course.questions import (
    MultipleQuestion,
    NumericQuestion,
    PredictQuestion,
    Question,
    ShapeQuestion,
    SingleQuestion,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two answers that are the same: the line of the later one, and whether one of them is right."""

    line: int
    answer: str
    other: str
    with_right: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    value: Value | None
    line: int
    right: bool


def clash(question: Question, values: Mapping[str, Any]) -> Clash | None:
    """Return the first pair of answers that cannot be told apart, one with the right answer before others."""
    pairs = itertools.combinations(_answers(question, values), 2)
    found = [
        Clash(second.line, second.text, first.text, first.right or second.right)
        for first, second in pairs
        if first.value is not None and first.value == second.value
    ]
    return min(found, key=lambda one: not one.with_right, default=None)


@singledispatch
def _answers(question: Question, values: Mapping[str, Any]) -> Iterator[_Answer]:  # noqa: ARG001
    yield from ()


@_answers.register
def _(question: SingleQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    return _choices(question, values)


@_answers.register
def _(question: MultipleQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    return _choices(question, values)


@_answers.register
def _(question: PredictQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    return _choices(question, values)


def _choices(
    question: SingleQuestion | MultipleQuestion | PredictQuestion, values: Mapping[str, Any]
) -> Iterator[_Answer]:
    for one in question.choices:
        yield _Answer(one.text, " ".join(fill(one.text, values).split()), one.line, one.right)


@_answers.register
def _(question: NumericQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    return _expressions(question, values)


@_answers.register
def _(question: ShapeQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    return _expressions(question, values)


def _expressions(question: NumericQuestion | ShapeQuestion, values: Mapping[str, Any]) -> Iterator[_Answer]:
    yield _Answer(question.answer, value_of(question.answer, values), question.line, True)
    for one in question.wrong:
        yield _Answer(one.answer, value_or_none(one.answer, values), one.line, False)


def value_or_none(source: str, values: Mapping[str, Any]) -> Value | None:
    """Return the value of a wrong answer; one that has none for these numbers matches nothing."""
    try:
        return value_of(source, values)
    except ExpressionError:
        return None
