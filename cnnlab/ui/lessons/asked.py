"""What a learner is asked now: which numbers, what they have answered to them, and whether it is a review.

A review asks anew: with numbers that nobody has tried, or with an empty field. So does a question whose key
the author has changed. It does not draw and does not grade.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cnnlab.course.grading import Outcome
from cnnlab.course.mastery import Standing, next_variant
from cnnlab.course.parameters import Draw, draw
from cnnlab.course.progress import Attempt
from cnnlab.course.questions import AnyQuestion, PredictQuestion
from cnnlab.course.versions import version_of, was_changed
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.inputs import Place


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking of a question: `attempts` are those made in it, `changed` the last one to an older key."""

    place: Place
    attempts: list[Attempt]
    standing: Standing
    is_due: bool
    changed: Attempt | None


def asked_now(context: LessonContext, question: AnyQuestion) -> Asked:
    """Return what a learner is asked, from all that they have answered."""
    now = datetime.now(UTC)
    history, found = context.attempts(question), context.standing(question)
    number, before = found.round_at(now)
    is_due = found.is_due(now)
    variant = _variant(context, question, is_due)
    same = [one for one in history[before:] if one.variant == variant]
    changed = [one for one in same if was_changed(question, one, context.language)]
    attempts = [one for one in same if one not in changed]
    numbers = context.draw(question, variant)
    place = Place(
        key=_key(context, question, number, bool(changed)),
        draw=numbers,
        values=_values(question, numbers, attempts),
        before=attempts[-1].answer if attempts else None,
        locked=_is_over(question, attempts),
    )
    return Asked(place, attempts, found, is_due, changed[-1] if changed and not attempts else None)


def variant_key(context: LessonContext, question: AnyQuestion) -> str:
    """Return under which key the session keeps which numbers a learner has."""
    return f"{context.key}.{question.id}.variant"


def _variant(context: LessonContext, question: AnyQuestion, is_due: bool) -> int:
    key = variant_key(context, question)
    tries = [one.as_try for one in context.attempts(question)]
    variant = st.session_state.setdefault(key, context.last_variant(question))
    if is_due and question.params and any(one.variant == variant for one in tries):
        variant = st.session_state[key] = next_variant(tries)
    return variant


def _key(context: LessonContext, question: AnyQuestion, review: int, is_changed: bool) -> str:
    """Return the beginning of the keys of the fields; whatever is asked anew has fields of its own."""
    key = f"{context.key}.{question.id}"
    key += f"~{review}" if review else ""
    return f"{key}~{version_of(question, '')[-8:]}" if is_changed else key


def _values(question: AnyQuestion, numbers: Draw, attempts: list[Attempt]) -> dict[str, Any]:
    """Return the learner's numbers; those that were answered stay, whatever would be drawn today."""
    return dict(attempts[-1].params) if attempts else draw(question, numbers)


def _is_over(question: AnyQuestion, attempts: list[Attempt]) -> bool:
    if isinstance(question, PredictQuestion):
        return bool(attempts)
    solved = any(one.outcome == Outcome.RIGHT for one in attempts)
    return solved or bool(question.attempts and len(attempts) >= question.attempts)
