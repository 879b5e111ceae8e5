"""Can the lab's panels be used: by keyboard, at 340 pixels, in the dark, with axe content, and fast enough?

What they compute is checked elsewhere: test_browser_costs, _stack, _channels and _challenges.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.ui.module_page import module_page, mount, theme

STACK = ("stack-panel.js", "createStackPanel")
PANELS: list[tuple[tuple[str, str], dict[str, Any]]] = [
    (("costs-panel.js", "createCostsPanel"), {"cin": 12, "cout": 8, "input": [28, 28]}),
    (("costs-panel.js", "createCostsPanel"), {"op": "avgpool"}),
    (("channels-panel.js", "createChannelsPanel"), {"cin": 8, "cout": 12, "groups": 4}),
    (("channels-panel.js", "createChannelsPanel"), {"cin": 64, "cout": 32, "pair": "depthwise"}),
    (
        ("channels-panel.js", "createChannelsPanel"),
        {"cin": 12, "cout": 9, "kernel": [1, 1], "source": "numbers"},
    ),
    (STACK, {"input": [28, 28], "stack": "c.5.1.2.1.8.1;m.2.2.0.1;c.3.1.1.2.16.1;a.2.2.0"}),
    (STACK, {"dims": 1, "input": [60, 60], "stack": "c.3.1.1.1.8.1;c.90.1.1.1.8.1;m.2.2.0.1"}),
    (("challenge-panel.js", "createChallengePanel"), {"challenge": "reach-14"}),
    (("challenge-panel.js", "createChallengeBanner"), {"challenge": "reach-14"}),
]
FOCUSED = "document.querySelector('#host').shadowRoot.activeElement.ariaLabel"
TIMES = """(field) => {
  const times = [];
  for (let i = 0; i < 60; i += 1) {
    const start = performance.now();
    window.store.set({ [field]: [20 + (i % 9), 20 + (i % 7)] });
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[30];
}"""


PAINT = """(style) => {
  for (const [name, value] of Object.entries(style)) {
    document.querySelector("#host").style.setProperty(`--st-${name}`, value);
  }
  document.body.style.background = style["background-color"];
}"""


@pytest.mark.parametrize(("panel", "settings"), PANELS)
def test_axe_finds_nothing_wrong_with_a_panel_in_light_and_dark(
    browser: Browser, panel: tuple[str, str], settings: dict[str, Any]
) -> None:
    with module_page(browser) as page:
        mount(page, panel, settings)
        for mode in ("light", "dark"):
            page.evaluate(PAINT, theme(mode))
            # The page around the panel has no title of its own; the app's pages have one.
            found = Axe().run(page, options={"rules": {"page-has-heading-one": {"enabled": False}}})
            wrong = [
                (rule["id"], node["html"]) for rule in found.response["violations"] for node in rule["nodes"]
            ]
            assert wrong == [], mode


@pytest.mark.parametrize(("panel", "settings"), PANELS)
def test_a_panel_fits_a_narrow_page_and_follows_a_dragged_size_within_a_frame(
    browser: Browser, panel: tuple[str, str], settings: dict[str, Any]
) -> None:
    with module_page(browser, width=356) as page:
        mount(page, panel, settings)
        assert page.evaluate("document.documentElement.scrollWidth") <= 356
        assert page.evaluate(TIMES, "input") <= 16


def stack_of(page: Page) -> str:
    return page.evaluate("store.settings.stack")


def test_a_layer_is_moved_by_alt_and_arrow_and_keeps_the_focus(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, STACK, {"input": [28, 28], "stack": "c.5.1.2.1.8.1;m.2.2.0.1;c.3.1.1.1.16.1"})
        page.get_by_label("Kernel of layer 1", exact=True).focus()
        page.keyboard.press("Alt+ArrowDown")
        assert stack_of(page) == "m.2.2.0.1;c.5.1.2.1.8.1;c.3.1.1.1.16.1"
        assert page.evaluate(FOCUSED) == "Kernel of layer 2"
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.press("Alt+ArrowDown")
        assert stack_of(page) == "m.2.2.0.1;c.3.1.1.1.16.1;c.5.1.2.1.8.1"
        page.keyboard.press("Alt+ArrowUp")
        assert page.evaluate(FOCUSED) == "Kernel of layer 2"
        page.get_by_role("button", name="Move up layer 2", exact=True).click()
        assert stack_of(page) == "c.5.1.2.1.8.1;m.2.2.0.1;c.3.1.1.1.16.1"


def test_layers_are_added_copied_and_removed(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, STACK, {"input": [28, 28], "stack": "c.3.1.1.1.16.1"})
        assert page.get_by_role("button", name="Remove layer 1", exact=True).is_disabled()
        page.get_by_role("button", name="Add average pooling", exact=True).click()
        assert stack_of(page) == "c.3.1.1.1.16.1;a.2.2.0"
        page.get_by_role("button", name="Duplicate layer 1", exact=True).click()
        assert stack_of(page) == "c.3.1.1.1.16.1;c.3.1.1.1.16.1;a.2.2.0"
        page.get_by_label("Kind of layer 3", exact=True).select_option("maxpool")
        page.get_by_role("button", name="Remove layer 1", exact=True).click()
        assert stack_of(page) == "c.3.1.1.1.16.1;m.2.2.0.1"
        for _ in range(10):
            page.get_by_role("button", name="Add convolution", exact=True).click()
        assert page.get_by_role("button", name="Add convolution", exact=True).is_disabled()
        assert "12 layers is the most" in page.locator(".stack-panel").inner_text()


def test_a_field_takes_numbers_pairs_and_words_and_refuses_the_rest_in_a_sentence(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, STACK, {"input": [28, 28], "stack": "c.3.1.1.1.16.1;m.2.2.0.1"})
        kernel, padding = (
            page.get_by_label("Kernel of layer 1", exact=True),
            page.get_by_label("Padding of layer 1", exact=True),
        )
        kernel.fill("3x5")
        padding.fill("same")
        assert stack_of(page) == "c.3x5.1.same.1.16.1;m.2.2.0.1"
        kernel.press("ArrowUp")
        assert kernel.input_value() == "4x6"
        kernel.fill("0")
        row = page.locator("[data-layer='0']")
        assert (
            "Kernel takes a whole number from 1 to 64, or 3x1 for two sides; the stack still uses 4x6."
            in (row.inner_text())
        )
        assert kernel.get_attribute("aria-invalid") == "true"
        kernel.blur()
        assert kernel.input_value() == "4x6"
        page.get_by_label("Padding of layer 2", exact=True).fill("same")
        assert "Padding takes" in page.locator("[data-layer='1']").inner_text()


def test_an_impossible_layer_says_why_and_those_after_it_show_a_dash(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, STACK, {"input": [8, 8], "stack": "c.3.1.1.1.16.1;c.9.1.0.1.4.1;m.2.2.0.1"})
        assert "Impossible: A window of 9 rows does not fit in 8 rows" in (
            page.locator("[data-layer='1']").inner_text()
        )
        assert page.locator("[data-layer='0'] [data-result=shape]").inner_text() == "16×8×8"
        assert page.locator("[data-layer='2'] [data-result=shape]").inner_text() == "–"
        assert page.locator("[data-layer='2'] [data-result=parameters]").inner_text() == "–"
        assert "stops at layer 2 of 3" in page.locator(".stack-totals").inner_text()
        assert "layer 1 of 1" in page.locator(".stack-depth").inner_text()
        page.get_by_label("Kernel of layer 1", exact=True).fill("20")
        assert page.locator(".stack-view").is_hidden()


def test_a_unit_is_chosen_by_click_and_by_arrow_keys_and_says_what_it_sees(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, STACK, {"input": [28, 28], "stack": "c.5.1.2.1.8.1;m.2.2.0.1;c.3.1.1.2.16.1;a.2.2.0"})
        chosen = page.locator(".stack-pick")
        box = chosen.bounding_box()
        assert box is not None
        chosen.click(position={"x": box["width"] / 2 + 2, "y": box["height"] / 2 + 2})
        assert page.evaluate("store.settings.unit") == [3, 3]
        for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowRight"):
            chosen.press(key)
        assert page.evaluate("store.settings.unit") == [0, 3]
        assert (
            page.locator(".stack-sentence")
            .inner_text()
            .startswith(
                "This unit of layer 4 (row 0, column 3) has a field of 16 × 16: "
                "rows 0–11 and columns 8–23 of the input. 4 rows of it lie outside, in the padding."
            )
        )


def test_stepping_deeper_keeps_the_place_while_the_field_grows(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(
            page, STACK, {"input": [32, 32], "stack": "c.3.1.1.1.8.1;c.3.1.1.1.8.1;m.2.2.0.1", "unit": [8, 8]}
        )
        script = """() => {
          const frame = document.querySelector("#host").shadowRoot.querySelector(".stack-frame");
          return ["x", "width"].map((name) => Number(frame.getAttribute(name)));
        }"""
        slider = page.get_by_label("Layer whose unit looks at the input")
        centres, widths = [], []
        for depth in ("3", "2", "1"):
            slider.fill(depth)
            x, width = page.evaluate(script)
            centres.append(x + width / 2)
            widths.append(width)
        assert widths == sorted(widths, reverse=True)
        assert widths[0] > widths[1] > widths[2]
        cell = widths[2] / 3
        assert max(centres) - min(centres) <= cell * 0.51
        page.get_by_role("button", name="Show what layer 2 sees", exact=True).click()
        assert "layer 2 of 3" in page.locator(".stack-depth").inner_text()
