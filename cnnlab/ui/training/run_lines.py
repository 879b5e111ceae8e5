"""What a run measured, made ready for a browser: not more than it can draw, and only what JSON can say.

It does not know what a run measures.
"""

import math
from typing import Any


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
