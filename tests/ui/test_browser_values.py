"""Are the numbers that the browser draws those of `torch.nn.functional` in float64?

Inputs and weights are taken from the browser, every map is computed again by PyTorch; which output
a cell reaches is asked of PyTorch too, by putting a single 1 into an input of zeros.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page

from tests.ui.random_layers import apply_in_torch, possible_settings, sides
from tests.ui.values_page import export, values_page

NUMBER = 240
# Sums of at most 75 products of numbers up to 255; float64 keeps 1e-16 of each.
RELATIVE = 1e-12

SINGLE_LAYERS = [s for s in possible_settings(120, seed=7) if s["pair"] == "none"][:60]
REACH = """async ([changes, positions]) => {
  const { derive } = await import("/store.js");
  const { DEFAULTS } = await import("/settings.js");
  const { createValues } = await import("/values.js");
  const settings = { ...DEFAULTS, ...changes };
  const { layers, shapes } = derive(settings);
  const values = createValues(settings, layers, shapes, null);
  const [kh, kw] = layers[0].kernel.length === 1 ? [1, layers[0].kernel[0]] : layers[0].kernel;
  const taps = Array.from({ length: kh * kw }, (_, i) => [Math.floor(i / kw), i % kw]);
  return {
    reach: positions.map(([y, x]) => values.reach(0, y, x)),
    uses: taps.map(([ky, kx]) => ({ ky, kx, ...values.tapUses(0, ky, kx) })),
  };
}"""


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def dense_weights(numbers: dict[str, Any]) -> torch.Tensor:
    """Lay the browser's kernels out as PyTorch wants them, without the channels that are not read."""
    layer = numbers["layer"]
    kernels = [[kernel for kernel in row if kernel is not None] for row in numbers["weights"]]
    weights = torch.tensor(kernels, dtype=torch.float64).reshape(layer["cout"], -1, *layer["kernel"])
    if layer["op"] != "transposed":
        return weights
    groups = weights.chunk(layer["groups"])  # each: out/groups × in/groups × …
    return torch.cat([group.transpose(0, 1) for group in groups])


def maps_in_torch(numbers: dict[str, Any], x: torch.Tensor) -> Any:
    pool = numbers["layer"]["op"].endswith("pool")
    weights = None if pool else dense_weights(numbers)
    return apply_in_torch(
        numbers["layer"], x, weights, None if pool else torch.tensor(numbers["bias"], dtype=torch.float64)
    )


