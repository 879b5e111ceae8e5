"""Does the browser distort pictures as training does, pixel by pixel, for the same parameters?

The parameters are drawn by training's own generator; the browser gets the rows. Its own draws are compared
with what the policy allows.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page

from cnnlab.inspection.samples import sample_picture
from cnnlab.training.augmentation import applied, drawn, moved_masks, object_left
from cnnlab.training.colour_axes import colour_axes
from cnnlab.training.policy import PRESETS, Policy
from cnnlab.training.transforms import TRANSFORMS
from tests.ui.layers_page import call
from tests.ui.values_page import values_page

SIDE = 24
NAMES = [name for name in TRANSFORMS if name != "mixup"]
EVERY: Policy = tuple((name, TRANSFORMS[name].default) for name in NAMES)
STRONG: Policy = tuple((name, TRANSFORMS[name].most) for name in NAMES if name not in {"crop", "cutout"})


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    with values_page(browser) as page:
        yield page


def cat(height: int = SIDE, width: int = SIDE) -> np.ndarray:
    return sample_picture("cat").pixels[40 : 40 + 5 * height : 5, 30 : 30 + 5 * width : 5]


def for_browser(values: np.ndarray) -> dict[str, Any]:
    return {
        "width": values.shape[1],
        "height": values.shape[0],
        "values": (values / 255).ravel().tolist(),
    }


@pytest.mark.parametrize("policy", [*(((name, TRANSFORMS[name].most),) for name in NAMES), EVERY, STRONG])
def test_the_same_parameters_give_the_same_pixels(modules: Page, policy: Policy):
    pixels = cat(SIDE, SIDE + 6)
    axes = colour_axes(pixels[None])
    draws = drawn(policy, 3, torch.Generator().manual_seed(11))
    batch = torch.from_numpy(pixels / 255).float().movedim(-1, 0).expand(3, -1, -1, -1)
    expected = applied(batch, draws, axes).movedim(1, -1).numpy()
    rows = [{name: values[row].tolist() for name, values in draws.items()} for row in range(3)]
    given = {"vectors": axes.vectors.tolist(), "variances": axes.variances.tolist()}
    made = call(
        modules,
        "augment-colours.js",
        "a[1].map((draw) => [...m.applied(a[0], draw, a[2]).values])",
        for_browser(pixels),
        rows,
        given,
    )
    worst = np.abs(np.array(made).reshape(expected.shape) - expected)
    # Training counts in float32; the edge of a cut-out may fall on either side of a pixel's middle.
    assert np.quantile(worst, 0.999) < 2e-4, worst.max()


def test_masks_move_alike_and_as_much_is_left(modules: Page):
    mask = np.zeros((SIDE, SIDE))
    mask[6:18, 4:15] = 255
    policy = tuple((name, TRANSFORMS[name].most) for name in ("crop", "rotate", "lens", "elastic", "cutout"))
    draws = drawn(policy, 8, torch.Generator().manual_seed(4))
    masks = torch.from_numpy(mask / 255).float().expand(8, -1, -1)
    rows = [{name: values[row].tolist() for name, values in draws.items()} for row in range(8)]
    told = "a[1].map((draw) => [m.objectLeft(a[0], draw), ...m.moved(a[0], 1, draw).values])"
    made = np.array(call(modules, "augment-geometry.js", told, for_browser(mask), rows))
    left = object_left(masks, draws).numpy()
    assert left.min() < 0.5 < left.max()
    np.testing.assert_allclose(made[:, 0], left, atol=0.003)
    uncovered = moved_masks(masks, {name: one for name, one in draws.items() if name != "cutout"})
    np.testing.assert_allclose(made[:, 1:], uncovered.flatten(1).numpy(), atol=2e-4)


def test_the_browsers_own_draws_spread_as_the_policy_says(modules: Page):
    policy = {name: one.default for name, one in TRANSFORMS.items()}
    many = call(
        modules,
        "augment-draws.js",
        "Array.from({ length: 2000 }, (_, number) => m.drawOf(a[0], 5, number))",
        policy,
    )
    ours = drawn(tuple(policy.items()), 2000, torch.Generator().manual_seed(0))
    assert list(many[0]) == list(policy)
    for name, expected in ours.items():
        values = np.array([draw[name] for draw in many])
        assert values.shape == tuple(expected.shape), name
        spread = expected.std(0).numpy() + 1e-6
        assert (np.abs(values.mean(0) - expected.mean(0).numpy()) < 7 * spread / math.sqrt(2000)).all(), name
        np.testing.assert_allclose(values.std(0), spread, rtol=0.12, atol=1e-6, err_msg=name)
    shares = np.array([draw["mixup"][0] for draw in many])
    assert shares.mean() == pytest.approx(0.5, abs=0.04)
    assert shares.var() == pytest.approx(1 / (4 * (2 * 0.2 + 1)), rel=0.1)


def test_a_stronger_policy_draws_the_same_pictures_further(modules: Page):
    weak, strong = (
        call(modules, "augment-draws.js", "m.drawOf({ rotate: a[0], flip: 0.5 }, 3, 2)", by)
        for by in (10, 40)
    )
    assert strong["rotate"][0] == pytest.approx(4 * weak["rotate"][0])
    assert strong["flip"] == weak["flip"]


@pytest.mark.parametrize("name", list(TRANSFORMS))
def test_both_ends_are_as_far_as_the_strength_says(modules: Page, name: str):
    by = TRANSFORMS[name].default
    ends = call(modules, "augment-draws.js", "m.endsOf(a[0], a[1])", name, by)
    assert [list(end) for end in ends] == [[name], [name]]
    assert ends[0] != ends[1]
    if name in {"rotate", "shear", "lens"}:
        assert [end[name] for end in ends] == [[-by], [by]]
    assert all(call(modules, "augment-draws.js", "m.toldDraw(a[0])", end) for end in ends)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        ({}, "as it is"),
        ({"flip": [0]}, "as it is"),
        ({"flip": [1], "rotate": [-7.25]}, "mirrored; turned 7.3° to the left"),
        ({"translate": [0.1, -0.05]}, "moved 10\u00a0% right, 5\u00a0% up"),
        ({"crop": [0.5, 1, 1]}, "25\u00a0% of the area"),
        ({"mixup": [0.88]}, "12\u00a0% of another picture"),
    ],
)
def test_a_draw_is_told_in_words(modules: Page, draw: dict, words: str):
    assert call(modules, "augment-draws.js", "m.toldDraw(a[0])", draw) == words


def test_every_preset_can_be_drawn(modules: Page):
    for policy in PRESETS.values():
        assert set(call(modules, "augment-draws.js", "m.drawOf(a[0], 1, 0)", dict(policy))) == set(
            dict(policy)
        )
