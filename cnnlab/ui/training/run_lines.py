"""What a run has written since the browser last asked: only new lines are read, however long the run is.

It does not know what a run measures.
"""

import io
import json
import math
from pathlib import Path
from typing import Any

MOST_BYTES = 4_000_000  # a request; the next one goes on from there


def lines_after(path: Path, place: int) -> tuple[list[dict[str, Any]], int]:
    """Return a file's whole lines from a byte on, and the byte after them; none where there is no file.

    A file that has become shorter, as when a run goes on from a checkpoint, is read from its beginning.
    """
    try:
        with path.open("rb") as file:
            place = place if 0 <= place <= file.seek(0, io.SEEK_END) else 0
            file.seek(place)
            data = file.read(MOST_BYTES)
    except OSError:
        return [], place
    whole = data.rfind(b"\n") + 1
    return [one for line in data[:whole].splitlines() if (one := _read(line)) is not None], place + whole


def thinned(lines: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return at most about `most` of the lines, evenly chosen; the last one is always there."""
    stride = math.ceil(len(lines) / most) if lines else 1
    chosen = lines[::stride]
    return chosen if not lines or chosen[-1] is lines[-1] else [*chosen, lines[-1]]


def sendable(value: Any) -> Any:
    """Return a value as browsers read JSON: what is not a finite number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: sendable(one) for name, one in value.items()}
    return [sendable(one) for one in value] if isinstance(value, list | tuple) else value


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None  # cut off by a crash
    return read if isinstance(read, dict) else None
