"""What one measurement says: a figure of ours, the peer's, their ratio, and whether the target is met.

It knows neither how anything was measured nor what the app is.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

UNKNOWN = "–"


class LeftOut(Exception):
    """A benchmark cannot be run on this machine, which is no failure; the message says what it needs."""


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed (nearest rank).

    >>> percentile([1, 2, 3, 4], 0.5), percentile(range(1, 101), 0.95)
    (2, 95)
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a percentile of no values was asked for; measure at least one")
    return ordered[max(1, math.ceil(share * len(ordered))) - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    """Measured values of one unit; `says` names the one number that stands for them in ratio and target.

    >>> Figure((1.0, 2.0, 9.0), "ms").text
    'median 2, p95 9 ms (n = 3)'
    """

    values: tuple[float, ...]
    unit: str
    says: str = "median"

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that 95 % of all do not exceed."""
        return percentile(self.values, 0.95)

    @property
    def value(self) -> float:
        """The number that stands for all."""
        return self.p95 if self.says == "p95" else self.median

    @property
    def text(self) -> str:
        """All that is known of the figure, for people."""
        if len(self.values) == 1:
            return f"{readable(self.values[0])} {self.unit}".strip()
        return (
            f"median {readable(self.median)}, p95 {readable(self.p95)} {self.unit} (n = {len(self.values)})"
        )


def readable(number: float) -> str:
    """Write a measured number with as many digits as mean something.

    >>> readable(0.0421), readable(4.21), readable(421.4), readable(27583), readable(0)
    ('0.042', '4.2', '421', '27,583', '0')
    """
    if number == int(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.2g}" if abs(number) < 1 else f"{number:.1f}"


@dataclass(frozen=True, slots=True)
class Target:
    """A limit that our figure, or its ratio to the peer's, must not exceed."""

    limit: float
    of_ratio: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; `peer` is what stands beside it, by name, and None where there is nothing to compare.

    >>> row = Row("trip", Figure((7.0,), "ms"), "a peer", Figure((10.0,), "ms"), Target(0.7, of_ratio=True))
    >>> row.ratio, row.met, row.target_text
    (0.7, True, '≤ 0.7 × peer')
    """

    name: str
    ours: Figure
    peer_name: str = ""
    peer: Figure | None = None
    target: Target | None = None
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's; None where there is no peer or it is 0."""
        return self.ours.value / self.peer.value if self.peer and self.peer.value else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or no ratio to hold against it."""
        if self.target is None:
            return None
        number = self.ratio if self.target.of_ratio else self.ours.value
        return None if number is None else number <= self.target.limit

    @property
    def target_text(self) -> str:
        """The target for people."""
        if self.target is None:
            return UNKNOWN
        if self.target.of_ratio:
            return f"≤ {readable(self.target.limit)} × peer"
        says = f" ({self.ours.says})" if len(self.ours.values) > 1 else ""
        return f"≤ {readable(self.target.limit)} {self.ours.unit}{says}"

    def as_json(self) -> dict[str, Any]:
        """Return the row as one flat object, without the single values."""
        return {
            "name": self.name,
            "ours": figure_json(self.ours),
            "peer_name": self.peer_name or None,
            "peer": figure_json(self.peer),
            "ratio": self.ratio,
            "target": None if self.target is None else self.target_text,
            "met": self.met,
            "notes": list(self.notes),
        }


def figure_json(figure: Figure | None) -> dict[str, Any] | None:
    """Return a figure's summary."""
    if figure is None:
        return None
    return {
        "median": figure.median,
        "p95": figure.p95,
        "count": len(figure.values),
        "unit": figure.unit,
        "says": figure.says,
    }
