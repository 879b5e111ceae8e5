"""Whether two short texts are the same but for capitals, accents, spaces, articles and the final full stop.

It does not understand them. Without accepted answers a text is kept, and its writer compares.
"""

import re
import unicodedata

from cnnlab.course.filling import fill
from cnnlab.course.grading.grade import Explanation, Grade, Outcome, Setting, Unreadable, right, wrong
from cnnlab.course.questions import TextQuestion
from cnnlab.language import translate

LONGEST = 10_000
_ARTICLES = re.compile(r"\b(?:the|a|an)\b\s*")
_EDGES = " .,;:!?\"'“”\u2018\u2019`"


def same_words(one: str, other: str) -> bool:
    """Return whether two texts are the same to a reader who is not pedantic.

    >>> same_words("The  Receptive field.", "receptive field")
    True
    """
    return _tidied(one) == _tidied(other)


def _tidied(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    plain = re.sub(r"[\s\-\u2010\u2011_]+", " ", plain).strip(_EDGES)
    return _ARTICLES.sub("", plain) or plain


def grade_text(question: TextQuestion, answer: str, setting: Setting) -> Grade:
    """Grade words where the author lists accepted ones; else keep them beside the model answer."""
    if not answer.strip():
        raise Unreadable(translate("Write an answer first."))
    if len(answer) > LONGEST:
        message = translate("That is {n} characters; at most {most} are kept.")
        raise Unreadable(message.format(n=f"{len(answer):,}", most=f"{LONGEST:,}"))
    if not question.accepted:
        kept = translate("Your answer is kept. Now compare it with the model answer.")
        return Grade(Outcome.RECORDED, None, kept)
    if any(same_words(answer, fill(one, setting.values)) for one in question.accepted):
        return right()
    for expected in question.wrong:
        if same_words(answer, fill(expected.answer, setting.values)):
            return wrong(Explanation(fill(expected.feedback, setting.values), expected.answer))
    return wrong(Explanation(fill(question.feedback, setting.values)))
