"""Whether a typed shape is right: all sizes, in their order.

It does not read the notation and recognises no mistakes; `numbers` and `diagnosis` do.
"""

from cnnlab.course.diagnosis import Shape, diagnose_shape
from cnnlab.course.expressions import ExpressionError, Value
from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.grading.grade import Explanation, Grade, Setting, matching, right, wrong
from cnnlab.course.grading.numbers import read_shape
from cnnlab.course.questions import ShapeQuestion


def as_shape(value: Value) -> Shape:
    """Return a value of the author's as a shape; `ExpressionError` unless it is whole numbers from 1."""
    sizes = value if isinstance(value, tuple) else (value,)
    whole = tuple(size for size in sizes if isinstance(size, int) and not isinstance(size, bool) and size > 0)
    if not whole or len(whole) != len(sizes):
        raise ExpressionError(
            f"{worded(value)} is no shape; give whole numbers from 1, such as (64, 28, 28)."
        )
    return whole


def grade_shape(question: ShapeQuestion, answer: str, setting: Setting) -> Grade:
    """Grade a typed shape."""
    given = read_shape(answer)
    target = as_shape(value_of(question.answer, setting.values))
    if given == target:
        return right()
    expected = matching(question.wrong, given, setting.values)
    if expected is not None:
        return wrong(expected)
    found = diagnose_shape(given, target)
    return wrong(Explanation("" if found else fill(question.feedback, setting.values), diagnosis=found))
