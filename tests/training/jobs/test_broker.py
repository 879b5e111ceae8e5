"""What the broker decides, with workers that are none: no process is started here."""

import os
from pathlib import Path
from typing import Any

import pytest

from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, command_of, give_command
from cnnlab.training.jobs import broker as brokers
from cnnlab.training.jobs import endings
from cnnlab.training.jobs.board import DELETED, Board
from cnnlab.training.jobs.broker import Broker, serve
from cnnlab.training.jobs.limits import Limits
from cnnlab.training.jobs.locks import FileLock
from cnnlab.training.run_folder import DONE, FAILED, LOST, PAUSED, QUEUED, RUNNING, STOPPED, RunFolder
from tests.training.jobs.desk import Starter, desk, put_down, told


def test_as_many_go_on_as_there_are_places_and_the_rest_know_theirs(tmp_path: Path):
    one = desk(tmp_path, at_once=2)
    runs = [one.ask(learner) for learner in "aabc"]
    assert one.tick() == ["a1", "b3"]
    assert one.broker.board.told() == {
        "pid": os.getpid(),
        "stamp": "",
        "going": ["a1", "b3"],
        "queue": ["c4", "a2"],
        "at_once": 2,
    }
    one.worker(runs[0]).over = True
    runs[0].stand(state=DONE, message="fine")
    assert one.tick() == ["b3", "c4"]
    assert told(runs[0]) == (DONE, "fine")
    assert not one.active(runs[0])


@pytest.mark.parametrize(("command", "left"), [(STOP, STOPPED), (PAUSE, PAUSED)])
def test_what_waits_is_stopped_or_paused_without_being_started(command: str, left: str, tmp_path: Path):
    one = desk(tmp_path)
    one.ask("a")
    waits = one.ask("b")
    one.tick()
    give_command(waits.path, command)
    assert one.tick() == ["a1"]
    assert told(waits) == (left, endings.STOPPED_BEFORE if left == STOPPED else "")
    assert not one.active(waits)


