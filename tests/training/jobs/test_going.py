"""How a run that goes on is stopped, paused and bounded, with workers that are none."""

from pathlib import Path

import pytest

from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, command_of, give_command
from cnnlab.training.jobs import endings
from cnnlab.training.jobs import going as going_runs
from cnnlab.training.run_folder import PAUSED, QUEUED, STOPPED
from tests.training.jobs.desk import desk, put_down, told


def test_a_run_is_stopped_with_more_and_more_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    give_command(run.path, STOP)
    one.tick()
    assert one.worker(run).signals == []
    monkeypatch.setattr(going_runs, "END_S", 0.0)
    one.tick()
    one.tick()
    assert one.worker(run).signals == ["end"]
    monkeypatch.setattr(going_runs, "KILL_S", 0.0)
    one.tick()
    one.tick()
    assert one.worker(run).signals == ["end", "kill"]
    assert told(run) == (STOPPED, endings.STOPPED_LATE)


def test_a_run_that_has_heard_is_given_time_to_keep_its_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    give_command(run.path, STOP)
    (run.path / ".heard").touch()
    monkeypatch.setattr(going_runs, "END_S", 0.0)
    monkeypatch.setattr(going_runs, "KILL_S", 0.0)
    one.tick()
    one.tick()
    assert one.worker(run).signals == []


def test_a_paused_run_gives_its_place_and_goes_on_when_there_is_one_again(tmp_path: Path):
    one = desk(tmp_path)
    first, second = one.ask("a"), one.ask("b")
    one.tick()
    give_command(first.path, PAUSE)
    first.stand(state=PAUSED)
    assert one.tick() == ["a1", "b2"]
    give_command(first.path, CONTINUE)
    one.tick()
    assert command_of(first.path) == CONTINUE
    one.worker(second).over = True
    one.tick()
    assert command_of(first.path) == GO
    waits = one.ask("c")
    assert one.tick() == ["a1"]
    assert told(waits)[0] == QUEUED


def test_a_run_that_is_paused_for_long_gives_its_memory_back(tmp_path: Path):
    one, run = put_down(tmp_path)
    one.worker(run).over, one.worker(run).exit = True, -15
    assert one.tick() == []
    assert told(run) == (PAUSED, "")
    assert not one.active(run)


def test_a_run_that_shall_go_on_while_its_memory_is_given_back_waits_for_its_turn(tmp_path: Path):
    one = desk(tmp_path, parked_seconds=0)
    paused = one.ask("a")
    one.tick()
    give_command(paused.path, PAUSE)
    paused.stand(state=PAUSED)
    one.tick()
    one.ask("b")
    one.tick()
    give_command(paused.path, CONTINUE)
    one.worker(paused).over = True
    paused.stand(state=STOPPED, message="by SIGTERM")
    assert one.tick() == ["b2"]
    assert told(paused) == (QUEUED, "")
    assert one.tick() == ["b2"]
    assert one.broker.board.told()["queue"] == ["a1"]


def test_a_run_that_takes_too_long_is_stopped_and_says_so(tmp_path: Path):
    one = desk(tmp_path, seconds=0)
    run = one.ask("a")
    one.tick()
    one.tick()
    assert command_of(run.path) == STOP
    run.stand(state=STOPPED, message="as asked")
    one.worker(run).over = True
    one.tick()
    assert told(run) == (STOPPED, endings.too_long(0))


def test_a_run_whose_folder_is_gone_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    run.path.rename(tmp_path.parent / "elsewhere")
    monkeypatch.setattr(going_runs, "KILL_S", -1.0)
    one.tick()
    assert one.tick() == []
    assert not one.active(run)
