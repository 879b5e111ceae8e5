"""Do the browser's cost comparisons agree with PyTorch's own modules, and with numbers worked by hand?

Parameters are counted from real modules, MACs by PyTorch's FLOP counter, maps from what the modules return;
all on the "meta" device, which has shapes but no numbers.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from tests.ui.module_page import module_page, mount

COMPARE = """async ([changes, reduction]) => {
  const { compareDesigns, separableRatio } = await import("/designs.js");
  const { DEFAULTS } = await import("/settings.js");
  return changes.map((change, i) => {
    const settings = { ...DEFAULTS, ...change };
    return { designs: compareDesigns(settings, reduction[i] ?? undefined), ratio: separableRatio(settings) };
  });
}"""
EXAMPLES = """async () => {
  const { compareDesigns, EXAMPLES } = await import("/designs.js");
  const { DEFAULTS } = await import("/settings.js");
  return Object.fromEntries(EXAMPLES.map(({ id, change }) => [
    id, Object.fromEntries(compareDesigns({ ...DEFAULTS, ...change }).map((design) => [design.id, design])),
  ]));
}"""
PANEL = ("costs-panel.js", "createCostsPanel")


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def random_settings(random_: random.Random) -> dict[str, Any]:
    """Draw settings of a convolution; about a third of them are impossible or nearly so."""
    sides = lambda low, high: [random_.randint(low, high), random_.randint(low, high)]  # noqa: E731
    groups = random_.choice([1, 1, 1, 2, 3, 4])
    return {
        "op": "conv",
        "dims": random_.choice([1, 2, 2, 2]),
        "input": sides(1, 20),
        "cin": random_.randint(1, 4) * random_.choice([1, groups]),
        "cout": random_.randint(1, 5) * random_.choice([1, groups]),
        "kernel": sides(1, 6),
        "stride": sides(1, 3),
        "padding": random_.choice([sides(0, 3), sides(0, 3), "same", "valid"]),
        "dilation": sides(1, 3),
        "groups": groups,
        "bias": random_.random() < 0.7,
    }


def sides_of(settings: dict[str, Any], only: int | None) -> dict[str, Any]:
    """Return PyTorch's arguments for the window; along one axis only where one is named."""
    given = {}
    for name in ("kernel", "stride", "padding", "dilation"):
        value = settings[name]
        rest = 0 if name == "padding" else 1
        if isinstance(value, list):
            value = tuple(side if only in (None, axis) else rest for axis, side in enumerate(value))
            value = value[1:] if settings["dims"] == 1 else value
        given["kernel_size" if name == "kernel" else name] = value
    return given


def torch_designs(settings: dict[str, Any], reduction: int) -> dict[str, list[nn.Module] | None]:
    """Build each design from PyTorch's modules; None where PyTorch refuses to build it."""
    convolution = nn.Conv1d if settings["dims"] == 1 else nn.Conv2d
    cin, cout, bias = settings["cin"], settings["cout"], settings["bias"]

    def build(i: int, o: int, groups: int = 1, only: int | None = None) -> nn.Module:
        sides = sides_of(settings, only)
        return convolution(i, o, groups=groups, bias=bias, device="meta", **sides)

    def point(i: int, o: int) -> nn.Module:
        return convolution(i, o, 1, bias=bias, device="meta")

    fewest = next((g for g in range(2, min(cin, cout) + 1) if cin % g == 0 and cout % g == 0), 0)
    groups = settings["groups"] if settings["groups"] > 1 else fewest
    makers: dict[str, Callable[[], list[nn.Module]]] = {
        "standard": lambda: [build(cin, cout)],
        "separable": lambda: [build(cin, cin, groups=cin), point(cin, cout)],
        "grouped": lambda: [build(cin, cout, groups=groups)],
        "spatial": lambda: [build(cin, cout, only=0), build(cout, cout, only=1)],
        "bottleneck": lambda: [point(cin, reduction), build(reduction, cout)],
    }
    if settings["dims"] == 1:
        del makers["spatial"]
    return {name: built(maker) for name, maker in makers.items()}


def built(maker: Callable[[], list[nn.Module]]) -> list[nn.Module] | None:
    """Make the modules; None where PyTorch refuses."""
    try:
        return maker()
    except ValueError:
        return None


def measured(layers: list[nn.Module] | None, x: torch.Tensor) -> dict[str, int] | None:
    """Run the modules and count; None where PyTorch refuses or returns nothing."""
    if layers is None:
        return None
    maps = 0
    try:
        with FlopCounterMode(display=False) as counter:
            for layer in layers:
                x = layer(x)
                maps += x.numel()
    except RuntimeError:
        return None
    return {
        "parameters": sum(p.numel() for layer in layers for p in layer.parameters()),
        "macs": counter.get_total_flops() // 2,
        "flops": counter.get_total_flops(),
        "weightBytes": 4 * sum(p.numel() for layer in layers for p in layer.parameters()),
        "activationBytes": 4 * maps,
        "outputs": x.numel(),
    }


