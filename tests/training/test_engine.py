"""Runs end as they should: every regime, repeatable, stopped, paused and gone on with, early and in time."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch.nn import functional

from cnnlab.inspection.weights import load
from cnnlab.training.checkpoints import BrokenCheckpoint
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.endings import OutOfMemory
from cnnlab.training.journal import NotLearning
from cnnlab.training.networks import network_for
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.pictures import on_device
from cnnlab.training.recipe import REGIMES, Recipe, UnsuitableRecipe
from cnnlab.training.run_folder import DONE, PAUSED, STOPPED, RunFolder
from tests.training.nets import Asked, few_shapes, ran

# Quick: 32 pixels a side, 12 pictures, three steps an epoch.
QUICK = Recipe(size=32, epochs=3, batch=4, learning_rate=3e-3)
FROZEN_PARTS = {
    "frozen": ("conv1.weight", "last.1.conv.weight"),
    "partial": ("conv1.weight", "block2.0.conv.weight"),
}
BUSY = replace(
    QUICK, regime="full", dropout=0.3, smoothing=0.1, augmentation=(("flip", 0.5), ("rotate", 20.0))
)


def weights(folder: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(folder.weights)


def assert_same(one: RunFolder, other: RunFolder) -> None:
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[key], second[key]) for key in first)
    assert [told["loss"] for told in one.steps()] == [told["loss"] for told in other.steps()]
    assert [results(told) for told in one.epochs()] == [results(told) for told in other.epochs()]


def results(told: dict) -> dict:
    return {key: value for key, value in told.items() if key not in ("seconds", "images_per_second")}


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_learns_and_keeps_what_it_measured(regime: str, tmp_path: Path):
    recipe = replace(QUICK, regime=regime, epochs=6, learning_rate=1e-2 if regime == "frozen" else 3e-3)
    folder = ran(tmp_path / "run", recipe)
    state, epochs, steps = folder.state(), folder.epochs(), folder.steps()
    assert (state["state"], state["message"]) == (DONE, "")
    assert [one["epoch"] for one in epochs] == [1, 2, 3, 4, 5, 6]
    assert [one["step"] for one in steps] == list(range(1, 19))
    assert state["step"] == state["steps"] == 18
    assert epochs[-1]["train_loss"] < epochs[0]["train_loss"]
    assert ("conv1" in epochs[-1]["gradients"]) == (regime not in FROZEN_PARTS)
    assert folder.about()["classes"] == list(few_shapes().classes)
    assert folder.arrays(6, "validation") is not None
    assert folder.arrays(6, "probes") is not None


@pytest.mark.parametrize(("regime", "kept"), FROZEN_PARTS.items())
@pytest.mark.parametrize("policy", [(), (("flip", 0.5), ("rotate", 20.0))])
def test_frozen_layers_keep_weights_and_statistics_to_the_bit(
    regime: str, kept: tuple[str, ...], policy: tuple, tmp_path: Path
):
    found = weights(ran(tmp_path / "run", replace(QUICK, regime=regime, augmentation=policy)))
    before = load("shapes_plain").model.state_dict()
    assert all(torch.equal(found[key], before[key]) for key in kept)
    statistics = [key for key in before if "running" in key and (regime == "frozen" or "last" not in key)]
    assert len(statistics) > 4
    assert all(torch.equal(found[key], before[key]) for key in statistics)
    fresh = network_for(QUICK, few_shapes().classes).model.state_dict()
    assert not torch.equal(found["fc.1.weight"], fresh["fc.1.weight"])


def test_the_last_block_learns_with_its_statistics(tmp_path: Path):
    found = weights(ran(tmp_path / "run", replace(QUICK, regime="partial")))
    before = load("shapes_plain").model.state_dict()
    for key in ("last.0.conv.weight", "last.1.bn.running_mean"):
        assert not torch.equal(found[key], before[key])


def test_scratch_begins_at_random_weights_of_the_seed():
    nets = [network_for(replace(QUICK, regime="scratch", seed=seed), ("a", "b")).model for seed in (0, 0, 1)]
    first = [one.state_dict()["conv1.weight"] for one in nets]
    assert torch.equal(first[0], first[1])
    assert not torch.equal(first[0], first[2])
    assert not torch.equal(first[0], load("shapes_plain").model.state_dict()["conv1.weight"])


@pytest.mark.parametrize("regime", ["frozen", "partial", "full", "probe-then-full"])
def test_the_same_seed_is_the_same_run_to_the_bit(regime: str, tmp_path: Path):
    recipe = replace(BUSY, regime=regime, copies=2)
    one, same = (ran(tmp_path / name, recipe) for name in ("one", "same"))
    assert_same(one, same)
    other = ran(tmp_path / "other", replace(recipe, seed=1))
    assert not torch.equal(weights(one)["fc.1.weight"], weights(other)["fc.1.weight"])


def test_nothing_is_drawn_from_the_global_generator(tmp_path: Path):
    torch.manual_seed(7)
    before = torch.get_rng_state()
    ran(tmp_path / "run", BUSY)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("regime", ["frozen", "partial", "full", "probe-then-full"])
@pytest.mark.parametrize("question", [2, 5, 8])
def test_a_stopped_run_goes_on_as_if_it_had_not_been(regime: str, question: int, tmp_path: Path):
    recipe = replace(BUSY, regime=regime, augmentation=() if regime == "partial" else BUSY.augmentation)
    whole = ran(tmp_path / "whole", recipe)
    asked = 2 if regime in ("frozen", "partial") else 0  # while the frozen layers are asked
    parts = ran(tmp_path / "parts", recipe, asked=Asked(lambda n: "stop" if n == question + asked else "go"))
    assert parts.state()["state"] == STOPPED
    assert "Stopped when asked to" in parts.state()["message"]
    assert parts.weights.is_file()
    ran(tmp_path / "parts", recipe)
    assert parts.state()["state"] == DONE
    assert_same(whole, parts)
    assert not (tmp_path / "parts/checkpoint/last.safetensors").exists()


def test_a_run_stopped_while_it_is_measured_goes_on_as_well(tmp_path: Path):
    recipe, whole = replace(QUICK, regime="full"), tmp_path / "whole"
    questions = 3 + 1 + 3 + 1  # three steps and one batch of validation pictures an epoch; so the second's
    ran(tmp_path / "parts", recipe, asked=Asked(lambda n: "stop" if n == questions else "go"))
    stopped = RunFolder(tmp_path / "parts")
    assert (stopped.state()["state"], stopped.state()["step"], len(stopped.epochs())) == (STOPPED, 6, 1)
    assert_same(ran(whole, recipe), ran(tmp_path / "parts", recipe))


def test_sgd_with_momentum_goes_on_as_well(tmp_path: Path):
    recipe = replace(QUICK, regime="full", optimiser="sgd", learning_rate=0.01)
    whole = ran(tmp_path / "whole", recipe)
    ran(tmp_path / "parts", recipe, asked=Asked(lambda n: "stop" if n == 5 else "go"))
    assert_same(whole, ran(tmp_path / "parts", recipe))


def test_a_killed_run_loses_what_was_after_its_checkpoint_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cnnlab.training.engine.CHECKPOINT_EVERY_S", 0.0)
    monkeypatch.setattr("cnnlab.training.journal.EVERY_S", 0.0)
    recipe = replace(QUICK, regime="full")

    def killed(question: int) -> str:
        if question == 6:
            raise KeyboardInterrupt
        return "go"

    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        ran(tmp_path / "killed", recipe, asked=Asked(killed))
    RunFolder(tmp_path / "killed").add_step(step=99, loss=1.0)  # written, but after the checkpoint
    assert_same(ran(tmp_path / "whole", recipe), ran(tmp_path / "killed", recipe))


def test_a_damaged_checkpoint_is_said_so(tmp_path: Path):
    path = tmp_path / "run"
    ran(path, QUICK, asked=Asked(lambda n: "stop" if n == 8 else "go"))
    (path / "checkpoint/last.safetensors").write_bytes(b"nothing")
    with pytest.raises(BrokenCheckpoint, match="cannot go on"):
        ran(path, QUICK)


def test_a_pause_changes_nothing_and_is_left_out_of_the_time(tmp_path: Path):
    recipe = replace(QUICK, regime="full")
    seen = []

    def paused(question: int) -> str:
        if question in range(4, 14):
            seen.append(RunFolder(tmp_path / "paused").state()["state"])
            return "pause"
        return "go"

    folder = ran(tmp_path / "paused", recipe, asked=Asked(paused))
    assert PAUSED in seen
    assert folder.state()["state"] == DONE
    assert_same(ran(tmp_path / "whole", recipe), folder)


def test_a_pause_can_end_in_a_stop(tmp_path: Path):
    answers = {3: "pause", 4: "pause", 5: "stop"}
    folder = ran(tmp_path / "run", replace(QUICK, regime="full"), asked=Asked(lambda n: answers.get(n, "go")))
    assert (folder.state()["state"], folder.state()["step"]) == (STOPPED, 2)


def test_early_stopping_keeps_the_best_epoch(tmp_path: Path):
    recipe = replace(QUICK, regime="full", epochs=40, learning_rate=0.02, patience=2, schedule="constant")
    folder = ran(tmp_path / "run", recipe)
    losses = [one["loss"] for one in folder.epochs()]
    best = min(range(len(losses)), key=losses.__getitem__)
    assert len(losses) == best + 3 < 40
    assert f"epoch {best + 1}" in folder.state()["message"]
    shorter = ran(tmp_path / "shorter", replace(recipe, patience=0, epochs=best + 1))
    found, wanted = weights(folder), weights(shorter)
    assert all(torch.equal(found[key], wanted[key]) for key in wanted)


def test_a_time_budget_ends_a_run_with_its_last_epoch_measured(tmp_path: Path):
    folder = ran(tmp_path / "run", replace(QUICK, regime="full", epochs=500, seconds=0.3))
    assert folder.state()["state"] == DONE
    assert "time was up after 0.3 s" in folder.state()["message"]
    assert folder.epochs()[-1]["step"] == folder.state()["step"] < 1500


def test_weights_that_run_away_are_said_so(tmp_path: Path):
    recipe = replace(QUICK, regime="full", optimiser="sgd", learning_rate=10, momentum=0.99, epochs=60)
    recipe = replace(recipe, model="digits_lenet", schedule="constant", weight_decay=1)
    with pytest.raises(NotLearning, match=r"the loss was no number any more.*try a tenth"):
        ran(tmp_path / "run", recipe)


@pytest.mark.parametrize(
    "problem",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried"),
        RuntimeError("can't allocate memory"),
    ],
)
def test_too_little_memory_is_a_sentence(problem: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def asks_for_too_much(*_: object) -> None:
        raise problem

    monkeypatch.setattr("cnnlab.training.engine.gradient_norms", asks_for_too_much)
    with pytest.raises(OutOfMemory, match=r"Batches of 16 pictures need more memory.*Try a batch of 4"):
        ran(tmp_path / "run", replace(QUICK, batch=16))


def test_other_mistakes_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a mistake in the program")

    monkeypatch.setattr("cnnlab.training.engine.gradient_norms", broken)
    with pytest.raises(RuntimeError, match="a mistake in the program"):
        ran(tmp_path / "run", QUICK)


def test_one_picture_a_batch_and_batch_normalisation_do_not_go_together(tmp_path: Path):
    with pytest.raises(UnsuitableRecipe, match="choose a batch of 2"):
        ran(tmp_path / "run", replace(QUICK, regime="full", batch=1))
    folder = ran(tmp_path / "head", replace(QUICK, regime="frozen", batch=1, epochs=1))
    assert folder.state()["state"] == DONE


def test_what_is_told_of_validation_is_what_the_kept_weights_answer(tmp_path: Path):
    recipe, data = replace(QUICK, regime="probe-then-full"), few_shapes()
    folder = ran(tmp_path / "run", recipe, data)
    net = network_for(recipe, data.classes)
    net.model.load_state_dict(weights(folder))
    pictures = torch.from_numpy(data.validation.pixels).permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        scores = net.model((pictures - 0.5) / 0.25)
    labels = torch.from_numpy(data.validation.labels)
    told = folder.epochs()[-1]
    assert told["loss"] == pytest.approx(float(functional.cross_entropy(scores, labels)), rel=1e-4)
    assert told["accuracy"] == pytest.approx(float((scores.argmax(1) == labels).float().mean()))


def test_the_weights_say_what_they_are(tmp_path: Path):
    folder = ran(tmp_path / "run", QUICK)
    with safe_open(folder.weights, "pt") as file:
        facts = {key: json.loads(value) for key, value in file.metadata().items()}
    assert facts["classes"] == list(few_shapes().classes)
    assert (facts["model"], facts["side"], facts["channels"], facts["head"]) == ("shapes_plain", 32, 3, "fc")
    assert (facts["mean"], facts["deviation"]) == ([0.5] * 3, [0.25] * 3)
    assert facts["recipe"]["regime"] == "frozen"


def test_fewer_pictures_of_each_class_are_learned_from(tmp_path: Path):
    folder = ran(tmp_path / "run", replace(QUICK, per_class=2))
    assert folder.about()["pictures"] == [6, 6]
    assert folder.state()["steps"] == 2 * 3  # of four pictures and of two


def test_pictures_of_another_size_are_brought_to_the_networks():
    wide = few_shapes().validation.pixels.repeat(2, axis=1).repeat(3, axis=2)  # 64 × 96
    data = few_shapes().validation
    one = type(data)(wide, data.labels, data.classes)
    net = network_for(QUICK, data.classes)
    small = on_device(one, net, PLAIN_CPU)
    assert small.pixels.shape == (6, 3, 32, 32)
    larger = network_for(replace(QUICK, size=48), data.classes)
    raised = on_device(data, larger, PLAIN_CPU).plain(slice(0, 2))
    assert raised.shape == (2, 3, 48, 48)


def test_grey_networks_read_grey(tmp_path: Path):
    recipe = Recipe(model="digits_lenet", regime="partial", blocks=2, epochs=2, batch=4)
    folder = ran(tmp_path / "run", recipe, SplitSet(few_shapes().training, few_shapes().validation))
    assert folder.about()["channels"] == 1
    assert folder.state()["state"] == DONE
