"""Sheets of examples: those that come along show what is in a set; an own one is split as a run does it."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnlab.training import own_data, previews
from cnnlab.training.data_sets import DATA_SETS, split
from cnnlab.training.picture_set import PictureSet, UnsuitablePictures
from cnnlab.training.places import DATA
from cnnlab.training.previews import (
    LEARNED,
    MEASURED,
    SIDE_PX,
    bundled_counts,
    own_counts,
    own_sheet,
    sheet_file,
)

HERE = [name for name, one in DATA_SETS.items() if one.megabytes is None]


def cells(data: bytes, classes: int) -> np.ndarray:
    """Return the pictures on a sheet: classes × columns × side × side × 3."""
    whole = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert whole.shape == (classes * SIDE_PX, (LEARNED + MEASURED) * SIDE_PX, 3)
    return whole.reshape(classes, SIDE_PX, -1, SIDE_PX, 3).swapaxes(1, 2)


@pytest.mark.parametrize("name", ["directions", "textures", "digits"])
def test_a_sheet_that_comes_along_shows_what_the_set_holds(name: str):
    both = split(name, 0, 0 if name == "digits" else LEARNED)
    shown = cells(sheet_file(name).read_bytes(), len(both.classes)).astype(float)
    first = [np.flatnonzero(both.training.labels == number)[0] for number in range(len(both.classes))]
    for row, at in enumerate(first):
        original = Image.fromarray(both.training.pixels[at]).resize(
            (SIDE_PX, SIDE_PX), Image.Resampling.NEAREST
        )
        assert np.abs(shown[row, 0] - np.asarray(original)).mean() < 12  # WebP loses a little


@pytest.mark.parametrize("name", HERE)
def test_every_set_that_comes_along_has_a_sheet_and_counts(name: str):
    counts = bundled_counts()[name]
    assert tuple(one.name for one in counts) == DATA_SETS[name].classes
    assert sum(one.learned for one in counts) == DATA_SETS[name].pictures
    cells(sheet_file(name).read_bytes(), len(counts))


def test_the_counts_are_those_of_a_run():
    both = split("textures", 5)
    assert tuple(one.learned for one in bundled_counts()["textures"]) == both.training.counts
    assert tuple(one.measured for one in bundled_counts()["textures"]) == both.validation.counts


def test_an_own_set_is_split_as_a_run_splits_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(DATA, str(tmp_path))
    greys = np.linspace(0, 255, 12).astype(np.uint8)
    pixels = np.broadcast_to(greys[:, None, None, None], (12, 16, 16, 3)).copy()
    one = own_data.keep("ann", "x", PictureSet(pixels, np.repeat([0, 1], 6), ("dark", "light")))
    both = split(one.name, 7)
    shown = cells(own_sheet(one.name, 7), 2).mean((2, 3, 4))
    for number in range(2):
        learned = both.training.pixels[both.training.labels == number][:, 0, 0, 0]
        assert shown[number, : len(learned)] == pytest.approx(learned, abs=3)
    assert [(each.learned, each.measured) for each in own_counts(one)] == [(4, 2), (4, 2)]
    assert own_sheet(one.name, 7) is own_sheet(one.name, 7)
    own_data.take_out("ann", one.name, 0, 0)
    assert [each.learned for each in own_counts(own_data.own_set(one.name))] == [4, 4]
    own_data.drop_class("ann", one.name, 0)
    with pytest.raises(UnsuitablePictures, match="add at least two"):
        own_sheet(one.name, 7)


def test_a_small_picture_is_a_small_file():
    data = previews.small(np.full((160, 160, 3), 90, np.uint8))
    assert Image.open(io.BytesIO(data)).size == (SIDE_PX, SIDE_PX)
    assert len(data) < 500
