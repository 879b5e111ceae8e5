"""Does the browser's stack give the shapes, parameters and receptive fields of PyTorch's nn.Sequential?

Receptive fields are probed with gradients: the input cells whose gradient is not zero are those a unit sees.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn

from tests.ui.module_page import module_page, mount

PANEL = ("stack-panel.js", "createStackPanel")
STACKS = """async (drawn) => {
  const stack = await import("/stack.js");
  const { expression } = await import("/pytorch-code.js");
  const { DEFAULTS } = await import("/settings.js");
  return drawn.map(({ settings, place }) => {
    const computed = stack.computeStack({ ...DEFAULTS, ...settings });
    const { reports, shapes, fields, ok, layers, entries } = computed;
    const sum = (name) => (ok ? reports.reduce((total, report) => total + report[name], 0) : null);
    const unit = ok && shapes.at(-1).slice(1).map((size, axis) => Math.floor(place[axis] * size));
    return {
      ok, shapes, unit, written: stack.writeStack(entries), parameters: sum("parameters"),
      code: expression(layers), seen: ok && stack.seenBy(fields.at(-1), unit),
      reached: ok && stack.reachedCells(computed, layers.length - 1, unit),
    };
  });
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def random_layer(random_: random.Random, most: int) -> dict[str, Any]:
    """Draw one layer; sides are equal or differ, and channels in groups mostly fit."""

    def sides(low: int, high: int) -> tuple[int, int]:
        side = random_.randint(low, high)
        return (side, random_.choice([side, side, random_.randint(low, high)]))

    kind = random_.choice("ccccma")
    kernel = sides(1, most)
    layer = {"kind": kind, "kernel": kernel, "stride": sides(1, 2), "dilation": sides(1, 2)}
    if kind == "c":
        padding = random_.choice([sides(0, 2), sides(0, 2), "same", "valid"])
        if padding == "same" and random_.random() < 0.8:
            layer["stride"] = (1, 1)
        groups = random_.choice([1, 1, 2])
        return layer | {"padding": padding, "cout": random_.randint(1, 3) * groups, "groups": groups}
    if kind == "a":
        layer["dilation"] = (1, 1)
    return layer | {"padding": (min(kernel[0] // 2, 1), min(kernel[1] // 2, 1))}


def as_text(layers: list[dict[str, Any]]) -> str:
    """Write layers as the address does."""

    def part(value: Any) -> str:
        if isinstance(value, tuple):
            return str(value[0]) if value[0] == value[1] else f"{value[0]}x{value[1]}"
        return str(value)

    names = {"c": ("dilation", "cout", "groups"), "m": ("dilation",), "a": ()}
    first = ("kernel", "stride", "padding")
    return ";".join(
        ".".join([layer["kind"], *(part(layer[name]) for name in (*first, *names[layer["kind"]]))])
        for layer in layers
    )


def in_torch(layers: list[dict[str, Any]], channels: int, dims: int) -> nn.Sequential:
    """Build the same layers in PyTorch; raises ValueError where it refuses them."""
    modules: list[nn.Module] = []
    for layer in layers:
        own = {name: value for name, value in layer.items() if name not in ("kind", "cout", "kernel")}
        if dims == 1:
            own = {name: value[1] if isinstance(value, tuple) else value for name, value in own.items()}
        kernel = layer["kernel"] if dims == 2 else layer["kernel"][1]
        if layer["kind"] == "c":
            modules.append(getattr(nn, f"Conv{dims}d")(channels, layer["cout"], kernel, **own))
            channels = layer["cout"]
        elif layer["kind"] == "m":
            modules.append(getattr(nn, f"MaxPool{dims}d")(kernel, **own))
        else:
            modules.append(getattr(nn, f"AvgPool{dims}d")(kernel, own["stride"], own["padding"]))
    return nn.Sequential(*modules)


def draw(random_: random.Random, count: int, size: int) -> list[dict[str, Any]]:
    """Draw settings with a stack each, and where in its last map the probed unit lies (0 to 1 per axis)."""
    drawn = []
    for _ in range(count):
        dims = random_.choice([1, 2, 2])
        layers = [random_layer(random_, 4) for _ in range(random_.randint(1, 5))]
        settings = {
            "stack": as_text(layers),
            "dims": dims,
            "cin": random_.choice([1, 2, 2, 4]),
            "input": [random_.randint(size // 2, size), random_.randint(size // 2, size)],
        }
        place = [random_.random() * 0.999 for _ in range(dims)]
        drawn.append({"settings": settings, "place": place, "layers": layers})
    return drawn


def run_in_torch(case: dict[str, Any]) -> tuple[list[list[int]], nn.Sequential] | None:
    """Return all shapes and the model; None where PyTorch refuses it."""
    settings = case["settings"]
    size = settings["input"] if settings["dims"] == 2 else settings["input"][1:]
    x = torch.zeros(1, settings["cin"], *size)
    try:
        model = in_torch(case["layers"], settings["cin"], settings["dims"])
        shapes = [list(x.shape[1:])]
        for module in model:
            x = module(x)
            shapes.append(list(x.shape[1:]))
    except (ValueError, RuntimeError):
        return None
    return (shapes, model) if x.numel() else None


def test_a_hundred_and_fifty_random_stacks_have_the_shapes_and_parameters_of_pytorch(modules: Page) -> None:
    drawn = draw(random.Random(3), 150, 30)
    possible = 0
    for case, shown in zip(drawn, modules.evaluate(STACKS, drawn), strict=True):
        expected = run_in_torch(case)
        assert shown["ok"] == (expected is not None), case
        assert shown["written"] == case["settings"]["stack"]
        if expected is None:
            continue
        shapes, model = expected
        possible += 1
        assert shown["shapes"] == shapes, case
        assert shown["parameters"] == sum(p.numel() for p in model.parameters()), case
        code = eval(shown["code"], {"nn": nn})
        assert [p.shape for p in code.parameters()] == [p.shape for p in model.parameters()]
        assert list(code(torch.zeros(1, *shapes[0])).shape[1:]) == shapes[-1]
    assert 60 <= possible <= 140


def probe(case: dict[str, Any], unit: list[int]) -> list[list[int]]:
    """Return the input cells, per axis, that the unit's gradient reaches; every weight is positive.

    A max pool passes its gradient to one cell only, so a depthwise convolution of ones stands in for it.
    """
    settings = case["settings"]
    model = in_torch(case["layers"], settings["cin"], settings["dims"])
    size = settings["input"] if settings["dims"] == 2 else settings["input"][1:]
    x = torch.ones(1, settings["cin"], *size, dtype=torch.float64, requires_grad=True)
    y = x
    for module in model:
        if isinstance(module, nn.MaxPool1d | nn.MaxPool2d):
            convolution: Any = nn.Conv1d if settings["dims"] == 1 else nn.Conv2d
            channels = y.shape[1]
            module = convolution(
                channels,
                channels,
                module.kernel_size,
                module.stride,
                module.padding,
                module.dilation,
                channels,
            )
        for parameter in module.parameters():
            nn.init.ones_(parameter)
        y = module.double()(y)
    y[(0, slice(None), *unit)].sum().backward()
    assert x.grad is not None
    hit = x.grad[0].sum(0) != 0
    return [
        hit.any(tuple(other for other in range(hit.dim()) if other != axis)).nonzero().flatten().tolist()
        if hit.dim() > 1
        else hit.nonzero().flatten().tolist()
        for axis in range(hit.dim())
    ]


def test_the_cells_that_a_unit_reads_are_those_its_gradient_reaches(modules: Page) -> None:
    drawn = draw(random.Random(11), 80, 24)
    probed = 0
    for case, shown in zip(drawn, modules.evaluate(STACKS, drawn), strict=True):
        if not shown["ok"]:
            continue
        probed += 1
        assert shown["reached"] == probe(case, shown["unit"]), case
    assert probed >= 20


def test_the_field_of_a_unit_away_from_the_edge_spans_what_its_gradient_reaches(modules: Page) -> None:
    drawn = draw(random.Random(5), 120, 60)
    probed = 0
    for case, shown in zip(drawn, modules.evaluate(STACKS, drawn), strict=True):
        if not shown["ok"]:
            continue
        sizes = shown["shapes"][0][1:]
        inside = all(low >= 0 and high < size for (low, high), size in zip(shown["seen"], sizes, strict=True))
        if inside:
            reached = probe(case, shown["unit"])
            assert [[cells[0], cells[-1]] for cells in reached] == shown["seen"], case
            probed += 1
    assert probed >= 20


@pytest.mark.parametrize(
    ("preset", "size", "shape", "parameters"),
    [
        ("three-threes", 7, [16, 8, 8], 4800),  # (9·1·16 + 16) + 2·(9·16·16 + 16)
        ("two-threes", 5, [16, 8, 8], 2480),
        ("vgg", 16, [128, 56, 56], 260_160),  # 1,792 + 36,928 + 73,856 + 147,584
        ("dilated", 31, [16, 32, 32], 7120),
        ("lenet", 16, [16, 5, 5], 2572),  # 156 + 2,416
    ],
)
def test_ready_made_stacks_reach_as_far_as_their_titles_say(
    browser: Browser, preset: str, size: int, shape: list[int], parameters: int
) -> None:
    with module_page(browser) as page:
        mount(page, PANEL, {})
        page.locator(f"[data-preset={preset}]").click()
        totals = page.locator(".stack-totals").inner_text()
        assert totals.endswith(f"a unit sees {size}×{size}.")
        assert f"→ {'×'.join(map(str, shape))}, {parameters:,} parameters" in totals


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x.3.1.1.1.8.1",
        "c.3.1.1.1.8",
        "c.0.1.1.1.8.1",
        "m.2.2.same.1",
        "c.3.1.1.1.8.1;;",
        "c.3x3x3.1.1.1.8.1",
        ";".join(["m.2.2.0.1"] * 13),
    ],
)
def test_text_that_describes_no_stack_gives_the_default_stack(modules: Page, text: str) -> None:
    script = """async (text) => {
      const { stackLayers, writeStack, DEFAULT_STACK } = await import("/stack.js");
      return [writeStack(stackLayers(text)), DEFAULT_STACK];
    }"""
    read, default = modules.evaluate(script, text)
    assert read == default


def test_the_longest_stack_fits_its_place_in_the_address(modules: Page) -> None:
    script = """async (text) => {
      const { stackLayers, writeStack } = await import("/stack.js");
      const { FIELDS } = await import("/settings.js");
      return [writeStack(stackLayers(text)), FIELDS.stack[2].read(text)];
    }"""
    text = ";".join(["c.64x63.64x63.256x255.64x63.4096.4095"] * 12)
    assert modules.evaluate(script, text) == [text, text]
