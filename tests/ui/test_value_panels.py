"""Can a learner type weights, choose an input and draw, with the mouse and with keys alone?"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.module_page import mount
from tests.ui.values_page import values_page

EDITOR = ("kernel-editor.js", "createKernelEditor")
SOURCES = ("source-panel.js", "createSourcePanel")
STILL = """(names) => Object.fromEntries(names.map((name) => [name, window.store.settings[name]]))"""
UPDATE_MS = """(changes) => changes.map((change) => {
  const begin = performance.now();
  window.store.set(change);
  return performance.now() - begin;
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def setting(page: Page, name: str) -> Any:
    return page.evaluate(STILL, [name])[name]


def weight(page: Page, row: int, column: int) -> Any:
    return page.get_by_label(f"Weight, row {row}, column {column}", exact=True)


def test_a_typed_weight_is_used_at_once_and_the_others_stay(page: Page) -> None:
    mount(page, EDITOR, {"kernelPreset": "sobel-x"})
    weight(page, 1, 2).fill("−7.25")
    assert setting(page, "weights") == "0:-1,0,1,-2,0,-7.25,-1,0,1"
    assert page.evaluate("[...window.store.values().weights(0, 0, 0)]")[5] == -7.25
    expect(weight(page, 1, 2)).to_have_value("−7.25")
    expect(page.get_by_text("Your own weights.")).to_be_visible()
    page.get_by_role("button", name="Reset to Sobel x").click()
    assert setting(page, "weights") == ""
    expect(weight(page, 1, 2)).to_have_value("2")


@pytest.mark.parametrize("text", ["abc", "10000", "1e5", "0.12345", "1/3", "--1", ""])
def test_what_cannot_be_read_stays_visible_with_a_sentence_and_is_not_used(page: Page, text: str) -> None:
    mount(page, EDITOR, {})
    weight(page, 0, 0).fill(text)
    weight(page, 0, 0).blur()
    expect(weight(page, 0, 0)).to_have_attribute("aria-invalid", "true")
    expect(weight(page, 0, 0)).to_have_value(text)
    expect(page.get_by_role("status")).to_contain_text("The lab still uses −1.")
    assert setting(page, "weights") == ""
    page.evaluate("window.store.set({ biasValue: 2 })")
    expect(weight(page, 0, 0)).to_have_value(text)
    weight(page, 0, 0).fill("4")
    expect(weight(page, 0, 0)).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("status")).to_have_text("")


def test_arrow_keys_move_between_weights_and_escape_takes_back(page: Page) -> None:
    mount(page, EDITOR, {})
    weight(page, 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    expect(weight(page, 1, 0)).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(weight(page, 1, 0)).to_have_value("−2")
    expect(weight(page, 1, 0)).to_have_attribute("aria-invalid", "false")
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    expect(weight(page, 1, 0)).to_be_focused()


def test_one_tab_stop_leads_to_the_table(page: Page) -> None:
    mount(page, EDITOR, {"kernel": [5, 5]})
    page.get_by_role("button", name="Random").focus()
    page.keyboard.press("Tab")
    expect(weight(page, 0, 0)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Bias")).to_be_focused()


def test_a_preset_goes_to_the_channel_that_is_shown(page: Page) -> None:
    mount(page, EDITOR, {"cout": 3, "outChannel": 2, "weights": "2:1,2,3,4,5,6,7,8,9;0:1,2"})
    expect(page.get_by_text("Your own weights.")).to_be_visible()
    page.get_by_role("button", name="Laplacian", exact=True).click()
    assert page.evaluate("[...window.store.values().weights(0, 2, 0)]") == [0, 1, 0, 1, -4, 1, 0, 1, 0]
    assert setting(page, "weights") == "0:1,2"
    expect(page.get_by_role("button", name="Laplacian", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_bias_is_read_like_a_weight(page: Page) -> None:
    mount(page, EDITOR, {"cout": 2})
    page.get_by_label("Bias").fill("-3.5")
    assert setting(page, "biasValue") == -3.5
    page.get_by_label("Bias").fill("much")
    expect(page.get_by_text("The bias has to be a number from −9999 to 9999")).to_be_visible()
    assert setting(page, "biasValue") == -3.5
    page.evaluate("window.store.set({ outChannel: 1 })")
    page.get_by_label("Bias").blur()
    expect(page.get_by_label("Bias")).to_be_disabled()
    expect(page.get_by_label("Bias")).to_have_value("0")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"op": "maxpool"}, "Max pooling has no weights"),
        ({"op": "avgpool"}, "Average pooling has no weights to learn"),
        ({"kernel": [0, 0]}, "A kernel of size 0 has no weights."),
        ({"kernel": [17, 17], "input": [32, 32]}, "has 289 weights, too many to type over"),
        ({"kernel": [1, 1]}, "sees no neighbour to compare with"),
        ({"kernel": [4, 4], "kernelPreset": "laplacian"}, "An even size has no middle"),
        ({"pair": "spatial"}, "Split into a column and a row that together do the same."),
        ({"pair": "spatial", "kernelPreset": "emboss"}, "Emboss cannot be split"),
        ({"pair": "depthwise", "cin": 2, "stage": 1}, "channel 0 is their plain mean"),
        ({"cin": 3, "kernelPreset": "box"}, "The weights of all 3 channels add up to 1"),
    ],
)
def test_the_editor_says_what_is_special(page: Page, settings: dict[str, Any], sentence: str) -> None:
    mount(page, EDITOR, settings)
    expect(page.get_by_text(sentence)).to_be_visible()


def test_more_typed_weights_than_a_link_holds_are_refused_in_a_sentence(page: Page) -> None:
    others = ";".join(f"{c}:1,2,3,4,5,6,7,8,9" for c in range(1, 17))
    mount(page, EDITOR, {"cout": 20, "weights": others})
    weight(page, 0, 0).fill("5")
    expect(page.get_by_text("These weights are too many to be kept in a link.")).to_be_visible()
    assert setting(page, "weights") == others


def test_a_kind_of_input_and_then_one_of_its_pictures_can_be_chosen(page: Page) -> None:
    mount(page, SOURCES, {})
    page.get_by_role("button", name="Photographs").click()
    page.get_by_role("button", name="Cat", exact=True).click()
    assert setting(page, "source") == "cat"
    expect(page.get_by_text("Licence: CC0.")).to_be_visible()
    page.get_by_role("button", name="Patterns").click()
    expect(page.get_by_role("button", name="Numbers 0–9")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Photographs").click()
    assert setting(page, "source") == "cat"


def test_an_unknown_input_in_a_link_is_a_sentence(page: Page) -> None:
    mount(page, SOURCES, {"source": "dragon"})
    expect(page.get_by_text("There is no input called “dragon”.")).to_be_visible()


def test_an_uploads_name_and_notes_are_shown_as_text(page: Page) -> None:
    mount(page, SOURCES, {"source": "upload"})
    expect(page.get_by_text("Choose a file in the upload field of this page.")).to_be_visible()
    page.evaluate(
        """() => {
      const notes = ["It was turned upright."];
      const picture = { name: "upload", title: "<b>me</b>.png", width: 9, height: 4, notes };
      Object.assign(window.store, { picture });
      window.store.notify("picture");
    }"""
    )
    expect(page.get_by_text("Your picture “<b>me</b>.png”, 4 × 9 pixels.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_text("It was turned upright.")


def drawn(page: Page) -> dict[tuple[int, int], int]:
    cells = page.evaluate(
        "import('/sketch.js').then((m) => [...m.decodeSketch(window.store.settings.drawing)])"
    )
    return {divmod(i, 28): level for i, level in enumerate(cells) if level}


def test_keys_alone_draw_rub_out_and_clear(page: Page) -> None:
    mount(page, SOURCES, {"source": "drawing"})
    page.get_by_role("button", name="Fine pen").click()
    page.get_by_role("application").focus()
    for key in ("ArrowUp", "Space", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert drawn(page) == {(13, 14): 3, (13, 15): 3, (13, 16): 3}
    expect(page.get_by_text("Row 13, column 16: white")).to_be_attached()
    page.keyboard.press("Delete")
    assert drawn(page) == {(13, 14): 3}
    page.get_by_role("button", name="Clear").click()
    assert setting(page, "drawing") == ""


def test_the_pointer_draws_a_line_without_gaps(page: Page) -> None:
    mount(page, SOURCES, {"source": "drawing"})
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    left, top, cell = box["x"], box["y"], box["width"] / 28
    at = {column: (left + (column + 0.5) * cell, top + 2.5 * cell) for column in (3, 9, 20)}
    page.get_by_role("button", name="Fine pen").click()
    page.mouse.move(*at[3])
    page.mouse.down()
    page.mouse.move(*at[20])
    page.mouse.up()
    page.mouse.move(*at[9])
    assert drawn(page) == {(2, x): 3 for x in range(3, 21)}


def test_an_update_takes_at_most_ten_milliseconds(page: Page) -> None:
    mount(page, EDITOR, {"source": "numbers"})
    changes = [{"kernel": [k, k], "input": [32, 32]} for k in (3, 5, 7, 9, 11, 10, 8, 6, 4, 2)] * 3
    times = sorted(page.evaluate(UPDATE_MS, changes))
    assert times[len(times) // 2] <= 10


@pytest.mark.parametrize("width", [1000, 340])
@pytest.mark.parametrize(
    ("panel", "settings"),
    [(EDITOR, {"cin": 3, "kernel": [9, 9]}), (SOURCES, {"source": "cat"}), (SOURCES, {"source": "drawing"})],
)
def test_panels_break_no_rule_of_axe_and_fit_the_width(
    browser: Browser, panel: tuple[str, str], settings: dict[str, Any], width: int
) -> None:
    with values_page(browser, width) as page:
        mount(page, panel, settings)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        broken = [
            rule
            for rule in Axe().run(page).response["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in broken] == []
