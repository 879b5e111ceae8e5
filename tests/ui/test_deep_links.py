"""Every address works on a server that nobody has visited, from any way of serving it, and offline."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from cnnlab.ui.pages import PAGES
from tests.running_app import ROOT, RunningApp, free_port, open_page, stop, wait_until_healthy

READY = ".lab[data-ready=true]"
DRAWN = f"{READY}, .js-plotly-plot .main-svg, .st-key-why-go"  # a lab, charts, or what starts them


@contextmanager
def served(log: Path, below: str, *command: str) -> Iterator[RunningApp]:
    """Serve the app by some command, whose last word is to be its port, below a path."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    app = RunningApp(f"http://127.0.0.1:{port}{below}", process, log)
    try:
        wait_until_healthy(app)
        yield app
    finally:
        stop(process)


def expect_lab_with_kernel_5(page: Page) -> None:
    page.locator(READY).wait_for(timeout=20_000)
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    expect(page.locator('[data-metric="output"]')).to_have_text("1 × 28 × 28")
    expect(page.locator('.control[data-field="kernel"] input[type=number]').first).to_have_value("5")


def test_the_first_visitor_of_a_server_may_come_by_a_link_into_the_lab(
    fresh_server: Callable[[], str], page: Page
):
    open_page(page, f"{fresh_server()}/convolution?in=32&k=5")
    expect_lab_with_kernel_5(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Labs")).to_be_visible()
    assert page.url.endswith("/convolution?in=32&k=5")


def test_the_first_visitor_of_a_server_may_come_by_an_unknown_address(
    fresh_server: Callable[[], str], page: Page
):
    page.goto(f"{fresh_server()}/nonsense")
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")
    page.keyboard.press("Escape")
    page.locator(READY).wait_for(timeout=20_000)
    expect(page.get_by_role("heading", name="CNN Lab")).to_be_visible()


def test_the_first_visitor_of_a_server_may_come_home(fresh_server: Callable[[], str], page: Page):
    start = time.monotonic()
    open_page(page, fresh_server())
    page.locator(READY).wait_for(timeout=20_000)
    assert page.title() == "CNN Lab"
    assert page.locator("link[rel='shortcut icon'], link[rel=icon]").first.get_attribute("href", timeout=5000)
    assert time.monotonic() - start < 30


def test_no_page_asks_another_machine_for_anything(app_server: str, page: Page):
    asked: list[str] = []

    def listen(request: Request) -> None:
        asked.append(request.url)

    page.context.on("request", listen)
    for entry in PAGES:
        open_page(page, f"{app_server}/{entry.url_path}")
        if entry.group != "Class":  # those pages have no lab
            page.locator(DRAWN).first.wait_for()
        for group in ("Start", "Labs"):
            page.get_by_role("button", name=group).click()
            page.keyboard.press("Escape")
        page.get_by_test_id("stMainMenu").get_by_role("button").click()
        page.keyboard.press("Escape")
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((app_server, "data:", "blob:"))] == []


def test_the_app_can_be_served_below_a_path(tmp_path: Path, page: Page):
    streamlit = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1"]
    command = [*streamlit, "--server.baseUrlPath=school/cnn", "--server.port"]
    with served(tmp_path / "server.log", "/school/cnn", *command) as app:
        with urllib.request.urlopen(f"{app.url}/health", timeout=10) as answer:
            assert b'"ok"' in answer.read()
        open_page(page, app.url + "/")
        link = page.get_by_role("link", name="Padding keeps the size")
        expect(link).to_have_attribute("href", "/school/cnn/convolution?p=1")
        link.click()
        page.wait_for_url("**/school/cnn/convolution?p=1")
        page.locator(READY).wait_for(timeout=20_000)
        expect(page.locator('[data-metric="output"]')).to_have_text("1 × 8 × 8")


def test_the_app_can_be_served_by_uvicorn(tmp_path: Path, page: Page):
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port"]
    with served(tmp_path / "server.log", "", *command) as app:
        open_page(page, f"{app.url}/convolution?in=32&k=5")
        expect_lab_with_kernel_5(page)


def address_of_modules(app_server: str, page: Page) -> str:
    with page.expect_request("**/home.js") as request:
        page.goto(app_server)
    return request.value.url.removesuffix("home.js")


def test_modules_are_kept_for_ever_and_only_under_their_own_hash(app_server: str, page: Page):
    folder = address_of_modules(app_server, page)
    with urllib.request.urlopen(f"{folder}home.js", timeout=10) as answer:
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].split(";")[0].endswith("/javascript")
    old = f"{app_server}/browser/000000000000/home.js"
    for wrong in (old, f"{folder}nothing.js", f"{folder}../assets.py", f"{folder}..%2fassets.py"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):
            urllib.request.urlopen(wrong, timeout=10)


def test_all_that_a_lab_starts_with_is_asked_for_before_the_first_module_has_come(
    app_server: str, page: Page
):
    page.add_init_script("performance.setResourceTimingBufferSize(2000)")
    open_page(page, f"{app_server}/convolution")
    page.locator(READY).wait_for(timeout=20_000)
    times = page.evaluate("""() => Object.fromEntries(performance.getEntriesByType("resource")
      .filter((one) => /\\/browser\\/\\w+\\/[\\w-]+\\.js$/.test(one.name))
      .map((one) => [one.name.split("/").at(-1), [one.startTime, one.responseEnd]]))""")
    arrived = times["lab.js"][1]
    deep = ("dom.js", "fields.js", "chain.js", "arithmetic.js", "rules.js", "windows.js")
    assert [name for name in deep if times[name][0] > arrived] == []
