"""Sizes that depend on the input's: small expressions in the sizes of earlier steps, written as lists.

`["//", ["size", 4, 1], 2]` is half the size along axis 1 of what step 4 gave; step -1 is the input,
and axis 0 is the batch. It does not know how they are found: `recorder` watches a model compute them.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

Shape = tuple[int, ...]

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "/": lambda a, b: Fraction(a) / Fraction(b),
    "ceil": ceil,
    "floor": floor,
    "round": round,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def is_expression(value: object) -> bool:
    """Whether a setting has to be computed: a list that begins with "size" or with an operator."""
    return (
        isinstance(value, list | tuple) and bool(value) and isinstance(value[0], str) and value[0] in _WORDS
    )


_WORDS = frozenset({"size", *OPERATORS})


def evaluate(expression: Any, shapes: Callable[[int], Shape]) -> Any:
    """Compute an expression; `shapes` gives the shape, with its batch axis, of a step's output.

    >>> evaluate(["//", ["size", 4, 1], 2], {4: (1, 58, 28, 28)}.__getitem__)
    29
    """
    if not is_expression(expression):
        return expression
    word, *rest = expression
    if word == "size":
        step, axis = rest
        return shapes(step)[axis]
    return OPERATORS[word](*(evaluate(one, shapes) for one in rest))


def resolve(value: Any, shapes: Callable[[int], Shape]) -> Any:
    """Compute every expression inside a setting; lists come back as tuples."""
    if is_expression(value):
        return evaluate(value, shapes)
    if isinstance(value, list | tuple):
        return tuple(resolve(one, shapes) for one in value)
    return value


def depends_on_sizes(value: Any) -> bool:
    """Whether a setting holds an expression somewhere."""
    if isinstance(value, Mapping):
        return any(depends_on_sizes(one) for one in value.values())
    if is_expression(value):
        return True
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(depends_on_sizes, value))


def written(expression: Any) -> str:
    """Write an expression for people.

    >>> written(["==", ["%", ["size", -1, 2], 7], 0])
    'height of the input % 7 == 0'
    """
    if not is_expression(expression):
        return str(expression)
    word, *rest = expression
    if word == "size":
        step, axis = rest
        name = {0: "batch", 1: "channels", 2: "height", 3: "width"}.get(axis, f"axis {axis}")
        return f"{name} of {'the input' if step < 0 else f'step {step + 1}'}"
    if len(rest) == 1:
        return f"{word}({written(rest[0])})"
    left, right = (
        f"({written(one)})" if _compound(one) and word not in _LOOSE else written(one) for one in rest
    )
    return f"{left} {word} {right}"


_LOOSE = frozenset({"==", "!=", "<", "<=", ">", ">="})


def _compound(expression: Any) -> bool:
    return is_expression(expression) and expression[0] != "size" and len(expression) > 2
