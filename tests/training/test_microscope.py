"""One step at a time: the run's own steps, and what a step did, against raw PyTorch."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from cnnlab.training import data_sets, engine
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.microscope import Microscope, NoSuchStep, microscope
from cnnlab.training.networks import network_for
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder

RECIPE = Recipe(
    data="shapes-new", regime="full", per_class=3, epochs=2, batch=8, learning_rate=0.001, size=32,
    augmentation=(("flip", 0.5),),
)  # fmt: skip


class Going:
    def command(self) -> str:
        return "go"


@pytest.fixture(scope="module")
def data() -> SplitSet:
    both = data_sets.split("shapes-new", 0, 3)
    return SplitSet(both.training, both.validation.a_class(1, 0))


@pytest.fixture(scope="module")
def looked(data: SplitSet) -> Microscope:
    return microscope(RECIPE, data)


def test_the_steps_are_those_of_the_run(data: SplitSet, looked: Microscope, tmp_path: Path):
    folder = RunFolder.create(tmp_path / "run", RECIPE)
    engine.run(folder, data, Going(), PLAIN_CPU)
    losses = [one["loss"] for one in folder.steps()]
    assert looked.step(1).steps == len(losses) == 8
    assert [looked.step(number).loss for number in range(1, 9)] == pytest.approx(losses, rel=1e-5)


def test_a_step_is_what_plain_pytorch_does(data: SplitSet):
    """Plain gradient descent on one batch of pictures as they are, without momentum or decay."""
    recipe = replace(
        RECIPE,
        augmentation=(),
        optimiser="sgd",
        momentum=0.0,
        weight_decay=0.0,
        schedule="constant",
        batch=30,
    )
    step = microscope(recipe, data).step(1)
    trainable = network_for(recipe, data.classes)
    model = trainable.model.train()
    pixels = torch.from_numpy(data.training.pixels[step.rows]).permute(0, 3, 1, 2).float()
    small = functional.interpolate(pixels, (32, 32), mode="bilinear", antialias=True).round() / 255
    mean, deviation = torch.tensor([trainable.preparing.mean, trainable.preparing.deviation])[..., None, None]
    scores = model((small - mean) / deviation)
    loss = functional.cross_entropy(scores, torch.from_numpy(step.labels))
    loss.backward()
    weight = model.get_parameter("conv1.weight")
    assert weight.grad is not None
    first = step.layers[0]
    assert step.loss == pytest.approx(loss.item(), rel=1e-4)
    assert first.name == "conv1"
    assert first.gradient == pytest.approx(weight.grad.norm().item(), rel=1e-3)
    assert first.weights == pytest.approx(weight.norm().item(), rel=1e-5)
    assert first.moved == pytest.approx(recipe.learning_rate * first.gradient, rel=1e-3)
    assert np.abs(step.pictures.transpose(0, 3, 1, 2) - 255 * small.numpy()).max() <= 1


@pytest.mark.parametrize(
    ("regime", "learning"), [("frozen", {"fc.1"}), ("partial", {"last.0.conv", "last.1.conv", "fc.1"})]
)
def test_only_what_learns_moves(data: SplitSet, regime: str, learning: set[str]):
    step = microscope(replace(RECIPE, regime=regime), data).step(2)
    names = {one.name for one in step.layers}
    assert learning <= names
    assert not any(name.startswith(("conv1", "block1")) for name in names)
    assert all(one.moved > 0 for one in step.layers)
    assert not np.array_equal(step.before, step.after)
    assert step.before.sum(1) == pytest.approx(np.ones(len(step.before)), abs=1e-5)


@pytest.mark.parametrize("number", [0, 9])
def test_a_step_that_there_is_not_is_a_sentence(looked: Microscope, number: int):
    with pytest.raises(NoSuchStep, match=f"Steps 1 to 8 can be looked at one by one; {number} was asked"):
        looked.step(number)
