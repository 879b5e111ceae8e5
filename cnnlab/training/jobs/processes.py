"""A run's process: forked from a server that has PyTorch loaded, bounded, and gone when its broker is.

Where there is no fork (Windows) or none that is safe (macOS), a new Python is started. It does not know
whose turn it is.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from cnnlab.training.jobs.limits import MEBI, Limits

Work = Callable[[Path], None]
NICE = 10
LOG = "log.txt"
PRELOADED = f"{__package__}.preloaded"
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Worker(Protocol):
    """A run that has been started, wherever it is."""

    @property
    def sentinels(self) -> list[Any]:
        """What `multiprocessing.connection.wait` can wait for; may be empty."""
        ...

    def ended(self) -> bool:
        """Return whether it has ended; its folder then holds all that it wrote."""
        ...

    def code(self) -> int | None:
        """Return the exit code, a negative one for a signal; None where nobody knows."""
        ...

    def lost(self) -> bool:
        """Return whether the machine that it was on is gone, so that it may begin again elsewhere."""
        ...

    def end(self) -> None:
        """Ask the system to end it."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


class Starter(Protocol):
    """Who starts runs."""

    @property
    def limits(self) -> Limits:
        """What runs may take."""
        ...

    def warm_up(self) -> None:
        """Load what runs need."""
        ...

    def start(self, path: Path) -> Worker:
        """Start the run in this folder."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class LocalStarter:
    """Starts runs on this machine, a process each."""

    def __init__(self, limits: Limits, work: Work, preload: str = PRELOADED) -> None:
        """Let every run do `work`, which another process can import; `preload` is a module to load before."""
        self.limits, self._work = limits, work
        os.environ.update(dict.fromkeys(_THREADS, str(limits.threads)))
        self._context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        if sys.platform == "linux":
            self._context.set_forkserver_preload([preload])

    def warm_up(self) -> None:
        """Begin to load PyTorch, in the server from which runs are forked."""
        if sys.platform == "linux":
            from multiprocessing import forkserver

            forkserver.ensure_running()

    def start(self, path: Path) -> "LocalWorker":
        """Start the run in this folder."""
        process = self._context.Process(
            target=_run, args=(self._work, path, self.limits), name=path.name, daemon=True
        )
        process.start()
        return LocalWorker(process)

    def close(self) -> None:
        """Nothing is left: runs and their server end with this process."""


class LocalWorker:
    """A process on this machine."""

    def __init__(self, process: BaseProcess) -> None:
        """Look after this process."""
        self.process = process

    @property
    def sentinels(self) -> list[Any]:
        """Ready as soon as the process has ended."""
        return [self.process.sentinel]

    def ended(self) -> bool:
        """Return whether the process has ended."""
        return not self.process.is_alive()

    def code(self) -> int | None:
        """Return its exit code."""
        return self.process.exitcode

    def lost(self) -> bool:
        """Return False: its machine is this one."""
        return False

    def end(self) -> None:
        """Send SIGTERM."""
        self.process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        self.process.kill()


def _run(work: Work, path: Path, limits: Limits) -> None:
    """Do the work in a process of its own."""
    _end_with_broker()
    _be_modest(limits)
    _log_to(path / LOG)
    work(path)


def _end_with_broker() -> None:
    """End as soon as the broker has: on Linux the kernel sees to it, everywhere a thread that waits."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    broker = multiprocessing.parent_process()
    if broker is not None:
        threading.Thread(target=_leave_after, args=(broker.sentinel,), daemon=True).start()


def _leave_after(sentinel: Any) -> None:
    wait([sentinel])
    os._exit(1)


def _be_modest(limits: Limits) -> None:
    """Let pages go first; hold no more data and no more threads than allowed."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)
    if _shares_gpu(limits):
        return
    if limits.memory_mb and sys.platform == "linux":
        import resource

        most = limits.memory_mb * MEBI
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _shares_gpu(limits: Limits) -> bool:
    """Return whether there is a GPU, and leave other runs their part of it.

    A bound on data would not do there: CUDA reserves far more addresses than memory.
    """
    if not limits.gpu:
        return False
    import torch

    if not torch.cuda.is_available():
        return False
    if limits.at_once > 1:
        torch.cuda.set_per_process_memory_fraction(1 / limits.at_once)
    return True


def _log_to(path: Path) -> None:
    """Write what is printed, and what crashes say, into the run's folder."""
    with suppress(OSError):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.close(file)
        print(time.strftime("%Y-%m-%d %H:%M:%S begins"), flush=True)
