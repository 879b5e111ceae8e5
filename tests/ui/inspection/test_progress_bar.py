"""How far work is, as a browser asks: told over HTTP, kept alive by asking, over where nobody knows it."""

import json
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cnnlab.inspection.work import Desk, Job
from cnnlab.ui.inspection import progress_bar
from cnnlab.ui.inspection.progress_bar import MOST_WATCHED, Watched, work_route
from tests.source_files import python_files, text_of


@pytest.fixture
def goes_on() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def begun(desk: Desk, goes_on: Event) -> Job:
    there = Event()

    def work(progress: Any) -> str:
        progress("Looking", 1, 4)
        there.set()
        goes_on.wait(10)
        return "found"

    job = desk.ask("key", work, "learner")
    assert there.wait(10)
    return job


def test_a_browser_is_told_how_far_the_work_is_until_it_is_over(
    goes_on: Event, monkeypatch: pytest.MonkeyPatch
):
    desk = Desk()
    job = begun(desk, goes_on)
    watched = Watched(desk, job, learner="learner", shown=lambda: {"words": "so far"})
    monkeypatch.setitem(progress_bar._watched, "token", watched)
    client = TestClient(Starlette(routes=[work_route()]))
    answer = client.get("/progress/token.json")
    assert json.loads(answer.text) == {
        "text": "Looking …",
        "share": 0.25,
        "over": False,
        "shown": {"words": "so far"},
    }
    assert answer.headers["cache-control"] == "no-store"
    goes_on.set()
    assert job.over.wait(10)
    assert client.get("/progress/token.json").json()["over"] is True
    assert job.result == "found"


def test_work_that_nobody_knows_is_over_so_that_its_page_asks_anew():
    answer = TestClient(Starlette(routes=[work_route()])).get("/progress/invented.json")
    assert answer.json()["over"] is True


def test_asking_keeps_work_from_being_given_up(goes_on: Event):
    desk = Desk()
    job = begun(desk, goes_on)
    before = job.asked_at
    Watched(desk, job, learner="somebody else").told()
    assert job.asked_at == before
    Watched(desk, job, learner="learner").told()
    assert job.asked_at > before


def test_who_waits_is_told_how_many_come_before(goes_on: Event):
    desk = Desk()
    begun(desk, goes_on)
    later = desk.ask("other", lambda _progress: None, "another learner")
    assert Watched(desk, later, learner="another learner").told()["text"] == "Waiting: 1 before this."


def test_no_part_of_these_pages_polls_by_running_itself():
    files = [file for file in python_files("cnnlab") if file.parts[:3] == ("cnnlab", "ui", "inspection")]
    assert files
    assert [str(file) for file in files if "run_every=" in text_of(file)] == []
    assert MOST_WATCHED > 30 * 8  # a class, with eight maps each