def test_sixty_random_comparisons_cost_what_pytorchs_modules_cost(modules: Page) -> None:
    random_ = random.Random(20)
    drawn = [random_settings(random_) for _ in range(60)]
    reductions = [random_.randint(1, 6) for _ in drawn]
    compared = impossible = 0
    for settings, reduction, shown in zip(
        drawn, reductions, modules.evaluate(COMPARE, [drawn, reductions]), strict=True
    ):
        size = settings["input"][1:] if settings["dims"] == 1 else settings["input"]
        x = torch.empty(1, settings["cin"], *size, device="meta")
        designs = {design["id"]: design for design in shown["designs"]}
        standard = None
        for name, layers in torch_designs(settings, reduction).items():
            expected = measured(layers, x)
            standard = expected if name == "standard" else standard
            assert designs[name]["ok"] == (expected is not None), (name, settings)
            compared += expected is not None
            impossible += expected is None
            for quantity in expected or {}:
                if quantity != "outputs" and expected:
                    assert designs[name][quantity] == expected[quantity], (name, quantity, settings)
        if standard:
            dense = nn.Linear(x.numel(), standard["outputs"], bias=settings["bias"], device="meta")
            assert designs["dense"]["parameters"] == sum(p.numel() for p in dense.parameters())
            assert designs["dense"]["macs"] == dense.weight.numel()
    assert compared > 150
    assert impossible > 30


def test_the_pairs_ratio_is_the_formula_for_every_stride_and_padding(modules: Page) -> None:
    random_ = random.Random(7)
    drawn = [random_settings(random_) for _ in range(100)]
    possible = [shown["ratio"] for shown in modules.evaluate(COMPARE, [drawn, [1] * 100]) if shown["ratio"]]
    assert len(possible) > 50
    assert all(ratio["agrees"] for ratio in possible)


def test_the_worked_examples_give_the_numbers_in_their_titles(modules: Page) -> None:
    examples = modules.evaluate(EXAMPLES)
    assert examples["kernels"]["standard"]["parameters"] == 4864  # 64 · (3·5·5 + 1)
    assert examples["kernels"]["separable"]["parameters"] == 334  # 3·25 + 3 + 3·64 + 64
    assert examples["bottleneck"]["standard"]["macs"] == 120_422_400  # 28·28·32 · 5·5·192
    assert examples["bottleneck"]["bottleneck"]["macs"] == 12_443_648  # 28·28·16·192 + 28·28·32·5·5·16
    # 1/64 + 1/9 = 0.1267: about an eighth, as the title says
    assert examples["mobilenet"]["separable"]["ratios"]["macs"] == pytest.approx(1 / 64 + 1 / 9, rel=1e-12)


def test_what_cannot_be_built_shows_a_dash_and_the_reason(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"dims": 1, "cin": 4, "cout": 9, "input": [8, 8]})
        spatial = page.locator("[data-design=spatial]")
        assert "– A sequence has one axis" in spatial.inner_text()
        assert spatial.locator("[data-cost=parameters] .costs-value").inner_text() == "–"
        grouped = page.locator("[data-design=grouped]")
        assert "4 and 9 channels share no divisor above 1" in grouped.inner_text()
        assert grouped.get_by_role("button").is_disabled()
        page.evaluate("store.set({ kernel: [9, 9] })")
        assert "does not fit" in page.locator("[data-design=standard]").inner_text()


def test_use_sets_the_lab_to_a_design_and_the_bottleneck_goes_to_the_stack(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {})
        page.locator("[data-example=bottleneck]").click()
        assert page.locator("[data-design=bottleneck] [data-cost=macs] .costs-value").inner_text() == "12.4 M"
        assert page.locator("[data-design=standard] [data-cost=macs] .costs-value").inner_text() == "120.4 M"
        page.get_by_role("button", name="Use: Depthwise-separable pair").click()
        assert page.evaluate("[store.settings.pair, store.derived.layers.length]") == ["depthwise", 2]
        assert page.locator("[data-design=separable]").get_by_role("button").inner_text() == "In use"
        page.get_by_role("button", name="Open in the stack: 1×1 bottleneck first").click()
        settings = page.evaluate("[store.settings.tab, store.settings.stack]")
        assert settings == ["stack", "c.1.1.0.1.16.1;c.5.1.same.1.32.1"]


def test_a_wrong_number_of_bottleneck_channels_is_refused_in_a_sentence(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 24, "cout": 8})
        field = page.get_by_label("The bottleneck narrows to")
        field.fill("0")
        assert (
            "Enter a whole number from 1 to 4096; the table still uses 2."
            in page.locator(".costs-message").inner_text()
        )
        field.fill("5")
        assert page.locator(".costs-message").inner_text() == ""
        assert "1×1 from 24 to 5" in page.locator("[data-design=bottleneck]").inner_text()


def test_the_formulas_show_the_lab_with_its_numbers_for_every_stage(browser: Browser) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {"cin": 3, "cout": 64, "input": [32, 32], "kernel": [5, 5], "pair": "depthwise"})
        results = (
            page.locator(".costs-step", has=page.locator("dt", has_text="Parameters"))
            .locator("strong")
            .all_inner_texts()
        )
        assert results == ["78", "256"]
        page.evaluate("store.set({ op: 'maxpool' })")
        assert "Pooling has no weights" in page.locator(".costs-view").inner_text()
        assert page.locator(".costs-table").is_hidden()
