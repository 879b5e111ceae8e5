r"""How an author's Markdown is said where only plain words can stand: the names of fields and of choices.

A screen reader says the name of a field as it is written, and a formula in it as its TeX, or not at all.
Short formulas become signs here: `$3 \times 3$` is 3 × 3. What learners type is no Markdown. It does not draw
formulas.
"""

import re
from collections.abc import Iterator
from typing import Any

from cnnlab.course.masking import mask

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_SIGNS = {
    r"\times": " × ", r"\cdot": " · ", r"\div": " ÷ ", r"\pm": " ± ", r"\to": " → ", r"\rightarrow": " → ",
    r"\le": " ≤ ", r"\leq": " ≤ ", r"\ge": " ≥ ", r"\geq": " ≥ ", r"\ne": " ≠ ", r"\neq": " ≠ ",
    r"\lt": " < ", r"\gt": " > ", r"\approx": " ≈ ", r"\in": " ∈ ", r"\lfloor": "⌊", r"\rfloor": "⌋",
    r"\lceil": "⌈", r"\rceil": "⌉", r"\infty": "∞", r"\dots": "…", r"\ldots": "…", r"\cdots": "…",
    r"\left": "", r"\right": "", r"\!": "", r"\,": " ", r"\;": " ", r"\:": " ", r"\ ": " ", r"\quad": " ",
    r"\%": "%", r"\$": "$", r"\{": "{", r"\}": "}", r"\_": "_", r"\#": "#", r"\&": "&", "=": " = ",
    "<": " < ", ">": " > ", "~": " ", "-": "−",
}  # fmt: skip
_LETTERS = {r"\text", r"\mathrm", r"\mathbf", r"\mathit", r"\operatorname", r"\textbf", r"\textit"}
_FRACTIONS = {r"\frac", r"\dfrac", r"\tfrac"}
_RAISED = str.maketrans("0123456789+−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+−()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LONGEST_ECHO = 80
_QUOTES = (("“", "”"), ("«\u2068", "\u2069»"))  # in English, in Arabic
_ESCAPED = re.compile(r"([*_\[\]`~])")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`+)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_SPACE_INSIDE = re.compile(r"(?<=[⌊⌈(]) | (?=[⌋⌉)])")


def in_words(text: str) -> str:
    r"""Return the text as plain words, its formulas as signs."""
    plain = _LINK.sub(r"\1", _PICTURE.sub(r"\1", _without_formulas(text, escaped=False)))
    return " ".join(_EMPHASIS.sub(r"\2", plain).split())


def with_signs(text: str) -> str | None:
    r"""Return the Markdown with its formulas as signs, or None if one is too long for that, or a picture."""
    formulas = [text[first:last] for first, last in mask(text).formulas]
    if _PICTURE.search(text) or not all(_FormulaReader(one).is_short for one in formulas):
        return None
    return _without_formulas(text, escaped=True)


def as_typed(message: str, answer: Any) -> str:
    r"""Return a message as Markdown that shows what a learner typed as it is: no formula, no picture."""
    for typed in sorted({one[:_LONGEST_ECHO].strip() for one in _texts(answer)}, key=len, reverse=True):
        if _PUNCTUATION.search(typed):
            shown = _PUNCTUATION.sub(r"\\\1", " ".join(typed.split()))
            for before, behind in _QUOTES:
                message = message.replace(f"{before}{typed}{behind}", f"{before}{shown}{behind}")
    return message


def _texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict | list | tuple):
        for part in answer.values() if isinstance(answer, dict) else answer:
            yield from _texts(part)


def _without_formulas(text: str, *, escaped: bool) -> str:
    parts, end = [], 0
    for first, last in mask(text).formulas:
        signs = _FormulaReader(text[first:last]).signs
        parts += [text[end:first], _ESCAPED.sub(r"\\\1", signs) if escaped else signs]
        end = last
    return "".join([*parts, text[end:]])


class _FormulaReader:
    """One formula between dollars; `is_short` if it is read as easily in a line of signs."""

    def __init__(self, source: str) -> None:
        self.tokens = _TOKEN.findall(source.strip("$"))
        self.is_short = True
        self.signs = _SPACE_INSIDE.sub("", " ".join(self.all().split()))

    def all(self) -> str:
        read = self.many()
        while self.tokens:  # a closing brace that nothing opened is left out
            self.tokens.pop(0)
            read += self.many()
        return read

    def many(self) -> str:
        """Read up to a closing brace, or to the end."""
        read = ""
        while self.tokens and self.tokens[0] != "}":
            between = self.tokens[0] in "+-" and re.search(r"[\w)⌋⌉]\s*$", read)
            sign = self.one()
            read += f" {sign} " if between else sign
        return read

    def one(self) -> str:
        """Read a sign, a group, or a command with what belongs to it."""
        if not self.tokens:
            return ""
        token = self.tokens.pop(0)
        if token == "{":
            inside = self.many()
            self.tokens[:1] = []
            return inside
        if token in ("^", "_"):
            return _shifted(self.one(), token)
        if token in _LETTERS:
            return self.after_spaces()
        if token in _FRACTIONS:
            self.is_short = False
            above, below = self.after_spaces(), self.after_spaces()
            return f"{_bracketed(above)} / {_bracketed(below)}"
        if token == r"\sqrt":
            return f"√{_bracketed(self.after_spaces())}"
        return self.sign(token)

    def after_spaces(self) -> str:
        while self.tokens and self.tokens[0].isspace():
            self.tokens.pop(0)
        return self.one()

    def sign(self, token: str) -> str:
        if token in _SIGNS:
            return _SIGNS[token]
        if token.startswith("\\"):
            self.is_short = False
            return f" {token[1:]} "
        return " " if token.isspace() else token


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if text.replace(".", "").isalnum() else f"({text})"


def _shifted(text: str, sign: str) -> str:
    """Return an exponent or an index in small signs where there are such, else behind its sign."""
    table, plain = (_RAISED, text.replace(" ", "")) if sign == "^" else (_LOWERED, text.replace(" ", ""))
    small = plain.translate(table)
    if plain and all(ord(one) in table for one in plain):
        return small
    return f"{sign}{_bracketed(text)}" if sign == "^" else f"_{plain}"
