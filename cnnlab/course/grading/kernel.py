"""Whether a kernel does what was asked: judged by its responses to test pictures, not by its weights.

It does not draw the responses. Any positive scale of a kernel does the same deed.
"""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

from cnnlab.course.clashes import value_or_none
from cnnlab.course.expressions import ExpressionError, Value
from cnnlab.course.filling import fill, value_of, worded
from cnnlab.course.grading.grade import Explanation, Grade, Setting, Unreadable, right, wrong
from cnnlab.course.grading.numbers import read_number
from cnnlab.course.grading.pictures import PICTURES, Rows, responses
from cnnlab.course.questions import KernelGoal, KernelQuestion
from cnnlab.language import mark, translate, translate_marked

# Two kernels do the same when their responses point the same way; less than 1 for weights typed as 0.33.
SAME_FROM = 0.999
SLIGHT = 0.02  # of the sum of the weights' sizes: what still counts as no response
CLEAR = 0.1
OVERSHOOT = 0.05
LARGEST_WEIGHT = 10**6


def grade_kernel(
    question: KernelQuestion, answer: Sequence[Sequence[str | float]], setting: Setting
) -> Grade:
    """Grade the rows of a kernel, each weight typed or a number."""
    example = as_rows(value_of(question.answer, setting.values))
    given = read_rows(answer, example, setting)
    if not any(weight for row in given for weight in row):
        return wrong(Explanation(), translate("A kernel of zeros answers 0 everywhere."))
    problem = _problem(question, given, example)
    if problem is None:
        return right()
    for expected in question.wrong:
        value = value_or_none(expected.answer, setting.values)
        if value is not None and likeness(given, as_rows(value)) >= SAME_FROM:
            why = Explanation(fill(expected.feedback, setting.values), expected.answer)
            return wrong(why, problem)
    return wrong(Explanation(fill(question.feedback, setting.values)), problem)


def as_rows(value: Value) -> Rows:
    """Return an author's kernel as rows of floats; `ExpressionError` unless it is a full grid of numbers."""
    rows = value if isinstance(value, tuple) else ()
    grid = [list(row) if isinstance(row, tuple) else [] for row in rows]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for row in grid for one in row)
    if not grid or not grid[0] or len({len(row) for row in grid}) > 1 or not numbers:
        raise ExpressionError(f"{worded(value)} is no kernel; give rows, such as ((0, 1), (1, 0)).")
    return tuple(tuple(float(one) for one in row if isinstance(one, int | float)) for row in grid)


def read_rows(answer: Sequence[Sequence[str | float]], example: Rows, setting: Setting) -> Rows:
    """Return a learner's kernel, or raise `Unreadable`: it has the size of the example."""
    height, width = len(example), len(example[0])
    if len(answer) != height or any(len(row) != width for row in answer):
        message = translate("The kernel has {height} × {width} weights; fill in all of them.")
        raise Unreadable(message.format(height=height, width=width))
    return tuple(
        tuple(_weight(one, (i, j), setting) for j, one in enumerate(row, 1))
        for i, row in enumerate(answer, 1)
    )


def _weight(typed: str | float, place: tuple[int, int], setting: Setting) -> float:
    try:
        weight = float(read_number(str(typed), decimal_comma=setting.decimal_comma))
    except Unreadable as problem:
        raise Unreadable(_at(place, str(problem))) from None
    if abs(weight) > LARGEST_WEIGHT:
        most = translate("weights go up to {most}.").format(most=f"{LARGEST_WEIGHT:,}")
        raise Unreadable(_at(place, most))
    return weight


def _at(place: tuple[int, int], problem: str) -> str:
    message = translate("Row {row}, column {column}: {problem}")
    return message.format(row=place[0], column=place[1], problem=problem)


def _problem(question: KernelQuestion, given: Rows, example: Rows) -> str | None:
    """Return what the kernel does not do, or None if it does what was asked."""
    if question.goal is KernelGoal.SAME:
        alike = likeness(given, example)
        if alike >= SAME_FROM or (question.either_sign and alike <= -SAME_FROM):
            return None
        if alike <= -SAME_FROM:
            return translate("It answers with the opposite sign.")
        said = translate("Its answers to the test pictures agree to {share} with the ones asked for.")
        share = min(max(0.0, alike), 0.99)  # a wrong one never agrees to 100 %
        return said.format(share=f"{share:.0%}")
    return _DEEDS[question.goal](given)


