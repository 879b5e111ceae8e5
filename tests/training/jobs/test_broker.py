"""What the broker decides, with workers that are none: no process is started here."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, command_of, give_command
from cnnlab.training.jobs import broker as brokers
from cnnlab.training.jobs import endings
from cnnlab.training.jobs import going as going_runs
from cnnlab.training.jobs.board import DELETED, Board
from cnnlab.training.jobs.broker import Broker, serve
from cnnlab.training.jobs.limits import Limits
from cnnlab.training.jobs.locks import FileLock
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, FAILED, LOST, PAUSED, QUEUED, RUNNING, STOPPED, RunFolder


@dataclass(slots=True)
class Worker:
    """A worker that ends when the test says so."""

    over: bool = False
    exit: int | None = 0
    gone: bool = False
    signals: list[str] = field(default_factory=list)

    @property
    def sentinels(self) -> list[Any]:
        return []

    def ended(self) -> bool:
        return self.over

    def code(self) -> int | None:
        return self.exit

    def lost(self) -> bool:
        return self.gone

    def end(self) -> None:
        self.signals.append("end")

    def kill(self) -> None:
        self.signals.append("kill")
        self.over = True


@dataclass(slots=True)
class Starter:
    """Starts such workers."""

    limits: Limits
    started: dict[str, Worker] = field(default_factory=dict)
    broken: bool = False

    def warm_up(self) -> None:
        return

    def start(self, path: Path) -> Worker:
        if self.broken:
            raise OSError("no more processes")
        self.started[path.name] = Worker()
        return self.started[path.name]

    def close(self) -> None:
        return


@dataclass(slots=True)
class Desk:
    """A broker, and runs that are asked of it."""

    broker: Broker
    starter: Starter
    count: int = 0

    def ask(self, learner: str) -> RunFolder:
        self.count += 1
        run_id = f"{learner}{self.count}"
        folder = RunFolder.create(self.broker.board.root / run_id, Recipe(), learner=learner)
        self.broker.board.enter(Waiting(self.count, run_id, learner))
        return folder

    def worker(self, run: RunFolder) -> Worker:
        return self.starter.started[run.path.name]

    def tick(self) -> list[str]:
        self.broker.tick()
        return sorted(self.broker.going)

    def active(self, run: RunFolder) -> bool:
        return self.broker.board.active(run.path.name)


def desk(root: Path, **limits: Any) -> Desk:
    starter = Starter(Limits(**limits))
    made = Desk(Broker(root, starter), starter)
    made.broker.board.make()
    return made


def told(run: RunFolder) -> tuple[str, str]:
    return run.state()["state"], run.state().get("message", "")


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
    one = desk(tmp_path, parked_seconds=0)
    run = one.ask("a")
    one.tick()
    give_command(run.path, PAUSE)
    run.stand(state=PAUSED)
    one.tick()
    one.tick()
    assert one.worker(run).signals == ["end"]
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


def test_a_run_whose_folder_is_gone_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one = desk(tmp_path)
    run = one.ask("a")
    one.tick()
    run.path.rename(tmp_path.parent / "elsewhere")
    monkeypatch.setattr(going_runs, "KILL_S", -1.0)
    one.tick()
    assert one.tick() == []
    assert not one.active(run)


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
