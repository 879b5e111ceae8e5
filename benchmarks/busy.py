"""How long the server takes over one settled change of the lab while another learner's work computes there.

The other learner presses a button on the page Why?, and asks how far the work is as a browser does. The peer
is the same change on the same server before anybody has pressed.
"""

import asyncio
import json
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.effort import Effort
from benchmarks.round_trip import PAUSE_SECONDS, WARM_UP, lab_move
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import LAB_PATH, Servers, lab_server
from benchmarks.wire import Visitor

POLL_SECONDS = 0.4  # as the page does
READY_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the other learner asks for, where and by which button; it takes longer than is measured."""

    title: str
    page: str
    button: str
    work: str


SLOWLY = "shapley.segments.200~shapley.orders.50~lime.samples.2000"
ASKED = (
    Asked(
        "one map",
        f"/why?model=resnet18&by=shapley&set={SLOWLY}",
        "Make the map: Shapley values, sampled",
        "Shapley values of ResNet-18",
    ),
    Asked(
        "two maps at once",
        f"/why?model=mobilenet_v2&by=shapley.lime&set={SLOWLY}",
        "Make the maps",
        "Shapley values and LIME of MobileNet v2",
    ),
)


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Measure beside each piece of work, on a server of its own."""
    return [beside(asked, effort.trips) for asked in ASKED]


def beside(asked: Asked, trips: int) -> Row:
    """Measure the lab idle, then beside one piece of work."""
    with lab_server() as app:
        idle, busy, (before, after) = asyncio.run(measured(app.url, asked, trips))
    how = f"from sending the message to script_finished, {PAUSE_SECONDS * 1000:.0f} ms apart"
    work = f"meanwhile {asked.work} came from {before:.1%} to {after:.1%}"
    return Row(
        f"round trip beside {asked.title}",
        Figure(busy, "ms"),
        "the same server while nothing computes",
        Figure(idle, "ms"),
        Target(2.0, of_ratio=True),
        (how, work),
    )


async def measured(url: str, asked: Asked, trips: int) -> tuple[tuple[float, ...], ...]:
    """Return the milliseconds of each move, idle and beside the work, and how far that was at both ends."""
    lab = await Visitor.arrive(url + LAB_PATH)
    idle = await moved(lab, trips)
    async with Other(await Visitor.arrive(url + asked.page), asked) as other:
        before = await other.computing()
        busy = await moved(lab, trips)
        after = await other.computing()
    await lab.leave()
    return idle, busy, (before, after)


async def moved(lab: Visitor, trips: int) -> tuple[float, ...]:
    """Move the lab so often; return the milliseconds of each."""
    taken = []
    for turn in range(WARM_UP + trips):
        taken.append(await lab.move(lab_move(turn)))
        await asyncio.sleep(PAUSE_SECONDS)
    return tuple(taken[WARM_UP:])


class Other:
    """Another learner, who has pressed the button and waits."""

    def __init__(self, visitor: Visitor, asked: Asked) -> None:
        self.visitor, self.asked = visitor, asked
        self.share, self.over = 0.0, True

    async def __aenter__(self) -> Self:
        await self.visitor.press(self.asked.button)
        self.watching = asyncio.create_task(self.watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.watching.cancel()
        with suppress(asyncio.CancelledError):
            await self.watching
        await self.visitor.leave()

    async def watch(self) -> None:
        """Ask how far the work is, as the page does, and let the page run again when a part of it is over."""
        while True:
            told = [await ask(self.visitor.memory.page, bar) for bar in self.visitor.memory.bars]
            self.over = all(one["over"] for one in told)
            self.share = min((one["share"] for one in told if not one["over"]), default=0.0)
            if self.over:
                await self.visitor.move(None)
            await asyncio.sleep(POLL_SECONDS)

    async def computing(self) -> float:
        """Return how far the work is, once it has come further; raise where it does not."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                return await self._further()
        except TimeoutError:
            raise RuntimeError(
                f"the other learner's work, {self.asked.work}, did not go on: nothing is measured beside it"
            ) from None

    async def _further(self) -> float:
        begun = None
        while self.over or begun is None or self.share <= begun:
            if self.watching.done():
                self.watching.result()
            begun = None if self.over else self.share if begun is None else min(begun, self.share)
            await asyncio.sleep(POLL_SECONDS)
        return self.share


async def ask(page: str, bar: str) -> dict[str, Any]:
    """Return what the server tells of a piece of work."""
    host = "/".join(page.split("/")[:3])

    def read() -> dict[str, Any]:
        with urllib.request.urlopen(host + bar, timeout=30) as answer:
            return json.load(answer)

    return await asyncio.to_thread(read)
