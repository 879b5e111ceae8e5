"""How long the server takes over a change as a visitor's browser sees it, beside one step of a stock slider.

The stock app shows the value; the lab has shown it long before, so what is timed is the address that the
server writes. The lab waits a moment until changes have settled; that wait is its design and is taken off.
"""

from playwright.sync_api import Browser

from benchmarks.drag import STOCK_TEXT
from benchmarks.effort import Effort
from benchmarks.pages import chromium, new_page, open_lab, open_stock, take_one
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import STOCK, Servers

SETTLED_MS = 250  # as in cnnlab/ui/browser/settling.js
PAUSE_MS = 100
WARM_UP = 4


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Press an arrow key on each slider in turn."""
    with chromium() as browser:
        ours, sent, theirs = in_turn(browser, servers.lab(), servers.peer(), effort.key_steps)
    to_address = Figure(tuple(taken - SETTLED_MS for taken in ours), "ms")
    before = Figure(tuple(taken - SETTLED_MS for taken in sent), "ms")
    return [
        Row(
            "change in the browser",
            to_address,
            f"{STOCK}, key to the first change of the page with the value",
            Figure(theirs, "ms"),
            Target(0.7, of_ratio=True),
            (
                "lab: key to the address with the new setting, less the "
                f"{SETTLED_MS} ms that the lab waits for more changes; of it until sending: {before.text}",
            ),
        )
    ]


def in_turn(
    browser: Browser, lab_url: str, peer_url: str, steps: int
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return the milliseconds to the lab's address, to its message, and to the peer's value."""
    lab, peer = new_page(browser, "address"), new_page(browser, "appearing")
    sliders = open_lab(lab, lab_url), open_stock(peer, peer_url)
    peer.evaluate("([selector, type]) => bench.watch(selector, type)", [STOCK_TEXT, "keydown"])
    for slider in sliders:
        slider.focus()
    ours, theirs = [], []
    for step in range(WARM_UP + steps):
        lab.keyboard.press("ArrowRight" if step // 5 % 2 == 0 else "ArrowLeft")
        ours.append(take_one(lab))
        lab.wait_for_timeout(PAUSE_MS)
        peer.keyboard.press("ArrowRight")
        theirs.append(take_one(peer))
        peer.wait_for_timeout(PAUSE_MS)
    lab.context.close()
    peer.context.close()
    counted, beside = ours[WARM_UP:], theirs[WARM_UP:]
    return (
        tuple(sample["address"] for sample in counted),
        tuple(sample["sent"] for sample in counted),
        tuple(sample["change"] for sample in beside),
    )
