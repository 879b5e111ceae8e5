"""The code that "Copy as PyTorch" gives runs as it stands, and makes the layer that the lab shows."""

import random
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.ui.module_page import module_page

SETTINGS = 80
ASK = """async (all) => {
  const { DEFAULTS } = await import("/settings.js");
  const { derive } = await import("/store.js");
  const { program } = await import("/pytorch-code.js");
  return all.map((changes) => {
    const { layers, shapes, ok, output, totals } = derive({ ...DEFAULTS, ...changes });
    return ok && { code: program(layers, shapes[0]), output, parameters: totals.parameters };
  });
}"""


def random_settings(random_: random.Random) -> dict[str, Any]:
    """Return settings of the lab, possible or not, so that each argument is written sometimes."""
    pair = random_.choice(["none", "none", "depthwise", "spatial"])
    channels = random_.choice([1, 2, 4, 6])
    return {
        "op": random_.choice(["conv", "conv", "transposed", "maxpool", "avgpool"]),
        "dims": 2 if pair == "spatial" else random_.choice([1, 2]),
        "input": [random_.randint(6, 12), random_.randint(6, 12)],
        "cin": channels,
        "cout": channels * random_.choice([1, 2]),
        "kernel": [random_.randint(1, 4), random_.randint(1, 4)],
        "stride": [random_.randint(1, 3), random_.randint(1, 3)],
        "padding": random_.choice(["valid", [0, 0], [1, 0], [1, 1]]),
        "padMode": random_.choice(["zeros", "zeros", "reflect", "replicate", "circular"]),
        "dilation": [random_.randint(1, 2), random_.randint(1, 2)],
        "groups": random_.choice([1, channels]),
        "bias": random_.random() < 0.5,
        "ceil": random_.random() < 0.5,
        "countPad": random_.random() < 0.5,
        "outputPadding": random_.choice([[0, 0], [0, 1]]),
        "pair": pair,
    }


@pytest.fixture(scope="module")
def programs(browser: Browser) -> list[dict[str, Any]]:
    generator = random.Random(7)
    asked = [random_settings(generator) for _ in range(SETTINGS * 3)]
    for one in asked:
        if one["op"] != "conv":  # the lab offers words, fillings and pairs for convolutions only
            one.update(padMode="zeros", pair="none")
            one["padding"] = [0, 0] if one["padding"] == "valid" else one["padding"]
    with module_page(browser) as page:
        return [answer for answer in page.evaluate(ASK, asked) if answer][:SETTINGS]


def test_the_code_runs_and_prints_the_shape_and_the_parameters_of_the_lab(programs: list[dict[str, Any]]):
    assert len(programs) == SETTINGS
    for answer in programs:
        said = StringIO()
        with redirect_stdout(said):
            exec(compile(answer["code"], "copied", "exec"), {})
        shape = ", ".join(str(size) for size in [1, *answer["output"]])
        expected = [f"torch.Size([{shape}])", str(answer["parameters"])]
        assert said.getvalue().splitlines() == expected, answer["code"]
