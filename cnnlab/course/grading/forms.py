"""Whether an answer has the form that its kind of question has: ids, typed text, rows, or a state.

It does not look at what is said in that form. Answers come from a browser, so they may be anything.
"""

from collections.abc import Callable
from typing import Any

from cnnlab.course.questions import Kind


def _is_text(answer: Any) -> bool:
    return isinstance(answer, str)


def _is_texts(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(one, str) for one in answer)


def _is_named_texts(answer: Any) -> bool:
    return isinstance(answer, dict) and all(isinstance(one, str) for pair in answer.items() for one in pair)


def _is_rows(answer: Any) -> bool:
    return isinstance(answer, list | tuple) and all(
        isinstance(row, list | tuple)
        and all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in row)
        for row in answer
    )


def _is_state(answer: Any) -> bool:
    return answer is None or (isinstance(answer, dict) and all(isinstance(name, str) for name in answer))


_FORMS: dict[Kind, Callable[[Any], bool]] = {
    Kind.SINGLE: lambda answer: answer is None or _is_text(answer),
    Kind.MULTIPLE: _is_texts,
    Kind.NUMERIC: _is_text,
    Kind.SHAPE: _is_text,
    Kind.TABLE: _is_named_texts,
    Kind.ORDER: _is_texts,
    Kind.PREDICT: _is_named_texts,
    Kind.TEXT: _is_text,
    Kind.KERNEL: _is_rows,
    Kind.REACH: _is_state,
}


def has_form(kind: Kind, answer: Any) -> bool:
    """Return whether an answer can be looked at as one to this kind of question.

    >>> has_form(Kind.NUMERIC, "26"), has_form(Kind.NUMERIC, 26)
    (True, False)
    """
    return _FORMS[kind](answer)