def check_layer(numbers: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
    """Compare every map of a layer with PyTorch's; return PyTorch's."""
    expected = maps_in_torch(numbers, x)
    values = torch.tensor([m["values"] for m in numbers["maps"]], dtype=torch.float64)
    if isinstance(expected, tuple):
        expected, places = expected
        found = torch.tensor([m["argmax"] for m in numbers["maps"]]).reshape(places.shape)
        assert found[expected.isfinite()].equal(places[expected.isfinite()])
    assert list(expected.shape[1:]) == numbers["output"]
    largest = expected[expected.isfinite()].abs().max().item() if expected.isfinite().any() else 1.0
    torch.testing.assert_close(
        values.reshape(expected.shape), expected, rtol=0, atol=RELATIVE * max(1, largest)
    )
    assert numbers["wrong"] == [], "a cell adds up to something else than the map says"
    return expected


@pytest.mark.parametrize("seed", range(4))
def test_every_map_is_that_of_pytorch_and_every_cell_adds_up_to_it(modules: Page, seed: int) -> None:
    settings = possible_settings(NUMBER // 4, seed)
    for given, numbers in zip(settings, export(modules, settings), strict=True):
        assert (numbers["ok"], numbers["ready"]) == (True, True), given
        x = torch.tensor(numbers["inputs"], dtype=torch.float64).reshape(1, *numbers["layers"][0]["shape"])
        for layer in numbers["layers"]:
            x = check_layer(layer, x)


def test_the_random_settings_cover_every_operation_mode_and_pair() -> None:
    settings = [s for seed in range(4) for s in possible_settings(NUMBER // 4, seed)]
    assert {s["op"] for s in settings} == {"conv", "transposed", "maxpool", "avgpool"}
    assert {s["pair"] for s in settings} == {"none", "depthwise", "spatial"}
    padded = [
        s for s in settings if s["op"] == "conv" and isinstance(s["padding"], list) and sum(s["padding"])
    ]
    assert {s["padMode"] for s in padded} == {"zeros", "reflect", "replicate", "circular"}
    assert any(s["padding"] == "same" and 2 in s["kernel"] for s in settings)
    assert any(s["op"] == "transposed" and sum(s["outputPadding"]) and s["groups"] > 1 for s in settings)
    assert any(s["op"] == "avgpool" and s["ceil"] and not s["countPad"] for s in settings)


def test_each_product_is_input_times_weight_taken_from_the_place_it_names(modules: Page) -> None:
    settings = possible_settings(40, seed=11)
    for numbers in export(modules, settings, wants_taps=True):
        layer = numbers["layers"][0]
        width = layer["shape"][-1]
        for tap in (tap for cell in layer["cells"] for tap in cell["taps"]):
            known = tap["y"] >= 0
            if known:
                assert tap["input"] == numbers["inputs"][tap["c"]][tap["y"] * width + tap["x"]]
            elif layer["layer"]["op"] == "maxpool":
                assert tap["input"] == float("-inf")
            else:
                assert tap["input"] == 0
            assert tap["inside"] is not tap["padded"]
            kernel = layer["weights"][0][tap["c"]]
            weight = 1 if kernel is None else kernel[tap["ky"] * layer["layer"]["kernel"][-1] + tap["kx"]]
            assert (tap["weight"], tap["product"]) == (weight, tap["input"] * weight)


def single_ones(settings: dict[str, Any]) -> torch.Tensor:
    """One input for each cell, with a 1 there and 0 elsewhere: a batch with one channel."""
    sizes = settings["input"][1:] if settings["dims"] == 1 else settings["input"]
    cells = torch.Size(sizes).numel()
    return torch.eye(cells, dtype=torch.float64).reshape(cells, 1, *sizes)


def reached_in_torch(layer: dict[str, Any], ones: torch.Tensor) -> list[set[tuple[int, int]]]:
    """For each cell that holds a 1: the outputs that are not 0 with a kernel of ones."""
    layer = {**layer, "groups": 1}
    if layer["op"] == "maxpool":  # a max reads what its window covers, as a sum over the window would show
        module = torch.nn.MaxPool1d if layer["dims"] == 1 else torch.nn.MaxPool2d
        run = module(
            layer["kernel"], layer["stride"], layer["padding"], layer["dilation"], ceil_mode=layer["ceil"]
        )
        out = run(ones)
    else:
        weights = torch.ones(1, 1, *layer["kernel"], dtype=torch.float64)
        out = apply_in_torch(layer, ones, weights, None)
    out = out.reshape(len(ones), -1, out.shape[-1])
    return [{(int(y), int(x)) for y, x in places.nonzero()} for places in out]


@pytest.mark.parametrize("settings", SINGLE_LAYERS[:40])
def test_an_input_cell_reaches_exactly_the_outputs_that_a_single_one_changes(
    modules: Page, settings: dict[str, Any]
) -> None:
    numbers = export(modules, [settings])[0]["layers"][0]
    ones = single_ones(settings)
    height, width = (1, ones.shape[-1]) if settings["dims"] == 1 else ones.shape[-2:]
    positions = list(itertools.product(range(height), range(width)))
    reach = modules.evaluate(REACH, [settings, positions])["reach"]
    expected = reached_in_torch(numbers["layer"], ones)
    assert [{(hit["y"], hit["x"]) for hit in hits} for hits in reach] == expected


@pytest.mark.parametrize("settings", SINGLE_LAYERS[40:])
def test_reach_and_the_uses_of_a_weight_are_the_taps_of_all_cells_turned_round(
    modules: Page, settings: dict[str, Any]
) -> None:
    numbers = export(modules, [settings], wants_taps=True)[0]["layers"][0]
    width = numbers["output"][-1]
    before = padding_before(numbers["layer"])
    taps = [
        (divmod(i, width), (tap["ky"], tap["kx"]), (tap["padY"] - before[0], tap["padX"] - before[1]), tap)
        for i, cell in enumerate(numbers["cells"])
        for tap in cell["taps"]
        if tap["c"] == 0
    ]
    positions = sorted({place for *_, place, _ in taps})
    found = modules.evaluate(REACH, [settings, positions])
    for place, hits in zip(positions, found["reach"], strict=True):
        inside = place[0] >= 0 and place[1] >= 0
        source = {
            (*o, *k) for o, k, at, tap in taps if at == place or (inside and (tap["y"], tap["x"]) == place)
        }
        assert {(hit["y"], hit["x"], hit["ky"], hit["kx"]) for hit in hits} == source
    for use in found["uses"]:
        touched = {(r["position"], c["position"]) for r in use["rows"] for c in use["columns"]}
        assert touched == {at for _, k, at, _ in taps if k == (use["ky"], use["kx"])}


def padding_before(layer: dict[str, Any]) -> tuple[int, int]:
    """Rows above and columns to the left that padding adds; a transposed convolution adds none."""
    if layer["op"] == "transposed":
        return 0, 0
    before = sides(layer)[::2]  # width first
    return (before[1] if len(before) == 2 else 0), before[0]
