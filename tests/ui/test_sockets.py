"""Small answers leave at once, and a settled change of the lab does not carry the style sheets again."""

import asyncio
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.servers import LAB_PATH, LAB_SETTINGS
from benchmarks.wire import Visitor
from cnnlab.ui import sockets


def has_no_delay(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


@pytest.mark.skipif(not hasattr(socket, "SO_ACCEPTCONN"), reason="this system does not tell")
def test_a_connection_takes_the_option_from_the_socket_that_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        sockets.answer_at_once()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert has_no_delay(accepted)


def test_connections_of_others_are_left_as_they_are():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as ours:
        ours.connect(server.getsockname())
        sockets.answer_at_once()
        assert not has_no_delay(ours)


def test_no_pipe_is_left_open_twice():
    reading, writing = os.pipe()
    sockets.answer_at_once()
    os.close(writing)
    assert os.read(reading, 1) == b""  # the end: nobody else holds the writing side
    os.close(reading)


def test_a_system_that_does_not_list_sockets_changes_nothing(monkeypatch):
    monkeypatch.setattr(sockets, "DESCRIPTORS", "/nowhere/at/all")
    with socket.create_server(("127.0.0.1", 0)) as server:
        sockets.answer_at_once()
        assert not has_no_delay(server)


def test_a_settled_change_does_not_carry_the_style_sheets_again(app_server):
    async def bytes_of_changes() -> list[int]:
        visitor = await Visitor.arrive(app_server + LAB_PATH)
        arrived, counted = visitor.received, []
        for kernel in "678":
            before = visitor.received
            await visitor.move({**LAB_SETTINGS, "k": kernel})
            counted.append(visitor.received - before)
        await visitor.leave()
        return [arrived, *counted]

    with ThreadPoolExecutor(1) as other:  # this thread may have the loop of the browser's driver
        arrived, *changes = other.submit(lambda: asyncio.run(bytes_of_changes())).result()
    assert arrived > 20_000
    assert max(changes) < 10_000  # most of it names the pages of the menu, some 150 bytes each
