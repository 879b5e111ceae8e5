"""How rows are printed: one line each, then what exactly was measured.

It does not know where the rows come from.
"""

from benchmarks.rows import UNKNOWN, Row, readable

COLUMNS = ("", "what", "ours", "peer", "ratio", "target")
WIDTHS = (6, 34, 42, 42, 6, 18)
MET = {True: "met", False: "MISSED", None: UNKNOWN}


def line(cells: tuple[str, ...]) -> str:
    """Set cells in columns; a cell that is too long pushes the others on."""
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def heading() -> str:
    """Return the names of the columns."""
    return line(COLUMNS)


def row_text(row: Row) -> str:
    """Return a row, and below it the peer's name and what was measured."""
    ratio = UNKNOWN if row.ratio is None else f"{readable(round(row.ratio, 3))}×"
    peer = UNKNOWN if row.peer is None else row.peer.text
    first = line((MET[row.met], row.name, row.ours.text, peer, ratio, row.target_text))
    notes = [f"peer: {row.peer_name}"] if row.peer_name else []
    return "\n".join([first, *(f"        {note}" for note in (*notes, *row.notes))])


def markdown(circumstances: str, rows: list[Row]) -> str:
    """Return rows as a table of Markdown, below it what was measured; for `RESULTS.md`."""
    lines = [f"> {line}  " for line in circumstances.splitlines()]
    lines += ["", "| what | ours | peer | ratio | target | |", "|---|---|---|---|---|---|"]
    for number, row in enumerate(rows, start=1):
        ratio = UNKNOWN if row.ratio is None else f"{readable(round(row.ratio, 3))}×"
        peer = UNKNOWN if row.peer is None else row.peer.text
        verdict = "" if row.met is None else MET[row.met]
        cells = (f"{number}. {row.name}", row.ours.text, peer, ratio, row.target_text, verdict)
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    for number, row in enumerate(rows, start=1):
        notes = [*([f"peer: {row.peer_name}"] if row.peer_name else []), *row.notes]
        lines += [f"- {number}: {'; '.join(notes)}."] if notes else []
    return "\n".join(lines) + "\n"


def closing(rows: list[Row], failures: list[str]) -> str:
    """Return the last line: how many targets were met, and what could not be measured."""
    judged = [row for row in rows if row.met is not None]
    missed = [row.name for row in judged if not row.met]
    text = f"{len(judged) - len(missed)} of {len(judged)} targets met"
    if missed:
        text += f"; missed: {', '.join(missed)}"
    if failures:
        text += f"; not measured: {', '.join(failures)}"
    return text
