"""Every lesson of the course can be used by everybody: axe finds nothing serious, a phone shows all of it.

The lessons are those of the folder, with everything that folds open.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from cnnlab.ui.lessons.shelf import OWN_FOLDER, menu_lines
from tests.running_app import open_page, wait_until_idle
from tests.ui.axe_findings import grave_findings

LESSONS = [line.url_path for line in menu_lines(OWN_FOLDER)]
DRAWN = """() => !document.querySelector('[data-testid="stSkeleton"]')
    && [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
        .every(one => !one.shadowRoot?.querySelector(".lab:not([data-ready=true])"))"""
# Inside labs, too; what a lab draws when something is opened may have folds of its own.
UNFOLD = """() => {
    const parts = root => [...root.querySelectorAll("*")]
        .flatMap(one => [one, ...(one.shadowRoot ? parts(one.shadowRoot) : [])]);
    const closed = parts(document).filter(one => one.matches("details:not([open]) > summary"));
    for (const summary of closed) summary.click();
    return closed.length === 0;
}"""
WIDER_BY = "main => main.scrollWidth - main.clientWidth"


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    """A page on which nothing is in motion while axe looks."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def unfold(page: Page) -> None:
    page.wait_for_function(DRAWN)
    page.wait_for_function(UNFOLD, polling=100)


@pytest.mark.parametrize(("lesson", "on_a_phone"), [(one, bool(at % 2)) for at, one in enumerate(LESSONS)])
def test_a_lesson_is_open_to_everybody(app_server: str, visitor: Page, lesson: str, on_a_phone: bool):
    """A phone shows all of each; axe takes seconds: every second one is seen dark and narrow, others wide."""
    visitor.set_viewport_size({"width": 375, "height": 700})
    visitor.emulate_media(color_scheme="dark" if on_a_phone else "light")
    open_page(visitor, f"{app_server}/{lesson}")
    assert visitor.locator('[data-testid="stVerticalBlock"][class*="st-key-lesson-"]').count() > 0
    unfold(visitor)
    assert visitor.get_by_test_id("stMain").evaluate(WIDER_BY) <= 0
    if not on_a_phone:
        visitor.set_viewport_size({"width": 1280, "height": 900})
        wait_until_idle(visitor)
        unfold(visitor)
        assert visitor.get_by_test_id("stMain").evaluate(WIDER_BY) <= 0
    assert grave_findings(visitor) == []


def test_there_are_lessons_to_look_at():
    assert len(LESSONS) >= 8
