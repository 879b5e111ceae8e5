"""One step of an explanation, and the small pieces of text that all explanations are made of.

It does not know layers. The browser's `explanation.js` writes the same text, sign for sign.
"""

from dataclasses import dataclass

from cnnlab.arithmetic.units import grouped, written_bytes


@dataclass(frozen=True, slots=True)
class Step:
    """A quantity, its formula, the formula with numbers, the result, and a remark ("" if none)."""

    quantity: str
    formula: str
    substituted: str
    result: str
    note: str = ""


def factor(number: int) -> str:
    """Write a number for use after a multiplication sign: a negative one in brackets."""
    return f"({grouped(number)})" if number < 0 else grouped(number)


def product(*numbers: int) -> str:
    """Write a product of numbers.

    >>> product(64, 28, 28)
    '64 · 28 · 28'
    """
    return " · ".join(grouped(number) for number in numbers)


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Write "1 sum" or "74 sums"; `nouns` is a plural that does not just add an s."""
    return f"{grouped(number)} {noun if number == 1 else nouns or noun + 's'}"


def quotient(above: int, below: int) -> str:
    """Write a division and what it gives: two decimals at most, cut off, ≈ if more would follow.

    >>> quotient(27, 2), quotient(28, 3), quotient(-1, 4)
    ('27 / 2 = 13.5', '28 / 3 ≈ 9.33', '−1 / 4 = −0.25')
    """
    hundredths, rest = divmod(100 * abs(above), below)
    whole, decimals = divmod(hundredths, 100)
    digits = f"{decimals:02d}" if rest else f"{decimals:02d}".rstrip("0")
    sign = "−" if above < 0 else ""
    value = f"{sign}{grouped(whole)}{'.' if digits else ''}{digits}"
    return f"{grouped(above)} / {grouped(below)} {'≈' if rest else '='} {value}"


def memory(number: int) -> str:
    """Write a size in bytes, from 1,024 on also in the larger unit."""
    exact = f"{grouped(number)} B"
    return exact if number < 1024 else f"{exact} = {written_bytes(number)}"
