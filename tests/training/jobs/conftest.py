"""What the tests of jobs share: roots of their own, brokers with fake runs, and nothing left behind."""

import os
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from cnnlab.training.jobs import client, keeping
from cnnlab.training.jobs.board import Board
from cnnlab.training.places import RUNS
from cnnlab.training.run_folder import OVER

PATIENCE_S = 60.0
SETTINGS = {"CNNLAB_JOBS_AT_ONCE": "2", "CNNLAB_JOBS_MEMORY_MB": "2000"}


@pytest.fixture(autouse=True)
def _plain_main(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes that are started here not run again what a test of a page has left as the main script."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))


def until(true: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until something is true; fail where it does not become so."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def state(run_id: str) -> str:
    return str(client.folder(run_id).state()["state"])


def message(run_id: str) -> str:
    return str(client.folder(run_id).state().get("message", ""))


def is_over(run_id: str) -> bool:
    return state(run_id) in OVER


def steps(run_id: str) -> int:
    """Return how many steps a run has told."""
    return len([one for one in client.folder(run_id).steps() if one["step"]])


def pid(run_id: str) -> int:
    """Return the process of a run, once it has begun."""
    until(lambda: bool(client.folder(run_id).steps()))
    return int(client.folder(run_id).steps()[-1].get("pid", 0) or client.folder(run_id).steps()[0]["pid"])


def broker_pid(root: Path) -> int:
    """Return the process of the broker, once there is one."""
    until(lambda: Board(root).answered() and "pid" in Board(root).told())
    return int(Board(root).told()["pid"])


@contextmanager
def jobs(runs: Path, **settings: str) -> Iterator[Path]:
    """Let runs be fake ones and lie in a folder; end its broker, and see that nobody is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(RUNS, str(runs))
        for name, value in (SETTINGS | settings).items():
            patch.setenv(name, value)
        patch.setitem(keeping.MODULES, "local", "tests.training.jobs.fake_work")
        keeper = keeping.Keeper()
        keeper.start()
        yield runs
        keeper.close()
        end_broker(runs)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder for runs, with a broker that the tests of a file share."""
    with jobs(tmp_path_factory.mktemp("jobs") / "runs") as runs:
        yield runs


@pytest.fixture
def own_root(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for runs whose broker belongs to one test."""
    with jobs(tmp_path / "runs") as runs:
        yield runs


def descendants(process: int) -> list[psutil.Process]:
    """Return the processes below one that may be gone."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(process).children(recursive=True)
    return []


def end_broker(runs: Path) -> None:
    started = keeping._started.pop(runs, None)  # pyright: ignore[reportPrivateUsage]
    if started is None:
        return
    left = descendants(started.pid)
    started.terminate()
    started.wait(timeout=PATIENCE_S)
    _, alive = psutil.wait_procs(left, timeout=PATIENCE_S)
    for one in alive:
        os.kill(one.pid, 9)
    assert alive == []
