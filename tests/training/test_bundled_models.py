"""The networks that come along are trained as told: repeatable, as good as their cards say, and small."""

import json
import re
from itertools import count

import numpy as np
import pytest
import torch
from safetensors import safe_open
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional

from cnnlab import zoo
from cnnlab.inspection.bundled import models
from cnnlab.inspection.bundled.models import (
    BUNDLED,
    NoBundledWeights,
    bundled,
    bundled_names,
    bundled_state,
    measured,
)
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.inspection.bundled.shapes import Dials, render
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import load
from cnnlab.training import bundled_models
from cnnlab.training.bundled_cards import card
from cnnlab.training.bundled_data import Digits, Shapes, data_of
from cnnlab.training.bundled_models import RECIPES, accuracy, main, trained, with_state

NAMES = bundled_names()
SHAPES = [name for name in NAMES if name.startswith("shapes")]
MOST_BYTES = 5_000_000
LEAST = {"shapes_plain": 0.93, "shapes_residual": 0.9, "digits_lenet": 0.95}  # of held-out pictures


@pytest.mark.parametrize("name", NAMES)
def test_weights_fit_the_network_of_the_zoo_and_are_numbers(name: str):
    model = zoo.build(name)
    for state in (bundled_state(name), bundled_state(name, trained=False)):
        model.load_state_dict(state, strict=True)
        assert all(value.isfinite().all() for value in state.values())
        assert {value.dtype for value in state.values()} <= {torch.float32, torch.int64}
    scores = model(torch.zeros(1, *zoo.input_shape(name)))
    assert scores.shape == (1, len(bundled(name).categories))


def test_all_weights_together_are_small():
    assert sum(BUNDLED[name].weights.stat().st_size for name in NAMES) <= MOST_BYTES


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_never_seen_are_told_apart(name: str):
    """Pictures of another seed than the script has, prepared here, answered by the network that is loaded."""
    loaded = load(name)
    shapes = torch.arange(len(TRAINED)).repeat(8)
    pixels = render(shapes, torch.Generator().manual_seed(77), Dials()).pixels
    with torch.inference_mode():
        answers = loaded.model((pixels.float() / 255 - 0.5) / 0.25).argmax(dim=1)
    assert (answers == shapes).float().mean() >= LEAST[name] - 0.02
    assert (loaded.kind, loaded.categories) == ("bundled", TRAINED)


def test_digits_never_seen_are_read():
    loaded, table = load("digits_lenet"), load_digits()
    pixels = np.asarray(table["images"])[-200:]  # pyright: ignore[reportArgumentType, reportCallIssue]
    labels = np.asarray(table["target"])[-200:]  # pyright: ignore[reportArgumentType, reportCallIssue]
    with torch.inference_mode():
        small = torch.from_numpy(pixels).float()[:, None] / 16
        large = functional.interpolate(small, (32, 32), mode="bilinear", align_corners=False)
        answers = loaded.model((large - 0.5) / 0.5).argmax(dim=1).numpy()
    assert (answers == labels).mean() >= 0.93


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_the_script_measures(name: str):
    facts, text = measured(name), bundled(name).card.read_text(encoding="utf-8")
    right, asked = int(facts["right"]), int(facts["asked"])
    assert f"{right} of {asked} held-out pictures are right, {100 * right / asked:.1f}%" in text
    for told in (f"from seed {bundled(name).seed},", "Apache-2.0", "## Data", "## Limits", facts["torch"]):
        assert told in text
    some = 210
    found, of = accuracy(name, with_state(name, bundled_state(name)), some)
    assert abs(found / of - right / asked) < 4 * (0.25 / of) ** 0.5 * 0.5
    assert right / asked >= LEAST[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_card_that_comes_along_is_the_one_that_is_written(name: str):
    assert bundled(name).card.read_text(encoding="utf-8") == card(name, measured(name))


@pytest.mark.parametrize("name", SHAPES)
def test_the_noise_that_a_card_tells_is_in_the_pictures_to_train_on_and_not_in_those_to_measure_with(
    name: str,
):
    text = bundled(name).card.read_text(encoding="utf-8")
    found = re.search(r"standard deviation of ([\d.]+) of the network's numbers \(([\d.]+) on a scale", text)
    assert found
    most, share = map(float, found.groups())
    assert share == pytest.approx(most * 0.25)  # the numbers are values from 0 to 1, divided by 0.25
    pictures, classes = data_of(name).batch(60, torch.Generator().manual_seed(2))
    generator = torch.Generator().manual_seed(2)
    torch.randint(0, len(TRAINED), (60,), generator=generator)
    plain = (render(classes, generator, Dials()).pixels.float() / 255 - 0.5) / 0.25
    strengths = (pictures - plain).std((1, 2, 3))
    assert 0.95 * most < float(strengths.max()) < 1.02 * most
    assert float(strengths.min()) < 0.1 * most
    assert float(strengths.mean()) == pytest.approx(most / 2, rel=0.2)
    measured_with, _ = data_of(name).held_out(21)
    steps = (measured_with * 0.25 + 0.5) * 255  # of whole pixels
    assert float((steps - steps.round()).abs().max()) < 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_what_is_measured_is_read_as_safetensors_reads_it(name: str):
    with safe_open(bundled(name).weights, framework="pt") as file:
        assert file.metadata() == measured(name)
        stored = {file.get_tensor(key).dtype for key in file.keys()}  # noqa: SIM118 not a dictionary
    assert stored <= {torch.float16, torch.int64}


@pytest.mark.parametrize("name", NAMES)
def test_before_training_the_weights_are_the_same_at_every_call_and_whatever_others_draw(name: str):
    torch.manual_seed(5)
    first = bundled_state(name, trained=False)
    before = torch.random.get_rng_state()
    again = bundled_state(name, trained=False)
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert not all(torch.equal(first[key], value) for key, value in bundled_state(name).items())


@pytest.mark.parametrize("name", NAMES)
def test_before_training_a_network_knows_nothing(name: str):
    right, asked = accuracy(name, with_state(name, bundled_state(name, trained=False)), 105)
    assert right / asked < 0.3


@pytest.mark.parametrize("name", NAMES)
def test_training_again_takes_the_same_steps(name: str):
    losses: list[list[float]] = [[], []]
    for one, global_seed in zip(losses, (1, 2), strict=True):
        torch.manual_seed(global_seed)
        model = trained(name, steps=2, watch=lambda _step, loss, into=one: into.append(loss))
        assert not model.training
    assert losses[0] == losses[1]
    assert len(losses[0]) == 2


def test_training_begins_at_the_weights_before_training():
    state = trained("digits_lenet", steps=0).state_dict()
    assert all(
        torch.equal(state[key], value) for key, value in bundled_state("digits_lenet", trained=False).items()
    )


def test_a_few_steps_make_the_loss_smaller(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(RECIPES, "digits_lenet", bundled_models.Recipe(60, batch=32))
    losses: list[float] = []
    trained("digits_lenet", watch=lambda _step, loss: losses.append(loss))
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])


