"""How long from starting the server until a visitor can use the lab, beside the stock app.

Every repetition has a fresh server and a browser that has never seen it.
"""

import time

from playwright.sync_api import Browser

from benchmarks.effort import Effort
from benchmarks.pages import chromium, new_page
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import LAB_PATH, STOCK, Servers, lab_server, peer_server

USABLE_SECONDS = 60


def run(effort: Effort, _servers: Servers) -> list[Row]:
    """Start both in turn."""
    ours, after_answer, theirs = [], [], []
    with chromium() as browser:
        for _ in range(effort.starts):
            whole, answered = started(browser, lab=True)
            ours.append(whole)
            after_answer.append(answered)
            theirs.append(started(browser, lab=False)[0])
    return [
        Row(
            "server start to usable lab",
            Figure(tuple(ours), "s"),
            f"{STOCK}, to its slider",
            Figure(tuple(theirs), "s"),
            Target(1.3, of_ratio=True),
            ("from starting the process to the end of the first frame with the lab's numbers",),
        ),
        Row(
            "server answers to usable lab",
            Figure(tuple(after_answer), "s"),
            target=Target(3.0),
            notes=("from the server's first healthy answer",),
        ),
    ]


def started(browser: Browser, lab: bool) -> tuple[float, float]:
    """Return the seconds from starting a server, and from its first answer, to the page that can be used."""
    page = new_page(browser, "usable")
    began = time.time()
    with lab_server() if lab else peer_server() as app:
        answered = time.time()
        page.goto(app.url + (LAB_PATH if lab else "/"), wait_until="commit")
        page.wait_for_function("bench.usable", timeout=1000 * USABLE_SECONDS)
        usable = page.evaluate("bench.usable") / 1000
        page.context.close()
    return usable - began, usable - answered