@pytest.mark.parametrize(("command", "left"), [(STOP, STOPPED), (PAUSE, PAUSED)])
def test_what_is_asked_at_the_moment_of_the_start_is_done(
    command: str, left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = desk(tmp_path)
    run = one.ask("a")
    choose = one.broker.queue.next

    def choose_late(going: Any = ()) -> Any:
        give_command(run.path, command)  # after the broker has looked at what waits
        return choose(going)

    monkeypatch.setattr(one.broker.queue, "next", choose_late)
    assert one.tick() == []
    assert one.starter.started == {}
    assert told(run)[0] == left
    assert not one.active(run)


def test_a_run_that_waits_and_is_to_go_on_waits_on(tmp_path: Path):
    """It may have been parked, and made to wait again, while somebody pressed Go on."""
    one = desk(tmp_path)
    one.ask("a")
    waits = one.ask("b")
    one.tick()
    give_command(waits.path, CONTINUE)
    one.tick()
    assert told(waits)[0] == QUEUED
    assert one.active(waits)


@pytest.mark.parametrize(
    ("asked", "left", "waits"),
    [(PAUSE, PAUSED, False), (CONTINUE, RUNNING, True), (GO, RUNNING, True), (STOP, STOPPED, False)],
)
def test_what_is_asked_of_a_paused_run_while_it_is_put_down_is_done(
    asked: str, left: str, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one, run = put_down(tmp_path)
    one.worker(run).over = True
    monkeypatch.setattr(brokers, "state_of", lambda path: give_command(path, asked) or PAUSED)
    one.broker._look_at(one.broker.going["a1"])  # pyright: ignore[reportPrivateUsage]
    monkeypatch.undo()
    one.tick()
    assert told(run)[0] == left
    assert one.active(run) == waits


def test_a_run_that_is_deleted_while_its_end_is_written_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    one.worker(run).over = True

    def conclude(path: Path, _state: str, _message: str) -> bool:
        (path / DELETED).touch()
        return True

    monkeypatch.setattr(endings, "conclude", conclude)
    one.tick()
    assert not run.path.exists()


def test_a_deleted_run_leaves_no_file(tmp_path: Path):
    one = desk(tmp_path)
    going, waiting = one.ask("a"), one.ask("b")
    one.tick()
    for run in (going, waiting):
        (run.path / DELETED).touch()
        give_command(run.path, STOP)
    one.tick()
    one.worker(going).over = True
    one.tick()
    assert [path.name for path in tmp_path.iterdir()] == [".board"]
    assert list(one.broker.board.entered()) == []


def test_a_run_that_cannot_be_started_says_so(tmp_path: Path):
    one = desk(tmp_path)
    one.starter.broken = True
    run = one.ask("a")
    assert one.tick() == []
    assert told(run) == (FAILED, endings.cannot_start(OSError()))


def test_runs_of_a_broker_that_is_gone_are_lost_and_those_that_waited_wait(tmp_path: Path):
    before = desk(tmp_path)
    going, paused, waits, done = (before.ask(learner) for learner in "abcd")
    going.stand(state=RUNNING)
    paused.stand(state=PAUSED)
    done.stand(state=DONE)
    starter = Starter(Limits())
    after = Broker(tmp_path, starter)
    after.adopt()
    after.tick()
    assert [told(run)[0] for run in (going, paused, waits, done)] == [LOST, LOST, RUNNING, DONE]
    assert going.state()["message"] == endings.BROKER_GONE
    assert [one.run_id for one in after.board.entered()] == ["c3"]


def test_a_run_whose_machine_is_gone_begins_again_but_not_for_ever(tmp_path: Path):
    one = desk(tmp_path)
    run = one.ask("a")
    for _ in range(brokers.MOST_RESTARTS):
        assert one.tick() == ["a1"]
        one.worker(run).over = one.worker(run).gone = True
        one.worker(run).exit = None
    assert one.tick() == ["a1"]
    one.worker(run).over = one.worker(run).gone = True
    assert one.tick() == []
    assert told(run) == (FAILED, endings.NO_RESULT)


def test_an_end_that_the_disk_does_not_take_is_written_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    one.worker(run).over, one.worker(run).exit = True, -9
    with monkeypatch.context() as full:

        def no_space(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(RunFolder, "stand", no_space)
        one.tick()
        assert one.active(run)
        assert not (run.path / endings.BALLAST).exists()
    one.tick()
    assert told(run) == (FAILED, endings.crashed(-9))
    assert not one.active(run)


def test_a_full_disk_does_not_end_the_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = desk(tmp_path, at_once=2)
    going, paused, waits = one.ask("a"), one.ask("b"), one.ask("a")
    one.tick()
    one.worker(paused).over = one.broker.going["b2"].parked = True
    paused.stand(state=PAUSED)
    for run in (paused, waits):
        give_command(run.path, PAUSE)
    with monkeypatch.context() as full:

        def no_space(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(RunFolder, "stand", no_space)
        assert one.tick() == ["a1"]
    assert one.tick() == ["a1"]
    assert [told(run)[0] for run in (going, paused, waits)] == [RUNNING, PAUSED, PAUSED]
    assert [one.active(run) for run in (going, paused, waits)] == [True, False, False]


def test_the_broker_leaves_when_nobody_needs_it_or_its_folder_is_gone(tmp_path: Path):
    one = desk(tmp_path / "runs", idle_seconds=0)
    one.ask("a")
    one.tick()
    assert one.broker.wanted()
    one.worker(RunFolder(tmp_path / "runs" / "a1")).over = True
    one.tick()
    assert not one.broker.wanted()
    other = desk(tmp_path / "others", idle_seconds=1000)
    assert other.broker.wanted()
    other.broker.board.path.rename(tmp_path / "away")
    assert not other.broker.wanted()


def test_without_an_app_runs_are_stopped_and_what_waits_stays(tmp_path: Path):
    one = desk(tmp_path, alone_seconds=0, at_once=1)
    going, waits = one.ask("a"), one.ask("b")
    one.tick()
    assert one.broker.alone()
    one.worker(going).over = True
    one.broker.stop_all(endings.NO_APP)
    assert command_of(going.path) == STOP
    assert told(going)[1] == endings.NO_APP
    assert told(waits)[0] == QUEUED
    assert one.active(waits)


def test_a_second_broker_leaves_at_once(tmp_path: Path):
    board = Board(tmp_path)
    board.make()
    lock = FileLock(board.file(brokers.LOCK))
    assert lock.take()
    serve(tmp_path, Starter(Limits()))
    assert board.told() == {}
    lock.give()


def test_a_broker_of_other_code_or_settings_is_replaced_when_its_runs_have_ended(tmp_path: Path):
    one = desk(tmp_path)
    going, waits = one.ask("a"), one.ask("b")
    one.tick()
    one.broker.board.retire("newer")
    assert one.tick() == ["a1"]
    assert one.broker.wanted()
    one.worker(going).over = True
    one.tick()
    assert not one.broker.wanted()
    assert told(waits)[0] == QUEUED
    one.broker.board.retire("")
    assert one.broker.wanted()