def test_batches_follow_from_the_generator_and_are_not_those_held_out():
    for name in ("shapes_plain", "digits_lenet"):
        data = data_of(name)
        first, again, other = (data.batch(8, torch.Generator().manual_seed(seed))[0] for seed in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)
        assert torch.equal(data.held_out(21)[0], data.held_out(21)[0])


def test_digits_are_parted_by_rows_and_enlarged_as_the_app_enlarges_them():
    data = Digits(bundled("digits_lenet").preparing, (1, 32, 32))
    pictures, labels = data.held_out(1000)
    table = load_digits()
    assert labels.tolist() == np.asarray(table["target"])[-360:].tolist()  # pyright: ignore[reportArgumentType, reportCallIssue]
    seen, _ = data.batch(64, torch.Generator().manual_seed(0))
    assert seen.shape == (64, 1, 32, 32)
    digit = sample_picture("digit-4")  # row 1387 of the table is before the last 360
    prepared = numbers(cut(digit, (1, 32, 32), data.preparing), data.preparing)
    whole = Digits(data.preparing, (1, 32, 32), kept_back=1797).held_out(1797)[0]
    assert torch.equal(whole[1387], torch.from_numpy(prepared)[0])
    assert len(pictures) == 360


def test_pictures_of_shapes_are_prepared_as_the_app_prepares_them():
    data = data_of("shapes_plain")
    assert isinstance(data, Shapes)
    pictures, classes = data.held_out(42)
    pixels = render(classes, torch.Generator().manual_seed(data.held_out_seed), data.dials).pixels
    one = Picture(pixels[30].permute(1, 2, 0).contiguous().numpy(), "shape")
    prepared = numbers(cut(one, (3, 64, 64), data.preparing), data.preparing)
    assert np.abs(prepared[0] - pictures[30].numpy()).max() < 1e-5
    assert classes.bincount().tolist() == [2] * 21


def test_what_the_script_writes_is_what_is_loaded(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    monkeypatch.setitem(RECIPES, "digits_lenet", bundled_models.Recipe(3, batch=4))
    assert main(["digits_lenet"]) == 0
    told = capsys.readouterr().out
    facts = measured("digits_lenet")
    assert f"digits_lenet: {facts['right']} of {facts['asked']} right, 0.12 MB" in told
    assert facts["steps"] == "3"
    state = trained("digits_lenet", steps=3).state_dict()
    for key, value in bundled_state("digits_lenet").items():
        assert torch.equal(value, state[key].half().float())
    assert (tmp_path / "digits_lenet.md").read_text(encoding="utf-8").startswith("# Digits, LeNet-5\n")


def test_the_script_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys):
    watch, moments = bundled_models._teller("some", every=2), count(10)
    monkeypatch.setattr(bundled_models.time, "monotonic", lambda: float(next(moments)))
    for step, loss in enumerate((3.0, 1.0, 5.0)):
        watch(step, loss)
    assert re.fullmatch(r"some: step 2, loss 2\.000, -?\d+ s\n", capsys.readouterr().out)


def test_another_name_is_answered_with_the_names_there_are():
    with pytest.raises(
        NoBundledWeights, match=r"No weights of `vgg16` come with CNN Lab; those of shapes_plain, .* do"
    ):
        bundled_state("vgg16")
    with pytest.raises(NoBundledWeights, match="No weights of `x`"):
        main(["x"])


@pytest.mark.parametrize("content", [None, b"", b"\x05\0\0\0\0\0\0\0{x}  ", json.dumps({}).encode() * 9])
def test_missing_and_damaged_weights_are_a_sentence(content, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    if content is not None:
        (tmp_path / "shapes_plain.safetensors").write_bytes(content)
    for read in (bundled_state, measured):
        with pytest.raises(NoBundledWeights, match=r"shapes_plain\.safetensors .* missing or damaged"):
            read("shapes_plain")


def test_first_kernels_decay_faster_than_others():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.Linear(1, 1))
    optimiser, _ = bundled_models._optimiser(
        model, bundled_models.Recipe(10, first_decay=0.7, weight_decay=0.1)
    )
    first, others = optimiser.param_groups
    assert (first["params"], first["weight_decay"]) == ([model[0].weight], 0.7)
    assert (len(others["params"]), others["weight_decay"]) == (2, 0.1)
