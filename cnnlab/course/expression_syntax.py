"""Which arithmetic an author may write: the list of allowed syntax, and where a text leaves it.

It computes nothing, and knows neither questions nor lessons.
"""

import ast
import math
import operator
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from cnnlab.errors import CnnLabError

LONGEST = 200
MOST_NODES = 80
LARGEST = 10**15
LARGEST_EXPONENT = 32

_STRANGE = re.compile(r"[^\w .,()+\-*/%<>=!'\"×]|[^\x00-\x7f]")
_NUMBER_THEN_LETTER = re.compile(r"(?<![\w.])(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?+(?=[A-Za-z_])")
BINARY: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
# name → (the function, the fewest and the most values that it takes)
FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "floor": (math.floor, 1, 1),
    "ceil": (math.ceil, 1, 1),
    "round": (round, 1, 2),
    "abs": (abs, 1, 1),
    "min": (min, 2, 20),
    "max": (max, 2, 20),
    "sqrt": (math.sqrt, 1, 1),
    "log": (math.log, 1, 1),
    "log2": (math.log2, 1, 1),
    "exp": (math.exp, 1, 1),
}
_ALLOWED = "numbers, names, + - * / // % **, comparisons, and, or, not, if-else, " + ", ".join(FUNCTIONS)


class ExpressionError(CnnLabError):
    """An expression that cannot be read or has no value; `column` counts from 0 inside the expression."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


def read_syntax(text: str) -> tuple[ast.expr, frozenset[str]]:
    """Return the checked tree of an expression and the names in it, or raise an `ExpressionError`."""
    if not text:
        raise ExpressionError("There is nothing to compute: write arithmetic, such as (n - k) // s + 1.")
    if len(text) > LONGEST:
        raise ExpressionError(f"The expression has {len(text)} characters; it may have {LONGEST}.")
    _refuse_strange(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = max(0, (getattr(error, "offset", None) or 1) - 1)
        raise ExpressionError(
            f"`{text}` is not arithmetic that can be read.", min(column, len(text))
        ) from None
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    if count > MOST_NODES:
        raise ExpressionError(f"The expression has {count} parts; it may have {MOST_NODES}. Shorten it.")
    names: set[str] = set()
    _check(tree, names)
    return tree, frozenset(names)


def _refuse_strange(text: str) -> None:
    strange = _STRANGE.search(text)
    if strange:
        advice = " Write ** for a power." if strange[0] == "^" else ""
        raise ExpressionError(f"{strange[0]!r} has no meaning in an expression.{advice}", strange.start())
    glued = _NUMBER_THEN_LETTER.search(text)
    if glued:
        raise ExpressionError("A number runs into a letter: write * between them.", glued.end())


def _check(node: ast.expr, names: set[str]) -> None:
    """Refuse every kind of syntax that is not on the list, and collect the names."""
    if isinstance(node, ast.Name):
        if "__" in node.id:
            raise ExpressionError(f"`{node.id}` is not a name that a value can have.", node.col_offset)
        names.add(node.id)
        return
    if isinstance(node, ast.Call):
        _check_call(node)
    for part in _parts(node):
        _check(part, names)


def _check_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS:
        near = get_close_matches(name, FUNCTIONS, n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(FUNCTIONS)}."
        raise ExpressionError(
            f"There is no function `{name or ast.unparse(node.func)}`; {advice}", node.col_offset
        )
    _, fewest, most = FUNCTIONS[name]
    if node.keywords or not fewest <= len(node.args) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise ExpressionError(f"`{name}` takes {wanted} values, not {len(node.args)}.", node.col_offset)


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the operands of a node; syntax that is not allowed has none and is refused."""
    reader = _PARTS.get(type(node))
    parts = reader(node) if reader else None
    if parts is None:
        raise ExpressionError(f"`{short(node)}` is not allowed; there are {_ALLOWED}.", node.col_offset)
    return parts


def _comparison_parts(node: ast.Compare) -> list[ast.expr] | None:
    known = {type(op) for op in node.ops} <= COMPARISONS.keys()
    return [node.left, *node.comparators] if known else None


# kind of syntax → its operands, or None where this form of it is not allowed
_PARTS: dict[type[ast.expr], Callable[[Any], list[ast.expr] | None]] = {
    ast.Constant: lambda node: [] if isinstance(node.value, bool | int | float | str) else None,
    ast.Tuple: lambda node: node.elts,
    ast.BinOp: lambda node: [node.left, node.right] if type(node.op) in BINARY else None,
    ast.UnaryOp: lambda node: None if isinstance(node.op, ast.Invert) else [node.operand],
    ast.BoolOp: lambda node: node.values,
    ast.Compare: _comparison_parts,
    ast.IfExp: lambda node: [node.test, node.body, node.orelse],
    ast.Call: lambda node: node.args,
}


def short(node: ast.AST) -> str:
    """Return the text of a part of an expression, cut where it is long."""
    text = ast.unparse(node)
    return text if len(text) <= 30 else text[:29] + "…"
