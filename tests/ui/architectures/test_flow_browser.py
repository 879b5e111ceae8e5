"""A learner lets a picture flow through a network: what is drawn is what the network computes."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from cnnlab.inspection.flow import Flows
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import sample_picture
from tests.inspection.watched import hooked
from tests.running_app import open_page
from tests.ui.axe_findings import grave_findings
from tests.ui.module_page import theme

READY = ".lab[data-ready=true]"
EXACT = ".flow-map[data-exact=true]"
CHOSEN = ".flow-tile[role=option][aria-selected=true]"
SLOW = 90_000  # ms: the first flow on a server loads PyTorch
PIXELS = """(canvas) => [canvas.height, canvas.width,
  [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]
    .filter((_, i) => i % 4 < 3)]"""


@pytest.fixture(scope="module")
def first_maps() -> np.ndarray:
    """Return what the first step of LeNet-5 makes of the digit 3."""
    loaded = Flows().models.get("lenet5")
    pixels = cut(sample_picture("digit-3"), (1, 32, 32), loaded.preparing)
    return next(iter(hooked(loaded.model, torch.from_numpy(numbers(pixels, loaded.preparing))).values()))[0][
        0
    ].numpy()


def flow_of(app_server: str, page: Page, address: str) -> Page:
    open_page(page, f"{app_server}/architectures?{address}")
    page.locator(READY).wait_for(timeout=20_000)
    return page


def coloured(values: np.ndarray, reach: float) -> np.ndarray:
    """Colour values as the page does in the light: evenly through the theme's colours, 0 in the middle."""
    stops = [
        [int(hexes[i : i + 2], 16) for i in (1, 3, 5)]
        for hexes in theme()["chart-diverging-colors"].split(",")
    ]
    place = np.floor(np.clip((values + reach) / (2 * reach), 0, 1) * 255 + 0.5) / 255 * (len(stops) - 1)
    return np.stack([np.interp(place, range(len(stops)), [stop[i] for stop in stops]) for i in range(3)], -1)


def test_the_maps_and_numbers_on_the_page_are_the_network_s(
    app_server: str, page: Page, first_maps: np.ndarray
):
    flow_of(app_server, page, "net=lenet5&pic=digit-3&step=0&sort=strength")
    page.get_by_role("button", name="Let the picture flow").click()
    page.locator(EXACT).wait_for(timeout=SLOW)
    expect(page.locator(".flow-weights")).to_contain_text("Random weights.")
    order = np.argsort(-np.abs(first_maps).mean((1, 2)))
    tiles = page.locator(".flow-tile")
    expect(tiles).to_have_count(6)
    assert [int(text.split()[0]) for text in page.locator(".flow-label").all_inner_texts()] == order.tolist()
    reach = min(np.abs(first_maps).max(), 4 * np.sqrt((first_maps.astype(np.float64) ** 2).mean()))
    height, width, drawn = page.locator(f"{EXACT} canvas").evaluate(PIXELS)
    wanted = coloured(first_maps[order[0]], reach)
    assert (height, width) == wanted.shape[:2]
    assert np.abs(np.array(drawn).reshape(wanted.shape) - wanted).max() <= 2  # a step of 255 and a rounding
    _, _, small = tiles.nth(3).locator("canvas").evaluate(PIXELS)
    wanted = coloured(first_maps[order[3]], reach)
    assert np.abs(np.array(small).reshape(wanted.shape) - wanted).max() <= 6  # its values have 8 bits
    told = page.locator(".flow-numbers").inner_text().replace("−", "-")
    shown = float(re.search(r"Smallest\s+(\S+)", told)[1])  # pyright: ignore[reportOptionalSubscript]
    assert shown == pytest.approx(first_maps.min(), rel=1e-3)


def value_shown(page: Page) -> tuple[list[int], float]:
    text = page.locator(".flow-value").inner_text().replace("−", "-")
    where, value = re.match(r"Unit (\d+, \d+) \(chosen\): (\S+)", text).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return [int(one) for one in where.split(", ")], float(value)


def test_keys_choose_channel_and_unit_the_frame_follows_and_the_link_keeps_it(
    app_server: str, page: Page, first_maps: np.ndarray
):
    flow_of(app_server, page, "net=lenet5&pic=digit-3&flow=1&at=0,0")
    page.locator(EXACT).wait_for(timeout=SLOW)
    page.get_by_role("listbox", name="Channels").focus()
    for key in ("ArrowRight", "End", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator(CHOSEN)).to_have_accessible_name(re.compile("Channel 4"))
    expect(page.locator(".walk-place")).to_contain_text("Step 1 of")  # these keys do not walk
    page.locator(EXACT).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".flow-channel h3")).to_have_text("Channel 4")
    page.locator(EXACT).wait_for()
    where, value = value_shown(page)
    assert where == [2, 1]
    assert value == pytest.approx(first_maps[4, 2, 1], rel=1e-5)
    frame = page.locator(".flow-frame:not(.outer)")
    box = {name: frame.get_attribute(name) for name in ("x", "y", "width", "height")}
    assert box == {"x": "1", "y": "2", "width": "5", "height": "5"}  # 5 × 5 without padding
    expect(page.locator(".flow-seen")).to_contain_text("5 × 5 pixels: rows 2 to 6, columns 1 to 5")
    page.wait_for_url("**ch=4**")
    page.get_by_role("button", name="One step forward").click()
    page.get_by_role("button", name="One step forward").click()
    expect(page.locator(".flow")).to_have_attribute("data-step", "2")
    page.wait_for_url("**step=2**")
    page.reload()
    expect(page.locator(".flow")).to_have_attribute("data-step", "2", timeout=20_000)
    expect(page.locator(CHOSEN)).to_have_accessible_name(re.compile("Channel 4"))
    expect(page.locator(".flow-count")).to_contain_text("6 channels of 14 × 14")


def test_a_picture_that_cannot_flow_is_answered_with_a_sentence_and_all_is_accessible(
    app_server: str, page: Page
):
    flow_of(app_server, page, "net=lenet5&pic=nobody&flow=1")
    expect(page.get_by_role("alert")).to_contain_text("There is no bundled picture 'nobody'", timeout=SLOW)
    page.get_by_text("Choose the picture").click()
    page.get_by_role("button", name="Digit 7").click()
    page.locator(EXACT).wait_for(timeout=SLOW)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert grave_findings(page) == []


def test_a_picture_of_one_s_own_flows_and_a_broken_one_is_named(app_server: str, page: Page):
    flow_of(app_server, page, "net=lenet5&pic=upload&flow=1")
    field = page.locator("input[type=file]")
    field.set_input_files(
        {"name": "broken.png", "mimeType": "image/png", "buffer": b"\x89PNG but no picture"}
    )
    expect(page.get_by_text("'broken.png' is not a picture")).to_be_visible()
    png = sample_picture("digit-8").png()
    field.set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": png})
    page.locator(EXACT).wait_for(timeout=SLOW)
    expect(page.locator(".flow-sources")).to_contain_text("Your own picture, “mine.png”")
    expect(page.locator(".flow-tile")).to_have_count(6)
