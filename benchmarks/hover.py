"""Pointing at the lab's output map: how long until the three maps show what belongs together."""

from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.effort import Effort
from benchmarks.pages import OUTPUT_MAP, MainThread, box_of, chromium, enough, new_page, open_lab, take
from benchmarks.rows import Figure, Row, Target
from benchmarks.servers import Servers
from tests.running_app import open_page

CELLS = 28
PACE_MS = 40
WARM_UP = 10
PLOT = ".js-plotly-plot .nsewdrag"
PLOT_LABEL = ".js-plotly-plot .hoverlayer"


def run(effort: Effort, servers: Servers) -> list[Row]:
    """Move the pointer over the lab's map, then over a heatmap of Plotly."""
    with chromium() as browser:
        samples, work = over_map(browser, servers.lab(), effort.hover_moves)
        labels = over_plot(browser, servers.peer("heatmap"), effort.hover_moves)
    peer_name = "Plotly heatmap of 28 × 28 in a stock Streamlit app, pointer to its hover label"
    return [
        Row(
            "hover: all handlers",
            Figure(tuple(sample["script"] for sample in samples), "ms", "p95"),
            target=Target(16),
            notes=(
                "marks on input, kernel and output, products in the panel; 32 × 32, kernel 5",
                work,
            ),
        ),
        Row(
            "hover to the marked frame",
            Figure(tuple(sample["frame"] for sample in samples), "ms", "p95"),
            peer_name,
            Figure(tuple(sample["frame"] for sample in labels), "ms", "p95"),
            None,
            ("from the pointer event's time stamp; the browser holds the event until its next frame",),
        ),
    ]


def over_map(browser: Browser, url: str, moves: int) -> tuple[list[dict[str, Any]], str]:
    """Move from cell to cell of the output map; return the samples after the warm-up, and the work."""
    page = new_page(browser, "hover")
    open_lab(page, url)
    thread = MainThread(page)
    samples = wander(page, OUTPUT_MAP, WARM_UP + moves, PACE_MS)[WARM_UP:]
    work = thread.per_step(WARM_UP + moves)
    page.context.close()
    marked = [sample for sample in samples if sample["marked"]]
    return enough(marked, moves, "cells with marks on all three maps"), work


def over_plot(browser: Browser, url: str, moves: int) -> list[dict[str, Any]]:
    """Move over Plotly's heatmap; return the samples after the warm-up."""
    page = new_page(browser, "appearing")
    open_page(page, url)
    page.wait_for_selector(PLOT)
    page.evaluate("([selector, type]) => bench.watch(selector, type)", [PLOT_LABEL, "mousemove"])
    samples = wander(page, PLOT, WARM_UP + moves, PACE_MS)[WARM_UP:]
    page.context.close()
    return enough(samples, moves // 2, "labels of Plotly")


def wander(page: Page, selector: str, moves: int, pace_ms: float) -> list[dict[str, Any]]:
    """Move the mouse over an element, cell by cell; return the samples."""
    box = box_of(page.locator(selector).first, "map")
    for move in range(moves):
        row, column = divmod(move, CELLS)
        column = column if row % 2 == 0 else CELLS - 1 - column
        x = box["x"] + box["width"] * (column + 0.5) / CELLS
        y = box["y"] + box["height"] * (row % CELLS + 0.5) / CELLS
        page.mouse.move(x, y)
        page.wait_for_timeout(pace_ms)
    return take(page)
