"""What a class does to the server: thirty sessions that each move one control once a second.

The clients have no browser and run in this process. Whoever has not got an answer waits with the next move,
as a learner would; what a session costs in memory is the growth of the process from three sessions on.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from benchmarks.effort import Effort
from benchmarks.round_trip import lab_move, slider_move
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import LAB_PATH, STOCK, Servers, lab_server, peer_server, usage
from benchmarks.wire import Visitor
from tests.running_app import RunningApp

FIRST_COMERS = 3
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a class of learners met, and what it cost the server."""

    answers_ms: tuple[float, ...]
    processor_share: float
    memory_per_session: float
    moves_per_second: float


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Hold the same lesson with the lab, then with the peer."""
    with lab_server() as app:
        ours = asyncio.run(lesson(app, LAB_PATH, effort))
    with peer_server() as app:
        theirs = asyncio.run(lesson(app, "/", effort))
    size = f"{effort.sessions} sessions"
    how = f"for {effort.class_seconds} s, one move a second each, from sending to script_finished"
    rate = f"answered moves a second: {ours.moves_per_second:.1f}, peer {theirs.moves_per_second:.1f}"
    return [
        Row(
            f"{size}: answer",
            Figure(ours.answers_ms, "ms", "p95"),
            STOCK,
            Figure(theirs.answers_ms, "ms", "p95"),
            Target(100),
            (how, rate),
        ),
        Row(
            f"{size}: processor",
            Figure((100 * ours.processor_share,), "% of a core"),
            STOCK,
            Figure((100 * theirs.processor_share,), "% of a core"),
        ),
        Row(
            f"{size}: memory each",
            Figure((ours.memory_per_session / MEGABYTE,), "MB"),
            STOCK,
            Figure((theirs.memory_per_session / MEGABYTE,), "MB"),
            Target(1.0),
            (f"growth of the process from {FIRST_COMERS} sessions to {effort.sessions} more",),
        ),
    ]


async def lesson(app: RunningApp, path: str, effort: Effort) -> Lesson:
    """Let the class arrive, move for some seconds, and leave."""
    url, move = app.url + path, lab_move if path == LAB_PATH else slider_move
    early = [await Visitor.arrive(url) for _ in range(FIRST_COMERS)]
    for turn in range(5):
        for visitor in early:
            await visitor.move(move(turn))
    before = usage(app)
    visitors = [await Visitor.arrive(url) for _ in range(effort.sessions)]
    started = usage(app)
    seats = enumerate(visitors)
    learners = (learner(one, move, seat / effort.sessions, effort.class_seconds) for seat, one in seats)
    answers = [ms for taken in await asyncio.gather(*learners) for ms in taken]
    ended = usage(app)
    for visitor in (*early, *visitors):
        await visitor.leave()
    return Lesson(
        answers_ms=tuple(answers),
        processor_share=(ended.cpu_seconds - started.cpu_seconds) / effort.class_seconds,
        memory_per_session=(ended.memory - before.memory) / effort.sessions,
        moves_per_second=len(answers) / effort.class_seconds,
    )


async def learner(visitor: Visitor, move: Any, delay: float, seconds: int) -> list[float]:
    """Move once a second, or as soon as the last answer is there; return the milliseconds of each answer."""
    clock = asyncio.get_running_loop().time
    began = clock()
    await asyncio.sleep(delay)
    taken = []
    for turn in range(seconds):
        await asyncio.sleep(max(0.0, began + delay + turn - clock()))
        if clock() > began + seconds:
            break
        taken.append(await visitor.move(move(turn)))
    return taken
