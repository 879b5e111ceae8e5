"""What everything on one lesson's page shares: the lesson, the learner, and what they have answered so far.

It does not draw questions; it fills and shows an author's Markdown, and keeps attempts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import streamlit as st

from cnnlab.course.filling import fill
from cnnlab.course.grading import Grade, Setting, answer_key
from cnnlab.course.lesson import Block, Lesson, QuestionBlock
from cnnlab.course.mastery import Standing
from cnnlab.course.normalising import Addresses, normalised
from cnnlab.course.parameters import Draw
from cnnlab.course.progress import Attempt, Event, EventKind, Progress
from cnnlab.course.questions import AnyQuestion, Question
from cnnlab.course.status import LessonStatus, Status, lesson_status, standing_in, status_of
from cnnlab.course.versions import version_of
from cnnlab.errors import CnnLabError
from cnnlab.language import ENGLISH, writes_decimal_comma
from cnnlab.ui.languages import readable
from cnnlab.ui.problems import log


class AuthorsView(Protocol):
    """What a lesson's author sees besides what learners see."""

    def above(self, block: Block) -> bool:
        """Draw what belongs above a block, and return whether the block itself can be drawn."""
        ...

    def below(self, block: QuestionBlock, values: Mapping[str, Any]) -> None:
        """Draw what belongs below a question with these numbers."""
        ...


@dataclass(frozen=True, slots=True)
class LessonContext:
    """One lesson as one learner has it open; `sha` names its version; learners have no `author`.

    `history` has their attempts by question, `events` what else they did in it; both grow while it is open.
    `in_step` is true for what a guided sequence draws.
    """

    lesson: Lesson
    sha: str
    learner: str
    progress: Progress
    secret: bytes
    addresses: Addresses
    folder: Path
    history: dict[str, list[Attempt]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    author: AuthorsView | None = None
    in_step: bool = False

    @property
    def key(self) -> str:
        """Return the beginning of the keys of all that the lesson draws."""
        return f"lesson.{self.lesson.front.id}"

    @property
    def language(self) -> str:
        """Return the language that the lesson is written in."""
        return self.lesson.front.lang or ENGLISH

    def load(self) -> None:
        """Read what the learner has done in this lesson before."""
        lesson = self.lesson.front.id
        for attempt in self.progress.attempts(self.learner, lesson):
            self.history.setdefault(attempt.question, []).append(attempt)
        self.events.extend(self.progress.events_since_start(self.learner, lesson))

    def setting(self, values: Mapping[str, Any]) -> Setting:
        """Return what an answer is graded with."""
        return Setting(values, writes_decimal_comma(self.language))

    def show(self, text: str, values: Mapping[str, Any] | None = None) -> None:
        """Show an author's Markdown with a learner's numbers in it; HTML stays text."""
        if text.strip():
            st.markdown(readable(normalised(fill(text, values or {}), self.addresses)))

    def show_caption(self, text: str) -> None:
        """Show the author's words below a picture."""
        st.caption(readable(normalised(text, self.addresses)))

    def draw(self, question: Question, variant: int) -> Draw:
        """Return whose numbers a question has."""
        return Draw(self.secret, self.learner, self.lesson.front.id, question.id, variant)

    def attempts(self, question: Question) -> list[Attempt]:
        """Return the learner's attempts at a question, oldest first."""
        return self.history.setdefault(question.id, [])

    def last_variant(self, question: Question) -> int:
        """Return how often the learner has asked for new numbers, answered or not."""
        asked = [one for one in self.events if one.question == question.id]
        counts = [int(one.data.get("variant", 0)) for one in asked if one.kind is EventKind.NEW_NUMBERS]
        return max([*counts, *(one.variant for one in self.attempts(question))], default=0)

    def standing(self, question: Question) -> Standing:
        """Return where the learner stands with a question."""
        return standing_in(question, self.attempts(question))

    def status(self, question: Question) -> Status:
        """Return how far the learner is with a question."""
        return status_of(question, self.attempts(question), datetime.now(UTC))

    def lesson_status(self) -> LessonStatus:
        """Return how far the learner is with the lesson."""
        return lesson_status(self.lesson, self.history, datetime.now(UTC))

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

    def note(self, kind: EventKind, question: str = "", **data: Any) -> None:
        """Store what the learner did besides answering; losing that is no harm to them."""
        event = Event(
            learner=self.learner, kind=kind, lesson=self.lesson.front.id, question=question, data=data
        )
        self.events.append(event)
        try:
            self.progress.note(event)
        except CnnLabError:
            log.exception("an event of %s was not saved", event.lesson)


def attempt_of(
    context: LessonContext, question: AnyQuestion, draw: Draw, given: tuple[Any, Grade, dict]
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
        version=version_of(question, context.language),
    )
