"""A learner writes a network: mistakes where they are, then a drawing, a walk by keys, and a link."""

from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from cnnlab.building import LONGEST_TEXT
from tests.running_app import open_page
from tests.ui.axe_findings import grave_findings

READY = ".lab[data-ready=true]"
GOOD = "input 3x32x32\nconv 16 k3 p1\nskip { conv 16 k3 p1; relu }\nglobalpool\ndense 10"
PARAMETERS = (16 * 27 + 16) + (16 * 16 * 9 + 16) + (16 * 10 + 10)


def open_build(page: Page, address: str) -> Page:
    open_page(page, address)
    page.locator(READY).wait_for(timeout=20_000)
    return page


def test_a_network_is_written_corrected_drawn_walked_and_opened_from_its_link(
    app_server: str, page: Page, browser: Browser
):
    open_build(page, f"{app_server}/build")
    field, findings = page.get_by_label("Your network, a layer a line"), page.locator(".findings li")
    drawn = page.locator(".network-drawing")
    expect(drawn).to_contain_text("dense layer")
    field.fill(GOOD.replace("conv 16 k3 p1; relu", "convv 16 k3 p1; relu k3"))
    expect(findings).to_have_count(2)
    expect(findings.first).to_contain_text("Did you mean conv?")
    expect(page.locator(".editor-numbers .wrong")).to_have_text("✕3")
    expect(page.locator(".editor-under mark")).to_have_text(["convv", "k3"])
    expect(page.locator(".build-stale")).to_have_text("Below is still your last text without mistakes.")
    expect(drawn).to_contain_text("5×5")  # LeNet, as before
    assert grave_findings(page) == []
    page.get_by_role("button", name="Line 3, column 8").click()
    assert field.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == "convv"
    page.keyboard.type("conv")  # in place of what is selected
    page.get_by_role("button", name="Line 3, column 28").click()
    page.keyboard.press("Backspace")
    expect(findings).to_have_count(0)
    expect(page.locator(".findings-summary")).to_contain_text(f"{PARAMETERS:,} parameters")
    expect(page.locator(".build-stale")).to_have_text("")
    expect(drawn).to_contain_text("skip1")
    expect(page.locator(".build-share pre")).to_contain_text("class Skip(Chain)")
    page.get_by_role("button", name="One step forward").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".walk-place")).to_have_text("Step 3 of 7: skip1.relu1, ReLU")
    expect(page.locator(".editor-numbers .here")).to_have_text("▸3")
    page.wait_for_url("**step=2**")
    other = browser.new_context()
    opened = open_build(other.new_page(), page.url)
    expect(opened.get_by_label("Your network, a layer a line")).to_have_value(field.input_value())
    expect(opened.locator(".walk-place")).to_have_text("Step 3 of 7: skip1.relu1, ReLU")
    expect(opened.locator(".findings-summary")).to_contain_text(f"{PARAMETERS:,} parameters")
    other.close()


def test_one_that_does_not_fit_is_mended_by_a_button_and_examples_lose_nothing(app_server: str, page: Page):
    open_build(page, f"{app_server}/build?text=input+3x9x9%0Arelu")
    field = page.get_by_label("Your network, a layer a line")
    page.get_by_role("button", name="One that does not fit").click()
    expect(page.locator(".findings li")).to_contain_text("a window of 2 rows does not fit in 1 row")
    page.get_by_role("button", name="Use 36 × 36").click()
    expect(page.locator(".findings-summary")).to_contain_text("It fits")
    assert field.input_value().startswith("input 3x36x36\nconv 16 k5\n")
    page.get_by_role("button", name="Insert dropout 0.5").click()
    assert "dropout 0.5" in field.input_value()
    page.get_by_role("button", name="LeNet-5").click()
    page.get_by_role("button", name="Back to my text").click()
    assert "dropout 0.5" in field.input_value()
    field.focus()
    page.keyboard.press("Tab")
    assert field.evaluate("area => area.getRootNode().activeElement !== area")


def test_the_longest_text_of_an_address_is_shown_again(app_server: str, page: Page):
    text = ("input 3x9x9\n" + "# é🎈 \n" * 700)[:LONGEST_TEXT]
    open_build(page, f"{app_server}/build?{urlencode({'text': text})}")
    expect(page.get_by_label("Your network, a layer a line")).to_have_value(text)
    expect(page.locator(".findings li")).to_have_count(1)
    expect(page.locator(".findings li")).to_contain_text("There is no layer yet.")
