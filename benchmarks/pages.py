"""Pages of a real Chromium for the benchmarks: opened with probes, moved with a real mouse and real keys.

Probes are the scripts in `probes/`; they run before the page's own and collect samples. It does not know what
a sample means.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

from tests.running_app import browser_path, launch_browser, open_page

PROBES = Path(__file__).parent / "probes"
LAB_READY = ".lab[data-ready=true] [data-metric=output]"
KERNEL_SLIDER = ".control[data-field=kernel] input[type=range]"
OUTPUT_MAP = "canvas.marks[data-map=output]"
QUIET_MS = 800  # for what a page still does after it is ready
ANSWER_MS = 10_000
THUMB = 16.0  # the width of a slider's thumb in Chromium, in pixels


@contextmanager
def chromium() -> Iterator[Browser]:
    """Return a Chromium until the block ends."""
    with sync_playwright() as playwright:
        path = browser_path(playwright)
        if path is None:
            raise RuntimeError(
                "there is no Chromium on this machine; install it, or name it in CNNLAB_CHROMIUM"
            )
        browser = launch_browser(playwright, path)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, *probes: str) -> Page:
    """Return an empty page that shares nothing with others, with its probes in place."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    for probe in ("sampling", *probes):
        page.add_init_script(path=PROBES / f"{probe}.js")
    return page


def open_lab(page: Page, url: str) -> Locator:
    """Open the lab, wait until it is quiet, and return the slider of its kernel."""
    open_page(page, url)
    page.wait_for_selector(LAB_READY)
    page.wait_for_timeout(QUIET_MS)
    return page.locator(KERNEL_SLIDER).first


def open_stock(page: Page, url: str) -> Locator:
    """Open the stock app, wait until it is quiet, and return its slider."""
    open_page(page, url)
    slider = page.get_by_role("slider")
    slider.wait_for()
    page.wait_for_timeout(QUIET_MS)
    return slider


def take(page: Page) -> list[dict[str, Any]]:
    """Return the samples that the probes have collected since the last call."""
    return page.evaluate("bench.take()")


class MainThread:
    """Processor time of a page's main thread, which other programs on the machine do not lengthen."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._read()

    def per_step(self, steps: int) -> str:
        """Return for people what each of so many steps has cost since this was made."""
        now = self._read()
        spent = {name: 1000 * (now[name] - self._before[name]) / steps for name in now}
        layout = spent["LayoutDuration"] + spent["RecalcStyleDuration"]
        return (
            f"processor time of the page's main thread a step: {spent['TaskDuration']:.1f} ms, of it "
            f"scripts {spent['ScriptDuration']:.1f} and styles and layout {layout:.1f}"
        )

    def _read(self) -> dict[str, float]:
        kept = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: one["value"] for one in metrics if one["name"] in kept}


def take_one(page: Page) -> dict[str, Any]:
    """Wait for a sample and return it; raise where none comes."""
    page.wait_for_function("bench.samples.length > 0", timeout=ANSWER_MS)
    return take(page)[0]


def box_of(place: Locator, what: str) -> FloatRect:
    """Bring an element into view and return where it is; raise where it is not shown."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    if box is None:
        raise RuntimeError(f"the {what} is not on the page")
    return box


def enough(samples: list[dict[str, Any]], asked: int, what: str) -> list[dict[str, Any]]:
    """Return the samples; raise where a tenth or more of those that were asked for did not come."""
    if len(samples) <= 0.9 * asked:
        raise RuntimeError(f"{asked} steps brought only {len(samples)} {what}")
    return samples


def slider_places(slider: Locator) -> dict[int, tuple[float, float]]:
    """Return where on the screen the thumb of a slider lies for each of its values."""
    box = box_of(slider, "slider")
    low, high = (int(slider.get_attribute(name) or 0) for name in ("min", "max"))
    step = (box["width"] - THUMB) / (high - low)
    middle = box["y"] + box["height"] / 2
    return {value: (box["x"] + THUMB / 2 + step * (value - low), middle) for value in range(low, high + 1)}


def there_and_back(first: int, low: int, high: int, count: int) -> list[int]:
    """Return so many neighbouring values, from `first` to one end, then back and forth.

    >>> there_and_back(3, 1, 4, 6)
    [4, 3, 2, 1, 2, 3]
    """
    values, value, step = [], first, 1
    while len(values) < count:
        if not low <= value + step <= high:
            step = -step
        value += step
        values.append(value)
    return values
