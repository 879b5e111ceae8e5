"""Ways to a place, in a real browser: from a reminder to its question, to a footnote and back, to a step."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from cnnlab.course.progress import LOCAL_LEARNER, Attempt, open_progress
from tests.running_app import open_page, running_app

CHOICE = """:::{{question}} single
:id: {name}
Which one?
- [x] This one
  > Yes.
- [ ] That one
  > No.
:::
"""
LONG = "\n\n".join(["A paragraph that one has to scroll past."] * 30)
LESSON = f"""---
id: ways
title: "Ways"
minutes: 10
---

Something is said.[^why]

{CHOICE.format(name="first")}
{LONG}

:::{{steps}} In two steps
:::{{step}} Look
{LONG}
:::
:::{{step}} Do
{CHOICE.format(name="second")}
:::
:::

{LONG}

[^why]: Because of that.
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("ways")
    (folder / "ways.md").write_text(LESSON, encoding="utf-8")
    url = f"sqlite:///{folder / 'progress.db'}"
    store = open_progress(url)
    store.join(LOCAL_LEARNER)
    store.record(
        Attempt(
            learner=LOCAL_LEARNER,
            lesson="ways",
            question="second",
            answer="a",
            outcome="right",
            key="This one",
            at=datetime.now(UTC) - timedelta(hours=25),
        )
    )
    environment = {"CNNLAB_LESSONS": str(folder), "CNNLAB_DATABASE_URL": url}
    with running_app(folder / "app.log", environment=environment) as app:
        yield app.url


def test_a_reminder_leads_to_its_question_and_the_menu_says_how_far_one_is(server: str, page: Page):
    open_page(page, server)
    page.get_by_role("button", name="Course").click()
    expect(page.get_by_role("menuitem")).to_contain_text("Ways · 1 of 2 done")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="1 question is due for review")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Ways: Question 2").click()
    question = page.locator("#question-second")  # in a step that was not open
    expect(question).to_be_in_viewport(timeout=20_000)
    expect(question).to_be_focused()
    assert question.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    question.get_by_text("This one").click()
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("Mastered.")
    expect(question).to_be_in_viewport()
    page.locator(".st-key-lesson-ways-first").get_by_text("This one").click()
    page.locator(".st-key-lesson-ways-first").get_by_role("button", name="Check").click()
    expect(page.locator(".st-key-lesson-ways-first")).to_contain_text("Mastered.")
    page.get_by_role("button", name="Course").click()
    expect(page.get_by_role("menuitem")).to_contain_text("Ways · done ✓")


def test_a_footnote_is_a_way_there_and_a_way_back(server: str, page: Page):
    open_page(page, f"{server}/lesson-ways")
    call = page.get_by_role("link", name="[1]")
    call.click()
    expect(page.get_by_text("Because of that.")).to_be_in_viewport()
    expect(page.get_by_role("group", name="Note 1")).to_be_focused()
    expect(call).not_to_be_in_viewport()
    page.get_by_role("link", name="back to 1").click()
    expect(call).to_be_focused()
    expect(call).to_be_in_viewport()


def test_the_step_that_opens_begins_in_sight_and_keys_suffice(server: str, page: Page):
    for _ in range(4):  # whichever of the page's parts the browser has first
        open_page(page, f"{server}/lesson-ways#question-first")
        expect(page.locator("#question-first")).to_be_focused(timeout=20_000)
        page.goto("about:blank")
    open_page(page, f"{server}/lesson-ways#question-first")
    box = page.locator("#steps-1")
    for _ in range(2):  # there and back again, wherever another test has left it
        box.get_by_role("button", name="Next").or_(box.get_by_role("button", name="Back")).focus()
        before = box.inner_text()[:11]
        page.keyboard.press("Enter")
        expect(box).not_to_contain_text(before)
        expect(box).to_be_focused()
        expect(box.get_by_text("of 2")).to_be_in_viewport()
