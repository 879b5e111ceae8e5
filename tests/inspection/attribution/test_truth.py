"""Tests of maps against cases that can be worked by hand, Captum's own metrics, and plain loops."""

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients
from captum.metrics import infidelity as captum_infidelity
from sklearn.metrics import auc

from cnnlab.inspection.attribution.truth import Subject, UnsuitableTest, completeness
from cnnlab.inspection.attribution.truth_curves import curves, order
from cnnlab.inspection.attribution.truth_metrics import Covering, Noise, covers, infidelity, sensitivity
from cnnlab.inspection.attribution.truth_shift import moved, shifted
from tests.inspection.attribution.examined import (
    PREPARING,
    SIDE,
    convolutional,
    gradient,
    linear,
    picture,
    subject,
    times_input,
    two_categories,
)

pytestmark = pytest.mark.usefixtures("one_core")
BLACK = torch.zeros(1, 3, SIDE, SIDE)


class Enough(Exception):
    """Somebody pressed Stop."""


def stopping(after: int):
    calls = []

    def progress(doing: str, done: int, total: int) -> None:
        assert 0 <= done < total, doing
        calls.append(done)
        assert calls == sorted(calls)
        if len(calls) > after:
            raise Enough("enough")

    return progress


def test_input_times_gradient_is_complete_on_a_linear_network():
    model = linear()
    one = subject(model)
    found = completeness(one, times_input(one.model, one.values, 1), BLACK)
    weight, bias = model.last.weight, model.last.bias
    assert found.difference == pytest.approx(float(weight[1] @ one.values.flatten()), rel=1e-5)
    assert found.baseline_score == pytest.approx(float(bias[1]), rel=1e-6)
    assert found.error == pytest.approx(0, abs=1e-5)


def test_the_error_is_what_captum_calls_delta_as_a_share():
    one = subject(convolutional())
    parts, delta = IntegratedGradients(one.model).attribute(
        one.values, BLACK, target=1, n_steps=3, return_convergence_delta=True
    )
    found = completeness(one, parts[0].numpy(), BLACK)
    assert found.error == pytest.approx(abs(float(delta)) / abs(found.difference), rel=1e-3)
    assert found.error is not None
    assert found.error > 1e-3


def test_without_a_baseline_parts_should_add_up_to_the_score():
    one = subject(linear())
    found = completeness(one, np.full((1, 2, 2), 0.25))
    assert (found.total, found.difference) == (1.0, found.score)


def test_nothing_is_complete_where_picture_and_baseline_score_alike():
    one = subject(linear())
    assert completeness(one, np.ones((3, SIDE, SIDE)), one.values).error is None


def test_curves_are_what_a_loop_pixel_by_pixel_gives():
    one = subject(linear())
    attribution = times_input(one.model, one.values, 1)
    found = curves(one, {"map": attribution}, BLACK, steps=8)["map"]
    strength = attribution.sum(0).ravel()
    x, deleted, inserted = one.values.numpy(), [], []
    for count in range(0, SIDE * SIDE + 1, 8):
        first = np.argsort(-strength)[:count]
        keep, put = x.copy().reshape(3, -1), np.zeros((3, SIDE * SIDE), np.float32)
        keep[:, first], put[:, first] = 0, x.reshape(3, -1)[:, first]
        for values, into in ((keep, deleted), (put, inserted)):
            logits = one.model(torch.from_numpy(values.reshape(x.shape)))
            into.append(float(logits.double().softmax(1)[0, 1]))
    np.testing.assert_allclose(found.deletion, deleted, rtol=1e-5)
    np.testing.assert_allclose(found.insertion, inserted, rtol=1e-5)
    assert found.deletion_area == pytest.approx(auc(np.linspace(0, 1, 9), deleted), rel=1e-5)
    assert found.insertion_area == pytest.approx(auc(np.linspace(0, 1, 9), inserted), rel=1e-5)


