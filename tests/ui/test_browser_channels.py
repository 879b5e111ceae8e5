"""Does the lab say truly which channels an output reads, and is its 1×1 convolution dense at every pixel?

Connections are checked against gradients of PyTorch's layers, the proof against nn.functional.linear.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn

from tests.ui.module_page import module_page, mount

PANEL = ("channels-panel.js", "createChannelsPanel")
PARTNERS = """async (drawn) => {
  const { partners } = await import("/channels.js");
  const { layersOf, DEFAULTS } = await import("/settings.js");
  return drawn.map((change) => {
    const [layer] = layersOf({ ...DEFAULTS, ...change });
    const all = (side, count) => Array.from({ length: count }, (_, c) => partners(layer, side, c));
    return { out: all("out", layer.cout), in: all("in", layer.cin) };
  });
}"""
DRAWN = """async (change) => {
  const { drawnChannels, groupAt, partners } = await import("/channels.js");
  const { layersOf, DEFAULTS } = await import("/settings.js");
  const [layer] = layersOf({ ...DEFAULTS, ...change });
  const focus = { group: groupAt(layer, "out", change.outChannel), out: change.outChannel };
  focus.in = partners(layer, "out", change.outChannel).first;
  return ["in", "out"].map((side) => drawnChannels(layer, side, focus));
}"""
POINTWISE = """async ([settings, budget]) => {
  const { compareEverywhere, denseLayer, matrixOf } = await import("/pointwise.js");
  const { createStore } = await import("/store.js");
  const { DEFAULTS } = await import("/settings.js");
  const store = createStore({ ...DEFAULTS, ...settings });
  const [layer] = store.derived.layers;
  const values = store.values();
  const { rows, biases } = matrixOf(values, layer);
  const planes = Array.from({ length: layer.cin }, (_, c) => values.input(c));
  const pixels = planes[0].length;
  const at = (pixel) => Float64Array.from(planes, (plane) => plane[pixel]);
  return {
    rows: rows.map((row) => [...row]), biases, planes: planes.map((plane) => [...plane]),
    dense: Array.from({ length: pixels }, (_, pixel) => denseLayer(rows, at(pixel), biases)),
    convolution: rows.map((_, o) => [...values.outputChannel(0, o).values]),
    verdict: compareEverywhere(values, layer, pixels, budget),
  };
}"""
ONE = {"kernel": [1, 1], "source": "numbers", "kernelPreset": "random", "biasValue": 2.5}


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def test_the_channels_an_output_reads_are_those_its_gradient_reaches(modules: Page) -> None:
    random_ = random.Random(2)
    drawn = []
    for _ in range(40):
        groups = random_.choice([1, 2, 3, 4])
        op = random_.choice(["conv", "conv", "transposed", "maxpool"])
        drawn.append(
            {
                "op": op,
                "cin": groups * random_.randint(1, 3),
                "cout": groups * random_.randint(1, 3),
                "groups": groups,
            }
        )
    for change, shown in zip(drawn, modules.evaluate(PARTNERS, drawn), strict=True):
        cin, cout, groups = change["cin"], change["cout"], change["groups"]
        convolution = nn.ConvTranspose2d if change["op"] == "transposed" else nn.Conv2d
        layer: nn.Module = (
            nn.MaxPool2d(3) if change["op"] == "maxpool" else convolution(cin, cout, 3, groups=groups)
        )
        x = torch.randn(1, cin, 5, 5, requires_grad=True)
        y = layer(x)
        reads = torch.zeros(y.shape[1], cin, dtype=torch.bool)
        for o in range(y.shape[1]):
            (gradient,) = torch.autograd.grad(y[0, o].sum(), x, retain_graph=True)
            reads[o] = gradient[0].abs().sum((1, 2)) > 0
        named = torch.zeros_like(reads)
        for o, partner in enumerate(shown["out"]):
            named[o, partner["first"] : partner["first"] + partner["count"]] = True
        assert torch.equal(named, reads), change
        for c, partner in enumerate(shown["in"]):
            fed = reads[:, c].nonzero().flatten().tolist()
            assert list(range(partner["first"], partner["first"] + partner["count"])) == fed, change


@pytest.mark.parametrize("settings", [(8, 12, 4), (192, 64, 16), (192, 64, 1), (64, 64, 64), (48, 96, 2)])
def test_what_is_not_drawn_is_counted_so_that_no_channel_is_lost(
    modules: Page, settings: tuple[int, int, int]
) -> None:
    cin, cout, groups = settings
    for chosen in (0, cout // 2, cout - 1):
        change = {"cin": cin, "cout": cout, "groups": groups, "outChannel": chosen}
        for blocks, count in zip(modules.evaluate(DRAWN, change), (cin, cout), strict=True):
            rows = [row for block in blocks for row in block.get("rows", [block])]
            named = [row["channel"] for row in rows if "channel" in row]
            assert len(named) + sum(row.get("more", 0) for row in rows) == count
            assert named == sorted(set(named))
            assert len(rows) <= 18
            assert count != cout or chosen in named


def test_a_1x1_convolution_is_torchs_linear_at_every_pixel(modules: Page) -> None:
    settings = ONE | {"cin": 5, "cout": 7, "input": [6, 9]}
    shown = modules.evaluate(POINTWISE, [settings, 10**6])
    weight = torch.tensor(shown["rows"], dtype=torch.float64)
    bias = torch.tensor(shown["biases"], dtype=torch.float64)
    pixels = torch.tensor(shown["planes"], dtype=torch.float64).T  # channels × pixels -> pixels × channels
    expected = torch.nn.functional.linear(pixels, weight, bias)
    dense = torch.tensor(shown["dense"], dtype=torch.float64)
    convolution = torch.tensor(shown["convolution"], dtype=torch.float64).T
    torch.testing.assert_close(dense, expected, rtol=1e-13, atol=1e-12)
    torch.testing.assert_close(convolution, expected, rtol=1e-13, atol=1e-12)
    assert bias[0] == 2.5
    assert expected.std() > 1
    largest = (dense - convolution).abs().max().item()
    assert shown["verdict"] == {"compared": 54 * 7, "pixels": 54, "outputs": 7, "largest": largest}


def test_the_comparison_takes_only_as_many_channels_as_there_is_time_for(modules: Page) -> None:
    settings = ONE | {"cin": 5, "cout": 7, "input": [6, 9]}
    assert modules.evaluate(POINTWISE, [settings, 3 * 54 * 5])["verdict"]["outputs"] == 3
    assert modules.evaluate(POINTWISE, [settings, 54 * 5 - 1])["verdict"] is None


def test_pointing_at_a_channel_says_and_shows_what_it_is_joined_to(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 8, "cout": 12, "groups": 4})
        sentence = page.locator(".channels-sentence").first
        page.get_by_role("button", name="Output channel 5").hover()
        assert sentence.inner_text() == (
            "Output channel 5 reads input channels 2–3 (group 2 of 4): 2 of 8. "
            "It has 2 · 3 · 3 = 18 weights and 1 bias."
        )
        lit = page.locator(".channels-on").all_inner_texts()
        assert lit == ["2", "3", "5"]
        assert page.locator(".channels-lit path").count() == 2
        page.get_by_role("button", name="Input channel 2").hover()
        assert sentence.inner_text() == "Input channel 2 feeds output channels 3–5 (group 2 of 4): 3 of 12."
        page.get_by_role("button", name="Output channel 7").click()
        assert page.evaluate("store.settings.outChannel") == 7
        assert page.locator("[aria-pressed=true]").inner_text() == "7"


def test_channels_can_be_walked_with_the_arrow_keys(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 8, "cout": 12, "groups": 4})
        focused = "document.querySelector('#host').shadowRoot.activeElement.ariaLabel"
        page.get_by_role("button", name="Output channel 0").focus()
        for key, name in [
            ("ArrowDown", "Output channel 1"),
            ("End", "Output channel 11"),
            ("ArrowLeft", "Input channel 6"),
            ("ArrowUp", "Input channel 5"),
            ("ArrowRight", "Output channel 6"),
            ("Home", "Output channel 0"),
        ]:
            page.keyboard.press(key)
            assert page.evaluate(focused) == name
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.evaluate("store.settings.outChannel") == 1
        assert page.evaluate(focused) == "Output channel 1"
        assert page.locator(".channels-board button[tabindex='0']").count() == 2


def test_a_pair_shows_both_stages_and_pools_say_that_they_work_by_channel(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 4, "cout": 6, "pair": "depthwise"})
        titles = page.locator(".channels-stage h3").all_inner_texts()
        assert titles == ["Stage 1: 3×3 depthwise, 4 → 4 channels", "Stage 2: 1×1, 4 → 6 channels"]
        page.locator("[data-stage='1'] [data-side=out][data-channel='5']").click()
        assert page.evaluate("[store.settings.stage, store.settings.outChannel]") == [1, 5]
        page.evaluate("store.set({ op: 'maxpool', pair: 'none', inChannel: 2 })")
        assert "Pooling works channel by channel" in page.locator(".channels-view").inner_text()
        assert (
            "Output channel 2 is made from input channel 2 alone"
            in page.locator(".channels-view").inner_text()
        )


def test_groups_that_do_not_fit_are_said_and_nothing_is_drawn(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 4, "cout": 6, "groups": 3})
        text = "– 4 input and 6 output channels cannot be split into 3 equal groups."
        assert page.locator(".channels-sentence").first.inner_text() == text
        assert page.locator(".channels-board").first.is_hidden()


def test_the_proof_shows_equal_numbers_at_the_chosen_pixel_and_at_all(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"source": "numbers", "input": [7, 7]})
        page.get_by_role("button", name="Try it with a 1×1 kernel").click()
        page.get_by_label("row").fill("6")
        page.get_by_label("column").fill("0")
        assert page.evaluate("store.settings.pin") == [6, 0]
        x: list[Any] = page.evaluate("[0, 1, 2].map((c) => store.values().input(c)[6 * 7])")
        assert page.locator(".channels-vector td").all_inner_texts()[:3] == [str(value) for value in x]
        for o in range(4):
            dense = page.locator(f"[data-dense='{o}']").inner_text()
            assert page.locator(f"[data-cell='{o}']").inner_text() == f"= {dense}"
        page.get_by_text("All pixels and channels: 49 × 4 = 196 values compared").wait_for()
        assert "largest difference" in page.locator(".channels-verdict").inner_text()
