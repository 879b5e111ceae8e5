"""Whose turn it is: one after the other within a learner, in turn among learners.

It knows neither files nor processes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A run that waits: when it was asked for, by whom, and the run that stands for all asked for with it."""

    at: int
    run_id: str
    learner: str
    series: str = ""


class FairQueue:
    """Runs that wait: who was served longest ago is next; of each learner one goes on at a time."""

    def __init__(self) -> None:
        """Begin empty, with nobody served."""
        self._waiting: dict[str, Waiting] = {}
        self._served: dict[str, int] = {}
        self._turns = 0

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, one: Waiting) -> None:
        """Let a run wait."""
        self._waiting[one.run_id] = one

    def drop(self, run_id: str) -> None:
        """Let a run wait no longer; nothing happens where it does not wait."""
        self._waiting.pop(run_id, None)

    def next(self, going: Iterable[str] = ()) -> Waiting | None:
        """Take the run whose turn it is; None where none may start while these learners' runs go on."""
        chosen = _first(self._waiting.values(), self._served, frozenset(going))
        if chosen:
            self.drop(chosen.run_id)
            self.serve(chosen.learner)
        return chosen

    def serve(self, learner: str) -> None:
        """Note that it was this learner's turn."""
        self._turns += 1
        self._served[learner] = self._turns

    def order(self, going: Sequence[str] = ()) -> list[str]:
        """Return the runs in the order of their start, if those that go on end one after the other."""
        waiting, served, turns = dict(self._waiting), dict(self._served), self._turns
        free = frozenset(going)
        order = []
        while waiting:
            chosen = _first(waiting.values(), served, free) or _first(waiting.values(), served, frozenset())
            if chosen is None:
                break
            turns += 1
            served[chosen.learner] = turns
            order.append(waiting.pop(chosen.run_id).run_id)
            free = frozenset()
        return order

    def counts(self) -> Counter[str]:
        """Return how many runs of each learner wait."""
        return Counter(one.learner for one in self._waiting.values())


def _first(waiting: Iterable[Waiting], served: dict[str, int], busy: frozenset[str]) -> Waiting | None:
    allowed = (one for one in waiting if one.learner not in busy)
    return min(allowed, key=lambda one: (served.get(one.learner, 0), one), default=None)
