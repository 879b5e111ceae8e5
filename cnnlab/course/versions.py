"""Which version of a question an answer was given to, and whether the author has changed its key since.

A version is a fingerprint of what decides which answers are right, so that better words leave it as it is.
It does not store attempts.
"""

import hashlib

from cnnlab.course.grading import Setting, answer_key, grade
from cnnlab.course.progress import Attempt
from cnnlab.course.questions import AnyQuestion
from cnnlab.course.translations import decisive
from cnnlab.errors import CnnLabError


def version_of(question: AnyQuestion, language: str) -> str:
    """Return the language of a question and the fingerprint of its key, such as `en:3f2a…`."""
    key = (*decisive(question), getattr(question, "accepted", ()))
    return f"{language}:{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}"


def was_changed(question: AnyQuestion, attempt: Attempt, language: str) -> bool:
    """Return whether the author has changed the key since, so that this answer is judged otherwise today.

    What was answered in another language is not compared: the check sees to it that translations agree.
    """
    language_then = attempt.version.partition(":")[0]
    if attempt.version == version_of(question, language) or language_then not in ("", language):
        return False
    try:
        key = answer_key(question, attempt.params)
        outcome = grade(question, attempt.answer, Setting(attempt.params)).outcome
    except CnnLabError:
        return True  # the numbers of then do not fit the question of today
    return key != attempt.key or outcome != attempt.outcome
