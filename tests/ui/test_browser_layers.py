"""Can everybody use the tabs on pooling, dropout and activations, at any width and in both themes?

And does an address bring their settings back. Their numbers are tested beside: pooling, dropout, activations.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.ui.layers_page import show
from tests.ui.module_page import theme
from tests.ui.values_page import values_page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def test_an_address_brings_every_setting_back_and_says_what_it_cannot_read(page: Page) -> None:
    settings = {"poolRight": -3, "poolSource": "digit-7", "dropKind": "depth", "dropTraining": False}
    settings |= {"dropPercent": 30, "actScores": [1.5, -2, 0, 3.25, 8], "actInput": -1.5, "actName": "gelu"}
    both = """async (settings) => {
      const { OTHER_FIELDS } = await import("/layers-others.js");
      const { defaultsOf, readFields, writeFields } = await import("/fields.js");
      const wanted = { ...defaultsOf(OTHER_FIELDS), ...settings };
      const written = writeFields(OTHER_FIELDS, wanted);
      return { wanted, written, ...readFields(OTHER_FIELDS, written) };
    }"""
    found = page.evaluate(both, settings)
    assert found["settings"] == found["wanted"]
    assert found["problems"] == []
    assert len(found["written"]) == len(settings)
    bad = {"pool_k": "0", "drop_p": "100", "act_scores": "1,2", "act_x": "9", "pool_src": "<b>"}
    read = """async (bad) => {
      const { OTHER_FIELDS } = await import("/layers-others.js");
      return (await import("/fields.js")).readFields(OTHER_FIELDS, bad).problems;
    }"""
    problems = page.evaluate(read, bad)
    assert len(problems) == len(bad)
    assert "which is not 5 numbers from -8 to 8" in " ".join(problems)


@pytest.mark.parametrize(("mode", "width"), [("dark", 375), ("light", 1000)])
@pytest.mark.parametrize(
    ("tab", "settings"),
    [
        ("pooling", {}),
        ("dropout", {}),
        ("dropout", {"dropKind": "depth", "dropBlocks": 54}),
        ("activations", {"actName": "leaky"}),
        ("activations", {"actName": "softmax"}),
    ],
)
def test_axe_finds_nothing_and_everything_fits(
    browser: Browser, tab: str, settings: dict[str, Any], width: int, mode: str
) -> None:
    with values_page(browser, width) as page:
        show(page, tab, settings, mode)
        found = Axe().run(page).response["violations"]
        grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in grave] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for control in page.locator("button:visible, select:visible, input:visible").all():
            box = control.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, control.get_attribute("aria-label")


UPDATE_MS = """(changes) => changes.map((change) => {
  const begin = performance.now();
  window.store.set(change);
  return performance.now() - begin;
})"""


@pytest.mark.parametrize(
    ("tab", "changes"),
    [
        ("pooling", [{"poolRight": shift, "poolStride": 1, "poolKernel": 2} for shift in range(-6, 6)]),
        ("dropout", [{"dropMasks": passes} for passes in range(100, 4000, 300)]),
        ("activations", [{"actInput": number / 10} for number in range(-20, 20, 3)]),
    ],
)
def test_an_update_is_quick_enough_to_follow_a_hand(
    page: Page, tab: str, changes: list[dict[str, Any]]
) -> None:
    show(page, tab)
    page.evaluate(UPDATE_MS, changes[:3])
    times = sorted(page.evaluate(UPDATE_MS, changes[3:]))
    assert times[len(times) // 2] < 30, times  # about a third of it on two quiet cores


def test_a_changed_theme_is_painted_anew(page: Page) -> None:
    show(page, "activations")
    shot = "document.querySelector('#host').shadowRoot.querySelector('.act-before canvas').toDataURL()"
    before = page.evaluate(shot)
    for name, value in theme("dark").items():
        page.evaluate(
            "([n, v]) => document.querySelector('#host').style.setProperty(n, v)", [f"--st-{name}", value]
        )
    page.evaluate("window.store.notify('theme')")
    assert page.evaluate(shot) != before
