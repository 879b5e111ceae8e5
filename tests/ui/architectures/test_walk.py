"""A learner walks through a network by keys and buttons; the page says where they are, and why."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from cnnlab.tracing import replay, trace_of
from tests.running_app import open_page
from tests.ui.module_page import module_page

READY = ".lab[data-ready=true]"
PLACE = ".walk-place"


@pytest.fixture
def walk(app_server: str, page: Page) -> Page:
    """Open the first step of ResNet-18."""
    open_page(page, f"{app_server}/architectures?net=resnet18")
    page.locator(READY).wait_for(timeout=20_000)
    return page


def test_keys_walk_forward_back_and_to_both_ends_and_the_link_keeps_the_place(walk: Page):
    trace = trace_of("resnet18")
    steps = replay(trace, trace.input_shape).steps
    expect(walk.locator(PLACE)).to_have_text(f"Step 1 of {len(steps)}: conv1, convolution")
    walk.get_by_role("button", name="One step forward").focus()
    for key, index in (("ArrowRight", 1), ("ArrowDown", 2), ("ArrowLeft", 1), ("End", len(steps) - 1)):
        walk.keyboard.press(key)
        expect(walk.locator(PLACE)).to_contain_text(f"Step {index + 1} of {len(steps)}: {steps[index].name},")
    walk.keyboard.press("Home")
    expect(walk.locator(PLACE)).to_contain_text("The input")
    walk.keyboard.press("Home")  # there is nothing before the input
    expect(walk.locator(PLACE)).to_contain_text("The input")
    walk.get_by_role("slider", name="Step").fill("15")
    expect(walk.locator(PLACE)).to_contain_text(f"Step 16 of {len(steps)}: {steps[15].name},")
    walk.wait_for_url("**step=15**")
    walk.reload()
    expect(walk.locator(PLACE)).to_contain_text(f"Step 16 of {len(steps)}: {steps[15].name},", timeout=20_000)


def test_a_step_shows_its_volumes_its_share_and_its_formulas(walk: Page):
    walk.get_by_role("slider", name="Step").fill("3")
    expect(walk.get_by_role("img", name="64 × 112 × 112 becomes 64 × 56 × 56")).to_be_visible()
    formula = walk.locator(".step-formulas .formula-row", has_text="output height")
    expect(formula).to_contain_text("⌊(112 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = ⌊111 / 2⌋ + 1 = 56")
    walk.get_by_role("slider", name="Step").fill("0")
    share = 100 * 118_013_952 / 1_814_073_344  # of conv1 in all multiply-adds, as PyTorch counts them
    expect(walk.locator(".walk-whole")).to_contain_text("11,689,512 parameters, 1,814,073,344 multiply-adds")
    expect(walk.locator(".step-note")).to_contain_text("7 × 7, stride 2")
    expect(walk.locator(".step-body")).not_to_contain_text("[object")
    expect(walk.locator(".step-metrics", has_text="MACs")).to_contain_text(f"{share:.1f} % of all")


def test_a_network_that_does_not_exist_or_does_not_fit_is_answered_with_a_sentence(walk: Page):
    walk.get_by_label("Another model by name").fill("resnet_18")
    walk.keyboard.press("Enter")
    alert = walk.get_by_role("alert")
    expect(alert).to_contain_text("There is no network called `resnet_18`", timeout=60_000)
    expect(walk.locator(PLACE)).to_contain_text("Step 1 of 69")  # what was there stays
    walk.get_by_label("Another model by name").fill("timm:resnet10t")
    walk.keyboard.press("Enter")
    expect(walk.locator(PLACE)).to_have_text(re.compile(r"Step 1 of \d\d"), timeout=60_000)
    expect(walk.get_by_label("Network", exact=True)).to_have_value("timm:resnet10t")
    expect(alert).to_have_count(0)


def test_volumes_are_to_scale(browser: Browser):
    shapes = ((64, 112, 56), (128, 28, 28), (512, 7, 7))
    with module_page(browser) as page:
        script = "async (shapes) => (await import('/volumes.js')).scaled(shapes)"
        boxes = page.evaluate(script, [list(shape) for shape in shapes])
        for box, (channels, height, width) in zip(boxes, shapes, strict=True):
            assert box["height"] == pytest.approx(boxes[0]["height"] * height / 112)
            assert box["width"] == pytest.approx(boxes[0]["height"] * width / 112)
            assert box["depth"] == pytest.approx(boxes[2]["depth"] * channels / 512)


def test_what_is_known_of_a_network_has_its_sources_and_where_they_disagree(walk: Page):
    walk.get_by_role("tab", name="About").click()
    panel = walk.get_by_role("tabpanel", name="About")
    expect(panel.get_by_role("link", name="Deep Residual Learning")).to_have_attribute(
        "href", "https://arxiv.org/abs/1512.03385"
    )
    expect(panel.get_by_role("row", name="Parameters")).to_contain_text("11,689,512")
    panel.get_by_role("button", name="densenet121").click()
    expect(walk.locator(PLACE)).to_contain_text("Step 1 of 431")
    walk.get_by_label("Network", exact=True).select_option("resnet50")
    walk.get_by_role("tab", name="About").click()
    apart = panel.get_by_role("region", name="operations of ResNet-50")
    expect(apart).to_contain_text("3,857,973,248")
    expect(apart).to_contain_text("4,089,184,256")
    expect(panel).not_to_contain_text("[object")
