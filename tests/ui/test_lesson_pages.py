"""A lesson in a real browser: answers are not sent early, keys suffice, a reload loses nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.running_app import open_page, running_app
from tests.ui.axe_findings import grave_findings

LESSON = """---
id: watched
title: "Watched"
minutes: 10
summary: For a test.
---

:::{question} predict
:id: guess

What comes out of 8 × 8 with kernel 3?

- [x] 6 × 6
- [ ] 8 × 8

:::{reveal} What happens
SECRET-REVEAL
:::
:::

:::{question} single
:id: one

Which one is right?

- [x] Apple
  > SECRET-PRAISE
- [ ] Pear
  > SECRET-CORRECTION
:::

:::{question} numeric
:id: number
:attempts: 1

How many weights have 7 kernels of 1131 weights?

- [x] `7 * 1131`
- [ ] `1131`
  > SECRET-SLIP
:::

:::{widget} conv-lab
:id: lab
:input: 8
:kernel: 3
:::

:::{question} reach
:id: goal
:widget: lab
:check: out_h == 4

Get 4 rows out.
:::

:::{figure} light.png
:dark: dark.png
:alt: nothing but paper
:caption: An empty picture
:width: 300
:::
"""
PIXELS = {"light": 1000, "dark": 1200}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lessons")
    (folder / "10-watched.md").write_text(LESSON, encoding="utf-8")
    for name, width in PIXELS.items():
        Image.new("RGB", (width, 400)).save(folder / f"{name}.png")
    (folder / "20-broken.md").write_text(LESSON.replace("single", "singel"), encoding="utf-8")
    store = {"CNNLAB_LESSONS": str(folder), "CNNLAB_DATABASE_URL": f"sqlite:///{folder / 'progress.db'}"}
    with running_app(folder / "app.log", environment=store) as app:
        yield app.url


def question(page: Page, name: str):
    return page.locator(f".st-key-lesson-watched-{name}")


def test_answers_and_explanations_are_sent_only_when_they_are_due(server: str, page: Page):
    received: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda frame: received.append(frame if isinstance(frame, bytes) else frame.encode()),
        )

    page.on("websocket", listen)
    open_page(page, f"{server}/lesson-watched")
    expect(question(page, "number")).to_be_visible()
    assert b"Which one is right" in b"".join(received)
    assert b"SECRET" not in b"".join(received)
    assert b"7917" not in b"".join(received)
    question(page, "number").get_by_role("textbox").fill("1131")
    expect(question(page, "number")).to_contain_text("Press Enter to submit")  # its button is there
    question(page, "number").get_by_role("textbox").press("Enter")
    expect(question(page, "number")).to_contain_text("SECRET-SLIP")
    expect(question(page, "number")).to_contain_text("7917")
    question(page, "one").get_by_text("Pear").click()
    question(page, "one").get_by_role("button", name="Check").click()
    expect(question(page, "one")).to_contain_text("SECRET-CORRECTION")
    assert b"SECRET-PRAISE" not in b"".join(received)
    assert b"SECRET-REVEAL" not in b"".join(received)


def test_keys_alone_answer_and_a_reload_brings_it_back(server: str, page: Page):
    open_page(page, f"{server}/lesson-watched")
    radio = question(page, "guess").get_by_role("radio", name="6 × 6")
    radio.focus()
    page.keyboard.press("Space")
    question(page, "guess").get_by_role("radio", name="fairly").focus()
    page.keyboard.press("Space")
    question(page, "guess").get_by_role("button", name="Lock").focus()
    page.keyboard.press("Enter")
    expect(question(page, "guess")).to_contain_text("SECRET-REVEAL")
    page.reload()
    expect(question(page, "guess")).to_contain_text("SECRET-REVEAL", timeout=20_000)
    expect(question(page, "guess").get_by_role("radio", name="6 × 6")).to_be_checked()
    expect(question(page, "guess").get_by_role("radio", name="8 × 8")).to_be_disabled()


def test_a_goal_is_judged_by_what_the_lab_is_set_to(server: str, page: Page):
    open_page(page, f"{server}/lesson-watched")
    page.locator(".lab[data-ready=true]").wait_for(timeout=20_000)
    question(page, "goal").get_by_role("button", name="Check").click()
    expect(question(page, "goal")).to_contain_text("out_h = 6")
    page.locator('.control[data-field="kernel"] input[type=number]').first.fill("5")
    expect(page.locator('[data-metric="output"]')).to_have_text("1 × 4 × 4")
    page.wait_for_timeout(700)  # the lab reports its settings a quarter of a second after the last change
    question(page, "goal").get_by_role("button", name="Check").click()
    expect(question(page, "goal")).to_contain_text("Right.")


def test_a_broken_lesson_is_not_in_the_menu_and_the_others_are(server: str, page: Page):
    open_page(page, f"{server}/")
    page.get_by_role("button", name="Course").click()
    expect(page.get_by_role("menuitem")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lesson_fits_a_phone_and_axe_finds_nothing_serious(server: str, browser: Browser, scheme: Any):
    context = browser.new_context(viewport={"width": 375, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    open_page(page, f"{server}/lesson-watched")
    page.locator(".lab[data-ready=true]").wait_for(timeout=20_000)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    assert grave_findings(page) == []
    picture = page.get_by_alt_text("nothing but paper")
    sizes = picture.evaluate("element => [element.naturalWidth, element.clientWidth]")
    assert sizes == [PIXELS[scheme], 300]  # that of the theme, with all its pixels for a sharp screen
    context.close()
