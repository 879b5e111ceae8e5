"""What a learner is told about an answer: its outcome, its score, and why.

It does not decide any of it: each kind of question has a module of its own beside this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cnnlab.course.clashes import value_or_none
from cnnlab.course.diagnosis import Diagnosis
from cnnlab.course.expressions import Value
from cnnlab.course.filling import fill
from cnnlab.course.questions import WrongAnswer
from cnnlab.errors import CnnLabError
from cnnlab.language import translate


class Outcome(StrEnum):
    """What became of an answer; an unreadable one is not an attempt, a recorded one is not scored."""

    UNREADABLE = "unreadable"
    WRONG = "wrong"
    RIGHT = "right"
    RECORDED = "recorded"


class Unreadable(CnnLabError):
    """An answer that cannot be read; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an answer is graded with: the learner's numbers, and whether their language writes 0,5."""

    values: Mapping[str, Any] = field(default_factory=dict)
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one answer; `score` is 0 to 1, None where nothing is scored.

    `message` is plain text, `feedback` the author's Markdown with its numbers filled in; `matched` names
    the author's answer that explains it; `marks` tells right from wrong part by part (cells of a table).
    """

    outcome: Outcome
    score: float | None
    message: str
    diagnosis: Diagnosis | None = None
    feedback: str = ""
    matched: str = ""
    marks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def is_attempt(self) -> bool:
        """Return whether the answer counts as a try."""
        return self.outcome is not Outcome.UNREADABLE


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an answer is wrong: the author's words for it, or a diagnosis."""

    feedback: str = ""
    matched: str = ""
    diagnosis: Diagnosis | None = None


def right(feedback: str = "", matched: str = "") -> Grade:
    """Return the verdict on a right answer."""
    return Grade(Outcome.RIGHT, 1.0, translate("Right."), feedback=feedback, matched=matched)


def wrong(why: Explanation, message: str = "", score: float = 0.0) -> Grade:
    """Return the verdict on a wrong answer; `message` is what else is known about it."""
    return Grade(Outcome.WRONG, score, not_yet(message), why.diagnosis, why.feedback, why.matched)


def not_yet(more: str = "") -> str:
    """Return the sentence that says that an answer is wrong, and what else is known about it."""
    sentence = translate("Not yet.")
    return f"{sentence} {more}".rstrip()


def unreadable(message: str) -> Grade:
    """Return the verdict on an answer that cannot be read."""
    return Grade(Outcome.UNREADABLE, None, message)


def matching(
    expected: tuple[WrongAnswer, ...], value: Value, values: Mapping[str, Any]
) -> Explanation | None:
    """Return the author's words for the first expected wrong answer with this value."""
    for one in expected:
        if value_or_none(one.answer, values) == value:
            return Explanation(fill(one.feedback, values), one.answer)
    return None
