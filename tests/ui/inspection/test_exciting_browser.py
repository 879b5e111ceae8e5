"""The lens What excites it in a real browser: made, stopped on the way, compared; by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running_app import IDLE, running_app

SECONDS = 120_000  # PyTorch is loaded by the first climb, on a machine that may be busy


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the app on a machine without any weights but those that come with it."""
    home = tmp_path_factory.mktemp("nothing")
    with running_app(home / "log", environment={"TORCH_HOME": str(home)}) as app:
        yield app.url
        assert "Traceback" not in app.log.read_text()


def opened(page: Page, server: str, query: str) -> None:
    page.goto(f"{server}/look-inside?lens=exciting&{query}")
    page.wait_for_selector(IDLE, timeout=SECONDS)
    expect(page.get_by_text("The strongest unit of each of")).to_be_visible(timeout=SECONDS)


def start(page: Page) -> None:
    button = page.get_by_role("button", name="Make the picture")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_be_disabled(timeout=SECONDS)


def test_a_picture_is_made_with_its_curve_and_patches_beside_it(page: Page, server: str):
    opened(page, server, "model=shapes_plain&layer=block1.1.relu&ch=5&steps=32")
    expect(page.get_by_text("Nothing has been made with these settings yet.")).to_be_visible()
    button = page.get_by_role("button", name="Make the picture")
    start(page)
    expect(page.get_by_text("Done. Another start number")).to_be_visible(timeout=SECONDS)
    picture = page.get_by_role(
        "img", name="The picture that excites channel 5 of block1.1.relu, after 32 of 32"
    )
    expect(picture).to_be_visible()
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(2)
    expect(button).to_be_disabled()
    patches = page.get_by_role("img", name="Rows")
    expect(patches).to_have_count(9)
    assert "value" in (patches.first.get_attribute("alt") or "")
    page.get_by_role("spinbutton", name="Channel, 0 to 31").fill("6")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has been made with these settings yet.")).to_be_visible(timeout=SECONDS)
    page.wait_for_url("**ch=6**")


def steps_of(picture: Locator) -> int:
    """Return after how many steps a picture is, as it says."""
    found = re.search(r"after (\d+) of", picture.get_attribute("alt") or "")
    assert found
    return int(found[1])


def test_a_stop_keeps_the_picture_so_far(page: Page, server: str):
    opened(page, server, "model=shapes_residual&layer=block2.relu2&ch=3&steps=512")
    start(page)
    picture = page.get_by_role("img", name="The picture that excites channel 3")
    expect(picture).to_be_visible(timeout=SECONDS)
    page.locator(".work-progress").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped on the way. The button goes on from there.")).to_be_visible(
        timeout=SECONDS
    )
    expect(picture).to_be_visible()
    before = steps_of(picture)
    start(page)
    page.locator(".work-progress").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped on the way.")).to_be_visible(timeout=SECONDS)
    assert steps_of(picture) >= before


def test_the_experiment_is_told_in_numbers_and_random_weights_are_named(page: Page, server: str):
    opened(page, server, "model=shufflenet_v2_x1_0&layer=conv1.0&ch=1&steps=32")
    expect(page.get_by_text("The weights of this network are random.")).to_be_visible()
    page.get_by_role("radio", name="With and without moves").click()
    start(page)
    table = page.get_by_role("table")
    expect(table).to_contain_text("Without moves", timeout=SECONDS)
    expect(table).to_contain_text("%")
    expect(page.get_by_role("img", name="The picture that excites channel 1")).to_have_count(2)
