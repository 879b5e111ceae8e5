"""What an author's arithmetic is worth: answers, tolerances and conditions, without running any code.

It does not know questions or lessons: it is given a text and the values of its names. Fractions stay exact
until the end, so 1/3 * 3 is 1. Everything has a cap, so no expression can be slow or huge.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from cnnlab.course.expression_syntax import (
    BINARY,
    COMPARISONS,
    FUNCTIONS,
    LARGEST,
    LARGEST_EXPONENT,
    ExpressionError,
    read_syntax,
    short,
)

__all__ = ["Expression", "ExpressionError", "Value", "parse_expression"]

Value = int | float | bool | str | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, the names that it uses, and how to get its value."""

    source: str
    names: frozenset[str]
    tree: ast.expr = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, Any]) -> Value:
        """Return the value when each name stands for the given one; whole results are ints.

        >>> parse_expression("(n + 2*p - k) // s + 1").evaluate({"n": 32, "p": 2, "k": 5, "s": 1})
        32
        """
        return _plain(_evaluate(self.tree, values))


def parse_expression(source: str) -> Expression:
    """Read and check an expression; an `ExpressionError` says what is not allowed, and in which column.

    >>> sorted(parse_expression("k * k * c_in").names)
    ['c_in', 'k']
    """
    text = source.strip().replace("×", "*")
    tree, names = read_syntax(text)
    return Expression(text, names, tree)


def _evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    return _EVALUATORS[type(node)](node, values)


def _constant(node: ast.Constant, values: Mapping[str, Any]) -> Any:  # noqa: ARG001
    value = node.value
    if isinstance(value, float) and math.isfinite(value):
        return _capped(Fraction(repr(value)), node)
    return value if isinstance(value, str) else _capped(value, node)


def _logic(node: ast.BoolOp, values: Mapping[str, Any]) -> bool:
    wanted = isinstance(node.op, ast.Or)
    return wanted if any(_truth(one, values) is wanted for one in node.values) else not wanted


def _signed(node: ast.UnaryOp, values: Mapping[str, Any]) -> Any:
    if isinstance(node.op, ast.Not):
        return not _truth(node.operand, values)
    number = _number(node.operand, values)
    return -number if isinstance(node.op, ast.USub) else number


def _value_of(node: ast.Name, values: Mapping[str, Any]) -> Any:
    if node.id not in values:
        near = get_close_matches(node.id, list(values), n=1)
        known = ", ".join(map(str, values)) or "no names"
        advice = f"did you mean `{near[0]}`?" if near else f"there are {known} here."
        raise ExpressionError(f"`{node.id}` has no value; {advice}", node.col_offset)
    value = values[node.id]
    if isinstance(value, float) and math.isfinite(value):
        return _capped(Fraction(repr(value)), node)
    return tuple(value) if isinstance(value, list) else value


def _number(node: ast.expr, values: Mapping[str, Any]) -> Any:
    value = _evaluate(node, values)
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        raise ExpressionError(
            f"`{short(node)}` is not a number, so nothing can be computed with it.", node.col_offset
        )
    return value


def _truth(node: ast.expr, values: Mapping[str, Any]) -> bool:
    value = _evaluate(node, values)
    if not isinstance(value, bool):
        raise ExpressionError(
            f"`{short(node)}` is neither true nor false: compare it with something.", node.col_offset
        )
    return value


def _combine(node: ast.BinOp, values: Mapping[str, Any]) -> Any:
    left, right = _number(node.left, values), _number(node.right, values)
    if isinstance(node.op, ast.Pow) and abs(right) > LARGEST_EXPONENT:
        raise ExpressionError(f"The exponent may be up to {LARGEST_EXPONENT}.", node.right.col_offset)
    if isinstance(node.op, ast.Div) and isinstance(left, int) and isinstance(right, int) and right:
        return _capped(Fraction(left, right), node)
    return _guarded(BINARY[type(node.op)], [left, right], node)


def _call(node: ast.Call, values: Mapping[str, Any]) -> Any:
    name = ast.unparse(node.func)
    arguments = [_number(one, values) for one in node.args]
    if (
        name == "round"
        and len(arguments) == 2
        and not (isinstance(arguments[1], int) and abs(arguments[1]) <= 15)
    ):
        raise ExpressionError("`round` needs a whole number of digits, up to 15.", node.col_offset)
    return _guarded(FUNCTIONS[name][0], arguments, node)


def _guarded(function: Callable[..., Any], operands: list[Any], node: ast.expr) -> Any:
    try:
        return _capped(function(*operands), node)
    except ZeroDivisionError:
        raise ExpressionError(f"`{short(node)}` divides by zero.", node.col_offset) from None
    except (ValueError, OverflowError, TypeError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"`{short(node)}` has no value for these numbers.", node.col_offset) from None


def _capped(value: Any, node: ast.expr) -> Any:
    """Refuse what is too large or no number; a fraction with a huge denominator becomes a float."""
    if isinstance(value, bool):
        return value
    if isinstance(value, complex) or not abs(value) <= LARGEST:
        raise ExpressionError(f"`{short(node)}` is no number up to {LARGEST:.0e}.", node.col_offset)
    return float(value) if isinstance(value, Fraction) and value.denominator > LARGEST else value


def _compare(node: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _evaluate(node.left, values)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = _evaluate(right_node, values)
        ordered = not isinstance(op, ast.Eq | ast.NotEq)
        if ordered and (isinstance(left, str | tuple) or isinstance(right, str | tuple)):
            raise ExpressionError(f"`{short(node)}` compares what has no order.", node.col_offset)
        if not COMPARISONS[type(op)](left, right):
            return False
        left = right
    return True


def _plain(value: Any) -> Value:
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    if isinstance(value, Fraction | float) and value == int(value):
        return int(value)
    return float(value) if isinstance(value, Fraction) else value


_EVALUATORS: dict[type[ast.expr], Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: _constant,
    ast.Name: _value_of,
    ast.Tuple: lambda node, values: tuple(_evaluate(one, values) for one in node.elts),
    ast.BoolOp: _logic,
    ast.IfExp: lambda node, values: _evaluate(
        node.body if _truth(node.test, values) else node.orelse, values
    ),
    ast.Compare: _compare,
    ast.UnaryOp: _signed,
    ast.BinOp: _combine,
    ast.Call: _call,
}
