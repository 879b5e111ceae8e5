"""Work that waits: joined, in a fair order, bounded, stopped, given up, and told of when it fails."""

import os
import sys
from collections.abc import Callable
from threading import Event, get_native_id

import pytest

from cnnlab.inspection.work import NICENESS, Desk, Full, GivenUp, Job, Stopped, desk


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
    with pytest.raises(Full, match=r"2 pieces of work are waiting already\. Try again in a minute"):
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
    desk.forget("fails")
    desk.forget("unknown")
    assert desk.ask("fails", fail) is not job
    assert desk.ask("works", lambda _progress: None).over.wait(10)


def test_progress_is_told():
    job = Desk().ask("works", lambda progress: progress("Computing", 3, 9))
    assert job.over.wait(10)
    assert (job.doing, job.done, job.total) == ("Computing", 3, 9)


def test_what_work_returns_is_told_once_and_done_anew_after_that():
    desk = Desk()
    job = desk.ask("works", lambda _progress: 42)
    assert job.over.wait(10)
    assert (job.result, job.problem) == (42, None)
    assert desk.ask("others go on", lambda _progress: None).over.wait(10)
    assert desk.ask("works", lambda _progress: 43) is job
    again = desk.ask("works", lambda _progress: 43)
    assert again.over.wait(10)
    assert again.result == 43


def test_everybodys_first_work_comes_before_anybodys_second(gate: Event):
    desk, done = Desk(), []
    held(desk, gate)

    def ask(name: str, asker: str) -> Job:
        return desk.ask(name, lambda _progress: done.append(name), asker)

    jobs = [ask("ann 1", "ann"), ask("ann 2", "ann"), ask("ann 3", "ann"), ask("bob 1", "bob")]
    jobs += [ask("bob 2", "bob"), ask("cem 1", "cem")]
    assert [desk.ahead(job) for job in jobs] == [1, 4, 6, 2, 5, 3]
    gate.set()
    assert all(job.over.wait(10) for job in jobs)
    assert done == ["ann 1", "bob 1", "cem 1", "ann 2", "bob 2", "ann 3"]


def going(desk: Desk, gate: Event, asker: str) -> Job:
    """Return work that goes on until its progress ends it, or the gate opens."""
    started = Event()

    def work(progress: Callable[[str, int, int], None]) -> str:
        started.set()
        while not gate.wait(0.01):
            progress("Computing", 1, 2)
        return "done"

    job = desk.ask("going on", work, asker)
    assert started.wait(10)
    return job


def test_work_that_is_stopped_ends_at_its_next_step_and_can_be_asked_for_anew(gate: Event):
    desk = Desk()
    job = going(desk, gate, "ann")
    desk.stop("going on", "ann")
    assert job.over.wait(10)
    with pytest.raises(Stopped, match="This was stopped"):
        raise job.problem or AssertionError
    again = desk.ask("going on", lambda _progress: "again", "ann")
    assert again is not job
    assert again.over.wait(10)
    assert again.result == "again"


def test_work_goes_on_for_the_others_when_one_learner_stops_it(gate: Event):
    desk = Desk()
    job = going(desk, gate, "ann")
    assert desk.ask("going on", lambda _progress: None, "bob") is job
    desk.stop("going on", "ann")
    assert not job.over.wait(0.1)
    desk.stop("going on", "bob")
    assert job.over.wait(10)
    assert isinstance(job.problem, Stopped)


def test_work_that_waits_and_is_stopped_is_never_begun(gate: Event):
    desk, done = Desk(), []
    held(desk, gate)
    job = desk.ask("waiting", lambda _progress: done.append("waiting"))
    desk.stop("waiting")
    desk.stop("unknown")
    assert isinstance(job.problem, Stopped)
    gate.set()
    assert desk.ask("other", lambda _progress: done.append("other")).over.wait(10)
    assert done == ["other"]


def test_whether_work_goes_on_is_told_to_whoever_asks(gate: Event):
    desk = Desk()
    assert not desk.going("held")
    job = held(desk, gate)
    desk.ask("later", lambda _progress: None)
    assert desk.going("held")
    assert desk.going("later")
    gate.set()
    assert job.over.wait(10)
    assert not desk.going("held")


def test_the_process_has_one_desk_whose_hands_compute_on_one_core():
    import torch

    assert desk() is desk()
    job = desk().ask("cores", lambda _progress: torch.get_num_threads())
    assert job.over.wait(60)
    assert job.result == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of single threads")
def test_hands_that_compute_come_behind_the_threads_that_answer_pages():
    def niceness(_progress: object = None) -> int:
        return os.getpriority(os.PRIO_PROCESS, get_native_id())

    before = niceness()
    job = desk().ask("niceness", niceness)
    assert job.over.wait(60)
    assert job.result == max(before, NICENESS)
    assert niceness() == before
