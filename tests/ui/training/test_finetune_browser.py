"""Fine-tune in a real browser: from a recipe over one press of Start to the pictures behind a number."""

import json
import os
import re
import signal
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlparse
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnnlab.training.jobs.board import Board
from cnnlab.training.run_folder import RunFolder
from tests.running_app import open_page, running_app, wait_until_idle
from tests.training.made_archives import archive, usual
from tests.ui.axe_findings import grave_findings

SLOW = 120_000  # ms: the first run on a server loads PyTorch
SMALL = {"data": "shapes-new", "model": "shapes_plain", "n": "3", "epochs": "2", "regime": "frozen"}


def at(page: Page, server: str, section: str, **settings: str) -> Page:
    open_page(page, f"{server}/finetune?{urlencode({'section': section, **settings})}")
    return page


def run_of(page: Page) -> str:
    return parse_qs(urlparse(page.url).query)["run"][0]


def start(page: Page) -> Locator:
    return page.locator(".st-key-finetune-start").get_by_role("button", name="Start", exact=True)


def told(server: str, run: str, address: str) -> dict:
    with urlopen(f"{server}/run/{run}{address}") as answer:
        return json.load(answer)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def state(page: Page, name: str) -> None:
    expect(page.locator(".finetune")).to_have_attribute("data-state", name, timeout=SLOW)


def test_a_double_click_starts_one_run_that_ends_in_a_table_which_opens_its_pictures(
    app_server: str, page: Page
):
    at(page, app_server, "recipe", **SMALL)
    runs: set[str] = set()
    page.on("request", lambda one: runs.update(re.findall(r"/run/([0-9a-f]{16})\.json", one.url)))
    start(page).dblclick()
    page.wait_for_function("location.search.includes('run=')")
    state(page, "done")
    assert runs == {run_of(page)}
    facts = told(app_server, run_of(page), ".json")
    assert [one["epoch"] for one in facts["epochs"]] == [1, 2]

    page.get_by_text("The numbers of each epoch").click()
    rows = page.locator(".finetune-table tbody tr")
    expect(rows).to_have_count(2)
    accuracy = 100 * facts["epochs"][1]["accuracy"]
    expect(rows.nth(1)).to_contain_text(f"{accuracy:.1f} %")

    matrix = told(app_server, run_of(page), "/matrix/2.json")
    label, predicted = next((i, j) for i in range(10) for j in range(10) if i != j and matrix["cells"][i][j])
    page.locator(f"[data-at='{label}.{predicted}']").click()
    count = matrix["cells"][label][predicted]
    expect(page.locator(".finetune-chosen li")).to_have_count(min(count, 24))
    expect(page.locator(".finetune-chosen h3")).to_contain_text(
        f"{count} of {matrix['classes'][label]} taken for {matrix['classes'][predicted]}"
    )
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(500)  # colours fade over
        page.locator(".matrix-cell").evaluate_all(
            "all => all.forEach(one => one.style.setProperty('--share', '100%'))"
        )
        assert grave_findings(page) == [], theme


