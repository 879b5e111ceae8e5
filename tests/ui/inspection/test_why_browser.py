"""A learner asks why on a bundled network: maps, their numbers, tests of them, a push; all by the real app.

The oracle of the maps is plain PyTorch.
"""

import re
from contextlib import ExitStack

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded
from tests.running_app import open_page, wait_until_idle
from tests.ui.axe_findings import grave_findings

MODEL, PICTURE = "digits_lenet", "digit-5"
ADDRESS = f"why?model={MODEL}&pic={PICTURE}"
SLOW = 90_000  # ms: the first map on a server loads PyTorch, on a machine that may be busy
MAPS = ".st-key-why-maps .why-map:not(.still)"


@pytest.fixture(scope="module")
def network() -> Loaded:
    return shared_models().get(MODEL)


@pytest.fixture(scope="module")
def read(network: Loaded) -> torch.Tensor:
    """Return what the network reads."""
    return torch.from_numpy(
        numbers(cut(sample_picture(PICTURE), (1, 32, 32), network.preparing), network.preparing)
    )


def gradient(network: Loaded, x: torch.Tensor, target: int) -> np.ndarray:
    x = x.clone().requires_grad_()
    network.model(x)[0, target].backward()
    assert x.grad is not None
    return x.grad[0].numpy()


def make_maps(page: Page, address: str) -> None:
    """Open the page and have its maps made, by a double click."""
    open_page(page, address)
    button = page.get_by_role("button", name=re.compile("^Make the map"))
    if button.is_enabled():
        button.dblclick()
    page.locator(MAPS).first.wait_for(timeout=SLOW)
    wait_until_idle(page)


def value_at(page: Page, title: str, row: int, column: int) -> float:
    """Return the number that a map tells of a pixel."""
    heading = page.get_by_role("heading", name=title, exact=True)
    tile = page.locator(".st-key-why-maps .why-tile").filter(has=heading)
    field = tile.locator(".why-map")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    side = 32
    page.mouse.move(
        box["x"] + box["width"] * (column + 0.5) / side, box["y"] + box["height"] * (row + 0.5) / side
    )
    told = tile.locator(".why-value")
    expect(told).to_contain_text(f"row {row}, column {column}:")
    return float(told.inner_text().rpartition(": ")[2].replace("−", "-"))


def test_maps_are_the_network_s_and_a_reload_brings_them_back(
    app_server: str, page: Page, network: Loaded, read: torch.Tensor
):
    make_maps(page, f"{app_server}/{ADDRESS}&by=saliency.integrated_gradients")
    expect(page.locator(MAPS)).to_have_count(2, timeout=SLOW)
    scores = network.model(read)[0].detach()
    likely = int(scores.argmax())
    chance = float(scores.softmax(0)[likely])
    category = page.get_by_role("combobox", name="Category to explain")
    expect(category).to_have_value(
        re.compile(rf"{re.escape(network.categories[likely])} \({100 * chance:.1f} %\)")
    )
    wanted = np.abs(gradient(network, read, likely)).sum(0)
    place = np.unravel_index(wanted.argmax(), wanted.shape)
    for row, column in (place, (16, 12)):
        assert value_at(page, "Saliency", int(row), int(column)) == pytest.approx(
            float(wanted[row, column]), rel=5e-3, abs=1e-3 * float(wanted.max())
        )
    expect(page.locator(".why-light")).to_contain_text(re.compile("adds? up"))
    assert grave_findings(page) == []
    page.get_by_role("button", name="Contours").click()
    page.wait_for_url(re.compile("view=contour"))
    page.reload()
    expect(page.locator(MAPS)).to_have_count(2, timeout=SLOW)
    expect(page.get_by_role("button", name="Contours")).to_have_attribute("aria-pressed", "true")


def test_another_category_is_found_by_its_name_and_gets_its_own_map(
    app_server: str, page: Page, network: Loaded, read: torch.Tensor
):
    make_maps(page, f"{app_server}/{ADDRESS}&by=saliency")
    scores = network.model(read)[0].detach()
    other = int(scores.argsort(descending=True)[3])
    box = page.get_by_role("combobox", name="Category to explain")
    box.click()
    page.keyboard.type(network.categories[other])
    page.get_by_role("option").first.click()
    wait_until_idle(page)
    page.get_by_role("button", name="Make the map: Saliency").click()
    page.wait_for_url(re.compile(f"target={other}"))
    expect(page.locator(".why-map").first).to_have_attribute(
        "aria-label", re.compile(network.categories[other])
    )
    wanted = np.abs(gradient(network, read, other)).sum(0)
    row, column = (int(one) for one in np.unravel_index(wanted.argmax(), wanted.shape))
    assert value_at(page, "Saliency", row, column) == pytest.approx(float(wanted[row, column]), rel=5e-3)


