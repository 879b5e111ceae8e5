"""Another learner's work is pressed for, and known to go on while the lab is measured. No timings."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.testing.v1 import AppTest

from benchmarks import busy
from benchmarks.busy import ASKED, Asked, Other
from benchmarks.wire import Memory

PAGE = """
from cnnlab.ui.labs.why import why
why("why")
"""
BAR = "/progress/a-B_1.json"


def button(label: str, disabled: bool = False) -> ForwardMsg:
    message = ForwardMsg()
    element = message.delta.new_element.button
    element.id, element.label, element.disabled = f"$$ID-{label}", label, disabled
    return message


def bar(address: str) -> ForwardMsg:
    message = ForwardMsg()
    element = message.delta.new_element.bidi_component
    element.id, element.json = "$$ID-bar", json.dumps({"share": 0.5, "address": address})
    return message


def test_a_button_is_pressed_by_what_stands_on_it():
    memory = Memory("http://127.0.0.1:1/why")
    memory.notice(button("Go"))
    state = BackMsg.FromString(memory.pressing("Go").SerializeToString()).rerun_script
    assert [(one.id, one.trigger_value) for one in state.widget_states.widgets] == [("$$ID-Go", True)]


def test_a_button_that_cannot_be_pressed_or_was_there_before_is_not_pressed():
    memory = Memory("http://127.0.0.1:1/why")
    memory.notice(button("Before"))
    memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="abc")))
    with pytest.raises(RuntimeError, match=r"has no button “Before” to press; it has: none"):
        memory.pressing("Before")
    memory.notice(button("Go", disabled=True))
    memory.notice(button("Stop"))
    with pytest.raises(RuntimeError, match=r"/why has no button “Go” to press; it has: “Stop”"):
        memory.pressing("Go")


def test_what_the_last_run_drew_says_where_work_is_told_of():
    memory = Memory("http://127.0.0.1:1/why")
    memory.notice(bar(BAR))
    memory.notice(bar("/pictures/cat.png"))
    assert memory.bars == [BAR]
    memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="abc")))
    assert memory.bars == []


@pytest.mark.parametrize("asked", ASKED, ids=lambda one: one.title)
def test_the_page_offers_the_button_that_the_other_learner_presses(asked: Asked):
    path, _, query = asked.page.partition("?")
    assert path == "/why"
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params.update(dict(parse_qsl(query)))
    app.run()
    assert not app.exception
    assert [one.label for one in app.button if one.label == asked.button and not one.disabled]
    assert app.query_params["set"] == dict(parse_qsl(query))["set"]


class Page:
    """A learner's page without a server."""

    def __init__(self) -> None:
        self.memory = Memory("http://127.0.0.1:1/why", bars=[BAR])
        self.runs: list[Any] = []

    async def press(self, label: str) -> None:
        self.runs.append(label)

    async def move(self, value: Any) -> None:
        self.runs.append(value)

    async def leave(self) -> None:
        self.runs.append("left")


def computing(told: list[tuple[bool, float]], monkeypatch: pytest.MonkeyPatch) -> tuple[float, list[Any]]:
    """Return how far work is that is told of like this, and what the page did; the last is told for ever."""

    async def ask(_page: str, _bar: str) -> dict[str, Any]:
        over, share = told.pop(0) if len(told) > 1 else told[0]
        return {"over": over, "share": share}

    async def wait() -> tuple[float, list[Any]]:
        page: Any = Page()
        async with Other(page, ASKED[0]) as other:
            share = await other.computing()
        return share, page.runs

    monkeypatch.setattr(busy, "ask", ask)
    monkeypatch.setattr(busy, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(busy, "READY_SECONDS", 0.2)
    return asyncio.run(wait())


def test_work_counts_as_going_on_once_it_has_come_further(monkeypatch: pytest.MonkeyPatch):
    told = [(True, 1.0), (False, 0.0), (False, 0.0), (False, 0.0), (False, 0.3)]
    share, runs = computing(told, monkeypatch)
    assert share == 0.3
    assert runs == [ASKED[0].button, None, "left"]  # what was over let the page run again, as in a browser


@pytest.mark.parametrize("told", [(True, 1.0), (False, 0.4)], ids=["over", "stuck"])
def test_nothing_is_measured_beside_work_that_does_not_go_on(told: Any, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(
        RuntimeError, match=r"Shapley values of ResNet-18, did not go on: nothing is measured"
    ):
        computing([told], monkeypatch)