def test_by_keyboard_epochs_are_scrubbed_and_cells_opened(app_server: str, page: Page):
    at(page, app_server, "recipe", **SMALL | {"seed": "1"})
    start(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('run=')")
    state(page, "done")
    slider = page.get_by_role("slider", name="Epoch that is looked at")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".finetune-mistakes > p")).to_contain_text("After epoch 1,")
    page.locator(".matrix-cell[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-at='1.1']")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Inside, epoch by epoch").press("Enter")
    expect(page.locator(".probe")).to_have_count(4)
    expect(page.locator(".probe-map").first).to_be_visible()
    assert grave_findings(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_run_is_paused_watched_elsewhere_found_again_and_stopped(
    app_server: str, page: Page, browser: Browser
):
    at(page, app_server, "recipe", **SMALL | {"regime": "full", "n": "20", "epochs": "300"})
    start(page).click()
    page.wait_for_function("location.search.includes('run=')")
    state(page, "running")
    page.get_by_role("button", name="Pause", exact=True).click()
    state(page, "paused")

    other = browser.new_context().new_page()
    at(other, app_server, "run", run=run_of(page))
    expect(other.locator(".finetune")).to_have_attribute("data-state", "paused", timeout=SLOW)
    expect(other.get_by_role("button", name="Go on", exact=True)).to_be_hidden()
    other.context.close()

    page.reload()
    wait_until_idle(page)
    state(page, "paused")
    page.get_by_role("button", name="Go on", exact=True).click()
    state(page, "running")
    page.get_by_role("button", name="Stop the run").click()
    state(page, "stopped")
    expect(page.locator(".finetune-facts .problem")).to_contain_text("kept")
    page.get_by_role("button", name="Go on", exact=True).click()
    state(page, "running")
    page.get_by_role("button", name="Stop the run").click()
    state(page, "stopped")


@pytest.mark.slow
def test_a_run_whose_broker_is_killed_goes_on_in_all_browsers_that_look_at_it(page: Page, tmp_path: Path):
    runs = tmp_path / "runs"
    with running_app(tmp_path / "app.log", environment={"CNNLAB_RUNS": str(runs)}) as app:
        at(page, app.url, "recipe", **SMALL | {"regime": "full", "n": "20", "epochs": "300"})
        start(page).click()
        page.wait_for_function("location.search.includes('run=')")
        state(page, "running")
        page.get_by_role("button", name="Pause", exact=True).click()
        state(page, "paused")  # with a checkpoint
        run, other = run_of(page), page.context.new_page()
        at(other, app.url, "run", run=run)
        press(page, "Go on")
        state(other, "running")
        broker = Board(runs).told()["pid"]
        os.kill(broker, signal.SIGKILL)
        for one in (page, other):
            state(one, "lost")
            expect(one.locator(".finetune-facts .problem")).to_contain_text("begins at its last checkpoint")
        page.get_by_role("button", name="Go on", exact=True).dblclick()
        state(other, "running")
        page.reload()
        state(page, "running")
        assert Board(runs).told()["pid"] != broker
        press(other, "Stop the run")
        for one in (page, other):
            state(one, "stopped")
        steps = [one["step"] for one in RunFolder(runs / run).steps()]
        assert steps == list(range(1, len(steps) + 1))
        os.kill(Board(runs).told()["pid"], signal.SIGTERM)
    assert "Traceback" not in (tmp_path / "app.log").read_text()


def test_a_run_that_is_not_there_and_an_impossible_recipe_are_sentences(app_server: str, page: Page):
    at(page, app_server, "run", run="fedcba9876543210")
    expect(page.get_by_text("There is no run “fedcba9876543210”")).to_be_visible()
    at(page, app_server, "recipe", lr="much")
    expect(page.get_by_text("Learning rate goes from 1e-06 to 10; much was given.")).to_be_visible()
    page.get_by_label("Learning rate").fill("0.02")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('lr=0.02')")
    assert grave_findings(page) == []


def test_from_choosing_pictures_to_one_batch_and_what_can_be_taken_along(app_server: str, page: Page):
    at(page, app_server, "data", **SMALL | {"seed": "2"})
    page.get_by_role("button", name=re.compile("^Go on to the recipe")).click()
    expect(start(page)).to_be_visible()
    start(page).click()
    page.wait_for_function("location.search.includes('run=')")
    state(page, "done")
    expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=SLOW)

    page.get_by_role("button", name="One batch under the microscope").click()
    expect(page.locator(".step-status")).to_have_text("Step 1 of 2", timeout=SLOW)
    expect(page.locator(".step-batch li")).to_have_count(30)
    layers = page.locator(".step-layers tbody th")
    expect(layers).to_have_text(["fc.1"])  # only the head learns
    assert grave_findings(page) == []

    name = run_of(page)
    page.get_by_role("radiogroup").get_by_text("Compare").click()
    expect(page.get_by_role("heading", name="How many pictures do I need?")).to_be_visible(timeout=SLOW)
    assert run_of(page) == name


def test_from_an_archive_to_a_network_that_is_taken_along(app_server: str, page: Page):
    at(page, app_server, "data", data="shapes-new")
    page.get_by_text("Bring your own pictures").click()
    files = page.locator(".st-key-finetune-data-bring-open input[type=file]")
    name = "my 2 pets.zip"
    files.set_input_files({"name": name, "mimeType": "application/zip", "buffer": archive(usual(of_each=6))})
    page.get_by_role("button", name=re.compile(r"^Go on to the recipe, with my 2 pets$")).click(timeout=SLOW)
    page.get_by_role("spinbutton", name="Epochs").fill("3")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('epochs=3&') || location.search.endsWith('epochs=3')")
    start(page).click()
    page.wait_for_function("location.search.includes('run=')")
    state(page, "done")
    expect(page.get_by_role("heading", name="my 2 pets, head only")).to_be_visible()
    expect(page.locator(".finetune-matrix tbody th")).to_have_text(["cats", "dogs"])
    with page.expect_download(timeout=SLOW) as taken:
        page.get_by_role("button", name=re.compile("^Download")).click()
    assert taken.value.path().stat().st_size > 1000
    assert grave_findings(page) == []


def test_a_network_that_was_built_leads_to_its_training(app_server: str, page: Page):
    text = "input 3x32x32\nconv 8 k3\nrelu\nmaxpool 4\nglobalpool\ndense 10"
    open_page(page, f"{app_server}/build?{urlencode({'text': text})}")
    page.get_by_role("link", name="Train this network").click()
    recipe = page.locator(".st-key-finetune-start")
    expect(recipe).to_contain_text("the network that you built on New shapes, from scratch", timeout=SLOW)
    assert parse_qs(urlparse(page.url).query)["model"] == [f"built:{text}"]
    page.get_by_text("Head only.", exact=True).click()
    expect(page.get_by_text("Nobody has trained the network that you built")).to_be_visible()
    at(page, app_server, "recipe", model="built:conv -1", regime="scratch")
    expect(page.get_by_text("-1 is no channels")).to_be_visible()
