"""From a run to what is taken along, to other pages and to other runs, in a real browser."""

import json
import re
import struct
from urllib.parse import parse_qs, urlencode, urlparse

from playwright.sync_api import Page, expect

from tests.running_app import open_page, wait_until_idle
from tests.ui.axe_findings import grave_findings

SLOW = 180_000  # ms: the first run on a server loads PyTorch
SMALL = {"data": "digits", "model": "digits_lenet", "regime": "full", "n": "2", "epochs": "2"}


def finished_run(page: Page, server: str, **settings: str) -> str:
    open_page(page, f"{server}/finetune?{urlencode({'section': 'recipe', **SMALL, **settings})}")
    page.locator(".st-key-finetune-start").get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function("location.search.includes('run=')")
    expect(page.locator(".finetune")).to_have_attribute("data-state", "done", timeout=SLOW)
    return parse_qs(urlparse(page.url).query)["run"][0]


def test_a_run_is_taken_along_looked_into_and_laid_over_another(app_server: str, page: Page):
    first = finished_run(page, app_server)
    weights = page.get_by_role("button", name="Download “Weights”")
    weights.wait_for(timeout=SLOW)
    with page.expect_download() as coming:
        weights.click()
    content = coming.value.path().read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    facts = json.loads(content[8 : 8 + length])["__metadata__"]
    assert json.loads(facts["classes"]) == [str(number) for number in range(10)]
    assert coming.value.suggested_filename.endswith(".safetensors")

    page.get_by_text("TensorBoard", exact=True).click()
    page.get_by_role("button", name="Make “TensorBoard”").click()
    expect(page.get_by_role("button", name="Download “TensorBoard”")).to_be_visible(timeout=SLOW)
    assert grave_findings(page) == []

    link = page.get_by_role("link", name="look inside", exact=True).get_attribute("href")
    assert link == f"/look-inside?model=run-{first}"
    second = finished_run(page, app_server, seed="1")
    open_page(page, f"{app_server}{link}")
    expect(page.get_by_text("Trained here, in a run of the page Fine-tune")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Most probable")).to_be_visible(timeout=SLOW)

    open_page(page, f"{app_server}/finetune?section=compare&runs={first},{second}")
    wait_until_idle(page)
    expect(page.get_by_text("These recipes differ in one setting, shown first.")).to_be_visible()
    table = page.locator("table").first
    expect(table.get_by_role("row", name=re.compile("^Seed")).get_by_role("cell")).to_have_text(
        ["Seed", "0", "1"]
    )
    assert grave_findings(page) == []


def test_by_keyboard_a_run_is_renamed_and_its_recipe_taken_over(app_server: str, page: Page):
    run = finished_run(page, app_server, seed="2")
    open_page(page, f"{app_server}/finetune?section=compare&runs={run}")
    wait_until_idle(page)
    page.get_by_role("button", name="Rename").focus()
    page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="Name")
    name.fill("Two of each")
    name.press("Enter")
    expect(page.get_by_role("columnheader", name="Two of each")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run again with one change").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('section=recipe')")
    query = parse_qs(urlparse(page.url).query)
    assert (query["seed"], query["n"], query["regime"]) == (["2"], ["2"], ["full"])


def test_on_a_narrow_screen_nothing_is_cut_off(app_server: str, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    runs = [finished_run(page, app_server, seed=str(seed), epochs="1") for seed in (3, 4, 5)]
    open_page(page, f"{app_server}/finetune?section=compare&runs={','.join(runs)}")
    wait_until_idle(page)
    for width in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{width}.scrollWidth") <= 390
    assert grave_findings(page) == []
