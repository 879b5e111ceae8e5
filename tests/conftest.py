"""What all tests share: the app on a real server, a real browser, and the settings of Hypothesis.

Browser tests run last, so that a wrong number shows before a browser has started.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running_app import ROOT, browser_path, launch_browser, running_app

SHARED_ASSETS = ROOT.parent / "shared" / "assets"
LOGS = pytest.StashKey[list[Path]]()

# The same examples on every run and on every machine; a slow machine is not a failure.
hypothesis.settings.register_profile("project", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make verify` ask for more random settings than a quick run takes."""
    parser.addoption(
        "--settings", type=int, default=None, help="random layer settings to compare with PyTorch"
    )
    parser.addoption(
        "--every-network", action="store_true", help="compare every network with the real one, not a sample"
    )
    parser.addoption(
        "--every-run", action="store_true", help="train again what lessons and documents quote, for minutes"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the logs of the servers that this run starts, and learners' answers out of the user's own data."""
    config.stash[LOGS] = []
    folder = tempfile.mkdtemp(prefix="cnnlab-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ.setdefault("CNNLAB_DATABASE_URL", f"sqlite:///{folder}/progress.db")
    os.environ.setdefault("CNNLAB_RUNS", f"{folder}/runs")
    os.environ.setdefault("CNNLAB_DATA", f"{folder}/data")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what needs a browser last; its driver keeps an event loop, beside which no other can run.

    Whole files, since processes that share the work take whole files. What trains for minutes waits until it
    is asked for.
    """
    if not config.getoption("--every-run"):
        later = pytest.mark.skip(reason="trains for minutes; asked for with --every-run (make verify)")
        for item in items:
            if item.get_closest_marker("every_run"):
                item.add_marker(later)

    def needs_browser(item: pytest.Item) -> bool:
        return "browser" in getattr(item, "fixturenames", ())

    files = {item.path for item in items if needs_browser(item)}
    items.sort(key=lambda item: (item.path in files, needs_browser(item)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Show the end of the server's log beside a test that failed while it used a server."""
    report = yield
    if report.failed and {"app_server", "fresh_server"} & set(getattr(item, "fixturenames", ())):
        for log in item.config.stash[LOGS]:
            report.sections.append((f"server log {log.name}", log.read_text(errors="replace")[-4000:]))
    return report


def unavailable(reason: str) -> None:
    """Skip the test; under CI, where everything has to be there, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_assets() -> Path:
    """Return the folder with real weights, photographs and data sets; the project itself ships none of it."""
    if not SHARED_ASSETS.is_dir():
        pytest.skip("there is no shared/assets folder beside the project")
    return SHARED_ASSETS


@pytest.fixture(scope="module")
def one_core() -> Iterator[None]:
    """Let PyTorch compute on one core: with more, small steps mostly wait where other tests run beside."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def app_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of one server that all tests of the run share."""
    log = tmp_path_factory.mktemp("app_server") / "shared.log"
    request.config.stash[LOGS].append(log)
    with running_app(log) as app:
        yield app.url


@pytest.fixture
def fresh_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Return a function that starts a new server that nobody has visited, and returns its address."""
    with ExitStack() as servers:

        def start() -> str:
            log = tmp_path / f"fresh_{len(list(tmp_path.glob('fresh_*')))}.log"
            request.config.stash[LOGS].append(log)
            return servers.enter_context(running_app(log)).url

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one Chromium for the whole run."""
    with sync_playwright() as playwright:
        path = browser_path(playwright)
        if path is None:
            unavailable("there is no Chromium on this machine; install it, or name it in CNNLAB_CHROMIUM")
        else:
            chromium = launch_browser(playwright, path)
            yield chromium
            chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return an empty page of 1280 × 900 pixels that shares nothing with the page of another test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
