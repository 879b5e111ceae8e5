"""What stays when broker, app or browser end in the middle, and what ten learners at once leave behind."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from cnnlab.training.jobs import client, endings, keeping
from cnnlab.training.jobs.board import Board
from cnnlab.training.jobs.keeping import Keeper, NoSuchBackend, broker_module, look_once
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, LOST, QUEUED, RUNNING, STOPPED
from tests.training.jobs import fake_work
from tests.training.jobs.conftest import (
    broker_pid,
    descendants,
    is_over,
    jobs,
    message,
    pid,
    state,
    steps,
    until,
)


def gone(process: int) -> bool:
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_killed_broker_takes_its_runs_along_and_the_app_starts_another(own_root: Path):
    going = client.submit(Recipe(seed=fake_work.LONG), "ann")
    deaf = client.submit(Recipe(seed=fake_work.DEAF), "ben")
    waits = client.submit(Recipe(epochs=2), "cleo")
    until(lambda: steps(going) > 2 and bool(client.folder(deaf).steps()))
    processes, before = [pid(going), pid(deaf)], broker_pid(own_root)
    below = [one.pid for one in descendants(before)]
    os.kill(before, signal.SIGKILL)
    until(lambda: all(map(gone, [*processes, *below])))
    reached = steps(going)
    look_once(own_root)
    until(lambda: is_over(waits) and is_over(going) and is_over(deaf))
    assert (state(going), message(going)) == (LOST, endings.BROKER_GONE)
    assert (state(deaf), state(waits)) == (LOST, DONE)
    assert broker_pid(own_root) != before
    client.go_on(going)
    until(lambda: steps(going) > reached)
    assert [one["step"] for one in client.folder(going).steps() if one["step"]] == list(
        range(1, steps(going) + 1)
    )
    client.stop(going)
    until(lambda: is_over(going))


def test_runs_outlive_the_app_that_asked_for_them_and_the_next_one_finds_them(own_root: Path):
    finished = client.submit(Recipe(epochs=2), "ann")
    going = client.submit(Recipe(seed=fake_work.LONG), "ben")
    until(lambda: is_over(finished) and state(going) == RUNNING)
    app = keeping._started.pop(own_root)  # pyright: ignore[reportPrivateUsage]
    try:
        keeper = Keeper()  # of the app that is started next
        keeper.start()
        assert [run.path.name for run in client.runs("ann")] == [finished]
        assert state(finished) == DONE
        client.stop(going)
        until(lambda: is_over(going))
        assert state(going) == STOPPED
        assert broker_pid(own_root) == app.pid
        keeper.close()
    finally:
        keeping._started[own_root] = app  # pyright: ignore[reportPrivateUsage]


def test_a_broker_that_nobody_needs_leaves_and_the_next_press_starts_another(tmp_path: Path):
    with jobs(tmp_path / "runs", CNNLAB_JOBS_IDLE_SECONDS="1") as root:
        client.warm_up()
        first = broker_pid(root)
        below = [one.pid for one in descendants(first)]
        started = keeping._started[root]  # pyright: ignore[reportPrivateUsage]
        until(lambda: started.poll() is not None and all(map(gone, below)))
        assert started.returncode == 0
        run_id = client.submit(Recipe(epochs=1), "ann")
        until(lambda: is_over(run_id))
        assert state(run_id) == DONE


@pytest.mark.slow
def test_ten_learners_at_once_all_end_and_memory_is_given_back(own_root: Path):
    client.warm_up()
    ready = client.submit(Recipe(epochs=1), "nobody")
    until(lambda: is_over(ready))
    broker = broker_pid(own_root)
    until(lambda: not Board(own_root).told()["going"])
    before = {one.pid for one in descendants(broker)}
    memory = held(broker)
    wanted = {f"learner {n}": client.submit(Recipe(epochs=5 + n), f"learner {n}") for n in range(10)}
    until(lambda: all(map(is_over, wanted.values())))
    assert [state(run_id) for run_id in wanted.values()] == [DONE] * 10
    assert [steps(run_id) for run_id in wanted.values()] == [5 + n for n in range(10)]
    until(lambda: {one.pid for one in descendants(broker)} == before)
    assert broker_pid(own_root) == broker
    assert held(broker) < memory + 40e6
    assert list(Board(own_root).entered()) == []


def held(broker: int) -> float:
    """Return the bytes that a broker and its processes hold; what they share is counted once."""
    return sum(psutil.Process(one).memory_full_info().pss for one in [broker, *map(int, children(broker))])


def children(broker: int) -> list[int]:
    return [one.pid for one in descendants(broker)]


def test_the_environment_names_the_backend(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(keeping.BACKEND, raising=False)
    assert broker_module() == keeping.MODULES["local"]
    monkeypatch.setenv(keeping.BACKEND, "slurm")
    with pytest.raises(NoSuchBackend, match="CNNLAB_JOBS is “slurm”; write one of: local, ray"):
        broker_module()


def test_an_app_without_runs_writes_nothing(tmp_path: Path):
    look_once(tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


@pytest.mark.usefixtures("own_root")
def test_a_run_that_waits_is_started_by_the_app_where_the_broker_has_left(own_root: Path):
    run_id = client.submit(Recipe(epochs=1), "ann")
    until(lambda: is_over(run_id))
    broker = keeping._started[own_root]  # pyright: ignore[reportPrivateUsage]
    broker.terminate()
    broker.wait()
    client.folder(run_id).stand(state=QUEUED)
    from cnnlab.training.jobs.queue import Waiting

    Board(own_root).enter(Waiting(time.time_ns(), run_id, "ann"))
    look_once(own_root)
    until(lambda: is_over(run_id))
    assert state(run_id) == DONE


def test_after_a_change_of_settings_the_next_press_has_a_broker_with_them(
    own_root: Path, monkeypatch: pytest.MonkeyPatch
):
    before = client.submit(Recipe(epochs=60), "ann")
    old = broker_pid(own_root)
    until(lambda: steps(before) > 0)
    first = keeping._started.pop(own_root)  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setenv("CNNLAB_MODELS", "elsewhere")  # as an app that was started anew
    after = client.submit(Recipe(epochs=2), "ben")
    until(lambda: is_over(before) and is_over(after))
    assert (state(before), state(after), steps(before)) == (DONE, DONE, 60)
    assert broker_pid(own_root) != old
    assert first.wait(timeout=60) == 0
