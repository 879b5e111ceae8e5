"""The frame on the picture is what a unit of the real network depends on; places in maps keep their share."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser

from cnnlab import zoo
from cnnlab.tracing import trace_of
from cnnlab.ui.architectures.describing import describe
from tests.inspection.watched import hooked
from tests.ui.module_page import module_page

SIDE = 65  # so that no row at the edge is left over
CONVOLUTIONS = ("features.0", "features.3.expand3x3", "features.7.expand3x3", "features.12.expand3x3")
SEEN = """async (asked) => {
  const { seenBy } = await import('/flow-field.js');
  return asked.map((one) => seenBy(...one));
}"""


def reached(model: torch.nn.Module) -> dict[str, np.ndarray]:
    """Say of each convolution which units depend on which row of the input: rows × units along the height.

    A number that is none spreads to all that depends on it: of each picture of the batch one row holds none.
    """
    x = torch.ones(SIDE, 3, SIDE, SIDE)
    x[torch.arange(SIDE), :, torch.arange(SIDE)] = float("nan")
    return {
        path: torch.isnan(calls[0]).any(1).any(2).numpy()
        for path, calls in hooked(model, x).items()
        if path in CONVOLUTIONS
    }


def test_the_frame_holds_exactly_the_rows_on_which_a_unit_of_the_network_depends(browser: Browser):
    wanted = reached(zoo.build("squeezenet1_1"))
    steps = {step["path"]: step for step in describe("squeezenet1_1", (3, SIDE, SIDE))["steps"]}
    units = {path: sorted({0, 1, len(rows[0]) // 2, len(rows[0]) - 1}) for path, rows in wanted.items()}
    asked = [
        (path, unit, [steps[path], [unit, unit], [SIDE, SIDE]])
        for path in CONVOLUTIONS
        for unit in units[path]
    ]
    with module_page(browser) as page:
        found = page.evaluate(SEEN, [one for _, _, one in asked])
    sizes = set()
    for (path, unit, _), seen in zip(asked, found, strict=True):
        rows = np.flatnonzero(wanted[path][:, unit])
        inside = seen["inside"]
        assert (inside["top"], inside["top"] + inside["height"] - 1) == (rows[0], rows[-1]), (path, unit)
        sizes.add(seen["to"][0] - seen["from"][0] + 1)
    assert sorted(sizes) == [3, 15, 63, 207]  # it grows along the network


def test_where_everything_is_seen_or_nothing_known_it_is_said(browser: Browser):
    steps = describe("resnet18")["steps"]
    script = "async ([step, unit]) => (await import('/flow-field.js')).seenText(step, unit, [224, 224])"
    with module_page(browser) as page:
        assert page.evaluate(script, [steps[-1], [0, 0]]) == "This unit sees the whole picture."
        assert "is not known" in page.evaluate(script, [steps[0] | {"field": None}, [0, 0]])
        for shape in ([197, 768], [56, 56, 96]):  # words of a transformer; channels as the last axis
            told = page.evaluate(script, [steps[9] | {"out": shape}, [0, 0]])
            assert "not laid out as the picture is" in told
        told = page.evaluate(script, [steps[0], [0, 0]])
        assert "7 × 7 pixels: rows −3 to 3, columns −3 to 3; what lies outside" in told
        assert trace_of("resnet18").steps[0].name == "conv1"


@pytest.mark.parametrize("size", [[1, 1], [7, 5], [224, 224], [333, 1000]])
def test_a_place_written_for_a_unit_is_read_as_that_unit(browser: Browser, size: list[int]):
    script = """async (size) => {
      const { placeOf, unitAt } = await import('/flow-field.js');
      const wrong = [];
      for (let row = 0; row < size[0]; row += 1)
        for (const column of [0, row % size[1], size[1] - 1]) {
          const [y, x] = unitAt(placeOf([row, column], size), size);
          if (y !== row || x !== column) wrong.push([row, column]);
        }
      return wrong;
    }"""
    with module_page(browser) as page:
        assert page.evaluate(script, size) == []
