"""One step of learning is PyTorch's own: schedules, losses, optimisers, rates of blocks, order and chance."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from cnnlab.training import chance
from cnnlab.training.devices import PLAIN_CPU, NoSuchDevice, chosen_device
from cnnlab.training.learning import Learner, gradient_norms, measured, probabilities
from cnnlab.training.networks import Trainable, network_for
from cnnlab.training.recipe import Recipe
from cnnlab.training.schedules import SCHEDULES
from cnnlab.training.setting_up import brought
from cnnlab.training.stages import Maker, Stage, plans
from tests.training.nets import few_shapes

RECIPE = Recipe(size=32, batch=4, regime="full", epochs=2)
TOLD = lambda _done, _of: None  # noqa: E731


def first_stage(recipe: Recipe) -> tuple[Trainable, Stage]:
    trainable, pictures = brought(few_shapes(), recipe, PLAIN_CPU)
    stage = Maker(trainable, pictures, recipe, PLAIN_CPU, TOLD).stage(plans(recipe)[0])
    stage.begin(trainable.model)
    return trainable, stage


@pytest.mark.parametrize("steps", [10, 37, 200])
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("one-cycle", lambda o, n: lr_scheduler.OneCycleLR(o, 0.5, total_steps=n, cycle_momentum=False)),
        ("cosine", lambda o, n: lr_scheduler.CosineAnnealingLR(o, n)),
        ("steps", lambda o, n: lr_scheduler.MultiStepLR(o, [-(-n // 2), -(-3 * n // 4)])),
        ("constant", lambda o, _n: lr_scheduler.ConstantLR(o, 1.0)),
    ],
)
def test_schedules_are_pytorchs(name: str, made, steps: int):
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler, rates = made(optimiser, steps), []
    for _ in range(steps):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    assert [0.5 * SCHEDULES[name](step, steps) for step in range(steps)] == pytest.approx(rates, abs=1e-9)


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_schedules_work_for_very_few_steps(steps: int):
    for schedule in SCHEDULES.values():
        assert all(0 <= schedule(step, steps) <= 1 for step in range(steps))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
def test_steps_are_those_of_plain_pytorch(optimiser: str, smoothing: float):
    recipe = replace(RECIPE, optimiser=optimiser, smoothing=smoothing, weight_decay=0.1, learning_rate=0.01)
    trainable, stage = first_stage(recipe)
    plain = copy.deepcopy(trainable.model)
    own = {
        "adamw": lambda: torch.optim.AdamW(plain.parameters(), 0.01, weight_decay=0.1),
        "sgd": lambda: torch.optim.SGD(plain.parameters(), 0.01, momentum=0.9, weight_decay=0.1),
    }[optimiser]()
    schedule = lr_scheduler.OneCycleLR(own, 0.01, total_steps=6, cycle_momentum=False)
    loss_of = nn.CrossEntropyLoss(label_smoothing=smoothing)
    learner = Learner(stage, recipe, PLAIN_CPU, 6)
    for step in range(6):
        pictures, labels = stage.source.batch(np.arange(4) + step, 0, step)
        loss, right = learner.step((pictures, labels), step, step)
        scores = plain(pictures)
        wanted = loss_of(scores, labels)
        own.zero_grad()
        wanted.backward()
        own.step()
        schedule.step()
        assert float(loss) == pytest.approx(float(wanted.detach()), rel=1e-4)
        assert int(right) == int((scores.argmax(1) == labels).sum())
    for one, other in zip(trainable.model.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)
    norms = gradient_norms(trainable.model)
    grown = {name: one.grad for name, one in trainable.model.named_parameters() if one.grad is not None}
    assert norms["conv1"] == pytest.approx(float(grown["conv1.weight"].norm()))
    both = torch.cat([grown["fc.1.weight"].flatten(), grown["fc.1.bias"]])
    assert norms["fc.1"] == pytest.approx(float(both.norm()))


def test_soft_targets_of_mixup_are_learned_from():
    recipe = replace(RECIPE, augmentation=(("mixup", 0.5),))
    _, stage = first_stage(recipe)
    pictures, targets = stage.source.batch(np.arange(4), 0, 0)
    assert targets.shape == (4, 3)
    assert torch.allclose(targets.sum(1), torch.ones(4))
    learner = Learner(stage, recipe, PLAIN_CPU, 2)
    scores = stage.part.eval()(pictures)
    wanted = -(targets * scores.log_softmax(1)).sum(1).mean()
    loss, _ = learner.step((pictures, targets), 0, 0)
    assert float(loss) == pytest.approx(float(wanted.detach()), rel=1e-4)


def test_earlier_blocks_learn_slower_and_no_parameter_is_left_out():
    recipe = replace(RECIPE, slower=0.5, learning_rate=0.08, schedule="constant")
    trainable, stage = first_stage(recipe)
    learner = Learner(stage, recipe, PLAIN_CPU, 3)
    rates = {id(one): group["lr"] for group in learner.optimiser.param_groups for one in group["params"]}
    model = trainable.model
    assert rates.keys() == {id(one) for one in model.parameters()}
    wanted = {"fc.1": 0.08, "last.0.conv": 0.04, "block2.0.conv": 0.02, "block1.1.conv": 0.01, "conv1": 0.005}
    for name, rate in wanted.items():
        assert rates[id(model.get_submodule(name).weight)] == pytest.approx(rate)


def test_the_head_learns_ten_times_as_fast_before_everything_does():
    recipe = replace(RECIPE, regime="probe-then-full", epochs=9)
    head, everything = plans(recipe)
    assert (head.part, head.epochs, head.rate) == ("head", 3, 10)
    assert (everything.part, everything.epochs, everything.rate) == ("all", 6, 1)
    assert [one.part for one in plans(replace(recipe, epochs=1))] == ["all"]


def test_dropout_is_drawn_from_seed_and_step_and_is_the_recipes():
    trainable, stage = first_stage(replace(RECIPE, dropout=0.5))
    assert [one.p for one in trainable.model.modules() if isinstance(one, nn.Dropout)] == [0.5]
    head, features = trainable.head_module.train(), torch.ones(2, 128)

    def drawn(seed: int, step: int) -> torch.Tensor:
        with chance.drawn(PLAIN_CPU, seed, chance.DROPOUT, step):
            return head(features)

    assert torch.equal(drawn(0, 3), drawn(0, 3))
    assert not torch.equal(drawn(0, 3), drawn(0, 4))
    assert not torch.equal(drawn(0, 3), drawn(1, 3))
    del stage


def test_every_picture_is_seen_once_an_epoch_in_another_order():
    first, second = chance.order(0, 0, 50), chance.order(0, 1, 50)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first.tolist() != second.tolist()
    assert np.concatenate(chance.batches(first, 7)).tolist() == first.tolist()


@pytest.mark.parametrize("count", range(1, 30))
@pytest.mark.parametrize("size", [1, 2, 3, 8, 32])
def test_batches_are_as_equal_as_may_be(count: int, size: int):
    sizes = [len(one) for one in chance.batches(np.arange(count), size)]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= 1
    if min(size, count) > 1:
        assert min(sizes) >= 2  # batch normalisation cannot tell the spread of one picture
    assert max(sizes) <= max(size, 3 if size == 2 else 1)
    assert len(sizes) == -(-count // size) or (size == 2 and count % 2)


def test_measures_are_pytorchs():
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(20, 5, generator=generator)
    labels = torch.randint(0, 5, (20,), generator=generator)
    loss, accuracy = measured(scores.softmax(1), labels)
    assert loss == pytest.approx(float(nn.functional.cross_entropy(scores, labels)), rel=1e-5)
    assert accuracy == pytest.approx(np.mean(scores.argmax(1).numpy() == labels.numpy()))


def test_validation_is_measured_at_rest_and_the_network_goes_on_learning():
    trainable, stage = first_stage(replace(RECIPE, dropout=0.5))
    before = {key: one.clone() for key, one in trainable.model.state_dict().items()}
    found = probabilities(stage, 6, PLAIN_CPU)
    assert torch.allclose(found.sum(1), torch.ones(6))
    assert torch.equal(found, probabilities(stage, 6, PLAIN_CPU))
    assert all(torch.equal(one, before[key]) for key, one in trainable.model.state_dict().items())
    assert trainable.model.training


def test_the_device_can_be_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_DEVICE", "cpu")
    assert chosen_device().kind == "cpu"
    assert chosen_device().title.startswith("CPU")
    monkeypatch.setenv("CNNLAB_DEVICE", "abacus")
    with pytest.raises(NoSuchDevice, match=r"CNNLAB_DEVICE names “abacus”; this machine has: .*cpu"):
        chosen_device()


def test_bfloat16_is_used_only_where_the_processor_has_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_DEVICE", "cpu")
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: True, raising=False)
    with chosen_device().autocast():
        assert torch.ones(2, 2).mm(torch.ones(2, 2)).dtype == torch.bfloat16
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    with chosen_device().autocast():
        assert torch.ones(2, 2).mm(torch.ones(2, 2)).dtype == torch.float32


def test_network_for_is_a_network_of_its_own():
    one, other = network_for(RECIPE, ("a", "b")), network_for(RECIPE, ("a", "b"))
    assert one.model is not other.model
    assert all(parameter.requires_grad for parameter in one.model.parameters())
