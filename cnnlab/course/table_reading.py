"""Which cells a table to fill in has: its header, its rows, and the blanks between `[[` and `]]`.

A blank is an expression, perhaps with its own tolerance: `[[n / 3 ± 1%]]`. It does not grade.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.options import read_tolerance
from cnnlab.course.questions import Blank, Cell, Tolerance

_SEPARATOR = re.compile(r"^\s*\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?)?\s*$")
_BLANK = re.compile(r"^\s*\[\[(.+?)(?:(?:±|\+-)(.*))?\]\]\s*$")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell that has been read: a text, or a blank without the tolerance of the whole table."""

    content: Cell

    def made(self, tolerance: Tolerance | None) -> Cell:
        """Return the cell; a blank without a tolerance of its own gets the table's."""
        one = self.content
        if isinstance(one, str) or one.tolerance is not None:
            return one
        return Blank(one.id, one.answer, one.label, tolerance, one.line)


Rows = tuple[tuple[TableCell, ...], ...]


def read_table(
    lines: Sequence[tuple[int, str]],
    place: Place,
    findings: Findings,
    expression: Callable[[str, Place], str],
) -> tuple[tuple[str, ...], Rows]:
    """Return the header and the rows; `expression` checks the arithmetic of a blank."""
    if len(lines) < 3 or not _SEPARATOR.match(lines[1][1]):
        findings.error(
            "no-table",
            "the table to fill in is missing",
            place,
            "write a header, a line of `|---|---|`, and rows with `[[answer]]`",
        )
        return (), ()
    header = tuple(text.strip() for text, _ in _cells(lines[0][1]))
    reader = _RowReader(header, findings, expression)
    rows = tuple(reader.read(index, number, line) for index, (number, line) in enumerate(lines[2:], 1))
    if not any(isinstance(cell.content, Blank) for row in rows for cell in row) and not findings.failed:
        findings.error("no-blank", "no cell is to be filled in", place, "write a cell as `[[28]]`")
    return header, rows


@dataclass(slots=True)
class _RowReader:
    header: tuple[str, ...]
    findings: Findings
    expression: Callable[[str, Place], str]

    def read(self, index: int, number: int, line: str) -> tuple[TableCell, ...]:
        cells = _cells(line)
        if len(cells) != len(self.header):
            self.findings.error(
                "table-width",
                f"this row has {len(cells)} cells, the header {len(self.header)}",
                self.findings.place_of(line.strip(), number),
                "give every row the same number of cells",
            )
            return ()
        first = cells[0][0].strip()
        name = first if first and "[[" not in first else f"row {index}"
        return tuple(
            TableCell(self.cell(text, Place(number, start + 1, len(text)), (name, column, index)))
            for column, (text, start) in enumerate(cells)
        )

    def cell(self, text: str, place: Place, where: tuple[str, int, int]) -> Cell:
        name, column, index = where
        found = _BLANK.match(text)
        if found is None:
            if "[[" in text:
                message = "a blank has its cell for itself"
                self.findings.error(
                    "blank-alone", message, place, "write `[[answer]]` and nothing else in it"
                )
            return text.strip().replace("\\|", "|")
        spot = Place(place.line, place.column + found.start(1), len(found[1]))
        answer = self.expression(found[1], spot)
        tolerance = self.tolerance(found[2], place) if found[2] else None
        label = f"{name}, {self.header[column] or f'column {column + 1}'}"
        return Blank(f"r{index}c{column + 1}", answer, label, tolerance, place.line)

    def tolerance(self, text: str, place: Place) -> Tolerance | None:
        try:
            return read_tolerance(text.strip())
        except ValueError as problem:
            self.findings.error("tolerance", str(problem), place)
        return None


def _cells(line: str) -> list[tuple[str, int]]:
    """Return the cells of a row, each with its index in the line."""
    stops = [found.start() for found in _PIPE.finditer(line)]
    return [(line[left + 1 : right], left + 1) for left, right in itertools.pairwise(stops)]
