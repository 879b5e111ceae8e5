"""Which cells belong together on the maps, against gradients of PyTorch's own convolutions."""

import random
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser
from torch.nn import functional

from tests.ui.module_page import module_page

CASES = 60
LINKS = """async (cases) => {
  const { DEFAULTS } = await import("/settings.js");
  const { derive } = await import("/store.js");
  const { createScene, linked } = await import("/scene.js");
  return cases.map(({ settings, place }) => {
    const { layers, shapes, reports, ok } = derive({ ...DEFAULTS, ...settings });
    if (!ok) return null;
    const scene = createScene(layers[0], shapes[0], reports[0]);
    const { input, output, kernel } = scene;
    const cell = (map) => [0, 1].map((axis) => Math.floor(place[axis] * (axis ? map.cols : map.rows)));
    const tap = kernel.map((size, axis) => Math.floor(place[axis] * size));
    return {
      input, output, tap, outCell: cell(output), inCell: cell(input),
      fromOutput: linked(scene, "output", ...cell(output)),
      fromInput: linked(scene, "input", ...cell(input)),
      fromWeight: linked(scene, "kernel", ...tap),
    };
  });
}"""


def random_case(random_: random.Random) -> dict[str, Any]:
    """Return settings of a convolution or a transposed one, and a place on its maps in shares."""
    op = random_.choice(["conv", "conv", "transposed"])

    def sides(low: int, high: int) -> list[int]:
        return [random_.randint(low, high), random_.randint(low, high)]

    settings = {
        "op": op,
        "input": sides(3, 9),
        "kernel": sides(1, 4),
        "stride": sides(1, 3),
        "padding": sides(0, 2),
        "dilation": sides(1, 2),
        "outputPadding": [0, 0],
    }
    return {"settings": settings, "place": [random_.random(), random_.random()]}


def derivatives(settings: dict[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return how each output depends on each (padded) input and on each weight (H W · h w), all values 1.

    A convolution reads the padded input, so the padding is put on first; a transposed one is not cropped.
    """
    rows, cols = settings["input"]
    step = {"stride": settings["stride"], "dilation": settings["dilation"]}
    weight = torch.ones(1, 1, *settings["kernel"], dtype=torch.float64)
    if settings["op"] == "conv":
        rows, cols = rows + 2 * settings["padding"][0], cols + 2 * settings["padding"][1]
    run = functional.conv2d if settings["op"] == "conv" else functional.conv_transpose2d
    x = torch.ones(1, 1, rows, cols, dtype=torch.float64)

    def layer(given: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
        return run(given, kernel, **step)[0, 0]

    by_input, by_weight = torch.autograd.functional.jacobian(layer, (x, weight))
    return by_input[:, :, 0, 0], by_weight[:, :, 0, 0]


def places(mask: torch.Tensor) -> list[list[int]]:
    return sorted(mask.nonzero().tolist())


@pytest.fixture(scope="module")
def shown(browser: Browser) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    generator = random.Random(3)
    cases = [random_case(generator) for _ in range(3 * CASES)]
    with module_page(browser) as page:
        answers = page.evaluate(LINKS, cases)
    return [(case["settings"], answer) for case, answer in zip(cases, answers, strict=True) if answer][:CASES]


def test_marked_cells_are_those_that_pytorch_finds_by_gradient(
    shown: list[tuple[dict[str, Any], dict[str, Any]]],
):
    assert len(shown) == CASES
    for settings, links in shown:
        by_input, by_weight = derivatives(settings)
        outputs, inputs, tap = links["outCell"], links["inCell"], links["tap"]
        inside = outputs[0] < by_input.shape[0] and outputs[1] < by_input.shape[1]
        if inside:  # output padding may add cells that nothing reaches
            assert sorted(links["fromOutput"]["input"]) == places(by_input[*outputs]), settings
            assert sorted(links["fromOutput"]["kernel"]) == places(by_weight[*outputs]), settings
        assert sorted(links["fromInput"]["output"]) == places(by_input[:, :, *inputs]), settings
        used = by_weight[:, :, *tap].nonzero().tolist()
        assert len(links["fromWeight"]["input"]) == len(used), settings


def test_a_weight_is_used_once_for_each_output(shown: list[tuple[dict[str, Any], dict[str, Any]]]):
    for settings, links in shown:
        if settings["op"] == "conv":
            count = links["output"]["rows"] * links["output"]["cols"]
            assert len(links["fromWeight"]["input"]) == count, settings
