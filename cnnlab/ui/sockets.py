"""How small answers leave the server at once.

It knows sockets of this process, not what is served through them.
"""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress

DESCRIPTORS = "/dev/fd"  # what this process has open; Linux and macOS list it, Windows does not


def answer_at_once() -> None:
    """Let no answer wait until the one before it is confirmed; call it once the server listens.

    Streamlit binds its socket in a way in which asyncio does not set TCP_NODELAY. A connection takes the
    option from the socket that accepts it. Where the system does not list sockets, nothing changes.
    """
    for listening in listening_sockets():
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def listening_sockets() -> Iterator[socket.socket]:
    """Yield every TCP socket on which this process waits for connections; each is closed after its turn.

    Only sockets are duplicated: a duplicate of a pipe that stays open would keep whoever reads it waiting.
    """
    with suppress(OSError):
        for number in map(int, os.listdir(DESCRIPTORS)):
            with suppress(OSError):
                if not stat.S_ISSOCK(os.fstat(number).st_mode):
                    continue
                with socket.socket(fileno=os.dup(number)) as found:
                    internet = found.family in (socket.AF_INET, socket.AF_INET6)
                    stream = internet and found.type == socket.SOCK_STREAM
                    if stream and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        yield found
