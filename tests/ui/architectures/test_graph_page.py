"""The folding graph on the page: opened by hand and key, following the walk, saved, drawn up to a failure."""

import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from cnnlab.tracing import replay, trace_of
from tests.running_app import open_page

SVG = "{http://www.w3.org/2000/svg}"
PLACE = ".network-place"


def opened(page: Page, server: str, query: str) -> Page:
    """Open the page with a query, and wait for the graph; it scrolls at once, so that a click hits."""
    page.emulate_media(reduced_motion="reduce")
    open_page(page, f"{server}/architectures?{query}")
    page.locator(f"{PLACE} [role=treeitem]").first.wait_for(timeout=20_000)
    return page


def node(page: Page, name: str) -> Locator:
    """Return the node of a block or of a step such as `#4`."""
    return page.locator(f'[data-node="{name}"]')


def current(page: Page) -> Locator:
    """Return the node at which the learner is."""
    return page.locator("[role=treeitem][aria-current=step]")


def assert_in_view(page: Page, name: str) -> None:
    """Fail unless a node lies inside the part of the graph that is seen."""
    page.wait_for_function(
        """([place, node]) => {
          const [outer, inner] = [place, node].map((element) => element.getBoundingClientRect());
          return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.left >= outer.left
            && inner.right <= outer.right;
        }""",
        arg=[page.locator(PLACE).element_handle(), node(page, name).element_handle()],
    )


def test_blocks_open_by_hand_and_key_and_the_graph_follows_the_walk(app_server: str, page: Page):
    opened(page, app_server, "net=resnet18")
    expect(current(page)).to_have_attribute("data-node", "#0")
    expect(node(page, "layer1")).to_have_attribute("aria-expanded", "false")
    expect(node(page, "layer1")).to_have_attribute(
        "aria-label", re.compile("Closed block layer1, 2 × BasicBlock")
    )
    node(page, "layer1").locator(".tint").click()
    expect(node(page, "layer1")).to_have_attribute("aria-expanded", "true")
    for key, focused in (
        ("ArrowDown", "layer1.0"),
        ("Enter", "layer1.0"),
        ("ArrowRight", "#4"),
        ("End", "#68"),
    ):
        page.keyboard.press(key)
        expect(node(page, focused)).to_be_focused()
    node(page, "#9").locator(".tint").click()
    expect(page.locator(".walk-place")).to_contain_text("Step 10 of 69: layer1.0.add, addition")
    expect(current(page)).to_have_attribute("data-node", "#9")
    page.wait_for_url("**open=layer1%2Clayer1.0**")
    skip = page.locator('.way[data-tensor="3"][data-to="#9"]')  # what the shortcut carries past two layers
    expect(skip).to_have_class(re.compile("far"))
    page.keyboard.press(" ")  # walks on, wherever the focus is
    expect(current(page)).to_have_attribute("data-node", "#10")
    page.get_by_role("slider", name="Step").fill("60")
    expect(current(page)).to_have_attribute("data-node", "layer4")  # stands for the step that is folded away
    assert_in_view(page, "layer4")
    node(page, "layer1.0").focus()
    page.keyboard.press("ArrowLeft")
    expect(node(page, "#9")).to_have_count(0)
    page.get_by_role("button", name="The first view again").click()
    expect(node(page, "layer1")).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("treeitem")).to_have_count(
        12
    )  # the input, and ten modules and a function of the network


