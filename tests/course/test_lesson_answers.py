"""The lessons that come with the project, answered: what their authors call right is right."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from cnnlab.course.clashes import value_or_none
from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.parameters import Draw, draw
from cnnlab.course.questions import (
    AnyQuestion,
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
from cnnlab.course.reading import read_file
from tests.source_files import ROOT, project_files

VARIANTS = 25
LESSONS = [file for file in project_files() if file.parts[0] == "lessons" and file.suffix == ".md"]


@cache
def all_questions() -> tuple[tuple[str, AnyQuestion], ...]:
    found = []
    for file in LESSONS:
        lesson = read_file(ROOT / file, str(file)).lesson
        assert lesson is not None, file
        found += [(f"{file.stem}:{question.id}", question) for question in lesson.questions]
    return tuple(found)


def variants(question: Question) -> list[dict]:
    drawn = [draw(question, Draw(b"secret", "ann", "lesson", question.id, one)) for one in range(VARIANTS)]
    return drawn if question.params else drawn[:1]


def typed(value: Any) -> str:
    return worded(value) if isinstance(value, tuple) else repr(value)


# What a learner sends who knows the answer, by kind; only a lab can tell the state that is to be reached.
RIGHT_ANSWERS: dict[type, Callable[[Any, Mapping[str, Any]], Any]] = {
    SingleQuestion: lambda question, _: next(one.id for one in question.choices if one.right),
    MultipleQuestion: lambda question, _: [one.id for one in question.choices if one.right],
    PredictQuestion: lambda question, _: {"choice": question.choices[0].id, "sure": "guess"},
    NumericQuestion: lambda question, values: typed(value_of(question.answer, values)),
    ShapeQuestion: lambda question, values: typed(value_of(question.answer, values)),
    TableQuestion: lambda question, values: {
        one.id: typed(value_of(one.answer, values)).strip("'") for one in question.blanks
    },
    OrderQuestion: lambda question, _: [one.id for one in question.items],
    TextQuestion: lambda question, values: fill((*question.accepted, "In my own words.")[0], values),
    KernelQuestion: lambda question, values: value_of(question.answer, values),
}
ANSWERED = [(name, question) for name, question in all_questions() if not isinstance(question, ReachQuestion)]


@pytest.mark.parametrize(("name", "question"), ANSWERED, ids=[name for name, _ in ANSWERED])
def test_what_the_author_calls_right_is_graded_as_right(name: str, question: AnyQuestion):
    open_ended = isinstance(question, PredictQuestion) or (
        isinstance(question, TextQuestion) and not question.accepted
    )
    for values in variants(question):
        answer = RIGHT_ANSWERS[type(question)](question, values)
        result = grade(question, answer, Setting(values))
        wanted = Outcome.RECORDED if open_ended else Outcome.RIGHT
        assert result.outcome is wanted, (name, values, answer, result.message)


@pytest.mark.parametrize(("name", "question"), all_questions(), ids=[name for name, _ in all_questions()])
def test_what_the_author_calls_wrong_is_graded_as_wrong_and_gets_its_words(name: str, question: AnyQuestion):
    if isinstance(question, SingleQuestion):
        for choice in question.choices:
            result = grade(question, choice.id, Setting(variants(question)[0]))
            assert (result.outcome is Outcome.RIGHT) is choice.right
            assert result.matched == choice.id
    if not isinstance(question, NumericQuestion | ShapeQuestion):
        return
    for values in variants(question):
        for expected in question.wrong:
            value = value_or_none(expected.answer, values)
            result = grade(question, typed(value), Setting(values))
            # An impossible size, such as one of −2, cannot be typed as a shape.
            assert result.outcome in (Outcome.WRONG, Outcome.UNREADABLE), (name, values, value)
            assert result.outcome is Outcome.UNREADABLE or result.feedback, (name, values, value)


def test_there_are_lessons_to_answer():
    assert len(all_questions()) >= 6
