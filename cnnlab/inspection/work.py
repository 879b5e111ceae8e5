"""Work that takes long, done by few hands; the process has one queue for it.

Whoever asks for the same work joins those who wait for it. Everybody's first piece of work comes before
anybody's second one. Work that nobody has asked about for a while is given up: learners walk on, close pages,
and choose other networks. It does not know what the work is, nor where its results are kept.
"""

import os
import sys
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from threading import Condition, Event, Thread, get_native_id
from typing import Any

from cnnlab.errors import CnnLabError

Progress = Callable[[str, int, int], None]
Work = Callable[[Progress], Any]
HANDS = 2  # so that short work need not wait for long work
PLACES = 60
PATIENCE_SECONDS = 12.0
NICENESS = 10  # of the hands that compute: whoever moves a control comes first


class Full(CnnLabError):
    """So much is waiting that nothing more is taken."""


class GivenUp(CnnLabError):
    """Nobody waits for this work any more."""


class Stopped(GivenUp):
    """Everybody who waited for this work has said that they do not want it any more."""


@dataclass(slots=True, eq=False)
class Job:
    """One piece of work: what is being done, how much of it, and how it ended.

    `key` says what it is, `turn` in which round it comes, and `askers` are all who wait, each with the time
    when they last asked. When it is `over`, `result` or `problem` says how it ended.
    """

    key: Hashable
    work: Work
    turn: int
    askers: dict[Hashable, float] = field(default_factory=dict)
    doing: str = "Waiting"
    done: int = 0
    total: int = 1
    started: bool = False
    stopped: bool = False
    over: Event = field(default_factory=Event)
    result: Any = None
    problem: BaseException | None = None

    @property
    def asked_at(self) -> float:
        """Return when it was last asked for."""
        return max(tuple(self.askers.values()), default=0.0)


class Desk:
    """Takes work and does it: `hands` pieces at a time; at most `places` more may wait."""

    def __init__(
        self,
        hands: int = 1,
        places: int = PLACES,
        patience: float = PATIENCE_SECONDS,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """`prepare` is called by each hand before its first work."""
        self.hands, self.places, self.patience, self.prepare = hands, places, patience, prepare
        self._jobs: dict[Hashable, Job] = {}
        self._changed = Condition()
        self._threads = 0
        self._round = 0
        self._turns: dict[Hashable, int] = {}  # of each learner's last work

    def ask(self, key: Hashable, work: Work, asker: Hashable = None) -> Job:
        """Ask for work, or ask again about work that is waiting, going on, or has just failed.

        `key` names the work and what it is done with; whoever asks with the same key shares the result.
        `asker` names the learner; without one, everybody who asks for the same is taken for one learner.
        Raises `Full` where too much is waiting already.
        """
        with self._changed:
            self._clear()
            job = self._jobs.get(key)
            owner = key if asker is None else asker
            if job is None:
                if len(self._waiting()) >= self.places:
                    raise Full(f"{self.places} pieces of work are waiting already. Try again in a minute.")
                job = self._jobs[key] = Job(key, work, self._next_turn(owner))
                self._hire()
                self._changed.notify()
            elif job.over.is_set() and job.problem is None:
                del self._jobs[key]  # it is told once; who asks later looks first for what is kept of it
            job.askers[owner] = time.monotonic()
            return job

    def wait_for(self, job: Job, asker: Hashable = None) -> None:
        """Say that this learner still waits for a piece of work, which is otherwise given up."""
        with self._changed:
            owner = job.key if asker is None else asker
            if owner in job.askers:
                job.askers[owner] = time.monotonic()

    def going(self, key: Hashable) -> bool:
        """Whether somebody asked for this work and it waits or goes on."""
        with self._changed:
            self._clear()
            return key in self._jobs and not self._jobs[key].over.is_set()

    def stop(self, key: Hashable, asker: Hashable = None) -> None:
        """Say that this learner does not want the work any more; it ends unless somebody else does."""
        with self._changed:
            self._clear()
            job = self._jobs.get(key)
            if job is None or job.over.is_set():
                return
            job.askers.pop(key if asker is None else asker, None)
            if time.monotonic() - job.asked_at <= self.patience:
                return
            job.stopped = True
            del self._jobs[key]
            if not job.started:
                job.problem = Stopped("This was stopped.")
                job.over.set()

    def forget(self, key: Hashable) -> None:
        """Forget how work failed, so that whoever asks for it again has it done anew."""
        with self._changed:
            job = self._jobs.get(key)
            if job is not None and job.over.is_set():
                del self._jobs[key]

    def ahead(self, job: Job) -> int:
        """Return how many pieces of work come before this one, those going on included."""
        with self._changed:
            if job.started:
                return 0
            going = [one for one in self._jobs.values() if one.started and not one.over.is_set()]
            waiting = self._waiting()
            return len(going) + (waiting.index(job) if job in waiting else 0)

    def _next_turn(self, owner: Hashable) -> int:
        """Return the round of a learner's next work: the present one, or the one after their last."""
        turn = max(self._round, self._turns.get(owner, -1) + 1)
        self._turns = {one: last for one, last in self._turns.items() if last >= self._round} | {owner: turn}
        return turn

    def _waiting(self) -> list[Job]:
        """Return what waits, in the order in which it will be done: by rounds, then as it was asked for."""
        return sorted((job for job in self._jobs.values() if not job.started), key=lambda job: job.turn)

    def _hire(self) -> None:
        if self._threads < self.hands:
            self._threads += 1
            Thread(target=self._work, name=f"desk-{self._threads}", daemon=True).start()

    def _clear(self) -> None:
        """Forget what was given up; also what is over, but later, so that those who wait hear of it."""
        now = time.monotonic()
        for job in list(self._jobs.values()):
            late = now - job.asked_at > self.patience
            ended = job.over.is_set() and (late or isinstance(job.problem, GivenUp))
            if ended or (not job.started and late):
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
                self._round = job.turn
            self._do(job)

    def _do(self, job: Job) -> None:
        def progress(doing: str, done: int, total: int) -> None:
            job.doing, job.done, job.total = doing, done, total
            if job.stopped:
                raise Stopped("This was stopped.")
            if time.monotonic() - job.asked_at > self.patience:
                raise GivenUp("Nobody waits for this any more.")

        try:
            job.result = job.work(progress)
        except Exception as problem:  # those who wait are told; this thread goes on
            job.problem = problem
        finally:
            job.over.set()


def compute_behind_pages() -> None:
    """Let this thread compute on one core, and behind those that answer pages.

    On a busy machine of two cores, two threads that wait for each other at every step of ResNet-50 took ten
    times as long as one. Pages are answered by threads of the same process; only Linux can be told which of
    a process's threads come first.
    """
    if sys.platform == "linux":
        mine = get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, mine)
        os.setpriority(os.PRIO_PROCESS, mine, max(now, NICENESS))
    import torch

    torch.set_num_threads(1)


@cache
def desk() -> Desk:
    """Return the queue of this process; its hands load PyTorch when the first work is asked for."""
    return Desk(hands=HANDS, prepare=compute_behind_pages)