def test_graph_and_step_stand_side_by_side_and_the_graph_is_moved_and_zoomed(app_server: str, page: Page):
    opened(page, app_server, "net=inception_v3&open=all-3")
    graph, step = (page.locator(name).bounding_box() for name in (".network-graph", "section.step"))
    assert graph is not None
    assert step is not None
    assert graph["x"] + graph["width"] <= step["x"]
    assert abs(graph["y"] - step["y"]) < 1
    place = page.locator(PLACE)
    place.focus()
    scrolled = "(place) => [place.scrollLeft, place.scrollTop]"
    before = place.evaluate(scrolled)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".walk-place")).to_contain_text("Step 1 of")  # the key moves the graph, not the walk
    assert place.evaluate(scrolled)[1] > before[1]
    box = place.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    before = place.evaluate(scrolled)
    nodes = page.get_by_role("treeitem").count()
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 100, steps=4)
    page.mouse.up()
    assert place.evaluate(scrolled)[1] == pytest.approx(before[1] + 100, abs=1)
    assert page.get_by_role("treeitem").count() == nodes  # dragging is no click
    width = "(drawing) => drawing.getBoundingClientRect().width"
    at_first = page.locator(".network-drawing").evaluate(width)
    page.keyboard.press("+")
    assert page.locator(".network-drawing").evaluate(width) == pytest.approx(1.25 * at_first, rel=0.01)
    page.keyboard.down("Control")
    page.mouse.wheel(0, 90)  # scrolls the page of a browser, zooms here
    page.keyboard.up("Control")
    smaller = "([drawing, most]) => drawing.getBoundingClientRect().width < most"
    page.wait_for_function(smaller, arg=[page.locator(".network-drawing").element_handle(), 1.2 * at_first])
    page.get_by_role("button", name="The whole graph").click()
    assert page.locator(".network-drawing").evaluate(width) < at_first


def file_of(page: Page, button: str) -> tuple[Download, bytes]:
    """Press a button that saves a file; return it and its content."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value, Path(waiting.value.path()).read_bytes()


def test_the_drawing_is_saved_as_files_that_stand_by_themselves(app_server: str, page: Page):
    page.emulate_media(color_scheme="dark")
    opened(page, app_server, "net=resnet18&open=layer1")
    download, content = file_of(page, "Save the graph as SVG")
    assert download.suggested_filename == "resnet18-3x224x224.svg"
    drawing = ElementTree.fromstring(content)
    texts = {element.text for element in drawing.iter(f"{SVG}text")}
    assert {"layer1", "layer1.0", "BasicBlock", "layer4", "64×56×56", "dense layer"} <= texts
    blocks = [element.get("data-node") for element in drawing.iter(f"{SVG}g") if element.get("data-node")]
    assert blocks == page.locator("[data-node]").evaluate_all("(all) => all.map((one) => one.dataset.node)")
    rest = content.decode().replace("http://www.w3.org/", "")
    assert not re.search(r"var\(|https?:|url\((?!#|&quot;#)|<image|<script", rest)  # nothing from elsewhere
    download, content = file_of(page, "Save the graph as PNG")
    assert download.suggested_filename == "resnet18-3x224x224.png"
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.width == pytest.approx(2 * float(drawing.get("width", 0)), abs=2)
    assert picture.getpixel((3, 3)) == (0xFD, 0xFC, 0xF9)  # light paper, though the page is dark
    assert len(set(picture.resize((200, 300)).get_flattened_data())) > 100


def test_a_network_is_drawn_up_to_the_step_that_its_input_does_not_survive(app_server: str, page: Page):
    opened(page, app_server, "net=alexnet&input=3x30x30")
    steps = trace_of("alexnet").steps
    failing = page.locator("[role=treeitem].failed")
    expect(failing).to_have_attribute("data-node", "#5")
    expect(failing).to_have_attribute("aria-label", re.compile(r"It fails here: .*features\.5"))
    expect(page.locator("[data-node^='#'].pale")).to_have_count(
        sum(step.path.startswith("features") for step in steps[6:]) + 2
    )
    expect(page.locator(".network-problem [role=alert]")).to_contain_text("features.5")
    button = page.get_by_role("button", name="the smallest input that works")
    words = re.search(r"Use (\d+) × (\d+)", button.inner_text())
    assert words is not None
    side = int(words[1])
    replay(trace_of("alexnet"), (3, side, side))
    button.click()
    expect(page.locator(".network-problem [role=alert]")).to_have_count(0)
    expect(node(page, "#input")).to_have_attribute("aria-label", re.compile(f"{side} by {side}"))
