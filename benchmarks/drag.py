"""Dragging a slider of the lab: how long until every number and the maps show the new setting.

A real mouse in a real browser. Every sample is checked against the arithmetic in Python, so that only
steps that showed the right numbers count.
"""

from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.effort import Effort
from benchmarks.pages import (
    MainThread,
    chromium,
    enough,
    new_page,
    open_lab,
    open_stock,
    slider_places,
    take,
    take_one,
    there_and_back,
)
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from cnnlab.arithmetic import Convolution, analyse

PACE_MS = 40
KEY_PAUSE_MS = 100
WARM_UP = 10
STOCK_TEXT = "[data-testid=stMarkdown] p"


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Drag the lab's slider, then step the stock slider by key."""
    with chromium() as browser:
        samples, work = dragged(browser, servers.lab(), effort.drag_moves)
        keyed = stepped(browser, servers.peer(), effort.key_steps)
    script = Figure(tuple(sample["script"] for sample in samples), "ms")
    note = (
        "from the pointer event's time stamp to the end of the frame with all seven numbers and the maps "
        f"(styles, layout, painting; not the screen); 3 × 32 × 32 to 64 channels, a step each {PACE_MS} ms"
    )
    return [
        Row(
            "drag to every number",
            Figure(tuple(sample["frame"] for sample in samples), "ms", "p95"),
            "stock st.slider moved by key (it does not follow a drag), key to the frame that shows the value",
            Figure(tuple(sample["frame"] for sample in keyed), "ms", "p95"),
            Target(50),
            (note, f"of it all handlers of the step: {script.text}", work),
        )
    ]


def dragged(browser: Browser, url: str, moves: int) -> tuple[list[dict[str, Any]], str]:
    """Drag the kernel's slider from value to value; return the samples after the warm-up, and the work."""
    page = new_page(browser, "drag")
    slider = open_lab(page, url)
    places = slider_places(slider)
    page.mouse.move(*places[5])
    page.mouse.down()
    thread = MainThread(page)
    for value in there_and_back(5, min(places), max(places), WARM_UP + moves):
        page.mouse.move(*places[value])
        page.wait_for_timeout(PACE_MS)
    work = thread.per_step(WARM_UP + moves)
    page.mouse.up()
    samples = enough(take(page)[WARM_UP:], moves, "moves of the slider")
    page.context.close()
    for sample in samples:
        check(sample)
    return samples, work


def check(sample: dict[str, Any]) -> None:
    """Raise where the page did not show, in that frame, what the arithmetic says, or no new picture."""
    report = analyse(Convolution(3, 64, kernel=sample["shown"]), (3, 32, 32))
    expected = {
        "output": " × ".join(map(str, report.output_shape)),
        "parameters": f"{report.parameters:,}",
    }
    shown = {name: sample["metrics"].get(name) for name in expected}
    if shown != expected or not sample["picture"]:
        changed = "changed" if sample["picture"] else "did not change"
        raise RuntimeError(
            f"kernel {sample['shown']}: shown {shown}, expected {expected}; the output map {changed}"
        )


def stepped(browser: Browser, url: str, steps: int) -> list[dict[str, Any]]:
    """Press the arrow key on the stock slider; return the samples after the warm-up."""
    page: Page = new_page(browser, "appearing")
    slider = open_stock(page, url)
    page.evaluate("([selector, type]) => bench.watch(selector, type)", [STOCK_TEXT, "keydown"])
    slider.focus()
    samples = []
    for _ in range(WARM_UP + steps):
        page.keyboard.press("ArrowRight")
        samples.append(take_one(page))
        page.wait_for_timeout(KEY_PAUSE_MS)
    page.context.close()
    return samples[WARM_UP:]
