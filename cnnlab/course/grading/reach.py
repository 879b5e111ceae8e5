"""Whether a widget is in the state that was asked for.

It does not know the widget: it is given the state by readable names and an author's condition on them.
"""

from collections.abc import Mapping
from typing import Any

from cnnlab.course.clashes import value_or_none
from cnnlab.course.expression_syntax import LARGEST, ExpressionError
from cnnlab.course.expressions import Value, parse_expression
from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.grading.grade import Explanation, Grade, Setting, Unreadable, right, wrong
from cnnlab.course.questions import ReachQuestion
from cnnlab.language import translate


def grade_reach(question: ReachQuestion, answer: Mapping[str, Any] | None, setting: Setting) -> Grade:
    """Grade the state that a widget has published; names it lacks make it unreadable."""
    state = {name: value for name, value in (answer or {}).items() if _is_plain(value)}
    known = {**state, **setting.values}
    wanted = parse_expression(question.check).names
    if answer is not None and not answer:
        raise Unreadable(
            translate("The lab cannot work as it is set; it says what to change. Then check again.")
        )
    if not state or not wanted <= known.keys():
        raise Unreadable(
            translate("The lab has not told its settings yet. Change a setting in it, then check again.")
        )
    if _holds(question.check, known):
        return right()
    now = ", ".join(f"{name} = {worded(_tupled(known[name]))}" for name in sorted(wanted & state.keys()))
    message = translate("Now: {now}.").format(now=now)
    for expected in question.wrong:
        if value_or_none(expected.answer, known) is True:
            return wrong(Explanation(_filled(expected.feedback, known), expected.answer), message)
    return wrong(Explanation(_filled(question.feedback, known)), message)


def _holds(check: str, known: Mapping[str, Any]) -> bool:
    try:
        return value_of(check, known) is True
    except ExpressionError as problem:
        message = translate("The lab's settings cannot be compared with what is asked. {problem}")
        raise Unreadable(message.format(problem=problem)) from None


def _filled(feedback: str, known: Mapping[str, Any]) -> str:
    """Return the author's words, or none where they speak of a setting that the lab has not told."""
    try:
        return fill(feedback, known)
    except ExpressionError:
        return ""


def _is_plain(value: Any) -> bool:
    """Return whether a value from the browser is something that a condition can be about."""
    if isinstance(value, list | tuple):
        return len(value) <= 64 and all(_is_plain(one) for one in value)
    if isinstance(value, int | float):
        return abs(value) <= LARGEST
    return isinstance(value, str) and len(value) <= 100


def _tupled(value: Any) -> Value:
    return tuple(_tupled(one) for one in value) if isinstance(value, list | tuple) else value
