"""Whether the ticked choices are the right ones: one of them, or each of them decided.

It does not show them; a choice is known by its id, so a shuffle changes nothing.
"""

from collections.abc import Sequence

from cnnlab.course.filling import fill
from cnnlab.course.grading.grade import (
    Explanation,
    Grade,
    Outcome,
    Setting,
    Unreadable,
    right,
    wrong,
)
from cnnlab.course.questions import Choice, MultipleQuestion, Partial, PredictQuestion, SingleQuestion
from cnnlab.language import mark, translate, translate_count

CERTAINTIES = (mark("guess"), mark("fairly"), mark("sure"))


def chosen(choices: Sequence[Choice], ids: Sequence[str]) -> list[Choice]:
    """Return the choices with these ids; `Unreadable` if there are none, or one is not offered."""
    known = {one.id: one for one in choices}
    if not ids:
        raise Unreadable(translate("Choose an answer first."))
    if not set(ids) <= set(known):
        raise Unreadable(
            translate("That choice is not offered any more; the lesson has changed. Choose again.")
        )
    return [one for one in choices if one.id in ids]


def grade_single(question: SingleQuestion, answer: str | None, setting: Setting) -> Grade:
    """Grade the id of one choice."""
    (choice,) = chosen(question.choices, [answer] if answer else [])
    feedback = fill(choice.feedback, setting.values)
    return right(feedback, choice.id) if choice.right else wrong(Explanation(feedback, choice.id))


def grade_multiple(question: MultipleQuestion, answer: Sequence[str], setting: Setting) -> Grade:
    """Grade the ids of all ticked choices; each choice is one decision."""
    ticked = {one.id for one in chosen(question.choices, answer)}
    told = [one for one in question.choices if one.id in ticked]
    missing = sum(one.right and one.id not in ticked for one in question.choices)
    surplus = [one for one in told if not one.right]
    if not missing and not surplus:
        return right(_joined(told, setting))
    decided = len(question.choices) - missing - len(surplus)
    count = translate("{n} of {all} decisions are right").format(n=decided, all=len(question.choices))
    message = translate("{count}; {gaps}.").format(count=count, gaps=_gaps(missing, len(surplus)))
    why = Explanation(_joined(surplus, setting), " ".join(one.id for one in surplus))
    return wrong(why, message, _partial(question, ticked))


def _joined(choices: Sequence[Choice], setting: Setting) -> str:
    return "\n\n".join(fill(one.feedback, setting.values) for one in choices if one.feedback)


def _gaps(missing: int, surplus: int) -> str:
    """Return what kind of decision is wrong, and not which."""
    parts = []
    if missing:
        parts.append(translate_count("one more belongs", "{n} more belong", missing))
    if surplus:
        parts.append(translate_count("one does not belong", "{n} do not belong", surplus))
    return translate(" and ").join(parts)


def _partial(question: MultipleQuestion, ticked: set[str]) -> float:
    """Return the part of the point: decisions that are right, or right less wrong ticks."""
    wanted = {one.id for one in question.choices if one.right}
    if question.partial is Partial.EACH:
        return 1 - len(ticked ^ wanted) / len(question.choices)
    if question.partial is Partial.NET:
        return max(0.0, (len(ticked & wanted) - len(ticked - wanted)) / len(wanted)) if wanted else 0.0
    return 0.0


def grade_predict(question: PredictQuestion, answer: dict[str, str], setting: Setting) -> Grade:
    """Record a prediction: a choice, and how sure the learner is; it earns and costs nothing."""
    (choice,) = chosen(question.choices, [answer["choice"]] if answer.get("choice") else [])
    if answer.get("sure") not in CERTAINTIES:
        raise Unreadable(translate("Say how sure you are: a guess, fairly sure, or sure."))
    message = translate("Your prediction is kept. Now see what happens.")
    return Grade(
        Outcome.RECORDED, None, message, feedback=fill(choice.feedback, setting.values), matched=choice.id
    )
