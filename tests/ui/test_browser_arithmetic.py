"""Does the browser compute and refuse layers exactly as PyTorch does, in the words of the Python side?

Random settings run through the plain ES modules in Chromium, all in one call; no server of the app is needed.
`--settings 5000` compares that many.
"""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from cnnlab.arithmetic import (
    AveragePool,
    Convolution,
    Dense,
    ImpossibleLayer,
    Layer,
    MaxPool,
    TransposedConvolution,
    analyse,
)
from cnnlab.arithmetic.nearest import nearest
from cnnlab.arithmetic.units import written_bytes, written_count
from cnnlab.arithmetic.windows import padding_pairs, windows
from tests.arithmetic.random_layers import random_layers
from tests.arithmetic.torch_layers import torch_result

MODULES = Path(__file__).parents[2] / "cnnlab" / "ui" / "browser"
COUNT = 800
SEED = 7
NAMES = {
    "in_channels": "cin",
    "out_channels": "cout",
    "in_features": "cin",
    "out_features": "cout",
    "padding_mode": "padMode",
    "output_padding": "outputPadding",
    "ceil_mode": "ceil",
    "count_include_pad": "countPad",
}
OPERATIONS = {
    Convolution: "conv",
    TransposedConvolution: "transposed",
    MaxPool: "maxpool",
    AveragePool: "avgpool",
    Dense: "dense",
}
RUN = """async (settings) => {
    const { analyse, suggestions, isPossible, outputSize } = await import("/arithmetic.js");
    return settings.map(([layer, shape]) => {
        const report = analyse(layer, shape);
        return {
            report,
            suggestions: suggestions(layer, shape),
            possible: isPossible(layer, shape),
            sizes: report.ok ? outputSize(layer, shape) : null,
        };
    });
}"""
Setting = tuple[Layer, tuple[int, ...]]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def modules() -> Iterator[str]:
    """Serve the folder of browser modules; return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=MODULES))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def module_page(page: Page, modules: str) -> Page:
    """Return a page that can import the modules."""
    page.goto(f"{modules}/units.js")
    return page


def drawn_settings(count: int) -> list[Setting]:
    drawn = []
    for layer, shapes in random_layers(3 * count, SEED):
        if type(layer) in OPERATIONS:
            drawn.append((layer, shapes[0]))
    return drawn[:count]


def browser_layer(layer: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """Write a layer as the browser modules take it."""
    names: list[str] = list(layer.__dataclass_fields__)
    result = {NAMES.get(name, name): getattr(layer, name) for name in names}
    plain: dict[str, Any] = {"op": OPERATIONS[type(layer)], "padMode": "zeros", "groups": 1, "bias": False}
    return plain | {"cin": shape[0], "cout": shape[0]} | result


def browser_changes(changes: Any, layer: Layer, shape: tuple[int, ...]) -> dict[str, Any]:
    result = {NAMES.get(name, name): value for name, value in changes.items() if name != "input"}
    size = changes.get("input")
    if size is None:
        return plain_lists(result)
    if isinstance(layer, Dense):
        return plain_lists(result | {"input": size})
    if size[1:] != shape[1:]:
        result["input"] = size[1:]
    if size[0] != shape[0] and "cin" not in result:
        result["inputChannels"] = size[0]
    return plain_lists(result)


def plain_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain_lists(one) for name, one in value.items()}
    return [plain_lists(one) for one in value] if isinstance(value, list | tuple) else value


def python_report(layer: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    try:
        report = analyse(layer, shape)
    except ImpossibleLayer as refusal:
        broken = [{"rule": one.rule, "sentence": one.sentence, "axis": one.axis} for one in refusal.problems]
        return {"ok": False, "problems": broken}
    fields = report.receptive_field
    sliding = isinstance(layer, Convolution | MaxPool | AveragePool)
    return plain_lists(
        {
            "ok": True,
            "problems": [],
            "output": report.output_shape,
            "parameters": report.parameters,
            "macs": report.macs,
            "flops": report.flops,
            "weightBytes": report.weight_bytes,
            "activationBytes": report.activation_bytes,
            "receptive": {
                "size": [field.size for field in fields],
                "stride": [float(field.stride) for field in fields],
                "lo": [field.lo for field in fields],
                "hi": [field.hi for field in fields],
                "uniform": [field.uniform for field in fields],
            },
            "steps": [{name: getattr(step, name) for name in step.__slots__} for step in report.steps],
            "padding": [] if isinstance(layer, Dense) else padding_pairs(layer),
            "overhang": [window.overhang for window in windows(layer, shape[1:])]
            if sliding
            else [0] * len(fields),
        }
    )


def test_random_settings_agree_with_pytorch_and_with_the_text_of_python(
    module_page: Page, request: pytest.FixtureRequest
) -> None:
    count = request.config.getoption("--settings") or COUNT
    settings = drawn_settings(count)
    assert len(settings) == count
    answers = module_page.evaluate(RUN, [[browser_layer(*one), one[1]] for one in settings])
    refused = 0
    for (layer, shape), answer in zip(settings, answers, strict=True):
        expected = torch_result(layer, (shape,))
        report = answer["report"]
        assert answer["possible"] == report["ok"] == (expected is not None), (layer, shape)
        assert report == python_report(layer, shape), (layer, shape)
        ways = [
            {"changes": browser_changes(one.changes, layer, shape), "sentence": one.sentence}
            for one in nearest(layer, (shape,))
        ]
        if expected is None:
            refused += 1
            assert answer["suggestions"] == ways, (layer, shape)
        else:
            assert (tuple(report["output"]), report["parameters"]) == expected, (layer, shape)
            assert answer["sizes"] == report["output"][1:]
    assert 0.2 < refused / count < 0.5


def test_huge_numbers_are_refused_and_do_not_hang(module_page: Page) -> None:
    settings: list[Setting] = [
        (Convolution(3, 8, kernel=2**40), (3, 32, 32)),
        (TransposedConvolution(1, 1, kernel=2**31, stride=2**31, dims=1), (1, 4)),
        (Convolution(2**31, 2**31, kernel=1, groups=2**31 - 1, dims=1), (2**31, 4)),
        (MaxPool(2**31, ceil_mode=True, dims=1), (1, 2**31)),
    ]
    answers = module_page.evaluate(RUN, [[browser_layer(*one), one[1]] for one in settings])
    for (layer, shape), answer in zip(settings, answers, strict=True):
        expected = python_report(layer, shape)
        assert answer["report"]["ok"] == expected["ok"]
        assert answer["report"]["problems"] == expected["problems"]


def test_counts_and_bytes_are_written_as_in_python(module_page: Page) -> None:
    random = Random(1)
    numbers = [
        0,
        1,
        999,
        1000,
        1023,
        1024,
        1075,
        2**20 - 1,
        2**20,
        10**6 - 1,
        10**6,
        120_422_400,
        10**9,
        10**12,
    ]
    numbers += [random.randrange(10 ** random.randint(1, 15)) for _ in range(300)]
    script = """async (numbers) => {
        const { bytesText, countText } = await import("/units.js");
        return numbers.map((number) => [bytesText(number), countText(number)]);
    }"""
    expected = [[written_bytes(number), written_count(number)] for number in numbers]
    assert module_page.evaluate(script, numbers) == expected
