"""Visitors without a browser say what a browser says, and refuse answers to other questions. No timings."""

import asyncio
import json
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.PageInfo_pb2 import PageInfo

from benchmarks.classroom import learner
from benchmarks.round_trip import lab_move
from benchmarks.servers import LAB_PATH, PEERS
from benchmarks.wire import Memory, Visitor

KEY_OF_LAB = "$$ID-1f-convolution"


def delta(**fields: str) -> ForwardMsg:
    """Return a message that draws a slider or a component."""
    message = ForwardMsg(hash=fields.get("hash", ""))
    message.metadata.cacheable = "hash" in fields
    message.delta.fragment_id = fields.get("fragment", "")
    getattr(message.delta.new_element, fields["kind"]).id = fields["id"]
    return message


def test_the_first_message_asks_for_the_page_by_name():
    state = Memory("http://127.0.0.1:1/convolution", "k=5").request().rerun_script
    assert (state.page_name, state.query_string, len(state.widget_states.widgets)) == (
        "convolution",
        "k=5",
        0,
    )


def test_a_moved_slider_is_sent_as_its_number():
    memory = Memory("http://127.0.0.1:1/")
    memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="abc")))
    memory.notice(delta(kind="slider", id="$$ID-7-value"))
    state = BackMsg.FromString(memory.request(12).SerializeToString()).rerun_script
    assert (state.page_script_hash, state.page_name, state.fragment_id) == ("abc", "", "")
    assert [(one.id, list(one.double_array_value.data)) for one in state.widget_states.widgets] == [
        ("$$ID-7-value", [12.0])
    ]


def test_settings_of_a_lab_go_to_its_fragment_with_what_the_browser_has_stored():
    memory = Memory("http://127.0.0.1:1/convolution")
    memory.notice(delta(kind="bidi_component", id=KEY_OF_LAB, fragment="f1", hash="h1"))
    memory.notice(ForwardMsg(page_info_changed=PageInfo(query_string="k=7")))
    state = memory.request({"k": "6"}).rerun_script
    assert (state.fragment_id, state.query_string, list(state.cached_message_hashes)) == (
        "f1",
        "k=7",
        ["h1"],
    )
    assert json.loads(state.widget_states.widgets[0].json_value) == {"settings": {"k": "6"}}


def test_only_the_first_thing_that_can_be_moved_counts_and_the_page_is_the_one_of_the_menu():
    memory = Memory("http://127.0.0.1:1/convolution")
    memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="main")))
    memory.notice(ForwardMsg(navigation=Navigation(page_script_hash="lab")))
    memory.notice(delta(kind="bidi_component", id=KEY_OF_LAB, fragment="f1"))
    memory.notice(delta(kind="bidi_component", id="$$ID-2-below"))
    memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="main")))
    assert (memory.widget_id, memory.fragment_id, memory.page_script_hash) == (KEY_OF_LAB, "f1", "lab")


def test_an_answer_counts_only_if_it_shows_the_move():
    lab = Memory("http://127.0.0.1:1/convolution", is_component=True)
    lab.notice(ForwardMsg(page_info_changed=PageInfo(query_string="in=32&k=7")))
    assert lab.shows({"in": "32", "k": "7"})
    assert not lab.shows({"in": "32", "k": "6"})
    stock = Memory("http://127.0.0.1:1/", text="The value is 12")
    assert stock.shows(12)
    assert not stock.shows(1)


def test_a_move_without_an_answer_that_shows_it_is_refused(monkeypatch):
    monkeypatch.setattr(Visitor, "_until_finished", lambda _self: asyncio.sleep(0))

    class Deaf:
        async def send(self, _data: bytes) -> None: ...

    visitor = Visitor(Deaf(), Memory("http://127.0.0.1:1/"))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="was moved to 12, and its answer does not show it"):
        asyncio.run(visitor.move(12))


def test_a_page_without_anything_to_move_is_refused(monkeypatch):
    class Empty:
        async def send(self, _data: bytes) -> None: ...

        async def recv(self, decode: bool) -> bytes:
            finished = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
            self.answers = getattr(self, "answers", 0) + 1 + decode
            first = ForwardMsg(new_session=NewSession(page_script_hash="abc"))
            return (first if self.answers == 1 else finished).SerializeToString()

    async def connect(*_arguments: object, **_options: object) -> Empty:
        return Empty()

    monkeypatch.setattr("benchmarks.wire.connect", connect)
    with pytest.raises(RuntimeError, match="has nothing to move; is it the right page"):
        asyncio.run(Visitor.arrive("http://127.0.0.1:1/convolution"))


def test_a_learner_waits_a_second_between_moves():
    class Quick:
        moves = 0

        async def move(self, _value: object) -> float:
            Quick.moves += 1
            return 1.0

    async def two_seconds() -> float:
        clock = asyncio.get_running_loop().time
        began = clock()
        await learner(Quick(), lab_move, 0.0, 2)  # type: ignore[arg-type]
        return clock() - began

    assert asyncio.run(two_seconds()) >= 1.0
    assert Quick.moves == 2


def test_the_lab_is_opened_with_the_settings_that_the_issue_names():
    assert LAB_PATH == "/convolution?in=32&cin=3&cout=64&k=5"


def test_peers_have_no_configuration_beside_them():
    assert not list(Path(PEERS).rglob("*.toml"))
