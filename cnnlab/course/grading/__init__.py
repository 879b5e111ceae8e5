"""What an answer is worth: one verdict for every kind of question, from one call.

Standard library and `cnnlab.course` only; it neither shows a question nor stores an answer.
"""

from collections.abc import Callable
from typing import Any

from cnnlab.course.grading.choices import CERTAINTIES, grade_multiple, grade_predict, grade_single
from cnnlab.course.grading.forms import has_form
from cnnlab.course.grading.grade import Grade, Outcome, Setting, Unreadable, unreadable
from cnnlab.course.grading.kernel import grade_kernel
from cnnlab.course.grading.key import answer_key
from cnnlab.course.grading.number import grade_numeric, tolerance_in_words
from cnnlab.course.grading.order import grade_order
from cnnlab.course.grading.reach import grade_reach
from cnnlab.course.grading.shape import grade_shape
from cnnlab.course.grading.table import grade_table
from cnnlab.course.grading.words import grade_text
from cnnlab.course.questions import KIND_OF, Kind, Question
from cnnlab.language import translate

__all__ = [
    "CERTAINTIES",
    "Grade",
    "Outcome",
    "Setting",
    "answer_key",
    "grade",
    "tolerance_in_words",
]

_GRADERS: dict[Kind, Callable[[Any, Any, Setting], Grade]] = {
    Kind.SINGLE: grade_single,
    Kind.MULTIPLE: grade_multiple,
    Kind.NUMERIC: grade_numeric,
    Kind.SHAPE: grade_shape,
    Kind.TABLE: grade_table,
    Kind.ORDER: grade_order,
    Kind.PREDICT: grade_predict,
    Kind.TEXT: grade_text,
    Kind.KERNEL: grade_kernel,
    Kind.REACH: grade_reach,
}


def grade(question: Question, answer: Any, setting: Setting) -> Grade:
    """Return the verdict on an answer, which has the form that is also stored.

    single: a choice's id; multiple: ids; numeric, shape, text: what was typed; table: typed text by blank;
    order: item ids; predict: {"choice": id, "sure": one of CERTAINTIES}; kernel: rows; reach: the state.
    Nothing a learner can send raises; a mistake of the author's is an `ExpressionError`.
    """
    kind = KIND_OF[type(question)]
    if not has_form(kind, answer):
        return unreadable(
            translate("That does not look like an answer to this question. Reload the page, then try again.")
        )
    try:
        return _GRADERS[kind](question, answer, setting)
    except Unreadable as problem:
        return unreadable(str(problem))
