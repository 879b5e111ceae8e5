"""Work that takes long, done by few hands in the order in which it was asked for.

Whoever asks for the same work joins those who wait for it. Work that nobody has asked about for a while is
given up: learners walk on, close pages, and choose other networks. It does not know what the work is.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Any

from cnnlab.errors import CnnLabError

Work = Callable[[Callable[[str, int, int], None]], Any]
PATIENCE_SECONDS = 12.0


class Full(CnnLabError):
    """So much is waiting that nothing more is taken."""


class GivenUp(CnnLabError):
    """Nobody waits for this work any more."""


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work: what is being done, how much of it, and how it ended."""

    key: Hashable
    work: Work
    asked_at: float
    doing: str = "Waiting"
    done: int = 0
    total: int = 1
    started: bool = False
    over: Event = field(default_factory=Event)
    problem: BaseException | None = None


class Desk:
    """Takes work and does it: `hands` pieces at a time; at most `places` more may wait."""

    def __init__(
        self,
        hands: int = 1,
        places: int = 24,
        patience: float = PATIENCE_SECONDS,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """`prepare` is called by each hand before its first work."""
        self.hands, self.places, self.patience, self.prepare = hands, places, patience, prepare
        self._jobs: dict[Hashable, Job] = {}
        self._changed = Condition()
        self._threads = 0

    def ask(self, key: Hashable, work: Work) -> Job:
        """Ask for work, or ask again about work that is waiting, going on, or has just failed.

        Raises `Full` where too much is waiting already.
        """
        with self._changed:
            self._clear()
            job = self._jobs.get(key)
            if job is None:
                if len(self._waiting()) >= self.places:
                    raise Full(
                        f"{self.places} others are waiting for their pictures to flow through networks. "
                        "Try again in a minute."
                    )
                job = self._jobs[key] = Job(key, work, time.monotonic())
                self._hire()
                self._changed.notify()
            job.asked_at = time.monotonic()
            return job

    def ahead(self, job: Job) -> int:
        """Return how many pieces of work come before this one, those going on included."""
        with self._changed:
            if job.started:
                return 0
            going = [one for one in self._jobs.values() if one.started and not one.over.is_set()]
            waiting = self._waiting()
            return len(going) + (waiting.index(job) if job in waiting else 0)

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs.values() if not job.started]

    def _hire(self) -> None:
        if self._threads < self.hands:
            self._threads += 1
            Thread(target=self._work, name=f"flow-{self._threads}", daemon=True).start()

    def _clear(self) -> None:
        """Forget what is over, failures a little later so that those who wait hear of them."""
        now = time.monotonic()
        for job in list(self._jobs.values()):
            late = now - job.asked_at > self.patience
            if (job.over.is_set() and (job.problem is None or late)) or (not job.started and late):
                del self._jobs[job.key]

    def _work(self) -> None:
        self.prepare()
        while True:
            with self._changed:
                self._clear()
                while not self._waiting():
                    self._changed.wait()
                    self._clear()
                job = self._waiting()[0]
                job.started = True
            self._do(job)

    def _do(self, job: Job) -> None:
        def progress(doing: str, done: int, total: int) -> None:
            job.doing, job.done, job.total = doing, done, total
            if time.monotonic() - job.asked_at > self.patience:
                raise GivenUp("Nobody waits for this any more.")

        try:
            job.work(progress)
        except Exception as problem:  # those who wait are told; this thread goes on
            job.problem = problem
        finally:
            job.over.set()
