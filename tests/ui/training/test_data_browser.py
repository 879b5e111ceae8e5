"""Pictures in a real browser: an archive becomes a kept set; a set grows class by class, by keyboard, too."""

import random
import re

from playwright.sync_api import Page, expect

from tests.running_app import open_page, wait_until_idle
from tests.training.made_archives import archive, picture, usual
from tests.ui.axe_findings import grave_findings

SLOW = 60_000


# A camera that shows another grey in every picture.
CAMERA = """
window.tracks = [];
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  let grey = 0;
  setInterval(() => {
    grey = (grey + 7) % 256;
    pen.fillStyle = `rgb(${grey},${grey},${grey})`;
    pen.fillRect(0, 0, 320, 240);
  }, 30);
  const stream = canvas.captureStream(30);
  window.tracks.push(...stream.getTracks());
  return stream;
};
"""


def at_pictures(page: Page, server: str, data: str = "shapes-new") -> None:
    open_page(page, f"{server}/finetune?section=data&data={data}")
    page.locator(f"[data-set='{data}'][aria-pressed=true]").wait_for()


def upload(page: Page, name: str, data: bytes) -> None:
    files = page.locator(".st-key-finetune-data-bring-open input[type=file]")
    files.set_input_files({"name": name, "mimeType": "application/zip", "buffer": data})


def test_an_archive_becomes_a_set_that_is_there_after_a_reload(app_server: str, page: Page):
    at_pictures(page, app_server)
    page.get_by_text("Bring your own pictures").click()
    upload(page, "broken.zip", archive(usual())[:-40])
    expect(page.get_by_text("damaged zip archive, or it is cut short")).to_be_visible(timeout=SLOW)
    films = {"mine/dogs/film.mp4": random.Random(0).randbytes(22_000_000)}  # larger than a picture may be
    files = usual("mine/", of_each=6) | {"mine/cats/readme.txt": b"hello"} | films
    upload(page, "animals.zip", archive(files))
    expect(page.get_by_role("heading", name="animals")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("'readme.txt' is not a picture")).to_be_visible()
    lines = page.locator(".data-preview li")
    expect(lines).to_have_text([re.compile(r"cats4 \+ 2"), re.compile(r"dogs4 \+ 2")])
    expect(page.get_by_role("button", name="Go on to the recipe, with animals")).to_be_visible()
    assert grave_findings(page) == []
    page.reload()
    wait_until_idle(page)
    card = page.locator(".data-card[aria-pressed=true]")
    expect(card).to_contain_text("animals")
    expect(card).to_contain_text("2 classes, 12 pictures")


def test_a_set_grows_class_by_class(app_server: str, page: Page):
    at_pictures(page, app_server)
    page.get_by_text("Bring your own pictures").click()
    page.get_by_role("button", name="Begin a set").click()
    expect(page.get_by_text("add at least two")).to_be_visible(timeout=SLOW)
    for number, name in enumerate(("cup", "spoon")):
        page.get_by_label("Name of a new class").fill(name)
        page.keyboard.press("Enter")
        field = page.get_by_test_id("stFileUploader").filter(has_text=f"Add pictures to “{name}”")
        files = [
            {"name": f"{one}.png", "mimeType": "image/png", "buffer": picture(10 * number + one)}
            for one in range(3)
        ]
        field.locator("input[type=file]").set_input_files(files)  # pyright: ignore[reportArgumentType]
        expect(page.locator(".data-picture")).to_have_count(3, timeout=SLOW)
    page.get_by_role("button", name="Take out picture 2 of spoon").press("Enter")
    expect(page.locator(".data-picture")).to_have_count(2, timeout=SLOW)
    lines = page.locator(".data-preview li")
    expect(lines).to_have_text([re.compile(r"cup2 \+ 1"), re.compile(r"spoon1 \+ 1")])
    assert grave_findings(page) == []


def test_pressing_twice_adds_once_and_loses_nothing(app_server: str, page: Page):
    at_pictures(page, app_server)
    page.get_by_text("Bring your own pictures").click()
    page.get_by_role("button", name="Begin a set").dblclick()
    field = page.get_by_label("Name of a new class")
    classes = page.get_by_role("radiogroup", name="Class to work on").locator("label")
    field.fill("cup")
    page.get_by_role("button", name="Add class").dblclick()
    expect(classes).to_have_text(["cup (0)"], timeout=SLOW)
    field.fill("spoon")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(classes).to_have_text(["cup (0)", "spoon (0)"], timeout=SLOW)
    wait_until_idle(page)
    expect(field).to_have_value("")
    expect(page.get_by_text(re.compile("already; give|needs a name"))).to_have_count(0)
    expect(page.locator("section[aria-label=Yours] .data-card").filter(has_text="My pictures")).to_have_count(
        1
    )


def begin(page: Page, server: str, *classes: str) -> None:
    at_pictures(page, server)
    page.get_by_text("Bring your own pictures").click()
    page.get_by_role("button", name="Begin a set").click()
    for name in classes:
        page.get_by_label("Name of a new class").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Add pictures to “{name}”")).to_be_visible(timeout=SLOW)


def test_photographs_are_taken_while_the_button_is_held(app_server: str, page: Page):
    page.add_init_script(CAMERA)
    begin(page, app_server, "cup")
    page.get_by_role("button", name="Turn the camera on").click()
    take = page.get_by_role("button", name="Hold to take photographs")
    expect(take).to_be_enabled(timeout=SLOW)
    take.focus()
    page.keyboard.down("Space")
    expect(page.get_by_text("4 taken")).to_be_visible(timeout=SLOW)
    page.keyboard.up("Space")
    pictures = page.locator(".data-picture")
    expect(pictures.nth(2)).to_be_visible(timeout=SLOW)
    before = pictures.count()
    take.click()
    expect(pictures).not_to_have_count(before, timeout=SLOW)
    page.get_by_role("button", name="Turn the camera off").click()
    assert page.evaluate("window.tracks.every((track) => track.readyState === 'ended')")


def test_a_camera_that_is_not_allowed_is_told(app_server: str, page: Page):
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
    )
    begin(page, app_server, "cup")
    page.get_by_role("button", name="Turn the camera on").click()
    expect(page.get_by_text("The camera was not allowed.")).to_be_visible(timeout=SLOW)


def test_on_a_phone_sets_are_chosen_by_keyboard(app_server: str, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    at_pictures(page, app_server)
    page.locator("[data-set=colours]").press("Enter")
    expect(page.get_by_role("heading", name="Colours", exact=True)).to_be_visible(timeout=SLOW)
    expect(page.locator(".data-preview li")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.wait_for_function("location.search.includes('data=colours')")
