"""Are masks, scales and means those of PyTorch's dropout and torchvision's stochastic depth?

Means are checked against the spread that a fair coin allows, masks against each other.
"""

import math
from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from torch import nn
from torchvision.ops import StochasticDepth, stochastic_depth

from tests.ui.layers_page import call, run_code, setting, show
from tests.ui.values_page import values_page


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


@pytest.mark.parametrize("drop", [0.0, 0.05, 0.3, 0.5, 0.75, 0.95])
@pytest.mark.parametrize("kind", ["element", "channel"])
def test_survivors_are_scaled_as_torch_scales_them(modules: Page, kind: str, drop: float) -> None:
    values = call(modules, "dropout.js", "[...m.droppedInput()]")
    layer = nn.Dropout(drop) if kind == "element" else nn.Dropout2d(drop)
    torch.manual_seed(0)
    ones = layer(torch.ones(64, 64, 1, 1, dtype=torch.float64))
    (scale,) = ones[ones != 0].unique().tolist()
    mask = {"kind": kind, "seed": 7, "drop": drop}
    for number in range(5):
        passed = call(modules, "dropout.js", "[...m.dropPass(a[0], a[1], a[2])]", values, mask, number)
        kept = call(modules, "dropout.js", "m.keptUnits(a[0], a[1])", mask, number)
        units = [place if kind == "element" else place // 16 for place in range(64)]
        expected = [value * scale if kept[unit] else 0 for value, unit in zip(values, units, strict=True)]
        assert passed == pytest.approx(expected, rel=1e-15)
    layer.eval()
    x = torch.tensor(values, dtype=torch.float64).reshape(1, 4, 4, 4)
    assert torch.equal(layer(x), x)


@pytest.mark.parametrize("kind", ["element", "channel"])
def test_the_mean_of_many_masks_approaches_the_input_as_fast_as_said(modules: Page, kind: str) -> None:
    values = call(modules, "dropout.js", "[...m.droppedInput()]")
    for drop in (0.2, 0.5, 0.8):
        mask = {"kind": kind, "seed": 3, "drop": drop}
        for passes in (10, 1000, 5000):
            mean = call(modules, "dropout.js", "[...m.meanPass(a[0], a[1], a[2])]", values, mask, passes)
            error = math.sqrt(sum((m / v - 1) ** 2 for m, v in zip(mean, values, strict=True)) / len(values))
            usual = math.sqrt(drop / (1 - drop) / passes)
            assert call(modules, "dropout.js", "m.usualError(a[0], a[1])", drop, passes) == pytest.approx(
                usual
            )
            assert error < (1.5 if kind == "element" else 3) * usual
        assert error > 0


def test_the_mean_is_the_mean_of_the_passes_however_it_is_counted(modules: Page) -> None:
    values = call(modules, "dropout.js", "[...m.droppedInput()]")
    mask = {"kind": "element", "seed": 11, "drop": 0.4}
    each = "Array.from({ length: 37 }, (_, i) => [...m.dropPass(a[0], a[1], i)])"
    passes = torch.tensor(call(modules, "dropout.js", each, values, mask), dtype=torch.float64)
    for count in (1, 12, 37, 5):  # onwards from the last count, and back
        mean = call(modules, "dropout.js", "[...m.meanPass(a[0], a[1], a[2])]", values, mask, count)
        expected = passes[:count].mean(0)
        torch.testing.assert_close(torch.tensor(mean, dtype=torch.float64), expected, rtol=1e-13, atol=1e-13)


def test_masks_of_neighbours_and_of_following_passes_have_nothing_in_common(modules: Page) -> None:
    masks = (
        "Array.from({ length: 2000 }, (_, i) => m.keptUnits({ kind: 'element', seed: a[0], drop: 0.5 }, i))"
    )
    for seed in (1, 2, 54321):
        kept = torch.tensor(call(modules, "dropout.js", masks, seed), dtype=torch.float64) * 2 - 1
        limit = 5 / math.sqrt(kept.numel())
        assert abs(kept.mean()) < limit
        assert abs((kept[:, 1:] * kept[:, :-1]).mean()) < limit
        assert abs((kept[1:] * kept[:-1]).mean()) < limit
        assert kept.mean(0).abs().max() < 5 / math.sqrt(2000)
    one, other = (torch.tensor(call(modules, "dropout.js", masks, seed)) for seed in (1, 2))
    assert abs((one == other).double().mean() - 0.5) < 5 / math.sqrt(one.numel())


def test_survival_falls_in_a_straight_line_and_adds_up_to_the_papers_depth(modules: Page) -> None:
    four = call(modules, "dropout.js", "m.survivals(4, 0.5)")
    assert four == pytest.approx([0.875, 0.75, 0.625, 0.5], rel=1e-15)
    assert call(modules, "dropout.js", "m.expectedDepth(4, 0.5)") == 2.75
    # Huang et al. 2016, section 3: 54 blocks (ResNet-110), p_L = 0.5: (3 · 54 − 1) / 4, "about 40"
    assert call(modules, "dropout.js", "m.expectedDepth(54, 0.5)") == pytest.approx(40.25, rel=1e-14)
    assert call(modules, "dropout.js", "m.expectedDepth(54, 1)") == 54


@pytest.mark.parametrize("mode", ["row", "batch"])
def test_blocks_stay_as_often_as_torchvisions(modules: Page, mode: str) -> None:
    blocks, last, passes = 6, 0.3, 4000
    mask = {"seed": 4, "blocks": blocks, "last": last, "mode": mode}
    kept = call(
        modules, "dropout.js", f"Array.from({{ length: {passes} }}, (_, i) => m.keptBlocks(a[0], i))", mask
    )
    drawn = torch.tensor(kept, dtype=torch.float64)  # passes × pictures × blocks
    shared = bool((drawn == drawn[:, :1]).all())
    torch.manual_seed(1)
    for index, p in enumerate(call(modules, "dropout.js", "m.survivals(a[0], a[1])", blocks, last)):
        ones = torch.ones(passes, 4, 1, dtype=torch.float64)
        theirs = torch.stack([stochastic_depth(one, 1 - p, mode, training=True) for one in ones]).squeeze(-1)
        assert bool((theirs == theirs[:, :1]).all()) == shared == (mode == "batch")
        limit = 5 * math.sqrt(2 * p * (1 - p) / passes)
        assert abs((theirs != 0).double().mean() - drawn[:, :, index].mean()) < limit
        times = call(modules, "dropout.js", "m.keptTimes(a[0], a[1], a[2])", mask, index + 1, passes)
        assert times == drawn[:, 0, index].sum()


@pytest.mark.parametrize("p", [0.05, 0.5, 0.722, 1.0])
def test_both_ways_to_scale_a_branch_are_those_of_the_paper_and_of_torchvision(
    modules: Page, p: float
) -> None:
    x, f = 4.0, 2.0
    outputs = call(modules, "dropout.js", "m.blockOutputs(a[0], a[1], a[2])", x, f, p)
    layer = StochasticDepth(1 - p, "row")
    torch.manual_seed(2)
    branch = torch.full((20_000, 1), f, dtype=torch.float64)
    trained = x + layer(branch)
    kept = trained[trained != x].unique()
    assert kept.tolist() == pytest.approx([outputs["torchvision"]["kept"]], rel=1e-12)
    assert layer.eval()(branch)[0].item() + x == outputs["torchvision"]["evaluation"]
    spread = f / p * math.sqrt(p * (1 - p) / 20_000)
    assert trained.mean().item() == pytest.approx(outputs["torchvision"]["mean"], abs=5 * spread + 1e-9)
    # The paper: b · f + x with b drawn in training; p · f + x in evaluation (its equation 5).
    drawn = x + torch.bernoulli(torch.full((20_000,), p, dtype=torch.float64)) * f
    assert drawn.mean().item() == pytest.approx(outputs["paper"]["evaluation"], abs=5 * spread * p + 1e-9)
    for way in outputs.values():
        assert way["mean"] == pytest.approx(way["evaluation"], rel=1e-14)
        assert way["skipped"] == x


@pytest.mark.parametrize("kind", ["element", "channel"])
@pytest.mark.parametrize("training", [True, False])
def test_the_dropout_code_runs(modules: Page, kind: str, training: bool) -> None:
    settings = {"dropKind": kind, "dropPercent": 30, "dropTraining": training}
    variables, _ = run_code(modules, "dropout", settings)
    layer = variables["layer"]
    assert isinstance(layer, nn.Dropout2d if kind == "channel" else nn.Dropout)
    assert (layer.p, layer.training) == (0.3, training)


def test_the_stochastic_depth_code_runs_and_has_the_tabs_blocks(modules: Page) -> None:
    settings = {"dropKind": "depth", "dropBlocks": 5, "dropLastSurvival": 40, "dropMode": "batch"}
    variables, printed = run_code(modules, "dropout", settings)
    shown = call(modules, "dropout.js", "m.survivals(5, 0.4)")
    assert [1 - block.drop.p for block in variables["layers"]] == pytest.approx(shown)
    assert "expected depth: 3.20 of 5 blocks" in printed
    assert all(block.drop.mode == "batch" for block in variables["layers"])


def test_more_masks_bring_the_mean_to_the_input_and_evaluation_drops_nothing(page: Page) -> None:
    show(page, "dropout")
    story = page.get_by_role("region", name="Dropout of values or channels")
    expect(page.get_by_text("1 pass drawn")).to_be_visible()
    page.get_by_role("button", name="10 more").press("Enter")
    page.get_by_role("button", name="1000 more").press("Enter")
    expect(page.get_by_text("1,011 passes drawn")).to_be_visible()
    expect(story).to_contain_text("√(p / ((1 − p) · 1,011)) = 3.1 %")
    page.get_by_role("button", name="New masks").press("Enter")
    assert setting(page, "dropSeed", "dropMasks") == [2, 1]
    page.get_by_role("button", name="Evaluation").press("Enter")
    expect(story).to_contain_text("nn.Dropout passes every value on as it is")
    expect(page.get_by_role("button", name="New masks")).to_be_hidden()
    page.get_by_role("button", name="Channels").press("Enter")
    expect(story).to_contain_text("nn.Dropout2d passes every value on as it is")


def test_whole_blocks_are_drawn_and_the_chosen_one_is_worked_out(page: Page) -> None:
    show(page, "dropout", {"dropKind": "depth"})
    assert page.locator(".depth-bar").count() == 12
    assert page.locator(".depth-kept, .depth-skipped").count() == 48
    table = page.locator(".depth-table")
    row = [text.strip() for text in table.locator("[data-convention=paper] strong").all_inner_texts()]
    assert row == ["6", "4", "5", "5"]
    row = [text.strip() for text in table.locator("[data-convention=torchvision] strong").all_inner_texts()]
    assert row == ["8", "4", "6", "6"]
    page.get_by_label("Block to look at").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Block 6 of 12: p = 1 − 6/12 · (1 − 0.5) = 0.75")).to_be_visible()
    page.locator("[data-block='3'] .depth-area").click()
    assert setting(page, "dropBlock") == [3]
    page.get_by_label("Residual blocks").press("Home")
    assert setting(page, "dropBlocks", "dropBlock") == [1, 1]
    page.get_by_role("button", name="Evaluation").press("Enter")
    assert page.locator(".depth-skipped").count() == 0


def test_a_value_is_walked_to_by_keys_and_followed_while_masks_are_drawn(page: Page) -> None:
    show(page, "dropout")
    maps, said = page.get_by_role("group", name="The maps"), page.locator(".drop-readout")
    values = call(page, "dropout.js", "[...m.droppedInput()]")
    maps.focus()
    for key in ["ArrowRight"] * 5 + ["ArrowDown"]:  # the first press enters, the fifth step crosses the gap
        page.keyboard.press(key)
    expect(said).to_contain_text(f"Channel 1, row 1, column 0: {values[16 + 4]:g} comes in")
    before = said.inner_text()
    page.evaluate("window.store.set({ dropMasks: 1000 })")
    assert said.inner_text().split(" comes in")[0] == before.split(" comes in")[0]
    mask = {"kind": "element", "seed": 1, "drop": 0.5}
    mean = call(page, "dropout.js", "[...m.meanPass(a[0], a[1], 1000)]", values, mask)[20]
    expect(said).to_contain_text(f"{round(mean, 3):g} in the mean.")
    page.keyboard.press("Tab")
    expect(said).to_contain_text("Point at a value")
