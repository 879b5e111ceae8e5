"""What everything on one lesson's page shares: the lesson, the learner, and what they have answered so far.

It does not draw questions; it fills and shows an author's Markdown, and keeps attempts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import streamlit as st

from cnnlab.course.filling import fill
from cnnlab.course.grading import Grade, answer_key
from cnnlab.course.lesson import Block, Lesson
from cnnlab.course.normalising import Addresses, normalised
from cnnlab.course.parameters import Draw
from cnnlab.course.progress import Attempt, Event, EventKind, Progress
from cnnlab.course.questions import Question
from cnnlab.errors import CnnLabError
from cnnlab.ui.problems import log


class AuthorsView(Protocol):
    """What a lesson's author sees besides what learners see."""

    def above(self, block: Block) -> bool:
        """Draw what belongs above a block, and return whether the block itself can be drawn."""
        ...

    def below(self, question: Question, values: Mapping[str, Any]) -> None:
        """Draw what belongs below a question with these numbers."""
        ...


@dataclass(frozen=True, slots=True)
class LessonContext:
    """One lesson as one learner has it open; `sha` names its version; learners have no `author`."""

    lesson: Lesson
    sha: str
    learner: str
    progress: Progress
    secret: bytes
    addresses: Addresses
    folder: Path
    history: dict[str, list[Attempt]] = field(default_factory=dict)
    author: AuthorsView | None = None

    @property
    def key(self) -> str:
        """Return the beginning of the keys of all that the lesson draws."""
        return f"lesson.{self.lesson.front.id}"

    def show(self, text: str, values: Mapping[str, Any] | None = None) -> None:
        """Show an author's Markdown with a learner's numbers in it; HTML stays text."""
        if text.strip():
            st.markdown(normalised(fill(text, values or {}), self.addresses))

    def draw(self, question: Question, variant: int) -> Draw:
        """Return whose numbers a question has."""
        return Draw(self.secret, self.learner, self.lesson.front.id, question.id, variant)

    def attempts(self, question: Question) -> list[Attempt]:
        """Return the learner's attempts at a question, oldest first."""
        return self.history.setdefault(question.id, [])

    def keep(self, question: Question, attempt: Attempt) -> bool:
        """Store an attempt, once, and return whether it is saved; it counts on this page either way."""
        if attempt not in self.attempts(question):
            self.attempts(question).append(attempt)
        try:
            self.progress.record(attempt)
        except CnnLabError:
            log.exception("an attempt at %s was not saved", question.id)
            return False
        return True

    def note(self, kind: EventKind, question: Question) -> None:
        """Store that a hint or new numbers were asked for; losing that is no harm to the learner."""
        try:
            event = Event(learner=self.learner, kind=kind, lesson=self.lesson.front.id, question=question.id)
            self.progress.note(event)
        except CnnLabError:
            log.exception("an event of %s was not saved", question.id)


def attempt_of(
    context: LessonContext, question: Question, draw: Draw, given: tuple[Any, Grade, dict]
) -> Attempt:
    """Return what is stored of an answer, its verdict and the numbers it was about."""
    answer, verdict, values = given
    whole = Attempt(
        learner=context.learner,
        lesson=context.lesson.front.id,
        question=question.id,
        answer=answer,
        outcome=str(verdict.outcome),
        score=verdict.score,
        variant=draw.variant,
        params=values,
    )
    return replace(
        whole,
        key=answer_key(question, values),
        matched=verdict.matched,
        diagnosis=str(verdict.diagnosis.slip) if verdict.diagnosis else "",
        skill=question.skill,
        lesson_sha=context.sha,
    )
