"""What pages ask for, and what is refused; without a broker."""

import shutil
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cnnlab.training.control import CONTINUE, GO, PAUSE, STOP, command_of
from cnnlab.training.jobs import client
from cnnlab.training.jobs.board import Board
from cnnlab.training.jobs.client import NotStarted
from cnnlab.training.jobs.queue import Waiting
from cnnlab.training.places import RUNS, new_run_id, run_path
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, LOST, PAUSED, QUEUED, RATES, RUNNING, STOPPED, NoSuchRun


@pytest.fixture(autouse=True)
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Return the board of a root that no broker serves."""
    monkeypatch.setenv(RUNS, str(tmp_path / "runs"))
    monkeypatch.setattr(client, "ensure_broker", lambda: None)
    return Board(tmp_path / "runs")


def asked(learner: str = "ann") -> str:
    return client.submit(Recipe(), learner)


def test_one_goes_on_and_two_wait_and_more_is_refused():
    first, _, _ = (asked() for _ in range(3))
    with pytest.raises(NotStarted, match="One of your runs can go on while two wait, and there are three"):
        asked()
    assert asked("ben")
    Board(run_path(first).parent).leave(first)
    assert asked()


def test_a_series_counts_as_one_and_keeps_its_order(board: Board):
    names = client.submit_series([Recipe(epochs=n) for n in range(1, 6)], "ann", "How many?")
    assert [one.run_id for one in sorted(board.entered())] == names
    assert [asked() for _ in range(2)]
    with pytest.raises(NotStarted, match="there are three"):
        asked()
    assert len(client.runs("ann")) == 7


@pytest.mark.parametrize("count", [0, client.MOST_OF_A_SERIES + 1])
def test_a_series_is_bounded(count: int):
    with pytest.raises(NotStarted, match=f"{count} runs were asked for at once"):
        client.submit_series([Recipe()] * count, "ann")


def test_runs_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "RUNS_OF_A_LEARNER", 1)
    asked()
    with pytest.raises(NotStarted, match="Delete some that you no longer need"):
        asked()


def test_a_disk_that_is_nearly_full_takes_no_run(monkeypatch: pytest.MonkeyPatch):
    disk = namedtuple("disk", "total used free")(10, 10, 5)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)
    with pytest.raises(NotStarted, match="The disk has less than 300 MB left"):
        asked()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(RUNS, str(tmp_path / "file" / "runs"))
    with pytest.raises(NotStarted, match="could not be written to the disk: Not a directory"):
        asked()
    client.warm_up()


def test_places_are_told_while_a_run_waits(board: Board):
    first, second = asked(), asked("ben")
    assert (client.place(first), client.place(second)) == (1, 1)  # no broker has answered yet
    board.tell(queue=[second, first])
    assert (client.place(first), client.place(second)) == (2, 1)
    client.folder(first).stand(state=RUNNING)
    assert client.place(first) is None
    assert client.place(new_run_id()) is None


def test_commands_lie_in_the_folder_of_the_run():
    run_id = asked()
    client.pause(run_id)
    assert command_of(run_path(run_id)) == PAUSE
    client.go_on(run_id)
    assert command_of(run_path(run_id)) == GO
    client.folder(run_id).stand(state=PAUSED)
    client.go_on(run_id)
    assert command_of(run_path(run_id)) == CONTINUE
    client.stop(run_id)
    assert command_of(run_path(run_id)) == STOP


@pytest.mark.parametrize("left", [LOST, STOPPED, PAUSED])
def test_a_run_that_ended_early_waits_again(left: str, board: Board):
    run_id = asked()
    client.stop(run_id)
    board.leave(run_id)
    client.folder(run_id).stand(state=left, message="why")
    client.go_on(run_id)
    assert board.active(run_id)
    assert command_of(run_path(run_id)) == GO
    assert client.folder(run_id).state() | {"at": 0} == {"state": QUEUED, "message": "", "at": 0}


def test_a_run_that_is_done_does_not_go_on(board: Board):
    run_id = asked()
    board.leave(run_id)
    client.folder(run_id).stand(state=DONE)
    with pytest.raises(NotStarted, match="has reached its end"):
        client.go_on(run_id)
    client.pause(run_id)
    assert command_of(run_path(run_id)) == GO


def test_a_paused_run_that_no_process_holds_is_stopped(board: Board):
    run_id = asked()
    board.leave(run_id)
    client.folder(run_id).stand(state=PAUSED)
    client.stop(run_id)
    assert client.folder(run_id).state()["state"] == STOPPED


def test_a_run_is_renamed_in_one_short_line():
    run_id = asked()
    client.rename(run_id, "a\n\tb " + "c" * 200)
    assert client.folder(run_id).about()["name"] == "a b " + "c" * 76


def test_a_deleted_run_is_gone_at_once(board: Board):
    going, over = asked(), asked()
    board.leave(over)
    client.delete(going)
    client.delete(over)
    assert client.runs("ann") == []
    assert not run_path(over).exists()
    assert command_of(run_path(going)) == STOP
    for run_id in (going, over):
        with pytest.raises(NoSuchRun, match="it may have been deleted"):
            client.folder(run_id)


@pytest.mark.parametrize("ask", [client.pause, client.go_on, client.stop, client.delete])
def test_a_run_that_there_is_not_is_told(ask):
    with pytest.raises(NoSuchRun, match="it may have been deleted"):
        ask(new_run_id())
    with pytest.raises(NoSuchRun, match="not the name of a run"):
        ask("../../etc")


def test_two_presses_of_go_on_at_the_same_moment_are_one(board: Board, monkeypatch: pytest.MonkeyPatch):
    run_id = asked()
    board.leave(run_id)
    client.folder(run_id).stand(state=LOST)
    held = client.held

    @contextmanager
    def held_later(path: Path) -> Iterator[None]:
        """Wait for another press, of which the broker has started the run already."""
        board.enter(Waiting(1, run_id, "ann", run_id))
        client.folder(run_id).stand(state=RUNNING)
        with held(path):
            yield

    monkeypatch.setattr(client, "held", held_later)
    client.go_on(run_id)
    assert client.folder(run_id).state()["state"] == RUNNING
    assert [one.at for one in board.entered()] == [1]


def test_a_run_that_ends_while_it_is_deleted_leaves_no_file(board: Board, monkeypatch: pytest.MonkeyPatch):
    run_id = asked()
    monkeypatch.setattr(client, "give_command", lambda *_: board.leave(run_id))
    client.delete(run_id)
    assert not run_path(run_id).exists()


def test_a_full_disk_lets_runs_be_deleted(board: Board, monkeypatch: pytest.MonkeyPatch):
    run_id = asked()
    board.leave(run_id)

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "touch", no_space)
    client.delete(run_id)
    assert not run_path(run_id).exists()


def test_no_run_takes_the_name_of_another_over():
    first, second = (client.submit(Recipe(), "ann", "Shapes") for _ in range(2))
    client.delete(first)
    other, third = client.submit(Recipe(), "ben", "Shapes"), client.submit(Recipe(), "ann", "Shapes (2)")
    names = [client.folder(run_id).about()["name"] for run_id in (second, other, third)]
    assert names == ["Shapes (2)", "Shapes", "Shapes (2) (2)"]


def test_rates_are_tried_beside_the_runs_of_a_learner_one_try_at_a_time(board: Board):
    for _ in range(3):
        asked()
    first = client.try_rates(Recipe(), "ann")
    assert client.folder(first).about()["kind"] == RATES
    second = client.try_rates(Recipe(epochs=3), "ann")
    with pytest.raises(NoSuchRun, match="may have been deleted"):
        client.folder(first)
    assert board.active(second)
    assert second not in [run.path.name for run in client.runs("ann")]
