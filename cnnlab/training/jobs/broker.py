"""`python -m cnnlab.training.jobs.broker ROOT`: starts runs when it is their turn, and looks after them.

One broker serves a folder of runs; a second one leaves at once. It finds runs in `board`, obeys the command
in each run's folder, ends what does not end by itself, and leaves when nobody needs it. It does not know what
a run does, and loads no PyTorch: `processes` does.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, command_of, forget_commands, give_command
from cnnlab.training.jobs import endings
from cnnlab.training.jobs.board import DELETED, Board
from cnnlab.training.jobs.endings import state_of
from cnnlab.training.jobs.going import Going
from cnnlab.training.jobs.keeping import STAMP
from cnnlab.training.jobs.limits import Limits, limits
from cnnlab.training.jobs.locks import FileLock
from cnnlab.training.jobs.processes import LocalStarter, Starter, Work
from cnnlab.training.jobs.queue import FairQueue, Waiting
from cnnlab.training.run_folder import LOST, OVER, PAUSED, QUEUED, RUNNING, STOPPED, NoSuchRun, RunFolder

LOCK = "broker.lock"
MOST_RESTARTS = 2
_TICK_S, _TELL_S = 0.05, 1.0


class Broker:
    """The runs of one root."""

    def __init__(self, root: Path, starter: Starter, stamp: str = "") -> None:
        """Look after the runs in `root`; `starter` starts them; `stamp` says what it was started with."""
        self.stamp = stamp
        self.board, self.starter = Board(root), starter
        self.queue = FairQueue()
        self.going: dict[str, Going] = {}
        self._unsaid: dict[str, tuple[Path, str, str]] = {}
        self._restarts: dict[str, int] = {}
        self._told: dict[str, object] = {}
        self._told_at = self._busy_at = time.monotonic()
        self.leaving = False

    @property
    def limits(self) -> Limits:
        """What runs may take now; a cluster grows and shrinks."""
        return self.starter.limits

    def tick(self) -> None:
        """Look once at everything; what a full disk does not take is tried again at a later look."""
        looks = [partial(self._look_at, one) for one in self.going.values()]
        for do in (self._find, *looks, self._start, self._say_again, self._tell):
            with suppress(OSError, NoSuchRun):
                do()

    def rest(self) -> None:
        """Wait until a run ends, but not for long."""
        sentinels = [one for going in self.going.values() for one in going.worker.sentinels]
        if sentinels:
            wait(sentinels, timeout=_TICK_S)
        else:
            time.sleep(_TICK_S)

    def adopt(self) -> None:
        """Tell the runs of a broker that is gone that they are lost; those that waited wait on."""
        for one in self.board.entered():
            path = self.board.root / one.run_id
            if state_of(path) in (RUNNING, PAUSED):
                self._conclude(one.run_id, path, LOST, endings.BROKER_GONE)

    def wanted(self) -> bool:
        """Return whether anybody may still need this broker."""
        if not self.board.path.is_dir() or (self.replaced() and not self.going):
            return False
        if self.going or self.queue:
            self._busy_at = time.monotonic()
            return True
        return time.monotonic() - self._busy_at < self.limits.idle_seconds

    def replaced(self) -> bool:
        """Return whether a broker with other code or settings waits for its place."""
        return self.board.successor() not in ("", self.stamp)

    def alone(self) -> bool:
        """Return whether no app has been there for long."""
        return self.board.alone_for() > self.limits.alone_seconds

    def stop_all(self, message: str) -> None:
        """Stop every run and let it keep its results; those that wait go on waiting for a broker."""
        for one in self.going.values():
            one.message = message
            give_command(one.path, STOP)
        while self.going:
            for one in list(self.going.values()):
                self._look_at(one)
            self.rest()

    def _find(self) -> None:
        for one in self.board.entered(frozenset(self.going) | frozenset(self._unsaid)):
            if one.run_id in self.queue:
                self._look_at_waiting(one)
            elif state_of(self.board.root / one.run_id) == QUEUED:
                self.queue.add(one)
            else:
                self.board.leave(one.run_id)

    def _look_at_waiting(self, one: Waiting) -> None:
        path = self.board.root / one.run_id
        asked = command_of(path) if path.is_dir() else STOP
        if asked in (PAUSE, STOP):
            self._leave_unstarted(one, asked)
            self.queue.drop(one.run_id)

    def _leave_unstarted(self, one: Waiting, asked: str) -> None:
        path = self.board.root / one.run_id
        if asked == PAUSE and path.is_dir():
            RunFolder(path).stand(state=PAUSED)
            self.board.leave(one.run_id)
        else:
            self._conclude(one.run_id, path, STOPPED, endings.STOPPED_BEFORE)

    def _start(self) -> None:
        computing = [one for one in self.going.values() if one.computes]
        for one in self.going.values():
            if len(computing) >= self.limits.at_once:
                return
            if not one.computes and not one.parked and command_of(one.path) == CONTINUE:
                one.paused_since = None
                give_command(one.path, GO)
                computing.append(one)
        while len(computing) < self.limits.at_once and not self.replaced():
            chosen = self.queue.next({one.one.learner for one in computing})
            if chosen is None:
                return
            if started := self._started(chosen):
                computing.append(started)

    def _started(self, one: Waiting) -> Going | None:
        path = self.board.root / one.run_id
        try:
            asked = forget_commands(path)
            if asked in (PAUSE, STOP):  # since it was looked at
                self._leave_unstarted(one, asked)
                return None
            endings.keep_ballast(path)
            again = endings.MACHINE_GONE if one.run_id in self._restarts else ""
            RunFolder(path).stand(state=RUNNING, phase="starting", message=again)
            worker = self.starter.start(path)
        except Exception as problem:
            print(f"{one.run_id} cannot be started: {problem!r}", file=sys.stderr, flush=True)
            self._conclude(one.run_id, path, endings.FAILED, endings.cannot_start(problem))
            return None
        going = Going(one, path, worker, self._restarts.get(one.run_id, 0))
        self.going[one.run_id] = going
        return going

    def _look_at(self, one: Going) -> None:
        if one.worker.ended():
            self._finish(one)
        else:
            one.obey(time.monotonic(), self.limits)

    def _finish(self, one: Going) -> None:
        del self.going[one.one.run_id]
        code = one.worker.code()
        if one.parked and one.stop_since is None and state_of(one.path) in (PAUSED, STOPPED):
            self._put_down(one)
        elif one.worker.lost() and one.stop_since is None and self._again(one):
            return
        else:
            told = endings.ending(code, one.stop_since is not None)
            self._conclude(one.one.run_id, one.path, told["state"], one.message or told["message"])
            if one.message:
                self._add_message(one)

    def _put_down(self, one: Going) -> None:
        """Keep a paused run on the disk only; it waits again where it was asked to go on meanwhile."""
        run_id, asked = one.one.run_id, forget_commands(one.path)
        if asked == STOP:
            self._conclude(run_id, one.path, STOPPED, endings.STOPPED_LATE)
            return
        RunFolder(one.path).stand(state=PAUSED if asked == PAUSE else QUEUED, message="")
        if asked == PAUSE:
            self.board.leave(run_id)

    def _again(self, one: Going) -> bool:
        """Let a run whose machine is gone wait again; return False where that happened too often."""
        run_id = one.one.run_id
        self._restarts[run_id] = one.restarts + 1
        if one.restarts >= MOST_RESTARTS or state_of(one.path) in OVER:
            return False
        RunFolder(one.path).stand(state=QUEUED, message=endings.MACHINE_GONE)
        self.queue.add(one.one)
        return True

    def _add_message(self, one: Going) -> None:
        """Say why a run that ended politely was made to end."""
        with suppress(OSError, NoSuchRun, ValueError):
            if state_of(one.path) == STOPPED:
                RunFolder(one.path).stand(message=one.message)

    def _conclude(self, run_id: str, path: Path, state: str, message: str) -> None:
        if (path / DELETED).exists():
            shutil.rmtree(path, ignore_errors=True)
        elif not endings.conclude(path, state, message):
            self._unsaid[run_id] = (path, state, message)
            return
        self._unsaid.pop(run_id, None)
        self._restarts.pop(run_id, None)
        with suppress(OSError):
            (path / endings.BALLAST).unlink(missing_ok=True)
        self.board.leave(run_id)
        if (path / DELETED).exists():  # since it was looked for above
            shutil.rmtree(path, ignore_errors=True)

    def _say_again(self) -> None:
        """Write the ends that a full disk did not take, once it takes them."""
        for run_id, (path, state, message) in list(self._unsaid.items()):
            self._conclude(run_id, path, state, message)

    def _tell(self) -> None:
        learners = [one.one.learner for one in self.going.values() if one.computes]
        status: dict[str, object] = {
            "pid": os.getpid(),
            "stamp": self.stamp,
            "going": sorted(self.going),
            "queue": self.queue.order(learners),
            "at_once": self.limits.at_once,
        }
        now = time.monotonic()
        if status != self._told or now - self._told_at > _TELL_S:
            with suppress(OSError):
                self.board.tell(**status)
                self._told, self._told_at = status, now


def serve(root: Path, starter: Starter) -> None:
    """Look after the runs of this root until nobody needs it.

    It returns at once where another does that was started with the same; one that was started with other code
    or settings is waited for, until its runs have ended.
    """
    board, stamp = Board(root), os.environ.get(STAMP, "")
    board.make()
    lock = FileLock(board.file(LOCK))
    while not lock.take():
        if board.told().get("stamp", stamp) == stamp or not board.path.is_dir():
            return
        board.retire(stamp)
        time.sleep(_TICK_S)
    board.retire(stamp)
    try:
        _serve(Broker(root, starter, stamp))
    finally:
        starter.close()
        board.fall_silent()
        lock.give()


def _serve(broker: Broker) -> None:
    def leave(_signal: int, _frame: FrameType | None) -> None:
        broker.leaving = True

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    broker.adopt()
    broker.tick()  # whoever waits for an answer has it before PyTorch is loaded
    broker.starter.warm_up()
    while broker.wanted() and not broker.leaving:
        broker.tick()
        if broker.alone():
            break
        broker.rest()
    broker.stop_all(endings.NO_APP)


def main(root: Path, work: Work) -> None:
    """Serve with processes on this machine."""
    serve(root, LocalStarter(limits(), work))


if __name__ == "__main__":
    from cnnlab.training.working import work

    main(Path(sys.argv[1]).resolve(), work)
