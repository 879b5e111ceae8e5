"""A visitor without a browser: it speaks Streamlit's protocol over the web socket, as the browser does.

It sends what a browser sends for a moved slider, settled settings of a lab or a pressed button, and waits
until the run has finished. It knows no page.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ANSWER_SECONDS = 60.0
BAR = re.compile(r"[^\"]*/progress/[\w-]+\.json")
FINISHED = (
    ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY,
    ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


@dataclass(slots=True)
class Memory:
    """What a browser remembers of a page: address, script, the widget, its fragment, stored messages.

    `buttons` are the ids of those that can be pressed, by what stands on them; `bars` are the addresses under
    which the server tells how far work is, that the last run drew.
    """

    page: str
    query: str = ""
    page_script_hash: str = ""
    widget_id: str = ""
    fragment_id: str = ""
    is_component: bool = False
    text: str = ""
    stored: dict[str, None] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    bars: list[str] = field(default_factory=list)

    def notice(self, message: ForwardMsg) -> None:
        """Take from a message what later answers need."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.buttons, self.bars = {}, []
            self.page_script_hash = self.page_script_hash or message.new_session.page_script_hash
        elif kind == "navigation":
            self.page_script_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            self._notice_element(message)

    def _notice_element(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self.stored[message.hash] = None
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "markdown":
            self.text = element.markdown.body
        elif kind == "button" and not element.button.disabled:
            self.buttons[element.button.label] = element.button.id
        elif kind == "bidi_component":
            self.bars += BAR.findall(element.bidi_component.json)
        # Of a page's components only its lab answers for itself; the others carry no settings.
        is_moved = kind == "slider" or (kind == "bidi_component" and message.delta.fragment_id)
        if is_moved and not self.widget_id:
            self.widget_id = getattr(element, str(kind)).id
            self.is_component = kind == "bidi_component"
            self.fragment_id = message.delta.fragment_id

    def shows(self, value: Any) -> bool:
        """Say whether the last answers followed a move: the lab in its address, the slider in its text."""
        return self.query == urlencode(value) if self.is_component else str(value) in self.text.split()

    def request(self, value: Any = None) -> BackMsg:
        """Return the message that asks for a run; with a value, for one with the widget moved to it."""
        state = ClientState(query_string=self.query, page_script_hash=self.page_script_hash)
        state.cached_message_hashes.extend(self.stored)
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-US"
        state.context_info.url = self.page
        if not self.page_script_hash:
            state.page_name = self.page.split("/", 3)[3]
        if value is not None:
            state.fragment_id = self.fragment_id
            widget = state.widget_states.widgets.add(id=self.widget_id)
            if self.is_component:
                widget.json_value = json.dumps({"settings": value})
            else:
                widget.double_array_value.data.append(value)
        return BackMsg(rerun_script=state)

    def pressing(self, label: str) -> BackMsg:
        """Return the message that says that a button was pressed; raise where there is none to press."""
        if label not in self.buttons:
            there = ", ".join(f"“{one}”" for one in self.buttons) or "none"
            raise RuntimeError(f"{self.page} has no button “{label}” to press; it has: {there}")
        message = self.request()
        message.rerun_script.widget_states.widgets.add(id=self.buttons[label], trigger_value=True)
        return message


@dataclass(slots=True)
class Visitor:
    """One open page: `visitor = await Visitor.arrive(url)`, then `await visitor.move(value)`.

    `received` counts the bytes that have come so far.
    """

    socket: ClientConnection
    memory: Memory
    received: int = 0

    @classmethod
    async def arrive(cls, url: str) -> Self:
        """Open a page and wait until its script has finished."""
        page, _, query = url.partition("?")
        host = page.split("/")[2]
        socket = await connect(
            f"ws://{host}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None
        )
        visitor = cls(socket, Memory(page, query))
        await visitor.move(None)
        if not visitor.memory.widget_id:
            raise RuntimeError(f"the page at {url} has nothing to move; is it the right page?")
        return visitor

    async def move(self, value: Any) -> float:
        """Move the widget; return the milliseconds from sending it to the end of the run that it caused."""
        taken = await self._send(self.memory.request(value))
        if value is not None and not self.memory.shows(value):
            raise RuntimeError(f"{self.memory.page} was moved to {value}, and its answer does not show it")
        return taken

    async def press(self, label: str) -> float:
        """Press a button; return the milliseconds until the run that it caused has ended."""
        return await self._send(self.memory.pressing(label))

    async def leave(self) -> None:
        """Close the page."""
        await self.socket.close()

    async def _send(self, message: BackMsg) -> float:
        data = message.SerializeToString()
        began = time.perf_counter()
        async with asyncio.timeout(ANSWER_SECONDS):
            await self.socket.send(data)
            await self._until_finished()
        return (time.perf_counter() - began) * 1000

    async def _until_finished(self) -> None:
        running = False
        while True:
            data = await self.socket.recv(decode=False)
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            self.memory.notice(message)
            kind = message.WhichOneof("type")
            running = running or kind == "new_session"
            if running and kind == "script_finished" and message.script_finished in FINISHED:
                return
