"""How `{{n}}` in an author's text becomes the learner's number: names, and arithmetic with them.

It does not know Markdown: the text stays as it is outside the double braces.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cnnlab.course.expressions import Expression, Value, parse_expression

_PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """An expression between double braces, and the index in the text where the expression starts."""

    source: str
    start: int


def placeholders(text: str) -> Iterator[Placeholder]:
    r"""Yield what stands between double braces; the third brace of TeX around one is not part of it.

    >>> [(one.source, one.start) for one in placeholders(r"\frac{{{n}}}{2} and {{ n - k }}")]
    [('n', 8), ('n - k', 23)]
    """
    for found in _PLACEHOLDER.finditer(text):
        source = found[1].strip()
        yield Placeholder(source, found.start(1) + found[1].index(source))


@lru_cache(maxsize=4096)
def _parsed(source: str) -> Expression:
    return parse_expression(source)


def value_of(source: str, values: Mapping[str, Any]) -> Value:
    """Return the value of an author's expression; texts are parsed once a process."""
    return _parsed(source).evaluate(values)


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Return the text with its double braces computed; an `ExpressionError` names what cannot be.

    >>> fill("{{n}} − {{k}} + 1 = {{n - k + 1}}", {"n": 28, "k": 3})
    '28 − 3 + 1 = 26'
    """
    return _PLACEHOLDER.sub(lambda found: worded(value_of(found[1], values)), text)


def worded(value: Value) -> str:
    """Return a value as a person writes it: a real minus, six digits of a fraction, shapes in brackets.

    >>> worded((64, 28, 28)), worded(-0.5), worded(1 / 3)
    ('(64, 28, 28)', '−0.5', '0.333333')
    """
    if isinstance(value, tuple):
        inside = ", ".join(worded(one) for one in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return re.sub(r"^-", "−", text) if isinstance(value, int | float) else text
