"""Every kind of question in a real browser, by keys alone: unreadable, wrong, right, there after a reload.

The lesson `every_kind` has each kind once; all tests share one server, one learner and one open page.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from cnnlab.course.progress import LOCAL_LEARNER, open_progress
from tests.running_app import open_page
from tests.ui.keyboard import HAS_FOCUS, Keyboard
from tests.ui.lesson_driver import Learner, the_lesson

SCREEN: ViewportSize = {"width": 1280, "height": 900}
NOT_COUNTED = "This did not count as an attempt."


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('every_kind') / 'progress.db'}"


@pytest.fixture(scope="module")
def learner(database: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    log = tmp_path_factory.mktemp("every_kind") / "app.log"
    with the_lesson(database, log) as address, closing(browser.new_context(viewport=SCREEN)) as context:
        page = context.new_page()
        open_page(page, address)
        page.locator(".lab[data-ready=true]").wait_for(timeout=20_000)
        yield Learner(Keyboard(page), open_progress(database))


def check(learner: Learner, name: str) -> Locator:
    return learner.card(name).get_by_role("button", name="Check")


def test_one_choice(learner: Learner):
    group = learner.card("single").get_by_role("radiogroup")
    learner.keys.activate(check(learner, "single"))
    learner.is_told("single", "Choose an answer first.", NOT_COUNTED, sign="edit")
    learner.keys.choose(group, "four")
    learner.keys.activate(check(learner, "single"))
    learner.is_told("single", "Not yet.", "Four is both sides together.", sign="close")
    assert check(learner, "single").evaluate(HAS_FOCUS)
    learner.keys.choose(group, "two")
    learner.keys.activate(check(learner, "single"))
    learner.is_told("single", "Right.", "Two on each side, four in all.", sign="check")
    assert learner.outcomes("single") == ["wrong", "right"]


def test_a_choice_between_formulas_is_named_by_signs(learner: Learner):
    group = learner.card("maths").get_by_role("radiogroup")
    learner.keys.choose(group, "n + k − 1")
    learner.keys.activate(check(learner, "maths"))
    learner.is_told("maths", "Not yet.", "That grows.")
    learner.keys.choose(group, "n − k + 1")
    learner.keys.activate(check(learner, "maths"))
    learner.is_told("maths", "Right.")


def test_several_choices(learner: Learner):
    card = learner.card("multiple")
    learner.keys.activate(check(learner, "multiple"))
    learner.is_told("multiple", "Choose an answer first.", NOT_COUNTED)
    for name in ("the kernel", "the stride"):
        learner.keys.go_to(card.get_by_role("checkbox", name=name))
        learner.keys.press("Space")
    learner.keys.activate(check(learner, "multiple"))
    learner.is_told("multiple", "1 of 3 decisions are right", "at fewer places", sign="close")
    for name in ("the stride", "the output channels"):
        learner.keys.go_to(card.get_by_role("checkbox", name=name))
        learner.keys.press("Space")
    learner.keys.activate(check(learner, "multiple"))
    learner.is_told("multiple", "Right.", sign="check")
    assert learner.outcomes("multiple") == ["wrong", "right"]


def test_a_number_where_enter_checks_and_a_hint_is_within_reach(learner: Learner):
    card = learner.card("numeric")
    field = card.get_by_role("textbox", name="Your answer in weights")
    learner.keys.go_to(field)
    learner.keys.press("Enter")
    learner.is_told("numeric", "Write a number first", NOT_COUNTED)
    learner.keys.write(field, "many")
    learner.keys.press("Enter")
    learner.is_told("numeric", "“many” cannot be read as a number. Write the number alone", NOT_COUNTED)
    learner.keys.write(field, "27")
    learner.keys.press("Enter", "Enter")  # pressed twice, counted once
    learner.is_told("numeric", "Not yet.", "That is one kernel.", sign="close")
    assert field.evaluate(HAS_FOCUS)
    learner.keys.activate(card.get_by_role("button", name="Hint"))
    learner.is_told("numeric", "One kernel has 27.")
    learner.keys.write(field, "216")
    learner.keys.press("Enter")
    learner.is_told("numeric", "Right.", sign="check")
    expect(field).to_have_value("216")
    assert learner.outcomes("numeric") == ["wrong", "right"]


def test_a_shape_and_new_numbers_for_it(learner: Learner):
    card = learner.card("shape")
    field = card.get_by_role("textbox", name="Your answer: the shape, channels first")
    learner.keys.write(field, "banana")
    learner.keys.press("Enter")
    learner.is_told("shape", "“banana” cannot be read as a shape. Write whole numbers", NOT_COUNTED)
    kernel, size = map(int, re.findall(r"kernels of (\d+) .* 3 × (\d+) ×", card.inner_text())[0])
    learner.keys.write(field, f"8 x {size} x {size}")
    learner.keys.press("Enter")
    learner.is_told("shape", "Not yet.", f"so {size} cannot stay")
    learner.keys.write(field, f"({size - kernel + 1}, {size - kernel + 1}, 8)")
    learner.keys.press("Enter")
    learner.is_told("shape", "Not yet.", "channels")
    learner.keys.write(field, f"8 × {size - kernel + 1} × {size - kernel + 1}")
    learner.keys.press("Enter")
    learner.is_told("shape", "Right.", "0 of 2 in a row")
    learner.keys.activate(card.get_by_role("button", name="New numbers"))
    expect(field).to_be_enabled()
    expect(field).to_have_value("")
    learner.is_told("shape")
    assert learner.outcomes("shape") == ["wrong", "wrong", "right"]


def test_a_table(learner: Learner):
    card = learner.card("table")
    first, second, third = (
        card.get_by_role("textbox", name=name, exact=True)
        for name in (
            "conv 3 × 3, 8 channels, output",
            "conv 3 × 3, 8 channels, parameters",
            "max pool 2 × 2, output",
        )
    )
    learner.keys.write(first, "8 26 26")
    learner.keys.press("Enter")
    learner.is_told("table", "parameters: Write a number first", NOT_COUNTED)
    learner.keys.write(second, "72")
    learner.keys.write(third, "(8, 13, 13)")
    learner.keys.press("Enter")
    learner.is_told("table", "2 of 3 cells are right.", sign="close")
    expect(learner.card("table").get_by_text("✗ not yet")).to_have_count(1)
    expect(learner.card("table").get_by_text("✓ right")).to_have_count(2)
    assert third.evaluate(HAS_FOCUS)
    learner.keys.write(second, "80")
    learner.keys.press("Enter")
    learner.is_told("table", "Right.", sign="check")
    assert learner.outcomes("table") == ["wrong", "right"]


def put_in_order(learner: Learner, *items: str) -> None:
    for place, item in enumerate(items, start=1):
        learner.keys.pick(learner.card("order").get_by_role("combobox", name=f"Place {place}"), item)
    learner.keys.activate(check(learner, "order"))


def test_an_order(learner: Learner):
    learner.keys.activate(check(learner, "order"))
    learner.is_told("order", "Give every item a place of its own", NOT_COUNTED)
    put_in_order(learner, "multiply", "add the bias", "multiply")
    learner.is_told("order", "Give every item a place of its own", NOT_COUNTED)
    put_in_order(learner, "multiply", "add the bias", "add the products")
    learner.is_told("order", "The order is right up to step 1.", sign="close")
    put_in_order(learner, "multiply", "add the products", "add the bias")
    learner.is_told("order", "Right.", sign="check")
    assert learner.outcomes("order") == ["wrong", "right"]


def test_a_prediction_is_locked_and_then_it_is_shown_what_happens(learner: Learner):
    card = learner.card("predict")
    lock = card.get_by_role("button", name="Lock in my prediction")
    learner.keys.activate(lock)
    learner.is_told("predict", "Choose an answer first.", "Nothing is kept yet.")
    learner.keys.choose(card.get_by_role("radiogroup", name="Your prediction"), "It stays")
    learner.keys.activate(lock)
    learner.is_told("predict", "Say how sure you are", "Nothing is kept yet.")
    learner.keys.choose(card.get_by_role("radiogroup", name="How sure are you?"), "fairly")
    expect(card).not_to_contain_text("One more on each side.")
    learner.keys.activate(lock)
    learner.is_told("predict", "Your prediction is kept.", "Count both sides.", "One more on each side.")
    learner.is_told("predict", "What happens is not what you predicted, but this: It grows by 2")
    assert learner.outcomes("predict") == ["recorded"]


def test_a_word(learner: Learner):
    field = learner.card("text").get_by_role("textbox")
    learner.keys.go_to(field)
    learner.keys.press("Enter")
    learner.is_told("text", "Write an answer first.", NOT_COUNTED)
    learner.keys.write(field, "dilation")
    learner.keys.press("Enter")
    learner.is_told("text", "Not yet.", "That is the distance between two weights.", sign="close")
    learner.keys.write(field, "The stride")
    learner.keys.press("Enter")
    learner.is_told("text", "Right.", sign="check")
    assert learner.outcomes("text") == ["wrong", "right"]


def test_words_that_nobody_grades(learner: Learner):
    field = learner.card("essay").get_by_role("textbox")
    learner.keys.go_to(field)
    learner.keys.press("Control+Enter")
    learner.is_told("essay", "Write an answer first.", NOT_COUNTED)
    learner.keys.write(field, "Each weight is used at every place.\nSo there are few.")
    learner.keys.press("Control+Enter")
    learner.is_told("essay", "Your answer is kept.", "The same weights are used at every place.")
    assert learner.outcomes("essay") == ["recorded"]


def test_a_kernel_of_nine_weights(learner: Learner):
    card = learner.card("kernel")

    def make(*rows: str) -> None:
        for y, row in enumerate(rows, start=1):
            for x, weight in enumerate(row.split(), start=1):
                cell = card.get_by_role("textbox", name=f"Weight in row {y}, column {x}")
                learner.keys.write(cell, weight)
        learner.keys.press("Enter")

    make("-1 -2 -1", "0 x 0", "1 2 1")
    learner.is_told("kernel", "Row 2, column 2", "“x” cannot be read as a number", NOT_COUNTED)
    make("-1 -2 -1", "0 0 0", "1 2 1")
    learner.is_told("kernel", "Not yet.", "This one finds horizontal edges.", sign="close")
    make("1 0 -1", "1 0 -1", "1 0 -1")
    learner.is_told("kernel", "Right.", sign="check")
    assert learner.outcomes("kernel") == ["wrong", "right"]


def test_a_goal_that_the_lab_has_to_reach(learner: Learner):
    size = learner.keys.page.locator('.control[data-field="kernel"] input[type=number]').first
    learner.keys.activate(check(learner, "reach"))
    learner.is_told("reach", "Not yet. Now: out_h = 6.", "Nothing has changed yet.", sign="close")

    def set_kernel(number: str) -> None:
        learner.keys.write(size, number)
        learner.keys.press("Enter")
        learner.keys.page.wait_for_timeout(600)  # the lab reports a quarter of a second after the last change
        learner.keys.activate(check(learner, "reach"))

    set_kernel("11")
    learner.is_told("reach", "The lab cannot work as it is set", NOT_COUNTED)
    set_kernel("5")
    learner.is_told("reach", "Right.", sign="check")
    assert learner.outcomes("reach") == ["wrong", "right"]


ANSWERS = r"""cards => Object.fromEntries(cards.map(card => [
    card.className.match(/st-key-lesson-kinds-(\w+)/)[1],
    [...card.querySelectorAll("input, textarea, [data-testid=stAlert]")].map(one =>
        [one.ariaLabel, one.disabled, one.checked, one.type === "radio" || one.value, one.innerText]),
]))"""


def answers_on(page: Page) -> dict[str, Any]:
    """Return what the fields of each question hold, and the verdict, by the question."""
    return page.locator('[data-testid="stVerticalBlock"][class*="st-key-lesson-kinds-"]').evaluate_all(
        ANSWERS
    )


def expect_answers(page: Page, wanted: dict[str, Any]) -> None:
    for _ in range(40):
        if answers_on(page) == wanted:
            return
        page.wait_for_timeout(250)
    assert answers_on(page) == wanted


def test_all_is_there_after_a_reload_and_in_another_browser_of_another_server(
    learner: Learner, database: str, browser: Browser, tmp_path: Path
):
    here = learner.keys.page
    given = answers_on(here)
    assert learner.store.attempts(LOCAL_LEARNER, "kinds")
    here.reload()
    expect_answers(here, given)
    with the_lesson(database, tmp_path / "app.log") as address, closing(browser.new_context()) as context:
        other = context.new_page()
        open_page(other, address)
        expect_answers(other, given)
