"""Work that waits: joined, in order, bounded, given up, and told of when it fails."""

from threading import Event

import pytest

from cnnlab.inspection.flow_queue import Desk, Full, GivenUp, Job


@pytest.fixture
def gate():
    """Return an event that ends what holds a desk up."""
    opened = Event()
    yield opened
    opened.set()


def held(desk: Desk, gate: Event) -> Job:
    started = Event()

    def work(_progress: object) -> None:
        started.set()
        gate.wait(10)

    job = desk.ask("held", work)
    assert started.wait(10)
    return job


def test_work_is_done_in_the_order_in_which_it_was_asked_for_and_once_for_all_who_ask(gate: Event):
    desk, done = Desk(), []
    first = held(desk, gate)
    jobs = [desk.ask(name, lambda _progress, name=name: done.append(name)) for name in "abc"]
    assert desk.ask("b", lambda _progress: done.append("b again")) is jobs[1]
    assert [desk.ahead(job) for job in (first, *jobs)] == [0, 1, 2, 3]
    gate.set()
    assert all(job.over.wait(10) for job in jobs)
    assert done == ["a", "b", "c"]


def test_only_so_many_may_wait(gate: Event):
    desk = Desk(places=2)
    held(desk, gate)
    desk.ask(1, lambda _progress: None)
    desk.ask(2, lambda _progress: None)
    with pytest.raises(Full, match=r"2 others are waiting .* Try again in a minute"):
        desk.ask(3, lambda _progress: None)
    desk.ask(2, lambda _progress: None)  # who waits already may ask how far it is


def test_work_that_nobody_asks_about_any_more_is_given_up(gate: Event):
    desk, done = Desk(patience=0.3), []
    held(desk, gate)
    forgotten = desk.ask("forgotten", lambda _progress: done.append("forgotten"))
    assert not forgotten.over.wait(0.4)
    other = desk.ask("other", lambda _progress: done.append("other"))
    gate.set()
    assert other.over.wait(10)
    assert done == ["other"]


def test_work_that_goes_on_while_nobody_asks_is_ended():
    desk = Desk(patience=0.05)
    other = desk.ask("going on", lambda progress: Event().wait(0.2) or progress("Computing", 1, 2))
    assert other.over.wait(10)
    assert isinstance(other.problem, GivenUp)
    with pytest.raises(GivenUp, match="Nobody waits"):
        raise other.problem


def test_who_waits_for_work_that_fails_is_told_and_the_next_is_done():
    desk = Desk()

    def fail(_progress: object) -> None:
        raise ValueError("no")

    job = desk.ask("fails", fail)
    assert job.over.wait(10)
    assert str(job.problem) == "no"
    assert desk.ask("fails", fail) is job
    assert desk.ask("works", lambda _progress: None).over.wait(10)


def test_progress_is_told():
    job = Desk().ask("works", lambda progress: progress("Computing", 3, 9))
    assert job.over.wait(10)
    assert (job.doing, job.done, job.total) == ("Computing", 3, 9)