def test_a_learner_finds_out_which_map_survives_forgetting(app_server: str, page: Page):
    make_maps(page, f"{app_server}/{ADDRESS}&by=saliency&try=saliency.guided_backprop")
    page.get_by_role("radiogroup", name="Your guess").get_by_text("Saliency").click()
    page.get_by_role("button", name="Let it forget").click()
    answer = page.get_by_text(re.compile("With everything forgotten,"))
    answer.wait_for(timeout=SLOW)
    told = answer.inner_text()
    assert "Guided backpropagation is most like its map before" in told
    assert told.startswith("You guessed Saliency.")
    tests = page.locator(".st-key-why-forget-maps")
    expect(tests.locator(".why-tile")).to_have_count(4)
    last = tests.locator(".why-remarks").nth(3)
    everything = last.inner_text()
    page.get_by_role("slider", name="How much has it forgotten?").press("Home")
    expect(last).not_to_have_text(everything)
    wait_until_idle(page)
    page.wait_for_timeout(500)  # what is old on the page has faded in again
    assert grave_findings(page) == []


def test_a_push_changes_every_pixel_by_epsilon_and_the_probabilities_are_plain_pytorch_s(
    app_server: str, page: Page, network: Loaded, read: torch.Tensor
):
    make_maps(page, f"{app_server}/{ADDRESS}&by=saliency&eps=16")
    page.get_by_role("button", name="Push", exact=True).click()
    table = page.locator("table").filter(has_text="After")
    table.wait_for(timeout=SLOW)
    likely = int(network.model(read)[0].argmax())
    x = read.clone().requires_grad_()
    torch.nn.functional.cross_entropy(network.model(x), torch.tensor([likely])).backward()
    assert x.grad is not None
    deviation, mean = network.preparing.deviation[0], network.preparing.mean[0]
    pushed = (read + 16 / 255 / deviation * x.grad.sign()).clamp(-mean / deviation, (1 - mean) / deviation)
    after = float(network.model(pushed).softmax(1)[0, likely])
    row = table.locator("tr").filter(has_text=network.categories[likely]).first
    shown = row.locator("td").nth(2).inner_text()
    assert shown == (f"{100 * after:.1f} %" if after >= 0.001 else "under 0.1 %")


@pytest.mark.parametrize("name", ["Are these the pixels that count?", "Does it foretell", "Does it move"])
def test_the_other_tests_give_numbers(app_server: str, page: Page, name: str):
    make_maps(page, f"{app_server}/{ADDRESS}&by=saliency")
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    wait_until_idle(page)
    page.get_by_role(
        "button", name=re.compile("^(Take pixels away|Cover and shake|Move the picture)$")
    ).click()
    outcome = page.get_by_text(re.compile("come first|that foretells every fall|moved along exactly"))
    outcome.wait_for(timeout=SLOW)
    assert grave_findings(page) == []


def test_two_learners_at_once_see_each_their_own_maps(app_server: str, browser: Browser, network: Loaded):
    asked = {"digit-5": "guided_backprop.saliency", "digit-2": "saliency.input_x_gradient"}
    with ExitStack() as contexts:
        pages = {name: contexts.enter_context(browser.new_context()).new_page() for name in asked}
        for name, methods in asked.items():
            open_page(pages[name], f"{app_server}/why?model={MODEL}&pic={name}&by={methods}")
        for page in pages.values():  # neither waits for the other
            page.get_by_role("button", name="Make the maps").click(no_wait_after=True)
        for name, page in pages.items():
            expect(page.locator(MAPS)).to_have_count(2, timeout=SLOW)
            wait_until_idle(page)
            pixels = cut(sample_picture(name), (1, 32, 32), network.preparing)
            x = torch.from_numpy(numbers(pixels, network.preparing))
            likely = int(network.model(x)[0].argmax())
            slope = gradient(network, x, likely)[0]
            maps = {"Saliency": np.abs(slope), "Input × gradient": slope * x[0, 0].numpy()}
            for title in ("Saliency", "Input × gradient") if name == "digit-2" else ("Saliency",):
                row, column = divmod(int(np.abs(maps[title]).argmax()), 32)
                assert value_at(page, title, row, column) == pytest.approx(maps[title][row, column], rel=5e-3)
            label = page.locator(MAPS).first.get_attribute("aria-label") or ""
            assert network.categories[likely] in label
            assert f"pic={name}" in page.url


def test_the_pointing_game_is_played_by_keyboard_and_its_misses_are_shown(app_server: str, page: Page):
    open_page(page, f"{app_server}/why?model=shapes_plain&pic=shape-star&by=saliency&test=point")
    page.get_by_role("button", name="Play").press("Enter")
    table = page.get_by_role("table").filter(has_text="Hits, of 42")
    expect(table).to_contain_text("Centre", timeout=SLOW)
    hits = {row.split("\t")[0]: int(row.split("\t")[1]) for row in table.inner_text().splitlines()[1:]}
    told = page.get_by_text(re.compile("^The first of .* misses of Saliency"))
    expect(told).to_contain_text(f"The first of {42 - hits['Saliency']} misses")
    misses = page.get_by_role("img", name=re.compile("^A picture of a .* the strongest pixel is at row"))
    expect(misses).to_have_count(6)
    page.get_by_role("slider", name="Pixels beside the shape").press("End")
    expect(told).not_to_contain_text(f"The first of {42 - hits['Saliency']} misses")
    wait_until_idle(page)
    page.wait_for_timeout(500)  # what is old on the page has faded in again
    assert grave_findings(page) == []
