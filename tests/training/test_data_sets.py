"""The data sets that come along: what is promised of each is in its pictures, and the same every time."""

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from sklearn.datasets import load_digits

from cnnlab.inspection.bundled.shape_names import SHAPES, TRAINED, texture_of
from cnnlab.training import data_sets, own_data, texture_patches
from cnnlab.training.data_sets import (
    CUE_CLASSES,
    DATA_SETS,
    NoSuchDataSet,
    data_set,
    load,
    split,
)
from cnnlab.training.made_pictures import HUES
from cnnlab.training.own_sets import NoOwnSet
from cnnlab.training.picture_set import PictureSet
from cnnlab.training.places import DATA
from cnnlab.training.texture_patches import SURFACES


@pytest.fixture(autouse=True)
def _few_to_measure_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_sets, "MEASURED_OF_A_CLASS", 8)


HERE = [name for name, one in DATA_SETS.items() if one.megabytes is None]


@pytest.mark.parametrize("name", HERE)
def test_a_set_is_what_is_told_of_it(name: str):
    told, both = DATA_SETS[name], split(name, seed=3, per_class=6)
    assert both.training.classes == both.validation.classes == told.classes
    assert both.training.counts == (6,) * len(told.classes)
    assert min(both.validation.counts) >= 8
    assert both.training.pixels.shape[1:] == (told.side, told.side, 3)
    assert told.sentence.endswith(".")
    assert told.licence


@pytest.mark.parametrize("name", HERE)
def test_a_seed_gives_the_same_pictures_and_another_gives_others(name: str):
    first, again, other = split(name, 5, 4), split(name, 5, 4), split(name, 6, 4)
    assert np.array_equal(first.training.pixels, again.training.pixels)
    assert np.array_equal(first.training.labels, again.training.labels)
    assert not np.array_equal(first.training.pixels, other.training.pixels)


@pytest.mark.parametrize("name", HERE)
def test_more_pictures_of_a_class_hold_the_fewer_ones(name: str):
    few, many = split(name, 1, 4), split(name, 1, 11)
    large = {
        (label, one.tobytes()) for label, one in zip(many.training.labels, many.training.pixels, strict=True)
    }
    assert {(a, b.tobytes()) for a, b in zip(few.training.labels, few.training.pixels, strict=True)} <= large
    assert np.array_equal(few.validation.pixels, many.validation.pixels)


@pytest.mark.parametrize("name", HERE)
def test_no_picture_to_measure_with_is_learned_from(name: str):
    both = split(name, 0, 20)
    learned = {one.tobytes() for one in both.training.pixels}
    assert not [one for one in both.validation.pixels if one.tobytes() in learned]


def test_the_usual_number_is_the_one_that_is_told():
    assert len(split("digits", 0).training) == DATA_SETS["digits"].pictures
    assert len(split("directions", 0).training) == DATA_SETS["directions"].pictures
    assert len(load("directions")) == DATA_SETS["directions"].pictures + 4 * 8


def test_new_shapes_are_new():
    assert not set(DATA_SETS["shapes-new"].classes) & set(TRAINED)


def test_digits_are_those_of_scikit_learn():
    given, table = load("digits"), cast(Any, load_digits())
    assert sorted(given.labels.tolist()) == sorted(table["target"].tolist())
    means = given.pixels[..., 0].reshape(len(given), -1).mean(1)
    assert np.sort(means) == pytest.approx(np.sort(table["images"].mean((1, 2)) * 255 / 16), abs=1)


def test_masks_show_where_the_shape_is():
    drawn = split("colours", 0, 10).training
    assert drawn.masks is not None
    inside, grey = drawn.masks > 250, drawn.masks == 0
    spread = np.ptp(drawn.pixels.astype(int), axis=3)
    assert spread[inside].min() > 20
    assert spread[grey].max() <= 1


def test_a_colour_is_its_class():
    drawn = split("colours", 0, 10).training
    assert drawn.classes == tuple(HUES)
    assert drawn.masks is not None
    for pixels, mask, label in zip(drawn.pixels, drawn.masks, drawn.labels, strict=True):
        mean = pixels[mask > 250].mean(0)
        hues = np.array(list(HUES.values()))
        alike = hues @ mean / np.linalg.norm(hues, axis=1)
        assert alike.argmax() == label


def test_arrows_point_where_their_class_says():
    """The head of an arrow is wider than its shaft: its spread has its long tail behind."""
    drawn = split("directions", 2, 10).training
    assert drawn.masks is not None
    right = []
    for mask, label in zip(drawn.masks.astype(float), drawn.labels, strict=True):
        name = drawn.classes[label]
        along = mask.sum(0) if name in ("right", "left") else mask.sum(1)
        cells = np.arange(64)
        middle = (along * cells).sum() / along.sum()
        skew = (along * (cells - middle) ** 3).sum()
        right.append((skew < 0) == (name in ("right", "down")))
    assert np.mean(right) > 0.85  # bars and edges hide some


def test_the_shortcut_has_a_texture_for_each_class():
    assert len({texture_of(name) for name in CUE_CLASSES}) == len(CUE_CLASSES)
    assert set(CUE_CLASSES) <= set(SHAPES) - set(TRAINED)


def test_patches_to_measure_with_come_from_other_regions(monkeypatch: pytest.MonkeyPatch):
    """Photographs whose pixels tell their column: no column to learn from is one to measure with."""
    columns = np.repeat(np.arange(200)[None].astype(np.uint8), 90, axis=0)
    monkeypatch.setattr(texture_patches, "_grey", lambda _file: columns)
    monkeypatch.setattr(texture_patches, "_even", lambda patch: np.repeat(patch[..., None], 3, axis=2))
    both = texture_patches.split(0, 50)
    assert both.training.pixels.max() < both.validation.pixels.min()


def test_patches_are_equally_bright():
    both = split("textures", 0, 5)
    assert both.classes == tuple(SURFACES)
    assert both.validation.pixels.mean((1, 2, 3)) == pytest.approx(128, abs=6)


def test_a_photograph_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ValueError, match=r"brick\.png should come with scikit-image"):
        split("textures", 0, 1)
    with pytest.raises(NoSuchDataSet, match="should come with scikit-learn"):
        split("digits", 0, 1)


def test_a_set_that_there_is_not():
    with pytest.raises(NoSuchDataSet, match="There is no data set “cats”; choose one of: shapes-new"):
        split("cats", 0)


def test_an_own_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(DATA, str(tmp_path))
    random = np.random.default_rng(0)
    given = PictureSet(
        random.integers(0, 256, (13, 16, 16, 3), dtype=np.uint8), np.repeat([0, 1], [9, 4]), ("cup", "spoon")
    )
    name = own_data.keep("ann", "Kitchen", given).name
    both, told = split(name, 4), data_set(name)
    assert (told.title, told.classes, told.side) == ("Kitchen", ("cup", "spoon"), 16)
    assert both.training.counts == (7, 3)
    assert both.validation.counts == (2, 1)
    assert told.pictures == 10
    assert split(name, 4, per_class=2).training.counts == (2, 2)
    with pytest.raises(NoOwnSet, match="may have been deleted"):
        data_set("own-" + "0" * 24)


def test_listing_the_sets_loads_nothing_heavy():
    code = (
        "import sys, cnnlab.training.data_sets; "
        "sys.exit(bool({'torch', 'sklearn', 'skimage'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
