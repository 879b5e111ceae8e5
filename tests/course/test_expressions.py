"""Arithmetic from authors: worth what Python or a hand says, and never code, endless or huge."""

import contextlib
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.course.expressions import ExpressionError, parse_expression


def value(source: str, **values: Any):
    return parse_expression(source).evaluate(values)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("64 * (3 * 5 * 5 + 1)", 4864),
        ("(32 + 2*0 - 5) // 1 + 1", 28),
        ("7 / 2", 3.5),
        ("1/3 * 3", 1),
        ("0.1 * 3", 0.3),
        ("-7 // 2", -4),
        ("7 % 3", 1),
        ("2 ** 10", 1024),
        ("floor(2.7) + ceil(2.1) + round(2.6)", 8),
        ("round(1/3, 2)", 0.33),
        ("abs(-3) + min(4, 2) + max(1, 9, 3)", 14),
        ("sqrt(49)", 7),
        ("log2(8) + log(1) + exp(0)", 4),
        ("(64, 7 * 4, 28)", (64, 28, 28)),
        ("5 if 2 > 1 and not 3 < 2 else 6", 5),
        ("1 < 2 < 3 or 1 / 0 > 1", True),
        ("3 × 3", 9),
        ("1e3 + .5", 1000.5),
        ("(1, 2) == (1, 2)", True),
        ("not True", False),
    ],
)
def test_an_expression_is_worth_what_a_hand_computes(source: str, expected: object):
    found = value(source)
    assert found == expected
    assert type(found) is type(expected)


def test_names_get_their_values():
    assert value("(n + 2*p - k) // s + 1", n=224, p=3, k=7, s=2) == 112
    assert value("mode == 'same' and kernel == (3, 3)", mode="same", kernel=[3, 3]) is True
    assert value("share * 4", share=0.25) == 1
    assert parse_expression("max(a_1, b)").names == {"a_1", "b"}


@given(
    st.lists(st.integers(-50, 50), min_size=5, max_size=5),
    st.lists(st.sampled_from("+-*"), min_size=4, max_size=4),
)
def test_whole_numbers_are_computed_as_python_does(numbers: list[int], signs: list[str]):
    source = str(numbers[0]) + "".join(
        f" {sign} ({number})" for sign, number in zip(signs, numbers[1:], strict=True)
    )
    assert value(source) == eval(source)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "nothing to compute"),
        ("1" * 201, "201 characters; it may have 200"),
        ("+".join(["1"] * 60), "119 parts; it may have 80|parts; it may have 80"),
        ("2 ^ 3", r"'\^' has no meaning.*Write \*\* for a power"),
        ("x[0]", r"'\[' has no meaning"),
        ("a; b", "';' has no meaning"),
        ("3x + 1", "runs into a letter"),
        ("(1 + 2", "is not arithmetic"),
        ("1 +", "is not arithmetic"),
        ("x.y", r"`x\.y` is not allowed; there are numbers"),
        ("open('f')", "no function `open`; there are floor"),
        ("flor(2)", "no function `flor`; did you mean floor"),
        ("max(*a)", r"not allowed|takes 2 to 20"),
        ("sqrt(1, 2)", "`sqrt` takes 1 values, not 2"),
        ("round(x=1)", "`round` takes 1 to 2 values"),
        ("1 in (1, 2)", "not allowed"),
        ("None", "not allowed"),
        ("__import__", "not a name that a value can have"),
        ("lambda a=1", "is not arithmetic|not allowed"),
        ("(x for x in y)", "not allowed"),
    ],
)
def test_what_is_not_arithmetic_is_refused_before_it_is_computed(source: str, message: str):
    with pytest.raises(ExpressionError, match=message):
        parse_expression(source)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "`1 / 0` divides by zero"),
        ("7 // (2 - 2)", "divides by zero"),
        ("0.5 % 0.0", "divides by zero"),
        ("sqrt(0 - 1)", "has no value for these numbers"),
        ("log(0)", "has no value for these numbers"),
        ("exp(1000)", "has no value for these numbers"),
        ("9**9**9**9", "exponent may be up to 32"),
        ("10**16", "is no number up to 1e"),
        ("(-8) ** 0.5", "is no number up to"),
        ("1e999", "is no number up to"),
        ("9" * 30, "is no number up to"),
        ("(1,) * 9", "is not a number"),
        ("'a' * 9", "is not a number"),
        ("True + 1", "is not a number"),
        ("1 and 2", "neither true nor false"),
        ("3 if 1 else 2", "neither true nor false"),
        ("'a' < 'b'", "compares what has no order"),
        ("round(2.5, 99)", "whole number of digits"),
        ("strid + 1", "`strid` has no value; did you mean `stride`"),
        ("zzz", "`zzz` has no value; there are stride here"),
    ],
)
def test_what_has_no_value_says_why(source: str, message: str):
    with pytest.raises(ExpressionError, match=message):
        value(source, stride=2)


def test_the_column_of_a_problem_is_where_it_stands():
    with pytest.raises(ExpressionError, match="no function") as caught:
        parse_expression("n + foo(2)")
    assert caught.value.column == 4


@pytest.mark.parametrize("source", ["(" * 300, "-" * 190, "((1/3)**32" + ")**32" * 1, "not " * 45 + "True"])
def test_nothing_hangs_or_overflows(source: str):
    start = time.perf_counter()
    with contextlib.suppress(ExpressionError):
        value(source)
    assert time.perf_counter() - start < 1


def test_towers_of_fractions_stay_small():
    tower = "(" * 9 + "1/3" + ")**32" * 9
    start = time.perf_counter()
    assert value(tower) == 0
    assert time.perf_counter() - start < 0.1
    assert value("exp(1)") == math.e


@given(st.text(alphabet="abn0123456789+-*/%().,<>=!'\" _eif ls:[]{}@\\\n\t×é", max_size=60))
def test_any_text_is_refused_or_has_a_value(source: str):
    try:
        parse_expression(source).evaluate({"a": 1, "b": 2.5, "n": (1, 2)})
    except ExpressionError as error:
        problem = error
    else:
        return
    assert str(problem)
    assert 0 <= problem.column <= len(source)
