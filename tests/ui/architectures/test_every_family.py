"""Every row of the history of architectures in a real browser: opened, drawn, stepped through and played."""

import re

from playwright.sync_api import Page, expect

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.running_app import open_page

PLACE = ".walk-place"


def test_every_family_is_opened_stepped_and_played(app_server: str, page: Page):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, f"{app_server}/architectures")
    page.locator(".lab[data-ready=true]").wait_for(timeout=20_000)
    place, choice = page.locator(PLACE), page.get_by_label("Network", exact=True)
    for family in zoo.families():
        example = family.networks[0]
        trace = trace_of(example.name)
        steps = replay(trace, trace.input_shape).steps
        choice.select_option(example.name)
        expect(place).to_have_text(re.compile(rf"^Step 1 of {len(steps)}: {re.escape(steps[0].name)},"))
        expect(page.locator(".network-graph svg").first).to_be_visible()
        page.get_by_role("button", name="One step forward").focus()
        page.keyboard.press("ArrowRight")
        expect(place).to_contain_text(f"Step 2 of {len(steps)}: {steps[1].name},")
        expect(page.locator(".step-metrics dd").first).to_have_text(
            " × ".join(map(str, steps[1].output_shape))
        )
        page.get_by_role("button", name="Walk by itself").click()
        expect(place).to_contain_text(f"Step 3 of {len(steps)}: {steps[2].name},")
        page.get_by_role("button", name="Walk by itself").click()
        page.keyboard.press("End")
        expect(place).to_contain_text(f"Step {len(steps)} of {len(steps)}: {steps[-1].name},")
    assert errors == []
    assert len(zoo.families()) >= 16
