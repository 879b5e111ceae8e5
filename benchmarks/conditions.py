"""Under which conditions a run measured: cores, load, versions.

It measures nothing itself.
"""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MISSING, NO_BROWSER = "not installed", "no browser"
PACKAGES = ("streamlit", "starlette", "uvicorn", "websockets", "torch", "playwright")


def load() -> float | None:
    """Return how many processes wanted a core in the last minute; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def busy(found: float | None) -> bool:
    """Say whether more runs than there are cores, so that times are upper bounds."""
    return found is not None and found > cores()


def output_of(command: list[str]) -> str:
    """Return what a command prints; empty where it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=ROOT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def conditions() -> dict[str, Any]:
    """Return what a reader needs to judge the numbers."""
    changed = bool(output_of(["git", "status", "--porcelain"]))
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": (output_of(["git", "rev-parse", "--short", "HEAD"]) or "unknown")
        + (" + changes" * changed),
        "cores": cores(),
        "load": load(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "browser": browser_version(),
        **{name: version_of(name) for name in PACKAGES},
    }


def version_of(package: str) -> str:
    """Return the version of a package; some benchmarks do without most of them."""
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def browser_version() -> str:
    """Return the name and version of the browser that pages are opened in."""
    try:
        from playwright.sync_api import sync_playwright

        from tests.running_app import browser_path
    except ImportError:
        return NO_BROWSER
    with sync_playwright() as playwright:
        browser = browser_path(playwright)
    return output_of([browser, "--version"]) if browser else NO_BROWSER


def conditions_text(found: dict[str, Any]) -> str:
    """Return the conditions in three lines."""
    packages = ", ".join(f"{name} {found[name]}" for name in PACKAGES)
    load_text = "unknown" if found["load"] is None else found["load"]
    return (
        f"{found['time']}, commit {found['commit']}\n"
        f"{found['cores']} cores, load {load_text}, {found['system']}, "
        f"Python {found['python']}, {found['browser']}\n"
        f"{packages}"
    )
