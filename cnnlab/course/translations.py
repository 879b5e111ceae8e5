"""Whether a translated lesson asks the same as the lesson that it translates, and is as new.

Texts may differ; ids, numbers and answers may not, because learners keep their progress when they change
the language. It does not know languages.
"""

from typing import Any, Protocol

from cnnlab.course.lesson import Lesson
from cnnlab.course.mistakes import Findings
from cnnlab.course.questions import KIND_OF, AnyQuestion

_SAME = ("params", "where", "answer", "tolerance", "bias", "goal", "either_sign", "check", "partial")


class Translated(Protocol):
    """What is needed of a lesson's file."""

    @property
    def name(self) -> str:
        """Return the name of the file."""
        ...

    @property
    def lesson(self) -> Lesson | None:
        """Return the lesson."""
        ...

    @property
    def findings(self) -> Findings:
        """Return where mistakes are noted."""
        ...

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the text."""
        ...


def check_translation(one: Translated, source: Translated) -> None:
    """Note what a lesson has and its source has not, or has otherwise."""
    if one.lesson is None or source.lesson is None:
        return
    findings, front = one.findings, one.lesson.front
    place = findings.place_of("translation_of" if front.translation_of else front.id, 1, 60)
    help = f"compare it, then write `translation_of: {source.fingerprint}`"
    if not front.translation_of:
        message = "nothing tells which text this one translates"
        findings.warning("stale-translation", message, place, help)
    elif not source.fingerprint.startswith(front.translation_of[:12]):
        message = f"{source.name} has changed since it was translated"
        findings.warning("stale-translation", message, place, help)
    own = {question.id: question for question in one.lesson.questions}
    wanted = {question.id: question for question in source.lesson.questions}
    for name in wanted.keys() - own.keys():
        message = f"the question `{name}` of {source.name} is missing"
        findings.error("translation", message, findings.place_of(front.id, 1, 60), "translate it, too")
    for name, question in own.items():
        spot = findings.place_of(name, question.line, question.line + 20)
        if name not in wanted:
            message = f"{source.name} has no question `{name}`"
            findings.error("translation", message, spot, "use the ids of the source")
        elif decisive(question) != decisive(wanted[name]):
            message = f"the answers or the numbers differ from those in {source.name}"
            findings.error("translation", message, spot, "only texts may differ")


def decisive(question: AnyQuestion) -> tuple[Any, ...]:
    """Return everything that decides which answers are right, without texts in a language.

    >>> from cnnlab.course.questions import NumericQuestion
    >>> one = NumericQuestion(id="q", stem="How many?", answer="28")
    >>> decisive(one) == decisive(NumericQuestion(id="q", stem="Combien ?", answer="28"))
    True
    """
    same = tuple(repr(getattr(question, name, None)) for name in _SAME)
    choices = tuple((one.id, one.right) for one in getattr(question, "choices", ()))
    items = tuple(one.id for one in getattr(question, "items", ()))
    blanks = tuple((one.id, one.answer) for one in getattr(question, "blanks", ()))
    return (KIND_OF[type(question)], same, choices, items, blanks)
