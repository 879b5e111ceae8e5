"""Typed numbers: how they are read, when they count as right, and what a wrong one is told."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.course.expressions import ExpressionError
from cnnlab.course.grading import Grade, Outcome, Setting, grade, tolerance_in_words
from cnnlab.course.grading.grade import Unreadable
from cnnlab.course.grading.numbers import read_number
from cnnlab.course.questions import NumericQuestion, Tolerance, WrongAnswer


def asked(answer: str = "3*3*3*64 + 64", **more) -> NumericQuestion:
    return NumericQuestion(id="q", stem="How many?", answer=answer, **more)


def verdict(question: NumericQuestion, typed: str, **values: int | float) -> Grade:
    return grade(question, typed, Setting(values))


def slip(question: NumericQuestion, typed: str) -> str:
    found = verdict(question, typed).diagnosis
    return found.slip.value if found else ""


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1792", 1792),
        (" 1 792 ", 1792),
        ("1\u00a0792", 1792),
        ("1\u202f792", 1792),
        ("1,792", 1792),
        ("12,345,678", 12345678),
        ("1'792", 1792),
        ("1_792", 1792),
        ("+7", 7),
        ("−7", -7),
        ("0.5", Fraction(1, 2)),
        ("0,5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1/3", Fraction(1, 3)),
        ("50%", Fraction(1, 2)),
        ("12.5 %", Fraction(1, 8)),
        ("1.2e6", 1200000),
        ("1.2 × 10^6", 1200000),
        ("1.2·10**6", 1200000),
        ("5e-1", Fraction(1, 2)),
        ("\u0663\u066b\u0665", Fraction(7, 2)),
        ("\uff11\uff12", 12),
        ("\u200f1792\u200f", 1792),
        ("\u2066-3\u2069", -3),
        ("0,500", Fraction(1, 2)),
    ],
)
def test_a_number_is_read_in_every_usual_notation(typed: str, value: Fraction):
    assert read_number(typed) == value


# Digits, comma, decimal sign, percent and thousands sign as Arabic keyboards have them; Persian digits.
ARABIC = str.maketrans(
    "0123456789,.%_", "".join(map(chr, [*range(0x660, 0x66A), 0x60C, 0x66B, 0x66A, 0x66C]))
)
PERSIAN = str.maketrans("0123456789", "".join(map(chr, range(0x6F0, 0x6FA))))


@pytest.mark.parametrize("signs", [ARABIC, PERSIAN], ids=["arabic", "persian"])
@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1792", 1792),
        ("1_792", 1792),
        ("1,792", 1792),
        ("0,5", Fraction(1, 2)),
        ("0.5", Fraction(1, 2)),
        ("50%", Fraction(1, 2)),
        ("1/3", Fraction(1, 3)),
        ("−3", -3),
        ("1.2 × 10^6", 1200000),
    ],
)
def test_digits_of_other_scripts_are_read_as_ours_are(typed: str, value: Fraction, signs: dict[int, str]):
    assert read_number(typed.translate(signs)) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,792", Fraction("1.792")),
        ("1.792,5", Fraction("1792.5")),
        ("0,5", Fraction(1, 2)),
        ("1.5", Fraction(3, 2)),
    ],
)
def test_where_the_comma_is_decimal_it_never_parts_thousands(typed: str, value: Fraction):
    assert read_number(typed, decimal_comma=True) == value


def test_a_number_that_could_be_two_is_not_guessed():
    with pytest.raises(Unreadable, match=r"“1\.792” could be 1792 or 1,792"):
        read_number("1.792", decimal_comma=True)


def test_the_unit_may_be_typed():
    assert read_number("12 MiB", unit="MiB") == 12
    assert read_number("40 %", unit="%") == 40


@pytest.mark.parametrize(
    "typed",
    ["many", "1 2", "12px", "1,79,2", "0x10", "1/0", "nan", "inf", "1e99", "--1", "1.2.3", "3*3", "10²", "½"],
)
def test_what_is_no_number_is_said_and_is_no_attempt(typed: str):
    result = verdict(asked(), typed)
    assert (result.outcome, result.is_attempt, result.score) == (Outcome.UNREADABLE, False, None)
    assert "cannot be read as a number" in result.message


def test_reading_refuses_in_words():
    with pytest.raises(Unreadable, match="“many” cannot be read as a number"):
        read_number("many")
    with pytest.raises(Unreadable, match="Write a number first"):
        read_number("  ")
    with pytest.raises(Unreadable, match="at most 80 characters are read"):
        read_number("9" * 81)


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(typed: str):
    assert verdict(asked(), typed).outcome in set(Outcome)


@pytest.mark.parametrize("near_miss", ["1791", "1793", "1792.5", "1800", "1.79e3"])
def test_a_count_is_exact(near_miss: str):
    assert verdict(asked(), "1792").outcome is Outcome.RIGHT
    assert verdict(asked(), near_miss).outcome is Outcome.WRONG


def test_a_percentage_of_the_answer_is_not_accepted_for_counts():
    assert verdict(asked("9408"), "9500").outcome is Outcome.WRONG


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("99", "right"), ("101", "right"), ("98.9", "wrong"), ("101.1", "wrong"), ("98.999999", "wrong")],
)
def test_a_relative_tolerance_ends_exactly_where_it_says(typed: str, outcome: str):
    assert verdict(asked("100", tolerance=Tolerance(relative=0.01)), typed).outcome == outcome


@pytest.mark.parametrize(("typed", "outcome"), [("0.32", "right"), ("0.34", "right"), ("0.35", "wrong")])
def test_an_absolute_tolerance_is_in_the_unit_of_the_answer(typed: str, outcome: str):
    assert verdict(asked("1/3", tolerance=Tolerance(absolute=0.015)), typed).outcome == outcome


def test_a_fraction_whose_author_forgot_the_tolerance_is_not_impossible():
    assert verdict(asked("2/3"), "0.667").outcome is Outcome.RIGHT
    assert verdict(asked("2/3"), "0.66").outcome is Outcome.WRONG


def test_the_answer_uses_the_learners_numbers():
    question = asked("(n - k) // s + 1")
    assert verdict(question, "14", n=28, k=2, s=2).outcome is Outcome.RIGHT
    assert verdict(question, "13", n=28, k=3, s=2).outcome is Outcome.RIGHT


def test_an_expected_wrong_answer_gets_the_authors_words_with_the_learners_numbers():
    question = asked(
        "k * k * c * m + m",
        wrong=(WrongAnswer("k * k * m", "Each of the {{c}} channels has its own {{k}} × {{k}} weights."),),
        bias="m",
    )
    result = verdict(question, "576", k=3, c=3, m=64)
    assert result.feedback == "Each of the 3 channels has its own 3 × 3 weights."
    assert (result.matched, result.diagnosis, result.score) == ("k * k * m", None, 0.0)


def test_the_authors_words_come_before_a_diagnosis_and_that_before_general_words():
    plain = asked(feedback="Think of all channels.")
    assert verdict(plain, "3").feedback == "Think of all channels."
    assert verdict(plain, "179200").feedback == ""
    assert slip(plain, "179200") == "factor-of-ten"
    expected = asked(wrong=(WrongAnswer("179200", "No, not so many."),))
    assert verdict(expected, "179200").diagnosis is None


def test_a_wrong_answer_that_has_no_value_for_these_numbers_matches_nothing():
    question = asked("n + 5", wrong=(WrongAnswer("n / (n - 4)", "?"), WrongAnswer("n", "Add 5.")))
    assert verdict(question, "4", n=4).feedback == "Add 5."


@pytest.mark.parametrize(
    ("answer", "typed", "expected"),
    [
        ("1792", "-1792", "sign"),
        ("1792", "17920", "factor-of-ten"),
        ("1792", "1.792", "factor-of-ten"),
        ("0.25", "25", "percent"),
        ("1792", "1793", "off-by-one"),
        ("1792", "3584", "factor-of-two"),
        ("1792", "896", "factor-of-two"),
        ("4", "1/4", "inverse"),
        ("1792", "1700", ""),
        ("0", "1", "off-by-one"),
        ("0", "7", ""),
        ("1", "-1", "sign"),
    ],
)
def test_everybodys_slips_are_recognised(answer: str, typed: str, expected: str):
    assert slip(asked(answer), typed) == expected


@pytest.mark.parametrize("answer", ["4", "0.5", "900"])
def test_a_tolerance_makes_no_slip_of_an_answer_that_is_just_wrong(answer: str):
    loose = asked(answer, tolerance=Tolerance(absolute=0.01))
    assert slip(loose, "0") == ""
    assert slip(loose, "0.003") == ""


def test_a_slip_is_recognised_within_the_tolerance():
    assert slip(asked("0.3333", tolerance=Tolerance(relative=0.01)), "33.3") == "percent"


def test_a_percentage_asked_in_percent_is_told_from_a_fraction():
    assert slip(asked("25", unit="%"), "0.25") == "percent"


def test_forgotten_biases_are_recognised_where_the_author_counts_them():
    assert slip(asked(bias="64"), "1728") == "forgot-bias"
    assert slip(asked(), "1728") == ""


@given(st.integers(2, 10**9), st.fractions(min_value=-(10**6), max_value=10**6))
def test_no_diagnosis_tells_the_answer(answer: int, given_value: Fraction):
    found = verdict(asked(str(answer)), str(given_value)).diagnosis
    assert (
        found is None
        or answer < 101
        or set(str(answer)[1:]) == {"0"}
        or str(answer) not in found.sentence.replace(",", "")
    )


def test_what_counts_is_said_with_an_example_that_is_not_the_answer():
    assert tolerance_in_words(None) == "The exact number counts."
    assert tolerance_in_words(Tolerance(absolute=0.05)) == "Within 0.05 counts."
    assert (
        tolerance_in_words(Tolerance(relative=0.025))
        == "Within 2.5 % counts: for 100, anything from 97.5 to 102.5."
    )


def test_an_answer_that_is_no_number_is_the_authors_mistake():
    with pytest.raises(ExpressionError, match=r"\(1, 2\) is no number"):
        verdict(asked("(1, 2)"), "1")
