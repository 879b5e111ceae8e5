"""Look inside in a real browser: a place that is sent opens, and stays under every lens; all by keyboard."""

import re
from urllib.parse import parse_qs, urlencode, urlparse

import pytest
import torch
from playwright.sync_api import Page, expect

from cnnlab.inspection.flow import Asked, Flows
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import load
from tests.running_app import open_page, wait_until_idle
from tests.ui.axe_findings import grave_findings

MODEL, LAYER = "shapes_plain", "block1.0.conv"
SLOW = 90_000  # ms: the first work on a server loads PyTorch
FILTERS, MAPS = ".inside-filters", ".inside-maps"
WHERE = {"model": MODEL, "layer": LAYER, "ch": "7", "pic": "coffee"}


@pytest.fixture(scope="module")
def kernels() -> torch.Tensor:
    weight = load(MODEL).model.get_submodule(LAYER).weight
    assert isinstance(weight, torch.Tensor)
    return weight


def inside(page: Page, server: str, **settings: str) -> Page:
    open_page(page, f"{server}/look-inside?{urlencode(settings)}")
    return page


def address_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlparse(page.url).query).items()}


def number(text: str) -> float:
    return float(text.rpartition(": ")[2].replace("−", "-"))


def test_a_place_that_was_sent_opens_and_stays_under_every_lens(
    app_server: str, page: Page, kernels: torch.Tensor
):
    inside(page, app_server, **WHERE, lens="filters")
    page.locator(FILTERS).wait_for(timeout=SLOW)
    expect(page.locator(".inside-tile[aria-selected=true]")).to_have_attribute(
        "aria-label", re.compile("^Filter 7: ")
    )
    plane = page.locator(".inside-weights h3").inner_text()
    channel = int(re.fullmatch(r"Filter 7 on channel (\d+)", plane)[1])  # pyright: ignore[reportOptionalSubscript]
    strengths = kernels[7].flatten(1).norm(dim=1)
    assert channel == int(strengths.argmax())
    weight = page.locator(".inside-weights .flow-value").inner_text()
    assert number(weight) == pytest.approx(kernels[7, channel, 1, 1].item(), rel=1e-5)

    page.get_by_role("button", name="Its feature map").click()
    page.locator(MAPS).wait_for(timeout=SLOW)
    expect(page.locator(".inside-maps .flow-channel h3")).to_have_text("Channel 7")
    assert address_of(page) == WHERE | {"lens": "maps"}
    flows, shape = Flows(), (3, 64, 64)
    step = next(i for i, s in enumerate(trace_steps()) if s == LAYER)
    values = flows.exact(Asked(MODEL, shape, "coffee"), step, sample_picture("coffee"))[7]
    shown = page.locator(".inside-maps .flow-value").inner_text()
    assert number(shown) == pytest.approx(values.max(), rel=1e-5)
    expect(page.locator(".inside-unit[aria-pressed=true]")).to_have_count(1)

    second = page.locator(".inside-unit").nth(1)
    second.click()
    page.wait_for_function("location.search.includes('unit=')")
    page.reload()
    expect(second).to_have_attribute("aria-pressed", "true", timeout=SLOW)


def trace_steps() -> list[str]:
    from cnnlab.tracing import trace_of

    return [step.name for step in trace_of(MODEL).steps]


def test_filters_and_maps_are_walked_through_by_keyboard(app_server: str, page: Page):
    inside(page, app_server, **WHERE, lens="filters")
    tiles = page.get_by_role("listbox", name="Filters")
    tiles.wait_for(timeout=SLOW)
    tiles.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".inside-numbers h3").first).to_have_text("Filter 8 in numbers", timeout=SLOW)
    expect(tiles).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator(".inside-numbers h3").first).to_have_text("Filter 0 in numbers")
    lens = page.get_by_role("radio", name="Feature maps")
    lens.focus()
    page.keyboard.press("Enter")
    channels = page.get_by_role("listbox", name="Channels")
    channels.wait_for(timeout=SLOW)
    channels.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".inside-maps .flow-channel h3")).to_have_text("Channel 1")
    for _ in range(3):  # quicker than the server answers
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('ch=4')")
    expect(page.locator(".inside-maps .flow-map[data-exact=true]")).to_have_count(1)
    expect(page.locator(".inside-maps .flow-channel h3")).to_have_text("Channel 4")


def test_a_broken_picture_is_a_sentence_and_nothing_is_lost(app_server: str, page: Page):
    inside(page, app_server, **WHERE, lens="maps")
    page.locator(MAPS).wait_for(timeout=SLOW)
    page.get_by_text("Choose the picture").click()
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nbroken"})
    expect(page.get_by_role("alert").filter(has_text="cat.png")).to_contain_text(
        "is not a picture", timeout=20_000
    )
    wait_until_idle(page)
    expect(page.locator(".inside-maps .flow-channel h3")).to_have_text("Channel 7")
    assert address_of(page)["pic"] == "coffee"
    field.set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": sample_picture("rocket").png()}
    )
    expect(page.get_by_role("group", name="Yours").get_by_role("button", name="mine.png")).to_have_attribute(
        "aria-pressed", "true", timeout=SLOW
    )
    assert address_of(page)["pic"].startswith("upload-")
    page.get_by_role("button", name="Coffee", exact=True).click()
    wait_until_idle(page)
    page.wait_for_function("location.search.includes('pic=coffee')")


@pytest.mark.parametrize("lens", ["filters", "maps"])
def test_axe_finds_nothing_serious_under_a_lens(app_server: str, page: Page, lens: str):
    inside(page, app_server, model=MODEL, lens=lens)
    page.locator(FILTERS if lens == "filters" else MAPS).wait_for(timeout=SLOW)
    page.get_by_text("Choose the picture").click()
    page.locator(".inside-pictures .thumbnail").first.wait_for()
    assert grave_findings(page) == []
