"""Whole numbers that remember how a model computed them from the sizes of its tensors.

A model that asks for `x.shape` while it is recorded gets these. What it decides by comparing them,
and where it turns them into plain numbers, is noted as a question with its answer.
"""

import math
import operator
from collections.abc import Callable, Iterable
from typing import Any

Ask = Callable[[Any, bool], None]

_BINARY = {
    "add": ("+", operator.add),
    "sub": ("-", operator.sub),
    "mul": ("*", operator.mul),
    "floordiv": ("//", operator.floordiv),
    "mod": ("%", operator.mod),
    "truediv": ("/", operator.truediv),
}
_COMPARED = {
    "eq": ("==", operator.eq),
    "ne": ("!=", operator.ne),
    "lt": ("<", operator.lt),
    "le": ("<=", operator.le),
    "gt": (">", operator.gt),
    "ge": (">=", operator.ge),
}


class Dim(int):
    """A size that knows the expression it came from.

    >>> half = Dim(28, ["size", 4, 2], print) // 2
    >>> int.__repr__(half), half.expression
    ('14', ['//', ['size', 4, 2], 2])
    """

    expression: Any
    ask: Ask

    def __new__(cls, value: int, expression: Any, ask: Ask) -> "Dim":
        """Make a number that remembers."""
        made = super().__new__(cls, value)
        made.expression, made.ask = expression, ask
        return made

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __int__(self) -> int:
        """Become a plain number: from here on the size is fixed."""
        return self._fixed()

    def __float__(self) -> float:
        return float(self._fixed())

    def __bool__(self) -> bool:
        answer = int.__bool__(self)
        self.ask(["!=", self.expression, 0], answer)
        return answer

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        return pow(self._fixed(), other, modulo)

    def __neg__(self) -> "Dim":
        return Dim(int.__neg__(self), ["-", 0, self.expression], self.ask)

    def _fixed(self) -> int:
        plain = int.__index__(self)
        self.ask(["==", self.expression, plain], True)
        return plain

    def __index__(self) -> int:
        return int.__index__(self)


class Ratio(float):
    """A quotient of sizes; rounding it gives a size again."""

    expression: Any
    ask: Ask

    def __new__(cls, value: float, expression: Any, ask: Ask) -> "Ratio":
        """Make a number that remembers."""
        made = super().__new__(cls, value)
        made.expression, made.ask = expression, ask
        return made

    def __hash__(self) -> int:
        return float.__hash__(self)

    def __ceil__(self) -> Dim:
        return Dim(float.__ceil__(self), ["ceil", self.expression], self.ask)

    def __floor__(self) -> Dim:
        return Dim(float.__floor__(self), ["floor", self.expression], self.ask)

    def __int__(self) -> int:
        plain = math.trunc(float.__float__(self))
        self.ask(["==", ["floor", self.expression], plain], True)
        return plain

    def __float__(self) -> float:
        plain = float.__float__(self)
        self.ask(["==", self.expression, plain], True)
        return plain


class Sizes(tuple):
    """A shape whose sizes remember; it has what else `torch.Size` has."""

    def numel(self) -> int:
        """Multiply all sizes."""
        return product(self)


def product(sizes: Iterable[int]) -> int:
    """Multiply sizes, remembering how."""
    total = 1
    for size in sizes:
        total = total * size
    return total


def expression_of(value: Any) -> Any:
    """Give the expression of a number, or the plain number."""
    if isinstance(value, Dim | Ratio):
        return value.expression
    return value


def recorded(value: Any) -> Any:
    """Turn remembering numbers inside arguments into their expressions."""
    if isinstance(value, list | tuple):
        return tuple(recorded(one) for one in value)
    return expression_of(value)


def plain(value: Any) -> Any:
    """Turn remembering numbers inside arguments into plain ones, without fixing any size."""
    if isinstance(value, Dim):
        return int.__index__(value)
    if isinstance(value, Ratio):
        return float.__add__(value, 0.0)
    if isinstance(value, slice):
        return slice(plain(value.start), plain(value.stop), plain(value.step))
    if type(value) in (list, tuple) or isinstance(value, Sizes):
        inside = [plain(one) for one in value]
        return inside if isinstance(value, list) else tuple(inside)
    return value


def _with_expressions(sign: str, compute: Callable[[Any, Any], Any], reverse: bool) -> Callable:
    def combine(self: Any, other: Any) -> Any:
        if not isinstance(other, int | float) or isinstance(other, bool):
            return NotImplemented
        left, right = (plain(other), plain(self)) if reverse else (plain(self), plain(other))
        sides = (expression_of(other), expression_of(self))
        value, expression = compute(left, right), [sign, *(sides if reverse else sides[::-1])]
        return (Dim if isinstance(value, int) else Ratio)(value, expression, self.ask)

    return combine


def _with_question(sign: str, compute: Callable[[Any, Any], bool]) -> Callable:
    def compare(self: Any, other: Any) -> Any:
        if not isinstance(other, int | float):
            return NotImplemented
        answer = compute(plain(self), plain(other))
        self.ask([sign, self.expression, expression_of(other)], answer)
        return answer

    return compare


for _kind in (Dim, Ratio):
    for _name, (_sign, _compute) in _BINARY.items():
        setattr(_kind, f"__{_name}__", _with_expressions(_sign, _compute, reverse=False))
        setattr(_kind, f"__r{_name}__", _with_expressions(_sign, _compute, reverse=True))
    for _name, (_sign, _compare) in _COMPARED.items():
        setattr(_kind, f"__{_name}__", _with_question(_sign, _compare))
