"""Sees to it that a broker is there while runs need one: started, found again, started anew where it died.

Not as a child of `multiprocessing`: below `streamlit run` such a child would run the app again. It does not
know what runs are.
"""

import hashlib
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from cnnlab.errors import CnnLabError
from cnnlab.training.jobs.board import Board
from cnnlab.training.jobs.limits import MEBI
from cnnlab.training.places import runs_root

BACKEND = "CNNLAB_JOBS"
MODULES = {"local": "cnnlab.training.jobs.broker", "ray": "cnnlab.training.jobs.ray_backend"}
STAMP = "CNNLAB_JOBS_STAMP"  # tells a broker what it was started with
_MATTERS = ("CNNLAB_JOBS", "CNNLAB_RAY", "CNNLAB_MODELS", "CNNLAB_DATA", "TORCH_HOME")
_LOG = "broker.log"
_WATCH_S = 3.0
_PACKAGES = Path(__file__).resolve().parents[3]
_started: dict[Path, "subprocess.Popen[bytes]"] = {}
_starting = threading.Lock()


class NoSuchBackend(CnnLabError):
    """The environment names a way of running jobs that there is not."""


def broker_module() -> str:
    """Return the module that the environment chooses; raises `NoSuchBackend`."""
    name = os.environ.get(BACKEND, "").strip() or "local"
    if name not in MODULES:
        raise NoSuchBackend(f"{BACKEND} is “{name}”; write one of: {', '.join(MODULES)}.")
    return MODULES[name]


def stamp() -> str:
    """Return what tells brokers of different code or different settings apart."""
    settings = sorted(
        f"{name}={value}" for name, value in os.environ.items() if name.startswith(_MATTERS) and name != STAMP
    )
    facts = [broker_module(), sys.executable, str(_newest_code()), *settings]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


@cache
def _newest_code() -> int:
    """Return when the code that this process runs was changed last."""
    return max(path.stat().st_mtime_ns for path in (_PACKAGES / "cnnlab").rglob("*.py"))


def ensure_broker(root: Path | None = None) -> None:
    """Start a broker for this root unless one is there; return at once.

    Where two are started at the same moment, the second leaves by itself.
    """
    root = root or runs_root()
    board = Board(root)
    with _starting:
        own = _started.get(root)
        if own is not None and own.poll() is None:
            board.need()
            return
        if board.answered() and board.told().get("stamp") == stamp():
            board.need()
            return
        board.make()
        board.need()
        board.retire(stamp())  # one of other code or settings starts no more runs, and leaves
        _started[root] = _start(root, board.file(_LOG))


def started_here(root: Path) -> "subprocess.Popen[bytes] | None":
    """Return the broker that this process started for a root; None where another did, or nobody."""
    return _started.get(root)


def _start(root: Path, log: Path) -> "subprocess.Popen[bytes]":
    with suppress(OSError):
        if log.stat().st_size > MEBI:
            log.unlink()
    command = [sys.executable, "-m", broker_module(), str(root)]
    path = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]))
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": path, STAMP: stamp()},
        )


class Keeper:
    """A thread of the app that says that it is there, and starts the broker again where runs wait for one."""

    def __init__(self) -> None:
        """Nothing is started."""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper of runs", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more; the broker leaves by itself when no app has been there for a minute."""
        self._end.set()
        self._thread.join(timeout=5)

    def _keep(self) -> None:
        while True:
            with suppress(OSError, CnnLabError):
                look_once(runs_root())
            if self._end.wait(_WATCH_S):
                return


def look_once(root: Path) -> None:
    """Say that an app is there; start a broker where runs wait and none answers."""
    board = Board(root)
    board.need()
    if next(board.entered(), None) is not None and not board.answered():
        ensure_broker(root)
