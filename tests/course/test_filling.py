"""Numbers in an author's text."""

import pytest

from cnnlab.course.expressions import ExpressionError
from cnnlab.course.filling import fill, placeholders, value_of, worded


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{n}} rows", "28 rows"),
        ("{{ n }} rows", "28 rows"),
        (r"$\frac{{{n}}}{2}$", r"$\frac{28}{2}$"),
        (r"$\frac{n}{2}$ and {n}", r"$\frac{n}{2}$ and {n}"),
        ("{{n // 2}} × {{n % 5}}", "14 × 3"),
        ("{{(1, n)}}", "(1, 28)"),
        ("{{k - n}}", "−25"),
        ("{{k / n}}", "0.107143"),
        ("{{n > k}} {{'same'}}", "yes same"),
        ("no numbers", "no numbers"),
        ("{{}}", "{{}}"),
    ],
)
def test_double_braces_are_computed_and_nothing_else_changes(text: str, filled: str):
    assert fill(text, {"n": 28, "k": 3}) == filled


def test_a_name_without_a_value_is_named():
    with pytest.raises(ExpressionError, match="`m` has no value"):
        fill("{{m}}", {"n": 28})


def test_placeholders_tell_where_their_expressions_start():
    text = "a {{n}} and {{ k + 1 }}"
    assert [text[one.start : one.start + len(one.source)] for one in placeholders(text)] == ["n", "k + 1"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (5, "5"),
        (-5, "−5"),
        (0.25, "0.25"),
        ((3,), "(3,)"),
        (((1, 2), (3, 4)), "((1, 2), (3, 4))"),
        (False, "no"),
    ],
)
def test_values_are_written_as_people_do(value, words: str):
    assert worded(value) == words


def test_a_value_is_that_of_the_expression():
    assert value_of("n * n", {"n": 7}) == 49
