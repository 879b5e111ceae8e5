"""Where a Markdown text is code or a formula, so that signs in them are left alone.

The masked text has the length of the original: code and formulas are blanks, line ends stay. The rules for
`$` are those of Streamlit's Markdown. It does not know any other syntax.
"""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^\s*(?:(?:[-*+>]|\d+[.)])\s+)*(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_DOLLAR = re.compile(r"(?<!\\)\$")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with blanks for code and formulas; `dollars` are the indices of `$` that start no formula."""

    text: str
    formulas: tuple[tuple[int, int], ...]
    dollars: tuple[int, ...]


def mask(text: str) -> Masked:
    """Blank out code, formulas and escaped signs.

    >>> mask("`a` $b$ c $5").text, mask("`a` $b$ c $5").dollars
    ('        c $5', (10,))
    """
    return _Masker(text).run()


class _Masker:
    def __init__(self, text: str) -> None:
        self.source = text
        self.shown = list(text)
        self.formulas: list[tuple[int, int]] = []
        self.dollars: list[int] = []

    def run(self) -> Masked:
        start = 0
        for first, last in self.fenced():
            self.inline(start, first)
            self.blank(first, last)
            start = last
        self.inline(start, len(self.source))
        return Masked("".join(self.shown), tuple(self.formulas), tuple(self.dollars))

    def fenced(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        opened: re.Match[str] | None = None
        for fence in _FENCE.finditer(self.source):
            if opened is None:
                opened = fence if "`" not in fence[2] or fence[1][0] == "~" else None
            elif fence[1].startswith(opened[1]) and not fence[2].strip():
                found.append((opened.start(), fence.end()))
                opened = None
        return found + ([(opened.start(), len(self.source))] if opened else [])

    def blank(self, first: int, last: int) -> None:
        for index in range(first, last):
            if self.shown[index] != "\n":
                self.shown[index] = " "

    def inline(self, first: int, last: int) -> None:
        """Blank out what is code or a formula inside paragraphs."""
        blank_lines = [found.start() for found in _BLANK_LINE.finditer(self.source, first, last)]
        for end in [*blank_lines, last]:
            first = self.paragraph(first, end)

    def paragraph(self, index: int, end: int) -> int:
        while index < end:
            sign = self.source[index]
            if sign == "\\":
                self.blank(index, min(index + 2, end))
                index += 2
            elif sign == "`":
                index = self.code(index, end)
            elif sign == "$":
                index = self.formula(index, end)
            else:
                index += 1
        return max(index, end)

    def code(self, index: int, end: int) -> int:
        run = re.compile(r"`+").match(self.source, index)
        ticks = run[0] if run else "`"
        after = index + len(ticks)
        closing = re.compile(rf"(?<!`){ticks}(?!`)").search(self.source, after, end)
        if closing is None:
            return after
        self.blank(index, closing.end())
        return closing.end()

    def formula(self, index: int, end: int) -> int:
        double = self.source.startswith("$$", index)
        close = self.source.find("$$", index + 2, end) + 2 if double else self.single(index, end)
        if close <= index + 2 and not (close == index + 2 and not double):
            self.dollars += [index, index + 1] if double else [index]
            return index + (2 if double else 1)
        self.formulas.append((index, close))
        self.blank(index, close)
        return close

    def single(self, index: int, end: int) -> int:
        """Return the end of a formula between single dollars that starts here, or 0."""
        before, after = self.source[index - 1 : index], self.source[index + 1 : index + 2]
        if before.isdigit() or not after.strip():
            return 0
        closing = _DOLLAR.search(self.source, index + 1, end)
        if closing and closing.start() > index + 1:
            held, behind = self.source[closing.start() - 1], self.source[closing.end() : closing.end() + 1]
            return closing.end() if held.strip() and not behind.isdigit() else 0
        return 0
