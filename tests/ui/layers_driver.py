"""Driving the normalisation lab of the Layers page in a browser, and PyTorch's modules for its default block.

It knows the lab's labels and marks, not what the right answers are.
"""

import re
from urllib.parse import urlencode

import torch
from playwright.sync_api import Locator, Page
from torch import nn

from tests.running_app import open_page
from tests.ui.module_page import FOLDER

MOUNT = """async ([settings, css, compact]) => {
  const { render } = await import("/layers-lab.js");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  root.innerHTML = "<style></style><div class='lab'></div>";
  root.querySelector("style").textContent = css;
  render({ parentElement: root, data: { settings, compact }, setStateValue() {} });
}"""
READY = ".lab[data-ready=true] .normalisation-panel"


def open_layers(page: Page, server: str, **settings: object) -> Page:
    """Open the page with settings in its address and wait until the normalisation lab can be used."""
    open_page(page, f"{server}/layers?{urlencode(settings)}")
    page.locator(READY).wait_for(timeout=20_000)
    return page


def mount_layers(page: Page, *, compact: bool = False, **settings: object) -> Page:
    """Put the page's lab on an empty page of `module_page`, without the app; compact as in a lesson."""
    css = "\n".join(file.read_text() for file in sorted(FOLDER.glob("*.css")))
    page.evaluate(MOUNT, [{name: str(value) for name, value in settings.items()}, css, compact])
    page.locator(READY).wait_for()
    return page


def chosen(page: Page) -> Locator:
    return page.locator('.norm-cell[aria-pressed="true"]')


def steps(page: Page) -> list[str]:
    return page.locator(".norm-cell-panel .norm-step strong").all_inner_texts()


def block(page: Page) -> torch.Tensor:
    """Return the numbers that the page shows, N × C × H × W, read from what a screen reader hears."""
    said = page.locator(".norm-cell").evaluate_all("cells => cells.map((cell) => cell.ariaLabel)")
    found = [
        re.match(r"(\S+), sample (\d), channel (\d), row (\d), column (\d), set \w+", text) for text in said
    ]
    places = {tuple(int(n) for n in hit.groups()[1:]): hit[1].replace("−", "-") for hit in found if hit}
    shape = [max(place[axis] for place in places) + 1 for axis in range(4)]
    numbers = torch.empty(shape, dtype=torch.float64)
    for place, text in places.items():
        numbers[place] = float(text)
    assert len(places) == numbers.numel() == len(said)
    return numbers


def number(text: str) -> float:
    return float(text.replace("−", "-"))


MODULES = {
    "batch": lambda: nn.BatchNorm2d(4),
    "layer": lambda: nn.LayerNorm([4, 2, 2]),
    "instance": lambda: nn.InstanceNorm2d(4, affine=True),
    "group": lambda: nn.GroupNorm(2, 4),
}
