"""How long the server takes over one settled change of the lab, beside one step of a stock slider.

A client without a browser sends to both in turn, so that both meet the same machine.
"""

import asyncio
from typing import Any

from benchmarks.effort import Effort
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import LAB_SETTINGS, STOCK, Servers
from benchmarks.wire import Visitor

WARM_UP = 5
PAUSE_SECONDS = 0.1  # longer than what the peer does after a run, so that it does not fall into the next one


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Measure both in turn."""
    ours, theirs = asyncio.run(alternate(servers.lab(), servers.peer(), effort.trips))
    return [
        Row(
            "server round trip",
            Figure(ours, "ms"),
            STOCK,
            Figure(theirs, "ms"),
            Target(0.7, of_ratio=True),
            (
                "from sending the message to receiving script_finished; Python client, both in turn, "
                f"{PAUSE_SECONDS * 1000:.0f} ms apart",
            ),
        )
    ]


def lab_move(turn: int) -> dict[str, str]:
    """Return settings of the lab that differ from the turn before."""
    return {**LAB_SETTINGS, "k": str(1 + turn % 11)}


def slider_move(turn: int) -> int:
    """Return a value of the stock slider that differs from the turn before."""
    return 11 + turn % 80


async def alternate(lab_url: str, peer_url: str, trips: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Move the lab and the peer in turn; return the milliseconds of each."""
    lab, peer = await Visitor.arrive(lab_url), await Visitor.arrive(peer_url)
    taken: dict[str, list[float]] = {"lab": [], "peer": []}
    for turn in range(WARM_UP + trips):
        moves: list[tuple[str, Visitor, Any]] = [
            ("lab", lab, lab_move(turn)),
            ("peer", peer, slider_move(turn)),
        ]
        for name, visitor, value in moves:
            taken[name].append(await visitor.move(value))
            await asyncio.sleep(PAUSE_SECONDS)
    await lab.leave()
    await peer.leave()
    return tuple(taken["lab"][WARM_UP:]), tuple(taken["peer"][WARM_UP:])
