"""The Layers page in a real browser: the normalisation lab by keyboard, by touch, by link, and what it says.

Expected numbers come from PyTorch; test_browser_normalisation checks the arithmetic for itself.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.layers_driver import MODULES, READY, block, chosen, mount_layers, number, open_layers, steps
from tests.ui.module_page import FOLDER, module_page

Open = Callable[..., Page]


@pytest.fixture
def layers(browser: Browser) -> Iterator[Open]:
    """Return a function that shows the lab with some settings."""
    with module_page(browser, width=1200) as page:
        yield partial(mount_layers, page)


VIEWS = ("block", "running", "folding")

LIT = [
    ("batch", {}, 3),
    ("layer", {}, 4),
    ("instance", {}, 1),
    ("group", {"ng": 2}, 2),
    ("group", {"ng": 4}, 1),
]


@pytest.mark.parametrize(("kind", "more", "maps"), LIT)
def test_the_maps_that_share_a_mean_light_up_and_carry_its_letter(
    layers: Open, kind: str, more: dict[str, int], maps: int
):
    page = layers(norm=kind, nat="1.2.0.1", **more)
    lit = page.locator(".norm-map.shares")
    assert lit.count() == maps
    assert page.locator(".norm-map").count() == 12
    letters = set(lit.locator(".norm-letter").all_inner_texts())
    assert len(letters) == 1
    others = page.locator(".norm-map:not(.shares) .norm-letter").all_inner_texts()
    assert letters.isdisjoint(others)
    assert len(letters | set(others)) * maps == 12
    expect(page.locator(".norm-cell-panel")).to_contain_text(f"= {maps * 4} numbers share one mean")
    expect(page.locator(".norm-cell-panel h3")).to_contain_text(f"Set {letters.pop()}:")


@pytest.mark.parametrize("kind", MODULES)
def test_the_number_worked_out_and_the_block_are_pytorch_s(layers: Open, kind: str):
    page = layers(norm=kind, nat="2.1.1.0")
    x = block(page)
    with torch.no_grad():
        expected = MODULES[kind]().double()(x)
    *_, xhat, y = steps(page)
    assert number(y) == number(xhat) == pytest.approx(expected[2, 1, 1, 0].item(), abs=5.1e-5)
    page.get_by_role("button", name="y", exact=True).click()
    expect(chosen(page)).to_have_attribute("aria-label", re.compile(f"^{re.escape(y)}, sample 2"))
    torch.testing.assert_close(block(page), expected, rtol=0, atol=5.1e-5)  # four decimals are shown


def test_a_batch_is_changed_and_worked_out_by_keyboard_alone(app_server: str, page: Page):
    open_layers(page, app_server)
    x = block(page)
    chosen(page).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    expect(chosen(page)).to_be_focused()
    expect(chosen(page)).to_have_attribute("aria-label", re.compile("sample 0, channel 1, row 0, column 1"))
    page.keyboard.type("-42.5")
    page.keyboard.press("Enter")
    expect(chosen(page)).to_be_focused()
    x[0, 1, 0, 1] = -42.5
    assert torch.equal(block(page), x)
    mean, variance, *_ = steps(page)
    assert number(mean) == pytest.approx(x[:, 1].mean().item(), abs=5.1e-5)
    assert number(variance) == pytest.approx(x[:, 1].var(unbiased=False).item(), abs=5.1e-5)
    gamma = page.get_by_role("slider", name="\N{GREEK SMALL LETTER GAMMA} of this channel")
    gamma.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    *_, xhat, y = steps(page)
    assert number(y) == pytest.approx(1.5 * number(xhat), abs=2e-4)
    page.get_by_role("button", name="Undo all changes by hand").click()
    *_, xhat, y = steps(page)
    assert xhat == y


def test_what_cannot_be_a_number_is_refused_in_a_sentence(layers: Open):
    page = layers()
    field = page.get_by_role("textbox", name="x at sample 0, channel 0, row 0, column 0")
    before = field.input_value()
    field.fill("12x")
    expect(page.locator(".norm-cell-panel .field-message")).to_contain_text(f"the lab still uses {before}")
    field.blur()
    expect(field).to_have_value(before)


def test_pointing_at_a_number_works_it_out_until_the_pointer_leaves(layers: Open):
    page = layers()
    title = page.locator(".norm-cell-panel h3")
    expect(title).to_have_text("Set A: channel 0 of all 3 samples")
    page.locator(".norm-cell").last.hover()
    expect(title).to_have_text("Set D: channel 3 of all 3 samples")
    page.mouse.move(5, 5)
    expect(title).to_have_text("Set A: channel 0 of all 3 samples")


def test_a_brighter_sample_is_undone_by_layer_norm_and_not_by_batch_norm(layers: Open):
    page = layers(norm="layer", nx="sample", nshow="y")
    assert block(page)[2].mean().abs() < 1e-4
    page.get_by_role("button", name="Batch", exact=True).click()
    assert block(page)[2].mean() > 1


def test_fed_batches_move_the_running_values_and_use_ignores_the_company(layers: Open):
    page = layers(nv="running")
    rows = page.locator(".norm-running table").first.locator("tbody tr")
    assert rows.first.locator("td").all_inner_texts()[::2] == ["0", "1"]
    for _ in range(2):
        page.get_by_role("button", name="Feed a new batch").click()
    expect(page.get_by_text("2 batches seen")).to_be_visible()
    said = page.locator(".norm-running .norm-step .formula").first.inner_text().replace("−", "-")
    old, new, result = (
        float(found)
        for found in re.findall(r"0\.[91]·\(?(-?[\d.]+)\)?|= (-?[\d.]+)$", said)
        for found in [found[0] or found[1]]
    )
    assert result == pytest.approx(0.9 * old + 0.1 * new, abs=1e-4)
    company = page.locator(".norm-company tbody tr")
    expect(company.nth(0)).to_contain_text("changed by")
    expect(company.nth(1)).to_contain_text("the same")
    page.get_by_role("button", name="Use (eval)").click()
    running = [number(text) for text in rows.first.locator("td").all_inner_texts()]
    mean, variance, *_, y = [number(text) for text in steps(page)]
    assert (mean, variance) == (running[0], running[2])
    assert company.nth(1).locator("td").first.inner_text() == steps(page)[-1]
    assert y == pytest.approx((block(page)[0, 0, 0, 0].item() - mean) / variance**0.5, abs=1e-3)


def test_only_batch_norm_has_running_values_and_can_be_folded(layers: Open):
    page = layers(norm="group", nv="running")
    expect(page.locator(".norm-running")).to_contain_text("Group norm does the same in training and in use")
    page.get_by_role("button", name="Folding").click()
    page.get_by_role("button", name="Show batch norm").click()
    expect(page.locator(".norm-verdict")).to_contain_text("largest difference")


@pytest.mark.parametrize("kernel", [1, 3])
def test_folding_shows_both_outputs_and_no_difference_but_rounding(layers: Open, kernel: int):
    page = layers(nv="folding", nb=10, nk=kernel, nat="0.2.0.0", ngam="2:1.7", nbet="2:-0.4")
    two, one = (
        page.locator(f".norm-outputs .map.{name}").get_attribute("aria-label") or ""
        for name in ("two", "one")
    )
    assert two.partition(":")[2] == one.partition(":")[2]
    assert len(two.split(",")) == (6 - kernel) ** 2
    verdict = page.locator(".norm-verdict").inner_text()
    assert re.search(r"is (0\.|\d\.\d+·10⁻¹[⁴⁵⁶]:)", verdict), verdict


def test_a_reload_and_the_link_keep_everything(app_server: str, browser: Browser, page: Page):
    open_layers(page, app_server)
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_label("C, channels").select_option("6")
    page.get_by_label("Groups").select_option("3")
    page.get_by_role("button", name="A bright channel").click()
    page.locator(".norm-cell").nth(9).click()
    page.keyboard.type("77")
    page.get_by_role("button", name="x̂", exact=True).click()
    page.get_by_role("slider", name="β of this channel").fill("-1.5")
    page.wait_for_function("location.search.includes('nbet')", timeout=8000)
    state = [steps(page), block(page).tolist(), page.locator(".norm-cell-panel h3").inner_text()]
    page.reload()
    page.locator(READY).wait_for(timeout=20_000)
    assert [steps(page), block(page).tolist(), page.locator(".norm-cell-panel h3").inner_text()] == state
    context = browser.new_context()
    other = context.new_page()
    other.goto(page.url)
    other.locator(READY).wait_for(timeout=20_000)
    assert [steps(other), block(other).tolist(), other.locator(".norm-cell-panel h3").inner_text()] == state
    context.close()


def test_another_shape_forgets_what_was_changed_and_keeps_the_groups_possible(layers: Open):
    page = layers(norm="group", ng=4, nxv="0:99", nat="2.3.1.1")
    page.get_by_label("C, channels").select_option("3")
    expect(page.get_by_label("Groups")).to_have_value("1")
    assert block(page).shape == (3, 3, 2, 2)
    assert block(page).max() <= 9
    expect(chosen(page)).to_have_attribute("aria-label", re.compile("sample 2, channel 2, row 1, column 1"))


def test_in_a_lesson_the_chosen_tab_stands_alone(layers: Open):
    page = layers(compact=True, norm="layer")
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
    expect(page.locator(".norm-map.shares")).to_have_count(4)


def test_what_a_link_says_wrongly_is_named(app_server: str, page: Page):
    open_layers(page, app_server, nchw="9x9x9x9", norm="spectral", nb=3)
    expect(page.locator(".link-problems")).to_contain_text("nchw=9x9x9x9")
    expect(page.locator(".link-problems")).to_contain_text("norm=spectral")


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 375, "height": 800},
        has_touch=True,
        reduced_motion="reduce",
        color_scheme=request.param,
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_on_a_phone_everything_fits_and_axe_finds_nothing_serious(app_server: str, phone: Page, view: str):
    open_layers(phone, app_server, nv=view, nb=4, nchw="4x6x4x4")
    main = phone.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    tables = phone.locator(".normalisation-panel .scroll:visible:has(table)")
    assert tables.evaluate_all("all => all.filter((one) => one.tabIndex < 0).length") == 0
    found = Axe().run(phone).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_a_tap_chooses_a_number(app_server: str, phone: Page):
    open_layers(phone, app_server)
    cell = phone.locator(".norm-cell").nth(5)
    cell.scroll_into_view_if_needed()
    cell.tap()
    expect(cell).to_have_attribute("aria-pressed", "true")
    box = cell.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


TIMES = """async (css) => {
  const { DEFAULTS } = await import("/layers-settings.js");
  const { createSettingsStore } = await import("/settings-store.js");
  const { createNormalisationPanel } = await import("/normalisation-panel.js");
  const root = document.querySelector("#host").attachShadow({ mode: "open" });
  root.innerHTML = "<style></style><div class='lab'><div></div></div>";
  root.querySelector("style").textContent = css;
  const store = createSettingsStore({ ...DEFAULTS, normShape: [4, 6, 4, 4] });
  const panel = createNormalisationPanel(root.querySelector(".lab > div"), store);
  store.subscribe((changed) => panel.update(changed));
  const times = [];
  for (let i = 0; i < 60; i += 1) {
    const start = performance.now();
    store.set({ normValues: { 3: i } });
    document.body.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[30];
}"""


def test_the_largest_block_follows_a_changed_number_within_a_frame(browser: Browser):
    css = "\n".join(file.read_text() for file in sorted(FOLDER.glob("*.css")))
    with module_page(browser) as page:
        assert page.evaluate(TIMES, css) <= 16
