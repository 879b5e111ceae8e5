"""The app as a visitor meets it: a real server on a free port, and a real browser.

The tests, the benchmarks and the pictures of the README start both here. It does not know what a page shows.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The app works offline: no other machine can be reached from its pages.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
IDLE = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A server that answers: its address without a slash at the end, its process and its log."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    """Return a TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(
    log: Path, script: Path = ROOT / "app.py", environment: Mapping[str, str] | None = None
) -> Iterator[RunningApp]:
    """Serve a Streamlit script (this app, if none is named) until the block ends; the log goes to a file."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", "--browser.gatherUsageStats=false"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=script.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(RunningApp(url, process, log))
        yield RunningApp(url, process, log)
    finally:
        stop(process)


def wait_until_healthy(app: RunningApp) -> None:
    """Return when the server says that it is well; raise with its log if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"the app did not start at {app.url}; its log:\n{app.log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server politely, and after five seconds without asking."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def browser_path(playwright: Playwright) -> str | None:
    """Return the Chromium to use: CNNLAB_CHROMIUM, else the system's, else Playwright's own, else None."""
    named = os.environ.get("CNNLAB_CHROMIUM")
    own = playwright.chromium.executable_path
    found = [named, *map(shutil.which, BROWSER_NAMES), own if Path(own).exists() else None]
    return next(filter(None, found), None)


def launch_browser(playwright: Playwright, path: str) -> Browser:
    """Start Chromium without a window and without a way to other machines."""
    return playwright.chromium.launch(executable_path=path, args=list(BROWSER_OPTIONS))


def open_page(page: Page, url: str, timeout_ms: float = 30_000) -> None:
    """Go to an address of the app and wait until it is connected and its script has finished."""
    page.goto(url, timeout=timeout_ms)
    wait_until_idle(page, timeout_ms)


def wait_until_idle(page: Page, timeout_ms: float = 30_000) -> None:
    """Wait until the app is connected and no script runs."""
    page.wait_for_selector(IDLE, state="attached", timeout=timeout_ms)
