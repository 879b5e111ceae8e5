"""A lesson's author in a real browser: a save is followed, mistakes stand in place, learners get no key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from cnnlab.course.questions import NumericQuestion
from cnnlab.course.reading import read_file
from tests.running_app import ROOT, open_page, running_app, wait_until_idle
from tests.ui.axe_findings import grave_findings

LESSON = """---
id: watched
title: "Watched"
minutes: 10
---
The first words.

:::{question} numeric
:id: count
:params: k = 3|5|7

How many weights has a {{k}} × {{k}} kernel?

- [x] `k * k`
- [ ] `2 * k`
  > SECRET-SLIP
:::

The last words.
"""
DRAFT = LESSON.replace("id: watched", "id: idea\nstatus: draft").replace('"Watched"', '"An idea"')


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lessons")


@pytest.fixture(scope="module")
def author_server(lessons: Path) -> Iterator[str]:
    """Return the address of a server for authors, with one lesson and one draft."""
    (lessons / "10-watched.md").write_text(LESSON, encoding="utf-8")
    (lessons / "20-idea.md").write_text(DRAFT, encoding="utf-8")
    environment = {
        "CNNLAB_LESSONS": str(lessons),
        "CNNLAB_DATABASE_URL": f"sqlite:///{lessons / 'progress.db'}",
        "CNNLAB_AUTHOR": "1",
    }
    with running_app(lessons / "app.log", environment=environment) as app:
        yield app.url


def received_by(page: Page) -> list[bytes]:
    """Return what the page's websockets will receive."""
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: frames.append(data if isinstance(data, bytes) else data.encode()),
        )

    page.on("websocket", listen)
    return frames


def test_a_save_is_followed_and_a_mistake_stands_above_its_place(
    author_server: str, lessons: Path, page: Page
):
    file = lessons / "10-watched.md"
    open_page(page, f"{author_server}/lesson-watched?preview=1")
    expect(page.get_by_text("The last words.")).to_be_visible()
    file.write_text(LESSON.replace("numeric", "numerik").replace("The last", "Other"), encoding="utf-8")
    expect(page.get_by_text("Other words.")).to_be_visible(timeout=20_000)
    main = page.get_by_test_id("stMain").inner_text()
    box = "there is no kind of question numerik. What to do: did you mean numeric?"
    places = [main.index(part) for part in ("The first words.", box, "Other words.")]
    assert places == sorted(places)
    expect(page.locator(".st-key-author-panel")).to_contain_text("^^^^^^^")
    page.get_by_text("As learner").click()  # they keep the last version without errors
    expect(page.get_by_text("The last words.")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("stMain")).not_to_contain_text("SECRET")
    assert page.url.endswith("preview=0")
    file.write_text(LESSON, encoding="utf-8")


def test_keys_leaf_through_the_numbers_and_the_key_has_them(author_server: str, page: Page):
    open_page(page, f"{author_server}/lesson-watched?preview=1")
    key = page.locator(".st-key-lesson-watched-count")
    expect(key).to_contain_text("SECRET-SLIP")
    seen = set()
    for _ in range(3):
        side = int(key.get_by_text("How many weights").inner_text().split()[5])
        expect(key).to_contain_text(f"right: {side * side}")
        seen.add(side)
        page.get_by_role("slider").press("ArrowRight")
        page.wait_for_timeout(100)
        wait_until_idle(page)
    assert seen == {3, 5, 7}


def test_axe_finds_nothing_serious_in_an_authors_view_on_a_phone(
    author_server: str, lessons: Path, browser: Browser
):
    broken = DRAFT.replace("numeric", "numerik").replace("The last", ":::{note} Look\n[a](lesson:b) The last")
    (lessons / "20-idea.md").write_text(broken, encoding="utf-8")
    context = browser.new_context(
        viewport={"width": 390, "height": 900}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    for path in ("lesson-idea?preview=1", "author"):
        open_page(page, f"{author_server}/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
        page.wait_for_timeout(300)
        assert grave_findings(page) == [], path
    context.close()


def test_no_address_gives_a_learner_the_key(app_server: str, author_server: str, page: Page):
    reading = read_file(ROOT / "lessons/10-dense-and-1d.md", "10-dense-and-1d.md")
    assert reading.lesson is not None
    numeric = [one for one in reading.lesson.questions if isinstance(one, NumericQuestion)]
    said = [wrong.feedback.split("{{")[0].strip().encode() for one in numeric for wrong in one.wrong]
    secrets = [b"SECRET", b"Answer key", *(text for text in said if len(text) > 20)]
    assert len(secrets) > 5
    learners = received_by(page)
    open_page(page, f"{app_server}/lesson-dense-and-1d?preview=1")
    page.wait_for_timeout(500)
    frames = b"".join(learners)
    assert b"A click in a recording" in frames
    assert [secret for secret in secrets if secret in frames] == []
    learners.clear()
    open_page(page, f"{author_server}/lesson-watched")
    page.wait_for_timeout(500)
    assert b"SECRET-SLIP" in b"".join(learners)  # this is how the test would see it
