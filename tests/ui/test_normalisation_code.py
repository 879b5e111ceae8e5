"""The code that the normalisation lab gives runs as it stands, and prints the number that the page shows."""

from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from tests.ui.layers_driver import MODULES, mount_layers, number, steps
from tests.ui.module_page import module_page

Open = Callable[..., Page]


@pytest.fixture
def layers(browser: Browser) -> Iterator[Open]:
    """Return a function that shows the lab with some settings."""
    with module_page(browser, width=1200) as page:
        yield partial(mount_layers, page)


CODE: list[dict[str, object]] = [
    *({"norm": kind, "nat": "1.3.1.0", "ngam": "3:-0.5", "nbet": "3:2", "neps": "1e-3"} for kind in MODULES),
    {"nv": "running", "nb": 7, "nm": "train", "nat": "1.3.1.0", "nxv": "3:-2.25"},
    {"nv": "running", "nb": 7, "nm": "eval", "nat": "1.3.1.0", "ngam": "3:0.3"},
]


@pytest.mark.parametrize("settings", CODE, ids=lambda settings: urlencode(settings))
def test_the_code_runs_and_prints_the_number_of_the_page(layers: Open, settings: dict[str, object]):
    page = layers(**settings)
    assert float(run_code(page)[0]) == pytest.approx(number(steps(page)[-1]), abs=5.1e-5)


@pytest.mark.parametrize("kernel", [1, 3])
def test_the_code_of_folding_runs_and_prints_the_first_output(layers: Open, kernel: int):
    page = layers(nv="folding", nb=10, nk=kernel, nat="0.1.0.0", ngam="1:1.7")
    first, difference = (float(line) for line in run_code(page))
    shown = (page.locator(".norm-outputs .map.one").get_attribute("aria-label") or "").partition(": ")[2]
    assert first == pytest.approx(number(shown.split(",")[0]), abs=5.1e-5)
    assert difference < 1e-13


def run_code(page: Page) -> list[str]:
    """Run what "Copy as PyTorch" gives and return what it prints."""
    said = StringIO()
    with redirect_stdout(said):
        exec(compile(page.locator("pre.code").text_content() or "", "copied", "exec"), {})
    return said.getvalue().splitlines()
