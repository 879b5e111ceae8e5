"""What travels between browser and server: while the hand moves, and for one settled change."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.effort import Effort
from benchmarks.hover import wander
from benchmarks.pages import (
    OUTPUT_MAP,
    chromium,
    new_page,
    open_lab,
    open_stock,
    slider_places,
    there_and_back,
)
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import STOCK, Servers

SETTLE_MS = 900
MOVES = 30
PACE_MS = 40


@dataclass(slots=True)
class Traffic:
    """Messages and their bytes over the web socket since the last `clear`, without the frames' headers."""

    up_bytes: int = 0
    down_bytes: int = 0
    messages: int = 0

    def listen(self, page: Page) -> None:
        """Count all that the page's web sockets carry from now on."""
        page.on("websocket", lambda socket: self._follow(socket))

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda data: self.add(len(data), 0))
        socket.on("framereceived", lambda data: self.add(0, len(data)))

    def add(self, up: int, down: int) -> None:
        """Count one message."""
        self.up_bytes += up
        self.down_bytes += down
        self.messages += 1

    def clear(self) -> tuple[int, int, int]:
        """Return bytes up, bytes down and messages since the last call."""
        counted = (self.up_bytes, self.down_bytes, self.messages)
        self.up_bytes = self.down_bytes = self.messages = 0
        return counted


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Count the lab's traffic, then the stock app's."""
    with chromium() as browser:
        moving, hovering, ours = in_lab(browser, servers.lab(), effort.interactions)
        theirs = in_peer(browser, servers.peer(), effort.interactions)
    step = f"{STOCK}, one step by key"
    names = ("bytes up", "bytes down", "messages")
    settled = [
        Row(
            f"settled change: {name}",
            Figure(tuple(float(one[index]) for one in ours), ("B", "B", "")[index]),
            step,
            Figure(tuple(float(one[index]) for one in theirs), ("B", "B", "")[index]),
        )
        for index, name in enumerate(names)
    ]
    return [
        Row(
            "messages in a drag",
            Figure((float(moving),), ""),
            target=Target(0),
            notes=(f"{MOVES} steps, mouse held",),
        ),
        Row(
            "messages in a hover", Figure((float(hovering),), ""), target=Target(0), notes=(f"{MOVES} cells",)
        ),
        *settled,
    ]


def in_lab(browser: Browser, url: str, count: int) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Return messages while dragging and while hovering, and the traffic of each settled change."""
    page, traffic = new_page(browser), Traffic()
    traffic.listen(page)
    slider = open_lab(page, url)
    traffic.clear()
    wander(page, OUTPUT_MAP, MOVES, PACE_MS)
    page.wait_for_timeout(SETTLE_MS)
    hovering = traffic.clear()[2]
    places = slider_places(slider)
    page.mouse.move(*places[5])
    page.mouse.down()
    for value in there_and_back(5, min(places), max(places), MOVES):
        page.mouse.move(*places[value])
        page.wait_for_timeout(PACE_MS)
    dragging = traffic.clear()[2]
    page.mouse.up()
    page.wait_for_timeout(SETTLE_MS)
    traffic.clear()
    page.keyboard.press("Home")
    page.wait_for_timeout(SETTLE_MS)
    settled = steps(page, traffic, count)
    page.context.close()
    return dragging, hovering, settled


def in_peer(browser: Browser, url: str, count: int) -> list[tuple[int, int, int]]:
    """Return the traffic of each step of the stock slider."""
    page, traffic = new_page(browser), Traffic()
    traffic.listen(page)
    open_stock(page, url).focus()
    counted = steps(page, traffic, count)
    page.context.close()
    return counted


def steps(page: Page, traffic: Traffic, count: int) -> list[tuple[int, int, int]]:
    """Press the arrow key so often, from one end of the slider and back; return the traffic of each press."""
    counted = []
    for step in range(count):
        traffic.clear()
        page.keyboard.press("ArrowRight" if step // 8 % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(SETTLE_MS)
        counted.append(traffic.clear())
    return counted