def test_on_a_linear_network_no_order_deletes_faster_than_the_exact_map():
    """What a pixel adds to the log odds of 2 categories is known, so the exact order is the best there is."""
    model = two_categories()
    one = subject(model)
    odds = (
        one.values[0].numpy() * (model.last.weight[1] - model.last.weight[0]).reshape(3, SIDE, SIDE).numpy()
    )
    chance = np.random.default_rng(0)
    maps = {"exact": odds} | {str(i): chance.normal(size=(1, SIDE, SIDE)) for i in range(20)}
    found = curves(one, maps, BLACK, steps=16)
    exact = found.pop("exact")
    assert all((exact.deletion <= other.deletion + 1e-6).all() for other in found.values())
    assert all((exact.insertion >= other.insertion - 1e-6).all() for other in found.values())


def test_equal_values_are_taken_in_an_order_by_chance_not_from_the_top():
    attribution = np.zeros((1, 10, 10))
    attribution[0, 9, 9] = 1
    found = order(attribution)
    assert found[0] == 99
    assert sorted(found.tolist()) == list(range(100))
    assert 30 < found[1:50].mean() < 70


def test_curves_can_be_stopped():
    one = subject(linear())
    with pytest.raises(Enough, match="enough"):
        curves(one, {"a": np.ones((1, SIDE, SIDE)), "b": np.ones((1, SIDE, SIDE))}, BLACK, 8, stopping(6))


def test_a_map_of_another_size_has_no_curves():
    with pytest.raises(UnsuitableTest, match=r"“small” is shaped \(1, 4, 4\); give channels × 8 × 8"):
        curves(subject(linear()), {"small": np.ones((1, 4, 4))}, BLACK)
    with pytest.raises(UnsuitableTest, match="at least 1 step; 0 were asked for"):
        curves(subject(linear()), {}, BLACK, 0)


def test_an_exact_map_foretells_every_fall_of_a_linear_network():
    one = subject(linear())
    black = Covering(BLACK)
    exact = infidelity(one, times_input(one.model, one.values, 1), black)
    np.testing.assert_allclose(exact.foretold, exact.fallen, atol=1e-5)
    assert exact.scale == pytest.approx(1, abs=1e-4)
    assert exact.unexplained == pytest.approx(0, abs=1e-8)
    local = infidelity(one, gradient(one.model, one.values, 1), black, local=True)
    np.testing.assert_allclose(local.foretold, exact.foretold, atol=1e-5)
    nothing = infidelity(one, np.zeros((1, SIDE, SIDE)), black)
    assert nothing.unexplained == 1


def test_covering_with_the_picture_itself_makes_nothing_fall():
    one = subject(convolutional())
    assert infidelity(one, gradient(one.model, one.values, 1), Covering(one.values)).unexplained is None


@pytest.mark.parametrize("local", [True, False])
def test_infidelity_is_captums(local: bool):
    one = subject(convolutional())
    attribution = gradient(one.model, one.values, 1)
    covering = Covering(BLACK + 0.3, squares=12, share=0.4, seed=5)
    masks = torch.from_numpy(covers((SIDE, SIDE), covering))

    def perturb(x: torch.Tensor):
        change = masks * (x - covering.baseline)
        return (change if local else masks.float().expand_as(x)), x - change

    wanted = captum_infidelity(
        one.model,
        perturb,
        one.values,
        torch.from_numpy(attribution)[None],
        target=1,
        n_perturb_samples=12,
        normalize=True,
    )
    assert infidelity(one, attribution, covering, local).infidelity == pytest.approx(float(wanted), rel=1e-4)


def test_squares_lie_inside_and_are_the_same_for_the_same_seed():
    found = covers((8, 12), Covering(BLACK, squares=30, share=0.5, seed=1))
    assert found.sum((1, 2, 3)).tolist() == [16] * 30
    np.testing.assert_array_equal(found, covers((8, 12), Covering(BLACK, squares=30, share=0.5, seed=1)))


@pytest.mark.parametrize(("squares", "share"), [(1, 0.5), (10, 0.0), (10, 1.5)])
def test_squares_that_cannot_cover_are_refused(squares: int, share: float):
    with pytest.raises(UnsuitableTest, match="cannot cover it; take at least 2"):
        covers((8, 8), Covering(BLACK, squares, share))


