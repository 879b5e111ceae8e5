"""The Augmentation page in a real browser: sliders act at once, links keep what is set."""

import base64
import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from cnnlab.training import own_data
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.policy import policy_from_text
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.training.learner import COOKIE
from tests.running_app import open_page

PIXELS = "(canvas) => canvas.toDataURL('image/png')"


def at(page: Page, server: str, query: str = "") -> Page:
    open_page(page, f"{server}/augmentation{query and '?'}{query}")
    page.locator(".lab[data-ready=true]").wait_for(timeout=60_000)
    return page


def slider(page: Page, title: str) -> Locator:
    return page.get_by_role("slider", name=title, exact=True)


def pixels(canvas: Locator) -> np.ndarray:
    png = base64.b64decode(canvas.evaluate(PIXELS).partition(",")[2])
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def ends(page: Page) -> list[Locator]:
    return page.locator(".augment-ends canvas").all()


def address_says(page: Page, name: str, value: str) -> None:
    page.wait_for_function("([n, v]) => new URLSearchParams(location.search).get(n) === v", arg=[name, value])


def test_pictures_follow_the_slider_while_it_is_dragged_and_the_address_when_it_rests(
    app_server: str, page: Page
):
    at(page, app_server, "policy=none&at=brightness")
    requests: list[str] = []
    asked = slider(page, "Brightness")
    box = asked.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 3, middle)
    page.mouse.down()
    page.on("websocket", lambda socket: requests.append(socket.url))
    means = []
    for share in (0.25, 0.5, 0.75, 0.98):
        page.mouse.move(box["x"] + share * box["width"], middle)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        means.append([pixels(canvas).mean() for canvas in ends(page)])
    page.mouse.up()
    plain, darker, brighter = (list(column) for column in zip(*means, strict=True))
    assert len(set(plain)) == 1
    assert darker == sorted(darker, reverse=True)
    assert brighter == sorted(brighter)
    assert darker[-1] < 0.1 * plain[0]
    assert len(set(darker)) == 4
    expect(page.locator(".augment-use code")).to_have_text(re.compile(r"^brightness:(0\.95|1)$"))
    address_says(page, "policy", page.locator(".augment-use code").inner_text())


def test_the_keyboard_sets_strengths_and_tells_of_each_transform(app_server: str, page: Page):
    at(page, app_server, "policy=none&at=flip")
    slider(page, "Flip").focus()
    for transform in list(TRANSFORMS.values())[1:]:
        page.keyboard.press("Tab")
        expect(page.locator(".augment-words h2")).to_have_text(transform.title)
        expect(page.locator(".augment-words")).to_contain_text(transform.explanation)
    slider(page, "Rotate").focus()
    page.keyboard.press("End")
    expect(page.locator(".augment-ends figure").nth(1)).to_contain_text("Turned 180° to the left")
    up, turned = (pixels(ends(page)[place]) for place in (0, 2))
    assert np.abs(turned - up[::-1, ::-1]).max() <= 1
    address_says(page, "policy", "rotate:180")


def test_a_letter_in_a_mirror_and_a_crop_without_its_object_are_pointed_out(app_server: str, page: Page):
    at(page, app_server, "pic=shape-letter-l&policy=flip:1&at=flip")
    tiles, verdict = page.locator(".augment-tiles figure"), page.locator(".augment-verdict")
    expect(tiles.filter(has_text="But: mirrored, it is no L.")).to_have_count(8)
    expect(verdict).to_contain_text("Of 200 draws, 200 are no longer what the label says, “Letter L”")
    page.get_by_role("button", name="None", exact=True).click()
    expect(verdict).to_have_text("In 200 draws, at least half of the object stays to be seen.")
    expect(page.locator(".augment-tiles .broken")).to_have_count(0)
    slider(page, "Crop").press("End")
    expect(verdict).to_contain_text(re.compile(r"Of 200 draws, \d+ have lost more than 50.% of the object"))
    lost = int(re.findall(r"200 draws, (\d+) have", verdict.inner_text())[0])
    assert 20 < lost < 150
    expect(
        tiles.filter(has_text=re.compile("of the object is left|the object is lost")).first
    ).to_be_visible()


def test_six_turned_over_is_said_to_be_a_nine(app_server: str, page: Page):
    at(page, app_server, "pic=digit-6&policy=rotate:180&at=rotate")
    expect(page.locator(".augment-ends figure").nth(1)).to_contain_text("But: upside down, it is a 9.")


