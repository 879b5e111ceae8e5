"""What the tests of jobs share: a root of their own, a broker with fake runs, and nothing left behind."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from cnnlab.training.jobs import client, keeping
from cnnlab.training.jobs.board import Board
from cnnlab.training.places import RUNS
from cnnlab.training.run_folder import OVER

PATIENCE_S = 60.0


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


def broker_pid(root: Path) -> int:
    """Return the process of the broker, once there is one."""
    until(lambda: Board(root).answered() and "pid" in Board(root).told())
    return int(Board(root).told()["pid"])


def family(root: Path) -> list[psutil.Process]:
    """Return the broker and all its processes."""
    with suppress(psutil.NoSuchProcess):
        broker = psutil.Process(broker_pid(root))
        return [broker, *broker.children(recursive=True)]
    return []


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for runs, whose broker ends with the test and leaves nobody behind."""
    runs = tmp_path / "runs"
    monkeypatch.setenv(RUNS, str(runs))
    monkeypatch.setitem(keeping.MODULES, "local", "tests.training.jobs.fake_work")
    monkeypatch.setenv("CNNLAB_JOBS_AT_ONCE", "2")
    yield runs
    end_broker(runs)


def end_broker(runs: Path) -> None:
    started = keeping._started.pop(runs, None)  # pyright: ignore[reportPrivateUsage]
    if started is None:
        return
    left = []
    with suppress(psutil.NoSuchProcess):
        left = psutil.Process(started.pid).children(recursive=True)
    started.terminate()
    started.wait(timeout=PATIENCE_S)
    _, alive = psutil.wait_procs(left, timeout=PATIENCE_S)
    for one in alive:
        os.kill(one.pid, 9)
    assert alive == []
