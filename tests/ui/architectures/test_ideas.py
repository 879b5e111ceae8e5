"""The experiments of the page on architectures: numbers against PyTorch and real networks; the page."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import timm
import torch
from playwright.sync_api import Browser, Page, expect
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.googlenet import Inception
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import Bottleneck
from torchvision.models.squeezenet import Fire

from cnnlab.tracing import trace_of
from cnnlab.zoo.networks.lenet import READ_BY_C3
from tests.running_app import open_page
from tests.ui.module_page import module_page

# The modules of the browser tell what they show; this asks one with some settings.
ASK = """async ([name, values]) => {
  const { idea } = await import(`/idea-${name}.js`);
  const all = { ...Object.fromEntries(idea.knobs.map((knob) => [knob.name, knob.start])), ...values };
  const shown = idea.show(all, { store: {}, extra: null, redraw() {} });
  const drawn = Boolean(shown.drawing?.getAttribute("aria-label"));
  return { columns: shown.columns, words: shown.words, drawn };
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as opened:
        yield opened


def ask(modules: Page, name: str, **values: float) -> dict[str, Any]:
    shown = modules.evaluate(ASK, [name, values])
    assert shown["drawn"]
    return shown


def counted(modules: list[nn.Module], *shape: int) -> dict[str, int]:
    """Count with PyTorch what modules that read the same input cost: weights and multiply-adds."""
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        for module in modules:
            module(torch.zeros(1, *shape, device="meta"))
    parameters = sum(one.numel() for module in modules for one in module.parameters())
    return {"parameters": parameters, "macs": counter.get_total_flops() // 2}


def told(column: dict[str, Any]) -> dict[str, int]:
    return {name: column[name] for name in ("parameters", "macs")}


def conv(*arguments: Any, **more: Any) -> nn.Conv2d:
    return nn.Conv2d(*arguments, **{"bias": False, "device": "meta", **more})


def without_norms(module: nn.Module) -> nn.Module:
    """Put nothing in the place of batch norms, which the experiments leave out."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.Identity())
        else:
            without_norms(child)
    return module.to("meta")


@pytest.mark.parametrize(("count", "channels"), [(2, 256), (3, 64), (7, 16)])
def test_a_row_of_small_kernels(modules: Page, count: int, channels: int) -> None:
    large, small = ask(modules, "kernels", count=count, channels=channels)["columns"]
    kernel = 2 * count + 1
    row = nn.Sequential(*(conv(channels, channels, 3, padding=1) for _ in range(count)))
    assert told(large) == counted([conv(channels, channels, kernel, padding=count)], channels, 56, 56)
    assert told(small) == counted([row], channels, 56, 56)
    assert large["field"] == small["field"] == kernel


def test_the_module_of_googlenet(modules: Page) -> None:
    shown = ask(modules, "module")
    module: Any = without_norms(Inception(192, 64, 96, 128, 16, 32, 32))
    for (
        one
    ) in module.modules():  # GoogLeNet's convolutions have biases; torchvision's have batch norm instead
        if isinstance(one, nn.Conv2d):
            one.bias = nn.Parameter(torch.zeros(one.out_channels, device="meta"))
    module.branch3[1].conv = nn.Conv2d(
        16, 32, 5, padding=2, device="meta"
    )  # torchvision's is 3 × 3 by mistake
    assert told(shown["columns"][1]) == counted([module], 192, 28, 28)
    assert "120.4 M" in shown["words"][0]
    assert "12.4 M" in shown["words"][0]


def test_the_fire_module(modules: Page) -> None:
    one, fire = ask(modules, "fire")["columns"]
    assert told(fire) == counted([Fire(96, 16, 64, 64).to("meta")], 96, 55, 55)
    assert told(one) == counted([nn.Conv2d(96, 128, 3, padding=1, device="meta")], 96, 55, 55)
    _, other = ask(modules, "fire", squeeze=500, share=25, expand=256, cin=128)["columns"]
    assert told(other) == counted([Fire(128, 128, 192, 64).to("meta")], 128, 55, 55)


@pytest.mark.parametrize(("power", "width"), [(5, 4), (0, 64), (3, 14)])
def test_paths_of_a_block(modules: Page, power: int, width: int) -> None:
    _, split = ask(modules, "cardinality", power=power, width=width)["columns"]
    block = without_norms(Bottleneck(256, 64, groups=2**power, base_width=width))
    assert told(split) == counted([block], 256, 56, 56)


def test_the_widths_that_keep_the_cost_are_those_of_the_paper(modules: Page) -> None:
    widths = modules.evaluate(
        "async () => [1, 2, 4, 8, 32].map((await import('/idea-cardinality.js')).fairWidth)"
    )
    assert widths == [64, 40, 24, 14, 4]


def test_the_separable_pair(modules: Page) -> None:
    standard, pair = ask(modules, "separable", kernel=5, cin=24, cout=40, size=28)["columns"]
    both = nn.Sequential(conv(24, 24, 5, padding=2, groups=24), conv(24, 40, 1))
    assert told(standard) == counted([conv(24, 40, 5, padding=2)], 24, 28, 28)
    assert told(pair) == counted([both], 24, 28, 28)


@pytest.mark.parametrize(("expansion", "channels"), [(6, 24), (1, 16), (3, 64)])
def test_the_inverted_residual(modules: Page, expansion: int, channels: int) -> None:
    _, inverted = ask(modules, "inverted", expansion=expansion, channels=channels, size=14)["columns"]
    block = without_norms(InvertedResidual(channels, channels, 1, expansion))
    assert told(inverted) == counted([block], channels, 14, 14)


def test_the_dense_block_is_that_of_densenet_121(modules: Page) -> None:
    _, narrow = ask(modules, "dense")["columns"]
    steps = [step for step in trace_of("densenet121").steps if step.path.startswith("features.denseblock1")]
    assert narrow["parameters"] == sum(step.parameters for step in steps if step.operation == "conv2d")
    assert any("256." in word for word in ask(modules, "dense")["words"])


def test_the_dual_path_stage_is_that_of_dpn_92(modules: Page) -> None:
    _, dual = ask(modules, "dual")["columns"]
    model = timm.create_model("dpn92", pretrained=False).to("meta")
    stage = [
        module
        for name, module in model.named_modules()
        if name.startswith("features.conv2") and isinstance(module, nn.Conv2d)
    ]
    assert dual["parameters"] == sum(module.weight.numel() for module in stage)


def test_the_two_cards_and_the_table(modules: Page) -> None:
    one, two = ask(modules, "cards")["columns"]
    steps = [step for step in trace_of("alexnet_2012").steps if step.operation == "conv2d"]
    assert two["parameters"] == sum(step.parameters for step in steps)
    assert one["parameters"] > two["parameters"]
    full, table = ask(modules, "table")["columns"]
    assert (full["parameters"], table["parameters"]) == (2416, 1516)
    read = modules.evaluate("async () => (await import('/idea-table.js')).READ")
    assert [set(maps) for maps in read] == [set(maps) for maps in READ_BY_C3]


@pytest.mark.parametrize(("groups", "each"), [(3, 4), (2, 5), (6, 2)])
def test_a_shuffle_is_pytorch_s(modules: Page, groups: int, each: int) -> None:
    order, heard = modules.evaluate(
        """async ([groups, each]) => {
          const { shuffled, heard } = await import("/idea-shuffle.js");
          return [shuffled(groups, each), heard(groups, each, true)];
        }""",
        [groups, each],
    )
    channels = torch.arange(groups * each, dtype=torch.float32).reshape(1, -1, 1, 1)
    assert order == nn.ChannelShuffle(groups)(channels).flatten().int().tolist()
    # What reaches a group: gradients through two grouped convolutions of ones.
    ones = torch.ones(groups * each, each, 1, 1)
    start = torch.zeros(1, groups * each, 1, 1, requires_grad=True)
    inner = nn.ChannelShuffle(groups)(nn.functional.conv2d(start, ones, groups=groups))
    outer = nn.functional.conv2d(inner, ones, groups=groups)
    for group in range(groups):
        (gradient,) = torch.autograd.grad(outer[0, group * each].sum(), start, retain_graph=True)
        reached = gradient.flatten().nonzero().flatten() // each
        assert heard[group] == sorted(set(reached.tolist()))


def test_the_cells_are_those_of_the_real_net(modules: Page) -> None:
    cells = modules.evaluate("async () => (await import('/idea-cells.js')).CELLS")
    model: Any = timm.create_model("nasnetalarge", pretrained=False).eval()
    for cell, module, channels in (("normal", model.cell_1, 168), ("reduction", model.reduction_cell_0, 336)):
        blocks, out = cells[cell]["blocks"], cells[cell]["out"]
        for number, block in enumerate(blocks):
            real = [
                described(getattr(module, f"comb_iter_{number}_{side}", None)) for side in ("left", "right")
            ]
            assert sorted(real) == sorted(operation for _, operation in block), (cell, number)
        for source in "hp":  # what becomes unknown if one of the two inputs is
            widths = [module.conv_1x1.conv.in_channels, module.conv_prev_1x1.conv.in_channels]
            inputs = [torch.zeros(1, width, 8, 8) for width in widths]
            inputs["hp".index(source)].fill_(torch.nan)
            with torch.no_grad():
                gone = module(*inputs).isnan().any(dim=(0, 2, 3))
            reached = [bool(gone[i * channels]) for i in range(len(out))]
            assert reached == [reads(blocks, one, source) for one in out], (cell, source)


def reads(blocks: list, one: str | int, source: str) -> bool:
    return one == source if isinstance(one, str) else any(reads(blocks, of, source) for of, _ in blocks[one])


def described(module: Any) -> str:
    if module is None:
        return "as it is"
    kernel = (
        module.separable_1.depthwise_conv2d.kernel_size[0]
        if hasattr(module, "separable_1")
        else module.kernel_size
    )
    size = kernel[0] if isinstance(kernel, tuple) else kernel
    name = (
        "separable"
        if hasattr(module, "separable_1")
        else "average"
        if "Avg" in type(module).__name__
        else "maximum"
    )
    return f"{name} {size} × {size}"


NET = """async ([kind, blocks, scale]) => {
  const m = await import("/idea-residual-net.js");
  const count = m.CHANNELS * m.SIDE * m.SIDE;
  const weights = m.weightsFor(blocks, scale);
  const [input, direction] = [m.normals(count, 7).map(Math.abs), m.normals(count, 11)];
  const { output, gradients } = m.run(kind, weights, input, direction);
  const plain = (one) => [...one];
  const given = { weights: weights.map(plain), input: plain(input), direction: plain(direction) };
  return { ...given, output: plain(output), gradients };
}"""


@pytest.mark.parametrize("kind", ["plain", "residual", "preactivated"])
def test_gradients_in_the_browser_are_autograd_s(modules: Page, kind: str) -> None:
    ran = modules.evaluate(NET, [kind, 4, 0.8])
    weights = torch.tensor(ran["weights"], dtype=torch.float64).reshape(4, 2, 4, 4, 3, 3)
    maps = [torch.tensor(ran["input"], dtype=torch.float64).reshape(1, 4, 8, 8).requires_grad_()]

    def layer(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return nn.functional.conv2d(x, weight, padding=1)

    for first, second in weights:
        x = maps[-1]
        inner = layer(torch.relu(layer(torch.relu(x) if kind == "preactivated" else x, first)), second)
        maps.append(
            {"plain": torch.relu(inner), "residual": torch.relu(x + inner), "preactivated": x + inner}[kind]
        )
    gradients = torch.autograd.grad(
        (maps[-1].flatten() * torch.tensor(ran["direction"], dtype=torch.float64)).sum(), maps[:-1]
    )
    np.testing.assert_allclose(ran["output"], maps[-1].detach().flatten(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ran["gradients"], [float(one.norm()) for one in gradients], rtol=1e-9)


def test_weights_of_nothing_make_the_identity(modules: Page) -> None:
    shown = ask(modules, "residual", scale=0, blocks=5)
    differences = [column["more"]["First block: largest |out − in|"] for column in shown["columns"]]
    assert differences[1:] == ["0", "0"]
    assert float(differences[0]) > 1
    assert "identity" in shown["words"][0]


def test_the_compound_rule(modules: Page) -> None:
    assert "= 1.920: about 2" in ask(modules, "compound")["words"][0]
    assert "less than 2" in ask(modules, "compound", alpha=100)["words"][0]
    assert "more than 2" in ask(modules, "compound", gamma=140)["words"][0]


def test_a_network_brings_its_experiment_and_sliders_are_in_the_address(app_server: str, page: Page) -> None:
    open_page(page, f"{app_server}/architectures?net=squeezenet1_0&tab=idea")
    panel = page.locator(".tab-panel.idea")
    expect(panel.get_by_role("combobox", name="Experiment")).to_have_value("fire", timeout=30_000)
    squeeze = panel.get_by_role("slider", name="Squeeze ratio")
    expect(squeeze).to_have_attribute("aria-valuetext", "0.125")
    squeeze.press("ArrowRight")
    expect(squeeze).to_have_attribute("aria-valuetext", "0.25")
    expect(page).to_have_url(re.compile(r"turn=250(,|%2C)50(,|%2C)128(,|%2C)96"))
    panel.get_by_role("button", name="As in the paper").click()
    expect(squeeze).to_have_attribute("aria-valuetext", "0.125")
    panel.get_by_role("combobox", name="Experiment").select_option("shuffle")
    expect(panel.get_by_role("slider", name="Groups")).to_be_visible()
