"""Which numbers a learner is given: the values an author allows, and a draw that never changes.

A draw depends on nothing but a secret, the learner, the question and the count of "new numbers", so it
needs no storage. The module does not know what a number means or whether an answer is right.
"""

import hmac
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cnnlab.course.clashes import clash
from cnnlab.course.expressions import ExpressionError
from cnnlab.course.filling import value_of
from cnnlab.course.questions import Parameter, Question
from cnnlab.errors import CnnLabError

MOST_VALUES = 10_000
MOST_LISTED = 1_000  # so many combinations are listed and dealt like cards; more are drawn one by one
MOST_TRIES = 500
_NUMBER = r"[-+−]?\d+(?:\.\d+)?"
_DECLARATION = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})(?:\s+step\s+({_NUMBER}))?")
_LIST = re.compile(rf"{_NUMBER}(?:\s*\|\s*{_NUMBER})*")
Values = dict[str, int | float]
T = TypeVar("T")


class UnreadableParameters(CnnLabError):
    """A line of parameters that says nothing clear; `column` counts from 0 inside the line."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.column = column


class NoNumbers(CnnLabError):
    """A condition that rejects every combination of the parameters' values."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Whose numbers: equal draws give equal numbers; `variant` counts the "new numbers" from 0."""

    secret: bytes
    learner: str
    lesson: str
    question: str
    variant: int = 0


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """Read declarations such as `n = 28..64 step 4; k = 3|5|7`, or raise `UnreadableParameters`.

    >>> [list(one.values) for one in read_parameters("n = 8..16 step 4; k = 3|5")]
    [[8, 12, 16], [3, 5]]
    """
    found: dict[str, Parameter] = {}
    column = 0
    for part in text.split(";"):
        start = column + len(part) - len(part.lstrip())
        column += len(part) + 1
        if not part.strip() and found:
            continue
        read = _DECLARATION.fullmatch(part)
        if read is None:
            raise UnreadableParameters(
                f"`{part.strip()}` declares nothing; write a name and its values, such as `k = 3|5|7`.", start
            )
        name = read[1]
        if name in found:
            raise UnreadableParameters(f"`{name}` is declared twice; remove one of them.", start)
        found[name] = Parameter(name, _values(name, read[2], start))
    return tuple(found.values())


def _values(name: str, text: str, column: int) -> Sequence[int | float]:
    if _LIST.fullmatch(text):
        return tuple(dict.fromkeys(_number(one.strip()) for one in text.split("|")))
    read = _RANGE.fullmatch(text)
    if read is None:
        raise UnreadableParameters(
            f"`{text}` is no set of values for `{name}`; write `3|5|7`, `1..9` or `28..64 step 4`.", column
        )
    first, last, step = _number(read[1]), _number(read[2]), _number(read[3] or "1")
    if step <= 0 or last < first:
        raise UnreadableParameters(
            f"`{text}` holds no value for `{name}`; count upwards, such as `1..9 step 2`.", column
        )
    count = math.floor(round((last - first) / step, 9)) + 1
    if count > MOST_VALUES:
        raise UnreadableParameters(f"`{name}` has {count} values; {MOST_VALUES} are allowed.", column)
    if all(isinstance(one, int) for one in (first, last, step)):
        return range(int(first), int(last) + 1, int(step))
    return tuple(round(first + index * step, 9) for index in range(count))


def _number(text: str) -> int | float:
    plain = text.replace("−", "-")
    return float(plain) if "." in plain else int(plain)


def draw(question: Question, key: Draw) -> Values:
    """Return the learner's numbers for a question; `NoNumbers` if its condition allows none.

    Numbers that make a wrong answer equal the right one are never drawn. Up to 1000 combinations are dealt
    in an order of the learner's own, so "new numbers" repeat none until all were seen; of more
    combinations, each number is drawn by an HMAC-SHA256 of its own.
    """
    if not question.params:
        return {}
    usable = (
        one for one in _candidates(question, key) if is_allowed(question, one) and not clash(question, one)
    )
    seen: list[Values] = []
    for values in usable:
        seen.append(values)
        if len(seen) > _position(question, key):
            return values
    if not seen:
        fitting = f"fit `{question.where}` and " if question.where else ""
        raise NoNumbers(f"No numbers of {question.id} {fitting}tell right from wrong; allow more values.")
    return seen[key.variant % len(seen)]


def count_combinations(question: Question) -> int:
    """Return in how many ways the values can be combined, whether the condition allows them or not."""
    return math.prod(len(one.values) for one in question.params)


def combinations(question: Question) -> Iterator[Values]:
    """Yield all combinations of the parameters' values, whether the condition allows them or not."""
    for values in itertools.product(*(one.values for one in question.params)):
        yield {one.name: value for one, value in zip(question.params, values, strict=True)}


def is_allowed(question: Question, values: Values) -> bool:
    """Return whether these numbers fulfil the author's condition; without one, all do."""
    if not question.where:
        return True
    fits = value_of(question.where, values)
    if not isinstance(fits, bool):
        raise ExpressionError(f"`{question.where}` is neither true nor false: compare it, such as `p > 0`.")
    return fits


def _position(question: Question, key: Draw) -> int:
    """Return which of the usable candidates this variant gets, counted from 0."""
    return key.variant if count_combinations(question) <= MOST_LISTED else 0


def _candidates(question: Question, key: Draw) -> Iterator[Values]:
    if count_combinations(question) <= MOST_LISTED:
        yield from _own_order(combinations(question), key, "deal")
        return
    for attempt in range(MOST_TRIES):
        yield {
            one.name: one.values[_digest(key, one.name, str(key.variant), str(attempt)) % len(one.values)]
            for one in question.params
        }


def _digest(key: Draw, *parts: str) -> int:
    """Return a whole number below 2^256 that only the holder of the secret can foresee."""
    fields = (key.learner, key.lesson, key.question, *parts)
    message = b"".join(len(field.encode()).to_bytes(4) + field.encode() for field in fields)
    return int.from_bytes(hmac.digest(key.secret, message, "sha256"))


def _own_order(things: Iterable[T], key: Draw, purpose: str) -> list[T]:
    listed = list(things)
    ranks = {index: _digest(key, purpose, str(index)) for index in range(len(listed))}
    return [listed[index] for index in sorted(ranks, key=lambda index: ranks[index])]


def shuffled(things: Sequence[T], key: Draw) -> list[T]:
    """Return the things in this learner's own order, which new numbers change and a rerun does not."""
    return _own_order(things, key, f"shuffle {key.variant}")
