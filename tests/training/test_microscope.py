"""One step at a time: the run's own steps, and what a step did, against raw PyTorch."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from cnnlab.training import data_sets, engine
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.microscope import NoSuchStep, NotThereYet, Stretch, microscope, stretches
from cnnlab.training.networks import network_for
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.snapshots import handed_over

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


TWO_STAGES = replace(RECIPE, regime="probe-then-full", epochs=3)


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        replace(RECIPE, regime="frozen", copies=2, augmentation=(("rotate", 20.0), ("mixup", 0.3)), epochs=3),
        replace(RECIPE, regime="partial"),
        TWO_STAGES,
    ],
    ids=lambda one: one.regime,
)
def test_the_steps_are_those_of_the_run(recipe: Recipe, data: SplitSet, tmp_path: Path):
    folder = RunFolder.create(tmp_path / "run", recipe)
    engine.run(folder, data, Going(), PLAIN_CPU)
    losses = {one["step"]: one["loss"] for one in folder.steps()}
    rates = {one["step"]: one["learning_rate"] for one in folder.steps()}
    found = {}
    for one in stretches(recipe, 30):
        looked = microscope(recipe, data, one.first, handed_over(folder))
        found |= {number: looked.step(number) for number in range(one.first, one.end + 1)}
    assert len(losses) == 4 * recipe.epochs
    assert {number: step.loss for number, step in found.items()} == pytest.approx(losses, rel=1e-4)
    assert {number: step.rate for number, step in found.items()} == pytest.approx(rates, rel=1e-6)


def test_both_stages_do_what_a_plain_loop_does(data: SplitSet, tmp_path: Path):
    """SGD with momentum and decay: one epoch of the head, ten times as fast, then two of everything."""
    recipe = replace(TWO_STAGES, augmentation=(), optimiser="sgd", schedule="constant")
    folder = RunFolder.create(tmp_path / "run", recipe)
    engine.run(folder, data, Going(), PLAIN_CPU)
    learned = handed_over(folder)
    assert set(learned or ()) == {"fc.1.weight", "fc.1.bias"}
    scopes = [microscope(recipe, data, number, learned) for number in (1, 5)]
    trainable = network_for(recipe, data.classes)
    model, head = trainable.model, trainable.head_module
    mean, deviation = torch.tensor([trainable.preparing.mean, trainable.preparing.deviation])[..., None, None]
    number = 0
    for stage, (epochs, learning, rate) in enumerate([(1, head, 0.01), (2, model, 0.001)]):
        for one in model.parameters():
            one.requires_grad_(any(one is other for other in learning.parameters()))
        optimiser = torch.optim.SGD(learning.parameters(), lr=rate, momentum=0.9, weight_decay=0.01)
        seen: list[int] = []
        moving: set[str] = set()
        for _ in range(4 * epochs):
            number += 1
            step = scopes[stage].step(number)
            seen += step.rows.tolist()
            pixels = torch.from_numpy(data.training.pixels[step.rows]).permute(0, 3, 1, 2).float()
            small = functional.interpolate(pixels, (32, 32), mode="bilinear", antialias=True).round() / 255
            numbers, labels = (small - mean) / deviation, torch.from_numpy(step.labels)
            before = {name: one.detach().clone() for name, one in model.named_parameters()}
            with torch.no_grad():
                asked = model.eval()(numbers).softmax(1).numpy()
            assert step.before == pytest.approx(asked, abs=1e-3)
            model.train(learning is model)
            optimiser.zero_grad()
            loss = functional.cross_entropy(model(numbers), labels)
            loss.backward()
            optimiser.step()
            assert step.loss == pytest.approx(loss.item(), rel=1e-3)
            for layer in step.layers:
                now = model.get_parameter(f"{layer.name}.weight")
                others = [f"{layer.name}.bias"] if f"{layer.name}.bias" in before else []
                moved = [
                    model.get_parameter(name).detach() - before[name]
                    for name in [f"{layer.name}.weight", *others]
                ]
                assert now.requires_grad
                assert layer.moved == pytest.approx(
                    sum(float(one.square().sum()) for one in moved) ** 0.5, rel=0.01
                )
            with torch.no_grad():
                assert step.after == pytest.approx(model.eval()(numbers).softmax(1).numpy(), abs=1e-3)
            moving |= {layer.name for layer in step.layers}
        assert len(moving) == len({name.rpartition(".")[0] for name, _ in learning.named_parameters()})
        assert sorted(seen) == sorted(list(range(30)) * epochs)
    assert number == 12


def test_of_each_stage_the_first_sixty_steps_can_be_looked_at(data: SplitSet):
    long = replace(TWO_STAGES, epochs=300)
    assert stretches(long, 30) == (Stretch("head", 1, 60, 400), Stretch("all", 401, 460, 1200))
    assert stretches(replace(long, regime="full", epochs=2), 30) == (Stretch("all", 1, 8, 8),)
    with pytest.raises(NoSuchStep, match="Steps 1 to 60 and 401 to 460 can be looked at one by one; 61 was"):
        microscope(long, data, 61)


def test_a_second_stage_waits_for_the_first(data: SplitSet):
    with pytest.raises(NotThereYet, match="it has not come so far, or it is an old one"):
        microscope(TWO_STAGES, data, 5)


def test_large_pictures_are_kept_small(data: SplitSet):
    step = microscope(replace(RECIPE, regime="frozen", size=96, augmentation=()), data).step(1)
    assert (step.side, step.pictures.shape) == (96, (8, 48, 48, 3))
    whole = functional.interpolate(
        torch.from_numpy(data.training.pixels[step.rows]).permute(0, 3, 1, 2).float(),
        (96, 96),
        mode="bilinear",
    )
    assert np.abs(step.pictures.transpose(0, 3, 1, 2) - whole[..., ::2, ::2].numpy()).max() <= 1


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
def test_a_step_that_there_is_not_is_a_sentence(number: int, data: SplitSet):
    with pytest.raises(NoSuchStep, match=f"Steps 1 to 8 can be looked at one by one; {number} was asked"):
        microscope(RECIPE, data).step(number)
