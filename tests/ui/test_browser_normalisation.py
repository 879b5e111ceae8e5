"""Does the normalisation lab compute what PyTorch's own modules compute, in float64?

Every kind in training, batch norm in use after several batches, its running values, and a convolution with
batch norm folded into it; the lab's own block and batches as well as random ones.
"""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page
from torch import nn

from tests.ui.module_page import module_page

NORMALISE = """async (cases) => {
  const { normalise } = await import("/normalisation.js");
  return cases.map(({ values, layer, scale, running }) => {
    const { mean, variance, xhat, y } = normalise(Float64Array.from(values), layer, scale, running);
    return { mean: [...mean], variance: [...variance], xhat: [...xhat], y: [...y] };
  });
}"""
RUN = """async ([batches, shape]) => {
  const { freshRunning, updateRunning } = await import("/normalisation.js");
  let running = freshRunning(shape[1]);
  return batches.map((batch) => {
    running = updateRunning(running, Float64Array.from(batch), shape);
    return { mean: [...running.mean], variance: [...running.variance] };
  });
}"""
FOLD = """async ([convolution, norm, input, inputShape]) => {
  const { convolve, foldBatchNorm, normalise } = await import("/normalisation.js");
  const folded = foldBatchNorm(convolution, norm);
  const plain = convolve(input, inputShape, convolution);
  const layer = { kind: "batch", shape: [1, ...plain.shape], groups: 1 };
  const two = normalise(plain.values, layer, norm, norm).y;
  const one = convolve(input, inputShape, { ...convolution, ...folded }).values;
  return [two, one, folded.weights, folded.bias].map((numbers) => [...numbers]);
}"""


def assert_close(shown: list[float] | torch.Tensor, expected: torch.Tensor) -> None:
    """Compare to 12 digits: sums of at most 384 numbers below 100, divided by deviations around 20."""
    numbers = torch.as_tensor(shown, dtype=torch.float64).flatten()
    torch.testing.assert_close(numbers, expected.detach().flatten(), rtol=1e-12, atol=1e-12)


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with module_page(browser) as page:
        yield page


def module_of(kind: str, shape: list[int], groups: int, eps: float) -> nn.Module:
    """Return PyTorch's module of a kind."""
    channels = shape[1]
    made = {
        "batch": lambda: nn.BatchNorm2d(channels, eps=eps),
        "layer": lambda: nn.LayerNorm(shape[1:], eps=eps),
        "instance": lambda: nn.InstanceNorm2d(channels, eps=eps, affine=True),
        "group": lambda: nn.GroupNorm(groups, channels, eps=eps),
    }
    return made[kind]().double()


def scaled(module: nn.Module, generator: torch.Generator) -> dict[str, list[float]]:
    """Give a module random scales and shifts and return them."""
    for parameter in module.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    gamma, beta = (parameter.data.flatten().tolist() for parameter in module.parameters())
    return {"gamma": gamma, "beta": beta}


def cases() -> list[tuple[nn.Module, torch.Tensor, dict[str, Any]]]:
    """Return modules with what goes into them, and the same for the browser."""
    generator = torch.Generator().manual_seed(3)
    random_ = random.Random(3)
    found = []
    for kind, _ in itertools.product(("batch", "layer", "instance", "group"), range(30)):
        groups = random_.choice([1, 2, 3])
        shape = [
            random_.randint(1, 4),
            groups * random_.randint(1, 2),
            random_.randint(2, 4),
            random_.randint(2, 4),
        ]
        eps = random_.choice([1e-5, 1e-3, 0.1])
        module = module_of(kind, shape, groups, eps)
        scale = {**scaled(module, generator), "eps": eps}
        x = torch.randn(shape, generator=generator, dtype=torch.float64) * 20 + 5
        layer = {"kind": kind, "shape": shape, "groups": groups}
        found.append((module, x, {"values": x.flatten().tolist(), "layer": layer, "scale": scale}))
    return found


def test_every_kind_gives_what_the_modules_give_in_training(modules: Page):
    asked = cases()
    answers = modules.evaluate(NORMALISE, [case for _, _, case in asked])
    for (module, x, _), answer in zip(asked, answers, strict=True):
        assert_close(answer["y"], module(x))


AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}


def test_each_set_has_the_mean_and_the_variance_of_its_axes(modules: Page):
    asked = [case for case in cases() if case[2]["layer"]["kind"] in AXES]
    answers = modules.evaluate(NORMALISE, [case for _, _, case in asked])
    for (_, x, case), answer in zip(asked, answers, strict=True):
        axes = AXES[case["layer"]["kind"]]
        assert_close(answer["mean"], x.mean(axes))
        variance = x.var(axes, unbiased=False).flatten()
        assert_close(answer["variance"], variance)


