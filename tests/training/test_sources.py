"""What is kept of frozen layers is what they would say again, and pixels are what the app shows a network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnnlab.inspection.flow_input import PLAIN, Preparing, cut, numbers
from cnnlab.inspection.pictures import Picture
from cnnlab.training import stages
from cnnlab.training.devices import PLAIN_CPU, Device
from cnnlab.training.networks import network_for
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.pictures import axes_for, on_device
from cnnlab.training.recipe import Recipe
from cnnlab.training.setting_up import brought
from cnnlab.training.sources import FromKept
from cnnlab.training.stages import Maker, Stage, plans
from tests.training.nets import few_shapes, ran

QUICK = Recipe(size=32, epochs=3, batch=4, learning_rate=3e-3)
ROWS = np.array([5, 0, 3])


def stage_of(recipe: Recipe, device: Device = PLAIN_CPU) -> Stage:
    trainable, pictures = brought(few_shapes(), recipe, device)
    return Maker(trainable, pictures, recipe, device, lambda _done, _of: None).stage(plans(recipe)[0])


@pytest.mark.parametrize("regime", ["frozen", "partial"])
def test_kept_numbers_give_the_run_that_asking_every_time_gives(
    regime: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recipe = replace(QUICK, regime=regime, blocks=2, model="shapes_residual")
    assert isinstance(stage_of(recipe).source, FromKept)
    quick = ran(tmp_path / "kept", recipe)
    monkeypatch.setattr(stages, "rest_behind", lambda *_: None)
    monkeypatch.setattr(stages, "ends_with", lambda *_: False)
    assert not isinstance(stage_of(recipe).source, FromKept)
    slow = ran(tmp_path / "asked", recipe)
    for one, other in zip(quick.epochs(), slow.epochs(), strict=True):
        assert one["train_loss"] == pytest.approx(other["train_loss"], rel=1e-3)
        assert one["loss"] == pytest.approx(other["loss"], rel=1e-3)
        assert one["accuracy"] == other["accuracy"]


def test_more_than_there_is_room_for_is_not_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stages, "MOST_KEPT_BYTES", 1000)
    assert not isinstance(stage_of(replace(QUICK, regime="partial")).source, FromKept)


def test_distorted_copies_differ_and_take_turns():
    recipe = replace(QUICK, regime="frozen", copies=2, augmentation=(("rotate", 30.0),))
    source = stage_of(recipe).source
    epochs = [source.batch(ROWS, epoch, 0)[0] for epoch in range(3)]
    assert not torch.equal(epochs[0], epochs[1])
    assert torch.equal(epochs[0], epochs[2])
    plain = stage_of(replace(recipe, augmentation=())).source
    assert torch.equal(plain.batch(ROWS, 0, 0)[0], plain.batch(ROWS, 1, 0)[0])  # no copies without distortion


def test_pictures_are_distorted_anew_at_every_step_and_never_where_they_are_measured():
    source = stage_of(replace(QUICK, regime="full", augmentation=(("rotate", 30.0),))).source
    assert not torch.equal(source.batch(ROWS, 0, 0)[0], source.batch(ROWS, 0, 1)[0])
    assert torch.equal(source.batch(ROWS, 0, 1)[0], source.batch(ROWS, 0, 1)[0])
    plain = stage_of(replace(QUICK, regime="full")).source
    assert torch.equal(source.measured(slice(0, 4)), plain.measured(slice(0, 4)))


@pytest.mark.parametrize("side", [32, 24])
def test_pixels_become_what_the_app_shows_the_network(side: int):
    data = few_shapes(3, 6, 32).validation
    net = network_for(Recipe(size=side), data.classes)
    found = on_device(data, net, PLAIN_CPU).plain(slice(0, 3)).numpy()
    shape, preparing = (3, side, side), Preparing((0.5,) * 3, (0.25,) * 3)
    wanted = [numbers(cut(Picture(one, ""), shape, preparing), preparing)[0] for one in data.pixels[:3]]
    assert np.abs(found - np.stack(wanted)).max() <= 1.01 / 255 / 0.25  # one step of 256


def test_grey_is_pillows():
    data = few_shapes().validation
    net = network_for(Recipe(model="digits_lenet"), data.classes)
    found = on_device(data, net, PLAIN_CPU).plain(slice(0, 2)).numpy()
    grey = [np.asarray(Image.fromarray(one).convert("L"))[..., None] for one in data.pixels[:2]]
    wanted = np.concatenate([numbers(one, PLAIN) for one in grey])
    assert np.abs(found - wanted).max() <= 1.01 / 255 / 0.5


def test_the_middle_of_oblong_pictures_is_taken():
    pixels = np.zeros((1, 4, 8, 3), np.uint8)
    pixels[:, :, 2:6] = 255
    one = PictureSet(pixels, np.zeros(1, np.int64), ("a",))
    assert on_device(one, network_for(Recipe(size=32), ("a",)), PLAIN_CPU).pixels.min() == 255


def test_axes_of_colours_are_asked_for_where_they_are_needed():
    pictures = few_shapes().training
    assert axes_for(pictures, (("flip", 0.5),)) is None
    assert axes_for(pictures, (("pca", 0.1),)) is not None


def test_frozen_layers_may_be_asked_in_bfloat16():
    exact = stage_of(replace(QUICK, regime="frozen")).source
    rough = stage_of(replace(QUICK, regime="frozen"), Device("cpu", "CPU", bf16=True)).source
    one, other = exact.measured(slice(0, 6)), rough.measured(slice(0, 6))
    assert not torch.equal(one, other)
    torch.testing.assert_close(one, other, rtol=0.1, atol=0.1 * float(one.abs().max()))
