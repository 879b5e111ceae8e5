"""How a run finds its seat in a cluster and what it does when the seat is gone, with a Ray that is none."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cnnlab.training.control import PAUSE, STOP, give_command
from cnnlab.training.jobs.mirror import Change, Telling
from cnnlab.training.jobs.ray_backend import RayWorker, Seats
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RunFolder


class RayError(Exception):
    pass


class Answer:
    """What a seat will have answered; a seat that is gone answers with an error."""

    def __init__(self, seat: "Seat", value: Any) -> None:
        self.seat, self.value = seat, value


class Seat:
    """A seat that notes what it is asked for; it answers once it is there."""

    def __init__(self) -> None:
        self.there, self.gone, self.asked = False, False, []
        self.told = Telling((), frozenset({"state.json", "recipe.json", "about.json"}))
        self.over = False

    def __getattr__(self, name: str) -> Any:
        def remote(*_: Any, **how: Any) -> Answer:
            self.asked.append((name, *how.values()))
            return Answer(self, (self.over, 0 if self.over else None, self.told))

        return SimpleNamespace(remote=remote)


class Ray:
    """As much of Ray as is asked."""

    exceptions = SimpleNamespace(RayError=RayError)

    def __init__(self) -> None:
        self.killed: list[Seat] = []

    def wait(
        self, answers: list[Answer], timeout: float, num_returns: int = 1
    ) -> tuple[list[Answer], list[Answer]]:
        assert timeout == 0
        ready = [one for one in answers if one.seat.there or one.seat.gone][:num_returns]
        return ready, [one for one in answers if one not in ready]

    def get(self, answer: Answer) -> Any:
        if answer.seat.gone:
            raise RayError
        return answer.value

    def kill(self, seat: Seat) -> None:
        self.killed.append(seat)


@pytest.fixture
def ray() -> Ray:
    return Ray()


@pytest.fixture
def made() -> list[Seat]:
    """Return the seats that were asked of the cluster."""
    return []


@pytest.fixture
def seats(ray: Ray, made: list[Seat]) -> Seats:
    def make() -> Seat:
        made.append(Seat())
        return made[-1]

    return Seats(ray, make)


def new_run(folder: Path, name: str = "run") -> Path:
    return RunFolder.create(folder / name, Recipe(), learner="ann").path


def test_a_run_waits_for_a_seat_and_gives_it_to_the_next(seats: Seats, made: list[Seat], tmp_path: Path):
    first = RayWorker(seats, new_run(tmp_path))
    assert not first.ended()
    assert RunFolder(tmp_path / "run").state()["phase"] == "waiting for a machine of the cluster"
    made[0].there = made[0].over = True
    done = Change("state.json", 0, b'{"state": "done"}')
    made[0].told = Telling((done,), made[0].told.files)
    assert [first.ended() for _ in range(2)] == [False, True]
    assert (first.code(), first.lost(), RunFolder(tmp_path / "run").state()) == (0, False, {"state": DONE})
    second = RayWorker(seats, new_run(tmp_path, "next"))
    second.ended()
    assert len(made) == 1
    assert [name for name, *_ in made[0].asked] == [
        "ready",
        "begin",
        "look",
        "leave",
        "ready",
        "begin",
        "look",
    ]


def test_who_waits_takes_whichever_seat_is_ready_first(seats: Seats, made: list[Seat], tmp_path: Path):
    one, two = (RayWorker(seats, new_run(tmp_path, name)) for name in "ab")
    made[1].there = True
    assert not one.ended()
    assert not two.ended()
    assert [name for name, *_ in made[1].asked] == ["ready", "begin", "look"]
    assert [name for name, *_ in made[0].asked] == ["ready"]


def test_a_seat_that_never_came_or_went_before_the_run_began_costs_nothing(
    seats: Seats, made: list[Seat], ray: Ray, tmp_path: Path
):
    run = RayWorker(seats, new_run(tmp_path))
    made[0].gone = True
    assert not run.ended()
    made[1].there = True
    run.ended()
    made[1].gone = True
    assert not run.ended()
    assert (run.lost(), ray.killed) == (False, made[:2])
    made[2].there = True
    run.ended()
    assert [name for name, *_ in made[2].asked] == ["ready", "begin", "look"]


def test_a_run_whose_seat_goes_in_the_middle_is_lost(seats: Seats, made: list[Seat], tmp_path: Path):
    run = RayWorker(seats, new_run(tmp_path))
    made[0].there = True
    run.ended()
    run.ended()
    give_command(tmp_path / "run", PAUSE)
    run.ended()
    assert ("command",) in made[0].asked
    run._answer = Answer(made[0], None)
    made[0].gone = True
    assert run.ended()
    assert run.lost()


def test_a_run_that_waits_for_a_seat_can_be_stopped(seats: Seats, tmp_path: Path):
    run = RayWorker(seats, new_run(tmp_path))
    run.end()
    run.kill()
    assert not run.ended()
    give_command(tmp_path / "run", STOP)
    assert run.ended()
    assert not run.lost()


def test_a_seat_that_does_not_answer_is_given_up(
    seats: Seats, made: list[Seat], ray: Ray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run = RayWorker(seats, new_run(tmp_path))
    made[0].there = True
    run.ended()
    made[0].there = False
    run.end()
    run.kill()
    assert not run.ended()
    monkeypatch.setattr("cnnlab.training.jobs.ray_backend._GIVE_UP_S", -1.0)
    run.kill()
    assert run.ended()
    assert made[0].asked[-3:] == [("end", False), ("end", True), ("end", True)]
    assert ray.killed == made
