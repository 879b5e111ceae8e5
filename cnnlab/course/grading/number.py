"""Whether a typed number is right: exactly where it is whole, else within the author's tolerance.

It does not read the number's notation and recognises no mistakes; `numbers` and `diagnosis` do.
"""

from fractions import Fraction

from cnnlab.course.clashes import value_or_none
from cnnlab.course.diagnosis import RightNumber, diagnose_number
from cnnlab.course.expressions import ExpressionError, Value
from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.grading.grade import Explanation, Grade, Setting, right, wrong
from cnnlab.course.grading.numbers import read_number
from cnnlab.course.questions import NumericQuestion, Tolerance
from cnnlab.language import translate

# For an answer that turns out to be no whole number although its author gave no tolerance.
UNPLANNED = Tolerance(relative=0.005)


def exact(value: Value) -> Fraction:
    """Return a number of the author's as a fraction: 0.1 is one tenth; `ExpressionError` if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"{worded(value)} is no number, so no answer can be compared with it.")
    return Fraction(repr(value))


def is_near(given: Fraction, target: Fraction, tolerance: Tolerance | None) -> bool:
    """Return whether a number counts as the target: exactly without a tolerance, if the target is whole.

    >>> is_near(Fraction(9500), Fraction(9408), None)
    False
    """
    if tolerance is None:
        if target.denominator == 1:
            return given == target
        tolerance = UNPLANNED
    allowed = max(exact(tolerance.absolute), exact(tolerance.relative) * abs(target))
    return abs(given - target) <= allowed


def tolerance_in_words(tolerance: Tolerance | None) -> str:
    """Return what counts as right, for people: with an example that is not the answer.

    >>> tolerance_in_words(Tolerance(relative=0.01))
    'Within 1 % counts: for 100, anything from 99 to 101.'
    """
    if tolerance is None:
        return translate("The exact number counts.")
    if tolerance.relative:
        percent = exact(tolerance.relative) * 100
        low, high = (worded(float(100 + sign * percent)) for sign in (-1, 1))
        sentence = translate("Within {percent} % counts: for 100, anything from {low} to {high}.")
        return sentence.format(percent=f"{float(percent):g}", low=low, high=high)
    return translate("Within {distance} counts.").format(distance=f"{tolerance.absolute:g}")


def grade_numeric(question: NumericQuestion, answer: str, setting: Setting) -> Grade:
    """Grade a typed number."""
    given = read_number(answer, question.unit, setting.decimal_comma)
    target = exact(value_of(question.answer, setting.values))
    if is_near(given, target, question.tolerance):
        return right()
    for expected in question.wrong:
        value = value_or_none(expected.answer, setting.values)
        if value is not None and is_near(given, exact(value), question.tolerance):
            return wrong(Explanation(fill(expected.feedback, setting.values), expected.answer))
    bias = exact(value_of(question.bias, setting.values)) if question.bias else Fraction(0)
    known = RightNumber(
        target, bias, question.unit, lambda one, other: is_near(one, other, question.tolerance)
    )
    found = diagnose_number(given, known)
    general = "" if found else fill(question.feedback, setting.values)
    return wrong(Explanation(general, diagnosis=found))
