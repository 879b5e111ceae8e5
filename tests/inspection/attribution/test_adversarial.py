"""Small pushes: exact on a linear network, Captum's on others, and never outside of what pixels can be."""

import numpy as np
import pytest
import torch
from captum.robust import FGSM, PGD

from cnnlab.inspection.attribution.adversarial import Push, fgsm, pushed
from cnnlab.inspection.attribution.truth import Subject, UnsuitableTest
from cnnlab.inspection.flow_input import Preparing
from tests.inspection.attribution.examined import (
    PREPARING,
    SIDE,
    convolutional,
    linear,
    picture,
    subject,
    two_categories,
)
from tests.inspection.attribution.test_truth import Enough, stopping

pytestmark = pytest.mark.usefixtures("one_core")
CROSS_ENTROPY = torch.nn.CrossEntropyLoss(reduction="none")
UNIT = Preparing((0.0,) * 3, (1.0,) * 3)  # the network reads pixels from 0 to 1


def noise() -> torch.Tensor:
    """Return a picture whose gradient may be asked for: Captum warns otherwise."""
    return torch.rand(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(6)).requires_grad_()


def pixels_of(values: torch.Tensor) -> np.ndarray:
    mean, deviation = (np.array(one)[:, None, None] for one in (PREPARING.mean, PREPARING.deviation))
    return ((values[0].double().numpy() * deviation + mean) * 255).transpose(1, 2, 0)


def test_on_two_categories_of_a_linear_network_the_push_is_known_pixel_by_pixel():
    model = two_categories()
    one = subject(model, target=0)
    found = fgsm(one, Push(epsilon=3))
    towards = (model.last.weight[1] - model.last.weight[0]).sign().reshape(3, SIDE, SIDE).numpy()
    wanted = (pixels_of(one.values) + 3 * towards.transpose(1, 2, 0)).clip(0, 255)
    np.testing.assert_allclose(found.pixels, wanted, atol=1e-3)
    np.testing.assert_allclose(pixels_of(found.values), wanted, atol=1e-3)
    np.testing.assert_allclose(found.pixels, found.pixels.round(), atol=1e-3)
    x = torch.from_numpy(((wanted / 255 - PREPARING.mean) / PREPARING.deviation).transpose(2, 0, 1)[None])
    np.testing.assert_allclose(found.after, model(x.float()).double().softmax(1)[0], rtol=1e-4)
    np.testing.assert_allclose(found.before, model(one.values).double().softmax(1)[0], rtol=1e-6)
    assert found.after[0] < found.before[0]


def test_towards_a_category_is_the_other_way():
    model = two_categories()
    one = subject(model, target=0)
    away, towards = fgsm(one, Push(2)), fgsm(one, Push(2, towards=1))
    np.testing.assert_allclose(away.pixels, towards.pixels, atol=1e-4)


@pytest.mark.parametrize("towards", [None, 2])
def test_fgsm_is_captums(towards: int | None):
    one = Subject(convolutional(), noise(), 1, UNIT)
    attack = FGSM(one.model, CROSS_ENTROPY, lower_bound=0, upper_bound=1)
    aim = one.target if towards is None else towards
    wanted = attack.perturb(one.values, 4 / 255, target=torch.tensor([aim]), targeted=towards is not None)
    assert isinstance(wanted, torch.Tensor)
    np.testing.assert_allclose(fgsm(one, Push(4, towards)).values, wanted.detach(), atol=1e-6)


def test_pgd_from_the_same_start_is_captums():
    one = Subject(convolutional(), noise(), 1, UNIT)
    push = Push(epsilon=6, steps=5, pace=2, seed=3)
    start = torch.rand(one.values.shape, generator=torch.Generator().manual_seed(3)) * 2 - 1
    x, attack = one.values + 6 / 255 * start, PGD(one.model, CROSS_ENTROPY, lower_bound=0, upper_bound=1)
    step = FGSM(one.model, CROSS_ENTROPY, lower_bound=0, upper_bound=1)
    x = x.clamp(0, 1)
    for _ in range(5):  # Captum's own random start cannot be given a seed, so step by step
        stepped = step.perturb(x.detach().requires_grad_(), 2 / 255, target=torch.tensor([1]))
        assert isinstance(stepped, torch.Tensor)
        x = (one.values + (stepped.detach() - one.values).clamp(-6 / 255, 6 / 255)).clamp(0, 1).detach()
    np.testing.assert_allclose(pushed(one, push).values, x.detach(), atol=1e-6)
    once = attack.perturb(one.values, 6 / 255, 6 / 255, 1, target=torch.tensor([1]))
    assert isinstance(once, torch.Tensor)
    np.testing.assert_allclose(fgsm(one, Push(6)).values, once.detach(), atol=1e-6)


def test_no_pixel_goes_further_than_epsilon_nor_outside_of_dark_and_bright():
    one = subject(convolutional())
    before = pixels_of(one.values)
    for push in (Push(5), Push(5, steps=8, pace=4, seed=1), Push(0.5, towards=2, steps=3, pace=0.5)):
        found = pushed(one, push)
        assert np.abs(found.pixels - before).max() <= push.epsilon + 1e-3
        assert found.pixels.min() >= -1e-3
        assert found.pixels.max() <= 255 + 1e-3
        assert np.abs(found.pixels - before).max() > 0.4


def test_the_same_seed_pushes_the_same_way():
    one = subject(convolutional())
    push = Push(5, steps=2, seed=8)
    first = pushed(one, push)
    torch.rand(3)
    assert torch.equal(first.values, pushed(one, push).values)
    assert not torch.equal(first.values, pushed(one, Push(5, steps=2, seed=9)).values)


def test_the_network_keeps_no_trace():
    one = subject(convolutional())
    before = {name: value.clone() for name, value in one.model.state_dict().items()}
    pushed(one, Push(5, steps=3))
    assert all(torch.equal(value, before[name]) for name, value in one.model.state_dict().items())
    assert all(parameter.grad is None for parameter in one.model.parameters())
    assert torch.equal(one.values, picture())


def test_a_push_can_be_stopped():
    with pytest.raises(Enough, match="enough"):
        pushed(subject(linear()), Push(5, steps=9), stopping(4))


@pytest.mark.parametrize("push", [Push(0), Push(65), Push(2, steps=0), Push(2, steps=101), Push(2, pace=0)])
def test_a_push_out_of_bounds_is_refused(push: Push):
    with pytest.raises(UnsuitableTest, match="cannot be made; take over 0 and at most 64/255, in 1 to 100"):
        pushed(subject(linear()), push)


def test_a_push_towards_nothing_is_refused():
    with pytest.raises(UnsuitableTest, match="tells 3 categories, numbered from 0; 7 is none of them"):
        fgsm(subject(linear()), Push(2, towards=7))
