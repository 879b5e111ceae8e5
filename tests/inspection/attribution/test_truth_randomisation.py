"""Drawing weights anew, from the last layer down: on a copy, repeatably, and only as far as said."""

import copy

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from torch import nn

from cnnlab.inspection.attribution.truth import UnsuitableTest
from cnnlab.inspection.attribution.truth_randomisation import (
    randomisation,
    randomised_from,
    starts,
    weighted_layers,
)
from tests.inspection.attribution.examined import convolutional, gradient, subject
from tests.inspection.attribution.test_truth import Enough, stopping

pytestmark = pytest.mark.usefixtures("one_core")


def different(one: nn.Module, other: nn.Module) -> set[str]:
    pairs = zip(one.state_dict().items(), other.state_dict().values(), strict=True)
    return {name.partition(".")[0] for (name, a), b in pairs if not torch.equal(a, b)}


def test_layers_are_forgotten_from_one_on_and_the_network_itself_keeps_all():
    one = subject(convolutional())
    before = copy.deepcopy(one.model)
    assert different(randomised_from(one, "10"), before) == {"10"}
    assert different(randomised_from(one, "6"), before) == {"6", "10"}
    assert different(randomised_from(one, "0"), before) == {"0", "1", "3", "6", "10"}
    assert different(one.model, before) == set()
    assert not any(module.training for module in randomised_from(one, "0").modules())


def test_the_same_seed_draws_the_same_weights_whatever_the_process_drew():
    one = subject(convolutional())
    first = randomised_from(one, "3", seed=4)
    torch.rand(7)
    assert different(first, randomised_from(one, "3", seed=4)) == set()
    assert different(first, randomised_from(one, "3", seed=5)) == {"3", "6", "10"}


def test_batch_normalisation_that_is_drawn_anew_fits_what_comes_in():
    one = subject(convolutional())
    model = randomised_from(one, "0")
    x = torch.cat([one.values, one.values.flip(2), one.values.flip(3), one.values.flip(2, 3)])
    passed = model.get_submodule("1")(model.get_submodule("0")(x))
    np.testing.assert_allclose(passed.mean((0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(passed.var((0, 2, 3)), 1, atol=1e-3)


def test_every_stage_is_made_by_the_network_with_these_layers_forgotten():
    one = subject(convolutional())
    trained, stages = randomisation(gradient, one, seed=1)
    np.testing.assert_array_equal(trained, gradient(one.model, one.values, 1))
    assert [(stage.first, stage.layers) for stage in stages] == [("10", 1), ("6", 2), ("3", 3), ("0", 4)]
    for stage in stages:
        model = randomised_from(one, stage.first, seed=1)
        now = gradient(model, one.values, 1)
        np.testing.assert_array_equal(stage.map, now)
        wanted = spearmanr(np.abs(now).sum(0).ravel(), np.abs(trained).sum(0).ravel())[0]
        assert stage.rank == pytest.approx(wanted, abs=1e-9)
        assert stage.probability == pytest.approx(float(model(one.values).double().softmax(1)[0, 1]))


def test_a_map_that_does_not_ask_the_network_stays_the_same():
    def deaf(_model: nn.Module, values: torch.Tensor, _target: int) -> np.ndarray:
        return values[0].numpy()

    _, stages = randomisation(deaf, subject(convolutional()))
    assert [stage.rank for stage in stages] == pytest.approx([1] * 4)
    assert [stage.similarity for stage in stages] == pytest.approx([1] * 4)


def test_stages_go_from_the_last_layer_to_all_layers_however_many_there_are():
    layers = [str(number) for number in range(54)]
    assert starts(layers) == ["53", "42", "32", "21", "11", "0"]
    assert starts(layers[:2]) == ["1", "0"]
    assert starts(layers, 1) == ["53"]


def test_convolutions_and_linear_layers_count_others_do_not():
    assert weighted_layers(convolutional()) == ["0", "3", "6", "10"]


def test_randomisation_can_be_stopped_and_needs_weights():
    one = subject(convolutional())
    with pytest.raises(Enough, match="enough"):
        randomisation(gradient, one, progress=stopping(2))
    flat = subject(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval())
    with pytest.raises(UnsuitableTest, match="0 layers with weights in 6 stages"):
        randomisation(gradient, flat)
