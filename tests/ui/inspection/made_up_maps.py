"""Made-up attribution maps on an empty page with the browser's own modules: no server, no network.

Not a test itself. It knows how a page hands maps over, not what is tested of them.
"""

from base64 import b64encode
from typing import Any

import numpy as np
from playwright.sync_api import Page

from cnnlab.inspection.pictures import Picture
from cnnlab.ui.inspection.why_telling import numbers_told
from tests.ui.module_page import FOLDER

MOUNT = """async ([data, css]) => {
  const module = await import("/why-maps.js");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  root.innerHTML = "<style></style><div class='lab'></div>";
  root.querySelector("style").textContent = css;
  window.sent = [];
  const setStateValue = (name, value) => window.sent.push(value);
  window.show = (data) => module.render({ parentElement: root, data, setStateValue });
  window.show(data);
}"""
PIXELS = """(canvas) => [canvas.height, canvas.width,
  [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
    .filter((_, i) => i % 4 < 3)]"""


def told(values: np.ndarray, title: str, **more: Any) -> dict[str, Any]:
    """Return what a page tells the browser of a map, H × W."""
    usual = {"title": title, "signed": True, "unit": "score", "alt": title, "about": "a test", "file": "map"}
    return {
        **numbers_told(values),
        **usual,
        "picture": 0,
        "empty": "All 0.",
        "remarks": [],
        "light": None,
        **more,
    }


def show(page: Page, maps: list[dict[str, Any]], **settings: str) -> None:
    """Put maps over a grey picture on the page, and wait until they are drawn."""
    height, width = maps[0]["size"]
    pixels = np.full((height, width, 3), 128, np.uint8)
    pictures = [b64encode(Picture(pixels, "grey").png()).decode()]
    data = {"settings": settings, "stamp": "1", "pictures": pictures, "maps": maps}
    css = "\n".join(file.read_text() for file in sorted(FOLDER.glob("*.css")))
    page.evaluate(MOUNT, [data, css])
    page.locator(".lab[data-ready=true]").wait_for()


def drawn(page: Page, place: int, side: tuple[int, int]) -> np.ndarray:
    """Return the colours that a map is drawn in, H × W × 3: of each pixel that in its middle."""
    height, width, data = page.locator(".why-tile .why-map:not(.still) canvas").nth(place).evaluate(PIXELS)
    colours = np.array(data, np.uint8).reshape(height, width, 3)
    step = height // side[0]
    return colours[step // 2 :: step, step // 2 :: step]
