"""A run that has been started: what is asked of it is done, and it is ended where it does not end by itself.

It does not know whose turn it is, nor what is told when a run is over.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

from cnnlab.training.control import CONTINUE, PAUSE, STOP, command_of, give_command, heard_stop
from cnnlab.training.jobs import endings
from cnnlab.training.jobs.endings import state_of
from cnnlab.training.jobs.limits import Limits
from cnnlab.training.jobs.processes import Worker
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.run_folder import PAUSED

END_S, KILL_S, GRACE_S = 0.5, 2.0, 2.0


@dataclass(slots=True, eq=False)
class Going:
    """A run that has been started.

    Attributes:
        one: Who asked for it, and when.
        path: Its folder.
        worker: What does it.
        restarts: How often the machine that it was on has gone.
        stop_since: Since when it shall stop; None where it shall not.
        paused_since: Since when it is paused; None where it is not.
        parked: Whether it was ended because it was paused for long.
        message: Why it is stopped, where nobody asked for that.
    """

    one: Waiting
    path: Path
    worker: Worker
    restarts: int = 0
    stop_since: float | None = None
    paused_since: float | None = None
    parked: bool = False
    message: str = ""
    _began: float = field(default_factory=time.monotonic)
    _ended: bool = False

    @property
    def computes(self) -> bool:
        """Whether it takes a place among those that compute."""
        return self.paused_since is None

    def obey(self, now: float, limits: Limits) -> None:
        """Do what is asked of it, and see that it keeps to the limits."""
        asked = command_of(self.path)
        if asked == STOP or not self.path.is_dir():
            self.stop_since = self.stop_since or now
            self._press(now - self.stop_since)
        elif now - self._began > limits.seconds:
            self.message = endings.too_long(limits.seconds)
            give_command(self.path, STOP)
        elif asked in (PAUSE, CONTINUE):
            self._rest(now, limits.parked_seconds)

    def _press(self, gone: float) -> None:
        """End it with more and more force, later where it keeps its results."""
        if heard_stop(self.path):
            gone -= GRACE_S
        if gone > KILL_S:
            self.worker.kill()
        elif gone > END_S and not self._ended:
            self._ended = True
            self.worker.end()

    def _rest(self, now: float, longest: float) -> None:
        if self.paused_since is None:
            if state_of(self.path) == PAUSED:
                self.paused_since = now
        elif now - self.paused_since > longest and not self.parked:
            self.parked = True
            self.worker.end()