def likeness(one: Rows, other: Rows) -> float:
    """Return the cosine between two kernels' responses to all test pictures: 1 up to scale, −1 for opposite.

    >>> round(likeness(((-1, 0, 1),), ((-2, 0, 2),)), 9)
    1.0
    """
    if (len(one), len(one[0])) != (len(other), len(other[0])):
        return 0.0
    first, second = ([v for name in PICTURES for v in responses(kernel, name)] for kernel in (one, other))
    sizes = sqrt(sum(v * v for v in first)) * sqrt(sum(v * v for v in second))
    return sum(a * b for a, b in zip(first, second, strict=True)) / sizes if sizes else 0.0


def _strength(kernel: Rows, picture: str) -> float:
    """Return the strongest response, as a fraction of what weights of these sizes could give."""
    return max(map(abs, responses(kernel, picture))) / sum(abs(weight) for row in kernel for weight in row)


_HARDLY = {
    "vertical": mark("It hardly answers at a vertical edge."),
    "horizontal": mark("It hardly answers at a horizontal edge."),
}
_ALSO = {
    "vertical": mark("It also answers at a vertical edge."),
    "horizontal": mark("It also answers at a horizontal edge."),
}
_BLUNT = {
    "vertical": mark("It does not make a vertical edge steeper than it was."),
    "horizontal": mark("It does not make a horizontal edge steeper than it was."),
}
_DARKER = mark(
    "It does not keep the brightness of a flat picture: the weights have to add up to more than 0."
)


def _edges(kernel: Rows, wanted: str, other: str) -> str | None:
    if _strength(kernel, "flat") > SLIGHT:
        total = worded(round(sum(map(sum, kernel)), 6))
        said = translate(
            "It also answers where the picture is flat: the weights add up to {total}, not to 0."
        )
        return said.format(total=total)
    if _strength(kernel, wanted) < CLEAR:
        return translate_marked(_HARDLY[wanted])
    if _strength(kernel, other) > SLIGHT:
        return translate_marked(_ALSO[other])
    return None


def _blur(kernel: Rows) -> str | None:
    flat, point = responses(kernel, "flat")[0], responses(kernel, "point")
    if flat <= 0:
        return translate_marked(_DARKER)
    if min(point) < 0:
        return translate("It makes something darker where a point is bright: a weight is negative.")
    if max(point) > flat / 2:
        return translate("A bright point stays one bright point: spread the weights.")
    return None


def _sharpen(kernel: Rows) -> str | None:
    flat = responses(kernel, "flat")[0]
    if flat <= 0 or _strength(kernel, "flat") <= SLIGHT:
        return translate_marked(_DARKER)
    for picture in ("vertical", "horizontal"):
        values = [one / flat for one in responses(kernel, picture)]
        if not (min(values) < -OVERSHOOT and max(values) > 1 + OVERSHOOT):
            return translate_marked(_BLUNT[picture])
    return None


def _identity(kernel: Rows) -> str | None:
    height, width = len(kernel), len(kernel[0])
    centre = tuple(
        tuple(float(i == height // 2 and j == width // 2) for j in range(width)) for i in range(height)
    )
    return (
        None
        if likeness(kernel, centre) >= SAME_FROM
        else translate("The picture that comes out is not the one that went in.")
    )


_DEEDS: Mapping[KernelGoal, Callable[[Rows], str | None]] = {
    KernelGoal.VERTICAL_EDGES: lambda kernel: _edges(kernel, "vertical", "horizontal"),
    KernelGoal.HORIZONTAL_EDGES: lambda kernel: _edges(kernel, "horizontal", "vertical"),
    KernelGoal.BLUR: _blur,
    KernelGoal.SHARPEN: _sharpen,
    KernelGoal.IDENTITY: _identity,
}
