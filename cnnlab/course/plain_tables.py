"""Whether a table in prose is one, and has a header that says what its columns hold.

It does not know tables to fill in; `table_reading` reads those.
"""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from cnnlab.course.mistakes import Findings

_PIPE = re.compile(r"(?<!\\)\|")


def check_tables(tokens: Sequence[Token], findings: Findings, line: int) -> None:
    """Note what looks like a table and is none, headers without words and cells that are lost.

    `line` is the text's first in the file.
    """
    inside, first = "", line
    titles: list[str] = []
    for token in tokens:
        if token.type in ("paragraph_open", "thead_open"):
            inside, titles = token.type, []
            first = line + (token.map or [0])[0]
        elif token.type == "inline" and inside == "paragraph_open":
            _check_paragraph(token.content, findings, first)
        elif token.type == "inline" and inside == "thead_open":
            titles.append(token.content)
        elif token.type == "tr_open" and inside == "rows":
            _check_row(line + (token.map or [0])[0], len(titles), findings)
        elif token.type == "thead_close":
            inside = "rows"
            if not any(title.strip() for title in titles):
                place = findings.place_of("|", first)
                message = "this table's header is empty"
                findings.warning("table-header", message, place, "say in it what each column holds")


def _check_paragraph(content: str, findings: Findings, first: int) -> None:
    rows = [
        number
        for number, text in enumerate(content.split("\n"), start=first)
        if text.strip().startswith("|") and text.strip().endswith("|") and text.count("|") > 2
    ]
    if len(rows) > 1:
        message = "these rows make no table: it begins with a header and a line of `|---|---|`"
        help = "give the header, and the line below it, as many cells as the rows have"
        findings.error("table", message, findings.place_of("|", rows[0]), help)


def _check_row(number: int, columns: int, findings: Findings) -> None:
    source = findings.lines[number - 1].lstrip("> ").strip() if number <= len(findings.lines) else ""
    cells = _PIPE.split(source.removeprefix("|").removesuffix("|"))
    if len(cells) > columns:
        message = f"this row has {len(cells)} cells, the header {columns}: the rest is not shown"
        help = "remove some, or write `\\|` for a sign that divides no cells"
        findings.warning("table-row", message, findings.place_of(source, number), help)
