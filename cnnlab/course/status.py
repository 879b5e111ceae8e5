"""How far a learner is with a question and with a lesson: done, mastered, due for review.

It is told what was answered and when; it does not read the log. What is never scored (a prediction, one's own
words) is done once it is answered, and there is nothing to master in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cnnlab.course.grading import Outcome
from cnnlab.course.lesson import Lesson
from cnnlab.course.mastery import Standing, Try, needed_in_a_row, standing
from cnnlab.course.questions import PredictQuestion, Question, TextQuestion

DONE = {Outcome.RIGHT, Outcome.RECORDED}


class Answered(Protocol):
    """What is needed of an attempt."""

    @property
    def outcome(self) -> str:
        """Return what became of it."""
        ...

    @property
    def as_try(self) -> Try:
        """Return what counts for mastery."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """How far a learner is with one question."""

    is_done: bool = False
    is_mastered: bool = False
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class LessonStatus:
    """How far a learner is with a lesson; `due` has the places of the questions to review, from 1."""

    questions: int
    done: int
    is_mastered: bool
    due: tuple[int, ...]


def standing_in(question: Question, answered: Sequence[Answered]) -> Standing:
    """Return where a learner stands with a question."""
    return standing((one.as_try for one in answered), needed_in_a_row(question), question.review)


def status_of(question: Question, answered: Sequence[Answered], now: datetime) -> Status:
    """Return how far a learner is with a question."""
    is_done = any(one.outcome in DONE for one in answered)
    found = standing_in(question, answered)
    return Status(is_done, found.is_mastered or (is_done and not is_scored(question)), found.is_due(now))


def is_scored(question: Question) -> bool:
    """Return whether answers to a question are right or wrong."""
    open_ended = isinstance(question, TextQuestion) and not question.accepted
    return not isinstance(question, PredictQuestion) and not open_ended


def lesson_status(lesson: Lesson, answered: Mapping[str, Sequence[Answered]], now: datetime) -> LessonStatus:
    """Return how far a learner is with a lesson, from what they answered by the ids of its questions."""
    found = [status_of(question, answered.get(question.id, ()), now) for question in lesson.questions]
    return LessonStatus(
        questions=len(found),
        done=sum(one.is_done for one in found),
        is_mastered=bool(found) and all(one.is_mastered for one in found),
        due=tuple(place for place, one in enumerate(found, start=1) if one.is_due),
    )
