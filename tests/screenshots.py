"""The pictures of the README, taken again from the running app: `make screenshots`.

It does not compare pictures: they are for people, who should look at them.
"""

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.running_app import ROOT, browser_path, launch_browser, open_page, running_app

PICTURES = ROOT / "docs" / "images"
RUN = "finetune?section=recipe&data=shapes-new&model=shapes_plain&regime=full&n=20&epochs=8&lr=0.002"
LAB = "convolution?src=astronaut&in=24&cin=3&cout=8&k=3&d=2&at=8x9&w=sobel-x"
Scheme = Literal["light", "dark"]
# file name → (address, width, height, colour scheme)
SHOTS: dict[str, tuple[str, int, int, Scheme]] = {
    "convolution-lab.png": (LAB, 1280, 860, "light"),
    "convolution-lab-dark.png": (LAB, 1280, 860, "dark"),
    "home.png": ("", 1280, 860, "light"),
    "architectures.png": (
        "architectures?net=googlenet&open=inception3a&go=inception3a.cat",
        1280,
        1240,
        "light",
    ),
    "fine-tune.png": (RUN, 1280, 1240, "light"),
}


def main() -> None:
    """Start the app, take each picture, and say where it is."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder) / "app.log", environment=_places(Path(folder))) as app,
        sync_playwright() as p,
    ):
        path = browser_path(p)
        if path is None:
            raise SystemExit(
                "There is no Chromium on this machine; install it, or name it in CNNLAB_CHROMIUM."
            )
        browser = launch_browser(p, path)
        for name in SHOTS:
            take(browser, app.url, name)
            print(f"docs/images/{name}")


def take(browser: Browser, url: str, name: str) -> None:
    """Take one of SHOTS, once the page has settled."""
    address, width, height, scheme = SHOTS[name]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    open_page(page, f"{url}/{address}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    if address == RUN:
        page.locator(".st-key-finetune-start").get_by_role("button", name="Start").click()
        page.get_by_text("Done", exact=True).wait_for(timeout=300_000)
        page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / name)
    context.close()


def _places(folder: Path) -> dict[str, str]:
    """Return settings by which the app keeps nothing elsewhere."""
    return {"CNNLAB_RUNS": str(folder / "runs"), "CNNLAB_DATA": str(folder / "data")}


if __name__ == "__main__":
    main()