def test_covering_can_be_stopped():
    with pytest.raises(Enough, match="enough"):
        infidelity(subject(linear()), np.zeros((1, SIDE, SIDE)), Covering(BLACK), progress=stopping(2))


def test_the_gradient_of_a_linear_network_is_not_sensitive_and_its_square_is():
    one = subject(linear())
    assert sensitivity(gradient, one, Noise()) == 0
    noise = Noise(radius=5, samples=6, seed=2)
    generator = torch.Generator().manual_seed(2)
    wanted, exact = [], times_input(one.model, one.values, 1)
    for _ in range(6):
        change = (torch.rand(one.values.shape, generator=generator) * 2 - 1) * one.contrast() * 5 / 255
        other = times_input(one.model, one.values + change, 1)
        wanted.append(np.linalg.norm(other - exact) / np.linalg.norm(exact))
    assert sensitivity(times_input, one, noise) == pytest.approx(max(wanted), rel=1e-5)


def test_sensitivity_can_be_stopped_and_needs_noise():
    with pytest.raises(Enough, match="enough"):
        sensitivity(gradient, subject(linear()), Noise(), stopping(3))
    with pytest.raises(UnsuitableTest, match=r"noise of 0/255 show nothing"):
        sensitivity(gradient, subject(linear()), Noise(radius=0))


def test_a_picture_moves_by_whole_pixels_and_repeats_its_edge():
    x = torch.arange(12.0).reshape(1, 1, 3, 4)
    assert moved(x, 1, 0)[0, 0].tolist() == [[0, 1, 2, 3], [0, 1, 2, 3], [4, 5, 6, 7]]
    assert moved(x, 0, -2)[0, 0].tolist() == [[2, 3, 3, 3], [6, 7, 7, 7], [10, 11, 11, 11]]


def test_a_map_that_moves_along_follows_exactly():
    def brightness(_model: torch.nn.Module, values: torch.Tensor, _target: int) -> np.ndarray:
        return values[0].numpy()

    def stubborn(_model: torch.nn.Module, values: torch.Tensor, _target: int) -> np.ndarray:
        return picture(3)[0].numpy() + 0 * values[0].numpy()

    shifts = ((2, 1), (-3, 2), (0, -1), (1, 0))
    one = subject(convolutional())
    _, following = shifted(brightness, one, shifts)
    _, staying = shifted(stubborn, one, shifts)
    assert [found.correlation for found in following] == pytest.approx([1] * 4)
    assert [found.rank for found in following] == pytest.approx([1] * 4)
    for found in staying:
        kept = picture(3)[0].numpy().sum(0)
        height, width = SIDE - abs(found.down), SIDE - abs(found.right)
        top, left = max(0, -found.down), max(0, -found.right)
        before = kept[top : top + height, left : left + width]
        after = kept[top + found.down :, left + found.right :][:height, :width]
        assert found.correlation == pytest.approx(np.corrcoef(before.ravel(), after.ravel())[0, 1])
    logits = one.model(moved(one.values, 2, 1)).double().softmax(1)
    assert following[0].probability == pytest.approx(float(logits[0, 1]), rel=1e-6)


def test_shifts_can_be_stopped_and_leave_half_of_the_picture():
    one = subject(linear())
    with pytest.raises(Enough, match="enough"):
        shifted(gradient, one, ((1, 1), (2, 2)), stopping(1))
    with pytest.raises(UnsuitableTest, match="8 × 8 cannot be moved by 4 and 0 pixels"):
        shifted(gradient, one, ((4, 0),))


def test_what_cannot_be_examined_is_refused():
    with pytest.raises(UnsuitableTest, match=r"One picture is tested at a time.*\(2, 3, 8, 8\) was given"):
        Subject(linear(), torch.zeros(2, 3, SIDE, SIDE), 0, PREPARING)
    with pytest.raises(UnsuitableTest, match="tells 3 categories, numbered from 0; 3 is none of them"):
        Subject(linear(), picture(), 3, PREPARING)
