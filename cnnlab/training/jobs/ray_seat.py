"""A place for one run at a time on a machine of a Ray cluster, with PyTorch loaded between runs.

Below it a run is a process as on one machine: bounded, and gone with its seat. The run's folder is here as
long as it goes on, and what changes in it is told to the broker. It does not import Ray.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from cnnlab.training.control import give_command
from cnnlab.training.jobs.limits import limits
from cnnlab.training.jobs.mirror import Mirror, Telling, write
from cnnlab.training.jobs.processes import PRELOADED, LocalStarter, LocalWorker, Work
from cnnlab.training.places import DATA

_SCRATCH = "cnnlab-seat-"


class Seat:
    """One run at a time."""

    def __init__(self, work: Work, settings: dict[str, str], preload: str = PRELOADED) -> None:
        """Get ready to do `work`; `settings` are the limits that the broker's environment sets."""
        _clear_up()
        self._scratch = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{os.getpid()}-"))
        os.environ[DATA] = str(self._scratch / "data")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        own = {"CNNLAB_JOBS_AT_ONCE": str(os.cpu_count() or 1)} | settings  # a seat for each core
        self._starter = LocalStarter(limits(own), work, preload)
        self._starter.warm_up()
        self._worker: LocalWorker | None = None
        self._mirror = Mirror(self._scratch)

    def ready(self) -> None:
        """Answer, as soon as nothing else is to be done before."""

    def begin(self, run_id: str, folder: Telling, data: tuple[str, Telling] | None) -> None:
        """Start a run, given its folder and, where it learns from a learner's own pictures, those."""
        path = self._scratch / "runs" / run_id
        path.mkdir(parents=True)
        write(path, folder)
        if data:
            (self._scratch / "data" / data[0]).mkdir(parents=True)
            write(self._scratch / "data" / data[0], data[1])
        self._mirror = Mirror(path)
        self._worker = self._starter.start(path)

    def look(self) -> tuple[bool, int | None, Telling]:
        """Return whether the run has ended, its exit code, and what is new in its folder."""
        over = self._worker is None or self._worker.ended()
        return over, self._worker.code() if self._worker and over else None, self._mirror.telling()

    def command(self, text: str) -> None:
        """Tell the run to go on, to pause or to stop."""
        give_command(self._mirror.folder, text)

    def end(self, at_once: bool) -> None:
        """End the run's process, at once or politely."""
        if self._worker:
            (self._worker.kill if at_once else self._worker.end)()

    def leave(self) -> None:
        """Forget the run and its files."""
        self._worker = None
        for name in ("runs", "data"):
            shutil.rmtree(self._scratch / name, ignore_errors=True)


def _clear_up() -> None:
    """Delete what seats left behind whose processes are gone."""
    for path in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*-*"):
        process = path.name.removeprefix(_SCRATCH).partition("-")[0]
        if process.isdigit() and sys.platform != "win32":
            try:
                os.kill(int(process), 0)
            except ProcessLookupError:
                shutil.rmtree(path, ignore_errors=True)
            except PermissionError:
                continue  # somebody else's
