"""A picture flows through a network, asked for over HTTP: runs, steps, channels, and what cannot be."""

import asyncio
import gzip
import json
import time
import urllib.error
import urllib.request
from base64 import b64decode
from threading import Event
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow import Asked, Flows
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.work import Desk
from cnnlab.ui.architectures import flowing
from cnnlab.ui.architectures.flow_telling import NoSuchPart, Page, channel_told, step_told
from tests.inspection.watched import hooked

LENET = Asked("lenet5", (1, 32, 32), "digit-3")


def asked(address: str) -> tuple[int, dict[str, Any]]:
    """Ask until something else than "wait" is answered; return its status and data."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            status, body = problem.code, problem.read()
        if status != 202:
            return status, json.loads(gzip.decompress(body))
        assert {"doing", "done", "of", "ahead"} == set(json.loads(gzip.decompress(body))["waiting"])
    raise AssertionError(f"{address} was not answered")


def test_the_server_tells_what_the_real_network_computes(app_server: str):
    import torch

    place, query = f"{app_server}/architectures/lenet5", "?input=1x32x32&picture=digit-3"
    status, run = asked(f"{place}/flow.json{query}")
    assert (status, run["weights"], run["likely"]) == (200, "random", [])
    loaded = Flows().models.get("lenet5")
    pixels = cut(sample_picture("digit-3"), LENET.shape, loaded.preparing)
    x = torch.from_numpy(numbers(pixels, loaded.preparing))
    wanted = hooked(loaded.model, x)
    first = next(iter(wanted.values()))[0][0].numpy()
    _, step = asked(f"{place}/flow/0.json{query}&sort=strength&count=4&page=1")
    order = np.argsort(-np.abs(first).mean((1, 2)))
    assert step["shown"] == order[4:].tolist()
    assert (step["pages"], step["channels"], step["size"]) == (2, 6, [28, 28])
    assert step["mean"] == pytest.approx(first.mean(), rel=1e-5)
    _, told = asked(f"{place}/flow/0/{order[0]}.json{query}")
    values = np.frombuffer(b64decode(told["values"]), "<f4").reshape(told["size"])
    np.testing.assert_allclose(values, first[order[0]], rtol=1e-5, atol=1e-6)
    with urllib.request.urlopen(f"{place}/flow-input.png{query}") as answer:
        assert answer.read().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("lenet5/flow.json?picture=nobody", "There is no bundled picture"),
        ("lenet5/flow.json?picture=upload-0123", "not kept any more"),
        ("lenet5/flow.json?picture=", "There is no bundled picture"),
        ("lenet7/flow.json?picture=cat", "There is no network called `lenet7`"),
        ("lenet5/flow.json?picture=cat&input=large", "is not the size of an input"),
        ("lenet5/flow.json?picture=cat&input=3x32x32", "lenet5 cannot take an input of 3×32×32"),
        ("lenet5/flow/99.json?picture=cat", "there is no step 100"),
        ("lenet5/flow/0/77.json?picture=cat", "there is no channel 77"),
    ],
)
def test_where_nothing_can_flow_a_sentence_says_so(app_server: str, wanted: str, says: str):
    status, told = asked(f"{app_server}/architectures/{wanted}")
    assert status == 404
    assert says in told["error"]
    assert len(told["error"]) < 600


def test_numbers_in_an_address_that_are_none_are_passed_over(app_server: str):
    query = "?picture=digit-3&sort=colour&page=-1&count=1e9"
    status, step = asked(f"{app_server}/architectures/lenet5/flow/0.json{query}")
    assert (status, step["sort"], step["page"], len(step["shown"])) == (200, "number", 0, 6)


def test_only_steps_and_channels_that_are_there_are_told():
    run = Flows().run(LENET, sample_picture(LENET.picture))
    assert step_told(run, 0, Page("number", 99, 4))["shown"] == [
        4,
        5,
    ]  # beyond the last page is the last page
    with pytest.raises(NoSuchPart, match="lenet5 has 12 steps; there is no step 41"):
        step_told(run, 40, Page("number", 0, 4))
    with pytest.raises(NoSuchPart, match="This step has 6 channels; there is no channel 6"):
        channel_told(np.zeros((6, 2, 2), np.float32), 6)


def request(address: str) -> Request:
    """Return a request as Starlette hands it over."""
    scope = {
        "type": "http",
        "query_string": b"picture=digit-1",
        "path_params": {"name": address},
        "app": Starlette(),
    }
    return Request(scope | {"method": "GET", "headers": [], "path": "/"})


def test_who_waits_is_told_how_far_it_is_and_everybody_else_goes_on(monkeypatch: pytest.MonkeyPatch):
    mine = flowing.Desks(Desk(hands=2))
    monkeypatch.setattr(flowing, "shared", lambda: mine)
    monkeypatch.setattr(flowing, "PATIENCE_SECONDS", 0.1)
    gate = Event()
    for name in range(mine.desk.hands):
        busy = Event()
        mine.desk.ask(name, lambda _progress, busy=busy: busy.set() or gate.wait(20))
        assert busy.wait(10)

    async def both() -> tuple[int, float]:
        started = time.monotonic()
        answer, _ = await asyncio.gather(flowing.flow(request("lenet5")), asyncio.sleep(0.01))
        return answer.status_code, time.monotonic() - started

    status, seconds = asyncio.run(both())
    gate.set()
    assert status == 202
    assert seconds < 10


def test_a_queue_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch):
    mine = flowing.Desks(Desk(hands=2))
    mine.desk.places = 0
    monkeypatch.setattr(flowing, "shared", lambda: mine)
    answer = asyncio.run(flowing.flow(request("lenet5")))
    assert answer.status_code == 404
    assert b"Try again in a minute" in gzip.decompress(answer.body)


def test_a_problem_of_the_network_is_a_sentence_for_all_who_wait(monkeypatch: pytest.MonkeyPatch):
    mine = flowing.Desks(Desk(hands=2))

    def fail(*_: object) -> None:
        raise CnnLabError("This network is broken.")

    monkeypatch.setattr(mine.flows, "run", fail)
    monkeypatch.setattr(flowing, "shared", lambda: mine)
    for _ in range(2):
        answer = asyncio.run(flowing.flow(request("lenet5")))
        assert (answer.status_code, json.loads(gzip.decompress(answer.body))) == (
            404,
            {"error": "This network is broken."},
        )