def test_a_link_opens_the_same_pictures_and_leads_into_a_run(app_server: str, page: Page):
    at(page, app_server, "pic=coffee&policy=flip:0.5,crop:0.6,mixup:0.5&draw=8")
    tiles = page.locator(".augment-tiles canvas")
    expect(page.locator(".augment-tiles figure").first).to_contain_text(re.compile(r"label: \d+.% Coffee, "))
    before = [pixels(tile) for tile in tiles.all()]
    page.get_by_role("button", name="Draw again").click()
    address_says(page, "draw", "9")
    assert any(np.abs(pixels(tile) - old).max() > 20 for tile, old in zip(tiles.all(), before, strict=True))
    at(page, app_server, "pic=coffee&policy=flip:0.5,crop:0.6,mixup:0.5&draw=8")
    assert all((pixels(tile) == old).all() for tile, old in zip(tiles.all(), before, strict=True))
    href = page.get_by_role("link", name="Use it in a run").get_attribute("href") or ""
    assert urlsplit(href).path == "/finetune"
    wanted = policy_from_text(parse_qs(urlsplit(href).query)["policy"][0])
    assert wanted == (("flip", 0.5), ("crop", 0.6), ("mixup", 0.5))


def test_an_own_picture_is_distorted_and_a_wrong_link_is_explained(app_server: str, page: Page):
    at(page, app_server, "policy=spin:3")
    said = page.locator(".augment-problems")
    expect(said).to_contain_text(
        "The link says “policy=spin:3”, which is not a policy, such as flip:0.5,rotate:15"
    )
    said.get_by_role("button", name="Understood").click()
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.locator(".augment-choice")).to_contain_text("Choose a file in the field above the lab.")
    expect(page.locator(".augment-tiles")).to_be_hidden()
    file = BytesIO()
    Image.new("RGB", (60, 30), (200, 40, 40)).save(file, "PNG")
    chosen = page.locator("input[type=file]")
    chosen.wait_for(state="attached", timeout=30_000)
    chosen.set_input_files({"name": "red.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(page.locator(".augment-choice")).to_contain_text("Your picture “red.png”", timeout=30_000)
    assert np.abs(pixels(ends(page)[0]) - [200, 40, 40]).max() <= 1


def test_a_picture_of_an_own_set_is_distorted_and_stays_after_a_reload(app_server: str, page: Page):
    ann = "5" * 32
    greys = np.arange(6).repeat(40 * 40 * 3).reshape(6, 40, 40, 3).astype(np.uint8) * 40
    given = PictureSet(greys, np.arange(6) // 3, ("cup", "spoon"))
    first = own_data.keep(ann, "Cups", given)
    other = own_data.keep(ann, "Others", PictureSet(greys, given.labels, ("fork", "knife")))
    page.context.add_cookies([{"name": COOKIE, "value": ann, "url": app_server}])
    try:
        at(page, app_server, "policy=mixup:0.5&at=brightness")
        page.get_by_role("button", name="Your sets").click()
        expect(page.locator(".augment-choice [role=status]")).to_have_text(
            "A picture of the class “fork” of “Others”."
        )
        page.get_by_role("combobox", name="Your sets").select_option("Cups")
        page.locator(f"[data-source='{first.name}.1.2']").click()
        told = page.locator(".augment-choice [role=status]")
        expect(told).to_have_text("A picture of the class “spoon” of “Cups”.")
        expect(page.locator(".augment-ends figure").first).to_contain_text("spoon")
        assert (pixels(ends(page)[0]) == 200).all()
        expect(page.locator(".augment-tiles figure").first).to_contain_text(
            re.compile(r"label: \d+.% spoon, \d+.% cup")
        )
        expect(page.locator(".augment-verdict")).to_contain_text("crops that lose it cannot be counted")
        address_says(page, "pic", f"{first.name}.1.2")
        page.reload()
        expect(told).to_have_text("A picture of the class “spoon” of “Cups”.", timeout=60_000)
        own_data.delete(ann, first.name)
        page.reload()
        expect(told).to_have_text("This picture could not be loaded. Choose it again, or choose another.")
    finally:
        own_data.delete(ann, other.name)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_page(app_server: str, page: Page, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    at(page, app_server, "policy=strong&at=pca&pic=shape-star")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator(".augment-axes li")).to_have_count(3)
