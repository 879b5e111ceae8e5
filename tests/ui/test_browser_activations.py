"""Are the activation tab's values and slopes PyTorch's and its autograd's, to the last digits?

Kinks are among the points; softmax is compared with the whole Jacobian.
"""

import math
import random
from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from torch import nn

from tests.ui.layers_page import call, run_code, setting, show
from tests.ui.values_page import values_page

CURVES = """async (cases) => {
  const { applied, curveOf } = await import("/activations.js");
  return cases.map(({ settings, xs }) => {
    const curve = curveOf(settings);
    const { zero, flat } = applied(Float64Array.from(xs), curve);
    return { values: xs.map(curve.value), slopes: xs.map(curve.derivative), zero, flat };
  });
}"""
MODULES: dict[str, nn.Module] = {
    "relu": nn.ReLU(),
    "leaky": nn.LeakyReLU(0.2),
    "relu6": nn.ReLU6(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "silu": nn.SiLU(),
    "gelu": nn.GELU(),
    "hardswish": nn.Hardswish(),
}


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def points() -> list[float]:
    random_ = random.Random(8)
    even = [number / 8 for number in range(-64, 65)]  # with every kink: −3, 0, 3, 6
    beside = [kink + step for kink in (-3, 0, 3, 6) for step in (-0.05, -1e-3, 1e-3, 0.05)]
    return even + beside + [random_.uniform(-8, 8) for _ in range(300)] + [-40.0, -20.0, 20.0, 40.0]


@pytest.mark.parametrize("name", list(MODULES))
def test_values_and_slopes_are_torchs_to_the_last_digits(modules: Page, name: str) -> None:
    xs = points()
    settings = {"actName": name, "actSlope": 0.2}
    (shown,) = modules.evaluate(CURVES, [{"settings": settings, "xs": xs}])
    x = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    y = MODULES[name](x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    torch.testing.assert_close(
        torch.tensor(shown["values"], dtype=torch.float64), y.detach(), rtol=1e-13, atol=4e-15
    )
    torch.testing.assert_close(
        torch.tensor(shown["slopes"], dtype=torch.float64), slope, rtol=1e-13, atol=4e-15
    )
    # Far out torch's GELU is exactly 0 earlier than the true one.
    near = x.detach().abs() <= 8
    (shown,) = modules.evaluate(CURVES, [{"settings": settings, "xs": x[near].tolist()}])
    assert shown["zero"] == int((y[near] == 0).sum()) >= (name != "sigmoid")
    assert shown["flat"] == int((slope[near].abs() < 0.05).sum())


def test_the_error_function_is_pythons(modules: Page) -> None:
    xs = [number / 50 for number in range(-350, 351)]
    for x, found in zip(xs, call(modules, "activations.js", "a[0].map(m.erfc)", xs), strict=True):
        assert found == pytest.approx(math.erfc(x), rel=2e-13, abs=1e-300)


def test_softmax_and_its_slopes_are_torchs(modules: Page) -> None:
    random_ = random.Random(3)
    cases = [[2.0, 1.0, 0.5, 0.0, -1.0], [800.0, 799.0, 0.0, -800.0, 1.0]]
    cases += [[random_.uniform(-8, 8) for _ in range(5)] for _ in range(20)]
    for scores in cases:
        z = torch.tensor(scores, dtype=torch.float64)
        expected = torch.softmax(z, 0)
        found = torch.tensor(call(modules, "activations.js", "m.softmax(a[0])", scores), dtype=torch.float64)
        torch.testing.assert_close(found, expected, rtol=1e-13, atol=1e-300)
        z.requires_grad_()
        shares = torch.softmax(z, 0)
        rows = [torch.autograd.grad(share, z, retain_graph=True)[0] for share in shares]
        jacobian = torch.stack(rows)
        for index in range(5):
            slopes = call(modules, "activations.js", "m.softmaxSlopes(a[0], a[1])", scores, index)
            found = torch.tensor(slopes, dtype=torch.float64)
            torch.testing.assert_close(found, jacobian[:, index], rtol=1e-12, atol=1e-15)
            settings = {"actName": "softmax", "actScores": scores, "actScore": index}
            (curve,) = modules.evaluate(CURVES, [{"settings": settings, "xs": [scores[index]]}])
            assert curve["values"] == pytest.approx([expected[index].item()], rel=1e-13)
            assert curve["slopes"] == pytest.approx([jacobian[index, index].item()], rel=1e-12, abs=1e-15)


def test_the_map_is_a_bell_curve_of_the_mean_and_spread_that_are_set(modules: Page) -> None:
    plain, moved = (
        torch.tensor(
            call(modules, "activations.js", "[...m.mapValues(a[0], a[1])]", *given), dtype=torch.float64
        )
        for given in ((0, 1), (-3, 2.5))
    )
    assert abs(plain.mean()) < 3 / 12
    assert abs(plain.std() - 1) < 3 / math.sqrt(2 * 144)
    assert plain.unique().numel() == 144
    torch.testing.assert_close(moved, plain * 2.5 - 3, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", [*MODULES, "softmax"])
def test_the_activation_code_gives_the_numbers_that_are_shown(modules: Page, name: str) -> None:
    scores = [2, 1, 0.5, 0, -1]
    settings = {"actName": name, "actInput": -0.7, "actSlope": 0.2, "actScores": scores, "actScore": 2}
    variables, _ = run_code(modules, "activations", settings)
    index = 2 if name == "softmax" else 0
    at = scores[2] if name == "softmax" else -0.7
    (shown,) = modules.evaluate(CURVES, [{"settings": settings, "xs": [at]}])
    assert shown["values"] == pytest.approx([variables["y"][index].item()], rel=1e-13)
    assert shown["slopes"] == pytest.approx([variables["x"].grad[index].item()], rel=1e-13)


def test_the_point_is_moved_by_keys_and_by_the_pointer(page: Page) -> None:
    show(page, "activations", {"actInput": -1})
    numbers = page.locator(".act-numbers")
    expect(numbers).to_have_text("f(−1) = 0, slope 0")
    page.get_by_label("Point x").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(numbers).to_have_text("f(0.2) = 0.2, slope 1")
    page.get_by_role("button", name="Tanh").press("Enter")
    expect(numbers).to_have_text("f(0.2) = 0.1974, slope 0.961")
    drawing = page.locator(".act-drawing")
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40 + (box["width"] - 50) * 0.75, box["y"] + 60)
    expect(numbers).to_have_text("f(4) = 0.9993, slope 0.001341")


def test_a_dying_relu_is_said_in_numbers(page: Page) -> None:
    show(page, "activations", {"actMean": -6, "actSpread": 1})
    expect(page.get_by_text("144 of 144 values (100\u00a0%) become exactly 0.")).to_be_visible()
    page.get_by_role("button", name="Leaky ReLU").press("Enter")
    expect(page.get_by_text("None of the 144 values becomes exactly 0.")).to_be_visible()
    expect(page.get_by_label("Slope a on the left")).to_be_visible()


def test_softmax_scores_are_moved_and_followed(page: Page) -> None:
    show(page, "activations", {"actName": "softmax"})
    expect(page.locator(".act-numbers")).to_have_text("p(A) = 0.563, slope 0.246")
    page.get_by_role("button", name="Follow score C").press("Enter")
    expect(page.locator(".act-numbers")).to_contain_text("p(C) = 0.1256")
    page.get_by_label("Score E", exact=True).press("End")
    assert setting(page, "actScores", "actScore") == [[2, 1, 0.5, 0, 8], 4]
    expect(page.get_by_text("The probabilities add up to 1, the slopes to 0")).to_be_visible()


def test_what_becomes_of_a_value_is_said_under_the_pointer_and_by_keys(page: Page) -> None:
    show(page, "activations", {"actName": "sigmoid"})
    value = call(page, "activations.js", "m.mapValues(0, 2)[13]")
    output = torch.sigmoid(torch.tensor(value, dtype=torch.float64)).item()
    said = f"Row 1, column 1: {value:.4g} becomes {output:.4g}, slope {output * (1 - output):.4g}."
    page.get_by_role("group", name="The maps").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".drop-readout")).to_have_text(said.replace("-", "−"))
    page.keyboard.press("Tab")
    canvas = page.locator("[data-map=act-after]")
    box = canvas.bounding_box()
    assert box is not None
    canvas.hover(position={"x": box["width"] * 1.5 / 12, "y": box["height"] * 1.5 / 12})
    expect(page.locator(".drop-readout")).to_have_text(said.replace("-", "−"))