def test_equal_numbers_become_0_and_then_beta(modules: Page):
    layer = {"kind": "batch", "shape": [1, 1, 2, 2], "groups": 1}
    scale = {"gamma": [3], "beta": [0.25], "eps": 1e-5}
    [answer] = modules.evaluate(NORMALISE, [{"values": [7, 7, 7, 7], "layer": layer, "scale": scale}])
    assert answer == {"mean": [7], "variance": [0], "xhat": [0, 0, 0, 0], "y": [0.25, 0.25, 0.25, 0.25]}


def test_running_values_and_use_after_several_batches_are_pytorch_s(modules: Page):
    generator = torch.Generator().manual_seed(5)
    shape = [3, 4, 2, 3]
    module = nn.BatchNorm2d(4).double()
    batches = [torch.randn(shape, generator=generator, dtype=torch.float64) * 4 + 9 for _ in range(12)]
    seen = modules.evaluate(RUN, [[batch.flatten().tolist() for batch in batches], shape])
    for batch, running in zip(batches, seen, strict=True):
        module(batch)
        assert module.running_mean is not None
        assert module.running_var is not None
        assert_close(running["mean"], module.running_mean)
        assert_close(running["variance"], module.running_var)
    module.eval()
    x = batches[0] * 2
    layer = {"kind": "batch", "shape": shape, "groups": 1}
    scale = {**scaled(module, generator), "eps": 1e-5}
    case = {"values": x.flatten().tolist(), "layer": layer, "scale": scale, "running": seen[-1]}
    [answer] = modules.evaluate(NORMALISE, [case])
    assert_close(answer["y"], module(x))


@pytest.mark.parametrize("kernel", [1, 3])
def test_folding_gives_what_a_convolution_and_a_batch_norm_give(modules: Page, kernel: int):
    generator = torch.Generator().manual_seed(kernel)
    convolution = nn.Conv2d(2, 4, kernel).double()
    norm = nn.BatchNorm2d(4).double()
    scale = scaled(norm, generator)
    norm.running_mean = torch.randn(4, generator=generator, dtype=torch.float64)
    norm.running_var = torch.rand(4, generator=generator, dtype=torch.float64) + 0.1
    x = torch.randn(1, 2, 5, 5, generator=generator, dtype=torch.float64)
    assert convolution.bias is not None
    given = [
        {
            "weights": convolution.weight.flatten().tolist(),
            "bias": convolution.bias.tolist(),
            "kernel": kernel,
        },
        {**scale, "eps": 1e-5, "mean": norm.running_mean.tolist(), "variance": norm.running_var.tolist()},
        x.flatten().tolist(),
        [2, 5, 5],
    ]
    two, one, weights, bias = modules.evaluate(FOLD, given)
    expected = norm.eval()(convolution(x))
    assert_close(two, expected)
    assert_close(one, expected)
    fused = nn.utils.fusion.fuse_conv_bn_eval(convolution.eval(), norm)
    assert fused.bias is not None
    assert_close(weights, fused.weight)
    assert_close(bias, fused.bias)


BLOCKS = """async (settings) => {
  const { DEFAULTS } = await import("/layers-settings.js");
  const { batchOf, blockOf } = await import("/normalisation-block.js");
  const all = { ...DEFAULTS, ...settings };
  const batches = Array.from({ length: 300 }, (_, k) => batchOf(all, k + 1));
  return [blockOf(all), ...batches].map((numbers) => [...numbers]);
}"""


def test_the_batches_that_follow_are_like_the_learner_s_block(modules: Page):
    block, *batches = modules.evaluate(BLOCKS, {"normPreset": "channel"})
    x = torch.tensor(block, dtype=torch.float64).reshape(3, 4, 2, 2)
    many = torch.tensor(batches, dtype=torch.float64).reshape(-1, 3, 4, 2, 2)
    assert x[:, 0].mean() > x[:, 1:].mean() + 40
    spread = x.std((0, 2, 3), unbiased=False)
    # 3,600 numbers a channel: their mean strays by about spread / 60, their variance by about 1.5 %.
    assert ((many.mean((0, 1, 3, 4)) - x.mean((0, 2, 3))).abs() < spread / 15).all()
    assert ((many.var((0, 1, 3, 4)) / spread**2 - 1).abs() < 0.08).all()


def test_what_a_learner_changes_lands_at_its_place_and_one_sample_is_bright(modules: Page):
    plain, *_ = modules.evaluate(BLOCKS, {})
    changed, *_ = modules.evaluate(BLOCKS, {"normValues": {"5": -2.5, "900": 1}})
    assert [(i, b) for i, (a, b) in enumerate(zip(plain, changed, strict=True)) if a != b] == [(5, -2.5)]
    assert set(plain) <= set(range(10))
    bright, *_ = modules.evaluate(BLOCKS, {"normPreset": "sample"})
    assert [b - a for a, b in zip(plain, bright, strict=True)] == [0] * 32 + [50] * 16
