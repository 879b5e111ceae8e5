"""The app itself, as `streamlit run` serves it: it keeps a broker, and a killed server loses no run."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from cnnlab.training.jobs import client
from cnnlab.training.jobs.board import Board
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.places import RUNS, new_run_id
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RUNNING, STOPPED, RunFolder
from tests.running_app import running_app
from tests.training.jobs.conftest import broker_pid, descendants, is_over, state, until


@pytest.mark.slow
def test_a_killed_server_loses_no_run_and_the_next_one_has_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = tmp_path / "runs"
    monkeypatch.setenv(RUNS, str(root))
    board = Board(root)
    board.make()
    short, long = waiting(board, "ann", epochs=1), waiting(board, "ben", epochs=500)
    with running_app(tmp_path / "first.log") as first:
        until(lambda: is_over(short) and state(long) == RUNNING and bool(client.folder(long).steps()))
        broker = broker_pid(root)
        os.kill(first.process.pid, signal.SIGKILL)
    seen = len(client.folder(long).steps())
    until(lambda: len(client.folder(long).steps()) > seen)
    with running_app(tmp_path / "second.log"):
        assert (state(short), state(long), broker_pid(root)) == (DONE, RUNNING, broker)
        client.stop(long)
        until(lambda: is_over(long))
        assert state(long) == STOPPED
        assert "Traceback" not in (tmp_path / "first.log").read_text()
        left = descendants(broker)
        os.kill(broker, signal.SIGTERM)
        assert psutil.wait_procs(left, timeout=60)[1] == []


def waiting(board: Board, learner: str, epochs: int) -> str:
    """Let a run wait, as an app would have left it that ended before there was a broker."""
    recipe = Recipe(data="digits", model="digits_lenet", regime="full", per_class=20, epochs=epochs)
    run_id = new_run_id()
    RunFolder.create(board.root / run_id, recipe, learner=learner, name="")
    board.own(learner, run_id)
    board.enter(Waiting(time.time_ns(), run_id, learner, run_id))
    return run_id
