"""The convolution lab in a real browser: dragging, pointing, keys, pins, links, and what does not work."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.ui.lab_driver import open_lab


def test_the_numbers_follow_while_the_slider_is_dragged_and_before_it_is_released(
    app_server: str, page: Page
):
    lab = open_lab(page, app_server, **{"in": 16, "k": 3})
    slider = lab.slider("kernel")
    box = slider.bounding_box()
    assert box is not None
    seen = []
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, y)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * (0.2 + 0.06 * step), y)
        seen.append(lab.metric("output"))
    assert len(set(seen)) >= 5
    kernel = int(lab.number("kernel").input_value())
    assert seen[-1] == f"1 × {16 - kernel + 1} × {16 - kernel + 1}"
    page.mouse.up()


def test_dragging_never_reaches_a_setting_that_does_not_work(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 5, "k": 3})
    box = lab.slider("kernel").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    assert lab.number("kernel").input_value() == "5"
    lab.expect_metric("output", "1 × 1 × 1")


def test_a_typed_setting_that_does_not_work_names_the_rule_and_offers_ways_out(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 5, "k": 3})
    lab.number("kernel").fill("7")
    trouble = page.locator(".results .problem")
    expect(trouble).to_contain_text("7 rows does not fit in 5 rows")
    assert lab.metric("output") == "–"
    ways = trouble.get_by_role("button")
    assert ways.count() >= 2
    ways.first.click()
    expect(trouble).to_be_hidden()
    assert lab.metric("output") != "–"


@pytest.mark.parametrize("typed", ["", "2.5", "100000"])
def test_an_unreadable_number_is_named_and_nothing_is_lost(app_server: str, page: Page, typed: str):
    lab = open_lab(page, app_server, **{"in": 9, "k": 3})
    lab.number("input").fill(typed)
    expect(page.locator('.control[data-field="input"] .field-message').first).to_contain_text("from 1 to 512")
    lab.expect_metric("output", "1 × 7 × 7")
    lab.number("input").blur()
    assert lab.number("input").input_value() == "9"


def test_pointing_at_an_output_an_input_and_a_weight_marks_what_belongs_to_them(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 8, "k": 3})
    lab.point("output", 1.5 / 6, 2.5 / 6)
    assert lab.focus == "output:2,1"
    assert lab.linked == [9, 9, 1]
    lab.point("input", 4.5 / 8, 4.5 / 8)
    assert lab.focus == "input:4,4"
    assert lab.linked == [1, 9, 9]
    lab.point("kernel", 0.5, 0.5)
    assert lab.focus == "kernel:1,1"
    assert lab.linked == [36, 1, 0]
    expect(page.locator(".drill")).to_contain_text("36 marked input values")


def test_the_products_of_an_output_add_up_to_the_number_in_its_cell(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 6, "k": 3, "src": "ramp", "w": "sobel-x"})
    lab.point("output", 0.5 / 4, 0.5 / 4)
    # A ramp rises by 1 a column; Sobel x takes (right − left) with weights 1, 2, 1: 2·1 + 2·2 + 2·1 = 8.
    expect(page.locator(".drill .sum")).to_contain_text("bias 0 = 8")
    products = page.locator(".drill .products td strong").all_inner_texts()
    assert sum(int(text.replace("−", "-")) for text in products) == 8


def test_keys_step_play_and_pin(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 8, "k": 3})
    page.locator(".maps").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert lab.focus == "output:1,1"
    page.keyboard.press("ArrowLeft")
    assert lab.focus == "output:1,0"
    page.keyboard.press("End")
    assert lab.focus == "output:5,5"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep this position")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause (Space)")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=stMain]') !== null")
    expect(page.locator(".grid-panel")).not_to_have_attribute("data-focus", "output:0,0", timeout=5000)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play (Space)")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="One step back")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".maps")).not_to_be_focused()


def test_a_pinned_position_stays_while_settings_change(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 8, "k": 3})
    lab.point("output", 2.5 / 6, 3.5 / 6)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(5, 5)
    assert lab.focus == "output:3,2"
    lab.slider("kernel").focus()
    page.keyboard.press("ArrowRight")
    lab.expect_metric("output", "1 × 5 × 5")
    assert lab.focus == "output:3,2"


def settled(page: Page, parameter: str) -> None:
    page.wait_for_function("text => location.search.includes(text)", arg=parameter, timeout=8000)


def test_the_address_follows_and_opens_the_same_in_another_browser(
    app_server: str, browser: Browser, page: Page
):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lab = open_lab(page, app_server)
    lab.number("input").fill("12")
    lab.number("cin").fill("4")
    lab.number("cout").fill("6")
    lab.number("groups").fill("2")
    lab.number("dilation").fill("2")
    page.locator('.control[data-field="padding"]').get_by_role("button", name="same", exact=True).click()
    page.get_by_role("button", name="Gaussian blur").click()
    page.get_by_label("Kernel: same for height and width").click()
    lab.number("kernel", 1).fill("5")
    lab.point("output", 0.3, 0.3)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(5, 5)
    settled(page, "at=3")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    other = context.new_page()
    other.goto(link)
    other.locator(".lab[data-ready=true]").wait_for()
    for name in ("output", "parameters", "macs", "receptive"):
        expect(other.locator(f'[data-metric="{name}"]')).to_have_text(lab.metric(name))
    assert other.locator(".grid-panel").get_attribute("data-focus") == lab.focus
    pixels = "canvas => canvas.toDataURL()"
    for name in ("input", "kernel", "output"):
        one = page.locator(f".map.{name} canvas").first.evaluate(pixels)
        expect(other.locator(f".map.{name} canvas").first).to_be_visible()
        assert other.locator(f".map.{name} canvas").first.evaluate(pixels) == one
    context.close()


def test_a_reload_and_a_change_of_page_lose_nothing(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 10})
    lab.number("kernel").fill("4")
    settled(page, "k=4")
    page.reload()
    lab.expect_metric("output", "1 × 7 × 7")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("menuitem", name=re.compile("Home")).click()
    expect(page.locator(".lab[data-ready=true] .metrics")).to_have_count(0)
    page.get_by_role("button", name="Labs").click()
    page.get_by_role("menuitem", name=re.compile("Convolution")).click()
    lab.expect_metric("output", "1 × 7 × 7")


def test_what_a_link_says_wrongly_is_named_and_the_rest_is_kept(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 10, "k": "banana", "s": 2})
    notice = page.locator(".link-problems")
    expect(notice).to_contain_text("k=banana")
    lab.expect_metric("output", "1 × 4 × 4")
    notice.get_by_role("button", name="Understood").click()
    expect(notice).to_be_empty()


def test_a_transposed_convolution_shows_what_one_input_stamps(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"op": "transposed", "in": 4, "k": 3, "s": 2, "p": 1, "op_pad": 1})
    lab.expect_metric("output", "1 × 8 × 8")
    lab.point("input", 1.5 / 4, 1.5 / 4)
    assert lab.linked == [1, 9, 9]
    expect(page.locator(".drill .sum")).to_contain_text("stamped into the output")


def test_two_browsers_do_not_disturb_each_other(app_server: str, browser: Browser, page: Page):
    lab = open_lab(page, app_server, **{"in": 12})
    context = browser.new_context()
    other = open_lab(context.new_page(), app_server, **{"in": 20})
    lab.number("kernel").fill("5")
    other.number("kernel").fill("7")
    settled(page, "k=5")
    settled(other.page, "k=7")
    lab.expect_metric("output", "1 × 8 × 8")
    other.expect_metric("output", "1 × 14 × 14")
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 375, "height": 700}, has_touch=True, reduced_motion="reduce", color_scheme="dark"
    )
    yield context.new_page()
    context.close()


def test_on_a_phone_it_fits_and_a_tap_does_what_pointing_does(app_server: str, phone: Page):
    lab = open_lab(phone, app_server, **{"in": 8, "k": 3})
    main = phone.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    place = lab.map("input")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    phone.touchscreen.tap(box["x"] + box["width"] * 4.5 / 8, box["y"] + box["height"] * 4.5 / 8)
    assert lab.focus == "input:4,4"
    assert lab.linked == [1, 9, 9]
    phone.get_by_text("Settings", exact=True).click()
    lab.number("kernel").fill("5")
    lab.expect_metric("output", "1 × 4 × 4")


def test_an_uploaded_picture_flows_in_and_a_broken_file_gets_a_sentence(app_server: str, page: Page):
    open_lab(page, app_server, **{"in": 8})
    page.locator(".source-panel").get_by_role("button", name="Upload", exact=True).click()
    chooser = page.locator('[data-testid="stFileUploader"] input[type=file]')
    chooser.set_input_files({"name": "broken.png", "mimeType": "image/png", "buffer": b"not a picture"})
    expect(page.get_by_role("alert").filter(has_text="broken.png")).to_be_visible()
    buffer = BytesIO()
    Image.new("RGBA", (16, 16), (200, 100, 60, 255)).save(buffer, "PNG")
    chooser.set_input_files({"name": "plain.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    expect(page.locator(".source-panel")).to_contain_text("plain.png")
    page.locator(".maps").focus()
    page.keyboard.press("Home")
    # Grey is the mean of the three colours, (200 + 100 + 60) / 3 = 120; Sobel x is 0 on a plain area.
    expect(page.locator(".drill .sum")).to_contain_text("120·(−1)")
    expect(page.locator(".drill .sum")).to_contain_text("bias 0 = 0")


def test_a_weight_of_a_dilated_kernel_marks_its_own_inputs_and_a_hole_marks_none(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"in": 8, "k": 3, "d": 2})
    lab.point("kernel", 4.5 / 5, 2.5 / 5)
    assert lab.focus == "kernel:1,2"
    assert lab.linked == [16, 1, 0]
    lab.point("kernel", 1.5 / 5, 1.5 / 5)
    assert lab.linked == [0, 0, 0]
    expect(page.locator(".drill")).to_contain_text("hole of the dilated kernel")


def test_arrow_keys_on_a_slider_get_across_values_that_do_not_work(app_server: str, page: Page):
    lab = open_lab(page, app_server, **{"cin": 9, "cout": 6})
    lab.slider("groups").focus()
    page.keyboard.press("ArrowRight")
    assert lab.number("groups").input_value() == "3"
    page.keyboard.press("ArrowRight")
    assert lab.number("groups").input_value() == "3"
    page.keyboard.press("ArrowLeft")
    assert lab.number("groups").input_value() == "1"
