"""Every answer to a question that its author wrote, right and wrong, with what is said to it.

It computes the answers for given numbers. It does not draw, and does not decide who may see them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from cnnlab.course.expressions import ExpressionError
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
    WrongAnswer,
)

Values = Mapping[str, Any]
NO_VALUE = "–"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One answer as Markdown; `source` is the author's arithmetic, `feedback` is said to who gives it."""

    right: bool
    answer: str
    feedback: str = ""
    source: str = ""


@singledispatch
def full_key(question: Question, values: Values) -> Iterator[KeyLine]:  # noqa: ARG001
    """Yield the answers to a question for these numbers, in the order of the file."""
    yield from ()


@full_key.register(SingleQuestion)
@full_key.register(MultipleQuestion)
@full_key.register(PredictQuestion)
def _(question: SingleQuestion | MultipleQuestion | PredictQuestion, values: Values) -> Iterator[KeyLine]:
    for one in question.choices:
        yield KeyLine(one.right, filled(one.text, values), filled(one.feedback, values))


@full_key.register
def _(question: NumericQuestion, values: Values) -> Iterator[KeyLine]:
    yield _computed(question.answer, values, question.unit)
    yield from (_wrong(one, values, question.unit) for one in question.wrong)


@full_key.register
def _(question: ShapeQuestion, values: Values) -> Iterator[KeyLine]:
    yield _computed(question.answer, values)
    yield from (_wrong(one, values) for one in question.wrong)


@full_key.register
def _(question: TableQuestion, values: Values) -> Iterator[KeyLine]:
    for blank in question.blanks:
        line = _computed(blank.answer, values)
        yield KeyLine(True, f"{filled(blank.label, values)}: {line.answer}", "", line.source)


@full_key.register
def _(question: OrderQuestion, values: Values) -> Iterator[KeyLine]:
    for place, one in enumerate(question.items, start=1):
        yield KeyLine(True, f"{place}. {filled(one.text, values)}".replace(". ", r"\. ", 1))


@full_key.register
def _(question: TextQuestion, values: Values) -> Iterator[KeyLine]:
    for text in question.accepted or question.checklist:
        yield KeyLine(True, filled(text, values))
    for one in question.wrong:
        yield KeyLine(False, filled(one.answer, values), filled(one.feedback, values))


@full_key.register
def _(question: KernelQuestion, values: Values) -> Iterator[KeyLine]:
    goal = f"`{question.goal}`, such as " if question.goal != "same" else ""
    line = _computed(question.answer, values)
    yield KeyLine(True, goal + line.answer)
    for one in question.wrong:
        yield KeyLine(False, _value(one.answer, values), filled(one.feedback, values))


@full_key.register
def _(question: ReachQuestion, values: Values) -> Iterator[KeyLine]:
    yield KeyLine(True, f"`{question.check}`")
    for one in question.wrong:
        yield KeyLine(False, f"`{one.answer}`", filled(one.feedback, values))


def filled(text: str, values: Values) -> str:
    """Return the text with its numbers; as it is where it speaks of a lab that nobody has set yet."""
    try:
        return fill(text, values)
    except ExpressionError:
        return text


def _computed(source: str, values: Values, unit: str = "") -> KeyLine:
    value = _value(source, values)
    return KeyLine(True, f"{value} {unit}".rstrip(), "", source if source != value else "")


def _wrong(one: WrongAnswer, values: Values, unit: str = "") -> KeyLine:
    line = _computed(one.answer, values, unit)
    return KeyLine(False, line.answer, filled(one.feedback, values), line.source)


def _value(source: str, values: Values) -> str:
    """Return what an answer is for these numbers; there are wrong ones that are nothing for some."""
    try:
        return worded(value_of(source, values))
    except ExpressionError:
        return NO_VALUE
