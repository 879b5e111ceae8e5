"""Kernels judged by what they do: well-known ones do their deed, and no other deed."""

import numpy
import pytest
from scipy.signal import correlate2d

from cnnlab.course.expressions import ExpressionError
from cnnlab.course.grading import Grade, Outcome, Setting, grade
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.kernel import as_rows, likeness, read_rows
from cnnlab.course.grading.pictures import PICTURES, responses
from cnnlab.course.questions import KernelGoal, KernelQuestion, WrongAnswer

SOBEL = "((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))"
KERNELS = {
    "sobel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "prewitt": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "central difference": [[0, 0, 0], [-1, 0, 1], [0, 0, 0]],
    "sobel, light to dark": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "sobel, turned": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "diagonal": [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]],
    "mean": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "gauss": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "shift": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    "zeros": [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
}
DOES = {
    KernelGoal.VERTICAL_EDGES: {"sobel", "prewitt", "central difference", "sobel, light to dark"},
    KernelGoal.HORIZONTAL_EDGES: {"sobel, turned"},
    KernelGoal.BLUR: {"mean", "gauss"},
    KernelGoal.SHARPEN: {"sharpen"},
    KernelGoal.IDENTITY: {"identity"},
    KernelGoal.SAME: {"sobel"},
}


def asked(goal: KernelGoal = KernelGoal.SAME, **more) -> KernelQuestion:
    return KernelQuestion(id="q", stem="Make a kernel.", answer=SOBEL, goal=goal, **more)


def verdict(question: KernelQuestion, name: str, scale: float = 1) -> Grade:
    return grade(question, [[str(one * scale) for one in row] for row in KERNELS[name]], Setting())


@pytest.mark.parametrize("goal", list(KernelGoal))
@pytest.mark.parametrize("name", list(KERNELS))
def test_a_kernel_is_right_exactly_where_it_does_what_is_asked(goal: KernelGoal, name: str):
    for scale in (1, 0.25, 30):
        result = verdict(asked(goal), name, scale)
        assert (result.outcome is Outcome.RIGHT) is (name in DOES[goal]), result.message
        assert result.outcome is Outcome.RIGHT or len(result.message) > len("Not yet. ")


@pytest.mark.parametrize(
    ("goal", "name", "words"),
    [
        (KernelGoal.VERTICAL_EDGES, "mean", "the weights add up to 9, not to 0"),
        (KernelGoal.VERTICAL_EDGES, "sobel, turned", "hardly answers at a vertical edge"),
        (KernelGoal.VERTICAL_EDGES, "laplacian", "also answers at a horizontal edge"),
        (KernelGoal.HORIZONTAL_EDGES, "diagonal", "also answers at a vertical edge"),
        (KernelGoal.BLUR, "sobel", "keep the brightness of a flat picture"),
        (KernelGoal.BLUR, "sharpen", "a weight is negative"),
        (KernelGoal.BLUR, "identity", "spread the weights"),
        (KernelGoal.SHARPEN, "laplacian", "keep the brightness of a flat picture"),
        (KernelGoal.SHARPEN, "gauss", "does not make a vertical edge steeper"),
        (KernelGoal.IDENTITY, "shift", "is not the one that went in"),
        (KernelGoal.SAME, "sobel, light to dark", "opposite sign"),
        (KernelGoal.SAME, "mean", "agree to 16%"),
        (KernelGoal.SAME, "zeros", "answers 0 everywhere"),
    ],
)
def test_a_wrong_kernel_is_told_what_it_does(goal: KernelGoal, name: str, words: str):
    assert words in verdict(asked(goal), name).message


def test_the_other_sign_is_right_where_the_author_says_so():
    assert verdict(asked(either_sign=True), "sobel, light to dark").outcome is Outcome.RIGHT


def test_weights_may_be_rounded():
    third = KernelQuestion(id="q", stem="", answer="((1/3, 1/3, 1/3),)")
    assert grade(third, [["0.33", "1/3", "0.34"]], Setting()).outcome is Outcome.RIGHT
    assert grade(third, [["0.3", "0.3", "0.4"]], Setting()).outcome is Outcome.WRONG


def test_an_expected_kernel_gets_the_authors_words_and_others_general_ones():
    question = asked(
        KernelGoal.VERTICAL_EDGES,
        wrong=(WrongAnswer("((-1, -2, -1), (0, 0, 0), (1, 2, 1))", "That one is turned."),),
        feedback="Compare left with right.",
    )
    assert verdict(question, "sobel, turned", 3).feedback == "That one is turned."
    assert verdict(question, "mean").feedback == "Compare left with right."


@pytest.mark.parametrize("name", list(PICTURES))
@pytest.mark.parametrize("kernel", [KERNELS["diagonal"], [[1, 2], [3, 5]], [[1, -2, 4, 8]]])
def test_responses_are_those_of_scipy(name: str, kernel: list[list[float]]):
    height, width = len(kernel), len(kernel[0])
    rows, columns = range(1 - height, height), range(1 - width, width)
    picture = numpy.array([[PICTURES[name](row, column) for column in columns] for row in rows])
    expected = correlate2d(picture, numpy.array(kernel, float), mode="valid")
    found = responses(tuple(tuple(map(float, row)) for row in kernel), name)
    numpy.testing.assert_allclose(numpy.reshape(found, expected.shape), expected, rtol=0, atol=1e-12)


def test_kernels_of_different_sizes_are_not_alike():
    assert likeness(((1.0,),), ((1.0, 0.0),)) == 0.0
    assert likeness(((0.0,),), ((1.0,),)) == 0.0


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["1", "2"], ["3", "4"]], "3 × 3 weights; fill in all of them"),
        ([["1"] * 3, ["1"] * 2, ["1"] * 3], "3 × 3 weights"),
        ([["1", "x", "1"], ["1"] * 3, ["1"] * 3], "Row 1, column 2: “x” cannot be read as a number"),
        ([["1"] * 3, ["1"] * 3, ["1", "1", ""]], "Row 3, column 3: Write a number first"),
        ([["1"] * 3, ["1e9"] * 3, ["1"] * 3], "Row 2, column 1: weights go up to 1,000,000"),
    ],
)
def test_a_kernel_that_cannot_be_read_is_no_attempt(rows: list[list[str]], words: str):
    result = grade(asked(), rows, Setting())
    assert not result.is_attempt
    with pytest.raises(Unreadable, match=words):
        read_rows(rows, as_rows(((-1, 0, 1),) * 3), Setting())


@pytest.mark.parametrize("value", [3, (), ((),), ((1, 2), (3,)), ((1, "a"),), (1, 2), ((True,),)])
def test_an_answer_that_is_no_kernel_is_the_authors_mistake(value):
    with pytest.raises(ExpressionError, match="is no kernel"):
        as_rows(value)


def test_a_kernel_that_is_nearly_the_one_asked_for_does_not_agree_to_all():
    gauss = KernelQuestion(id="q", stem="", answer="((1, 2, 1), (2, 4, 2), (1, 2, 1))")
    found = grade(gauss, [["1"] * 3] * 3, Setting())
    assert found.outcome is Outcome.WRONG
    assert "agree to 99%" in found.message
