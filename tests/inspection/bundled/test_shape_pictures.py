"""The pictures of shapes that come as files are small, and are those that their seeds draw."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnlab.inspection.bundled.models import FOLDER
from cnnlab.inspection.bundled.shape_names import SHAPES, TRAINED
from cnnlab.inspection.bundled.shape_pictures import SHAPE_PICTURES, ShapePicture
from cnnlab.inspection.masks import MASKED, mask_png
from cnnlab.inspection.samples import SAMPLES, MissingPicture, sample_picture
from cnnlab.training import bundled_pictures
from cnnlab.training.bundled_pictures import mask_of, pixels_of

MOST_BYTES = 100_000


@pytest.mark.parametrize("picture", SHAPE_PICTURES, ids=lambda one: one.name)
def test_a_picture_is_what_its_seed_draws(picture: ShapePicture):
    kept = sample_picture(picture.name).pixels.astype(int)
    assert np.abs(kept - pixels_of(picture)).max() <= 1  # another machine may round otherwise


def test_a_dozen_pictures_are_listed_with_all_they_need_and_are_small():
    files = sorted((FOLDER / "pictures").glob("*.png"))
    assert [file.stem for file in files] == sorted(one.name for one in SHAPE_PICTURES)
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES
    assert {one.name for one in SHAPE_PICTURES} == {name for name in SAMPLES if name.startswith("shape-")}
    assert {one.shape for one in SHAPE_PICTURES} <= set(SHAPES)
    assert {one.shape for one in SHAPE_PICTURES} - set(TRAINED) == {"heart"}


def test_the_command_writes_the_files_that_are_kept(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(bundled_pictures, "FOLDER", tmp_path)
    monkeypatch.setattr(bundled_pictures, "SHAPE_PICTURES", SHAPE_PICTURES[:1])
    assert bundled_pictures.main() == 0
    with Image.open(tmp_path / "pictures" / "shape-star.png") as written:
        assert np.abs(np.asarray(written).astype(int) - sample_picture("shape-star").pixels).max() <= 1
    assert "shape-star.png: " in capsys.readouterr().out


@pytest.mark.parametrize("picture", SHAPE_PICTURES, ids=lambda one: one.name)
def test_a_mask_is_what_the_seed_draws_and_lies_in_the_picture(picture: ShapePicture):
    with Image.open(io.BytesIO(mask_png(picture.name))) as kept:
        assert kept.mode == "L"
        mask = np.asarray(kept).astype(int)
    assert np.abs(mask - mask_of(picture)).max() <= 1
    assert mask.shape == sample_picture(picture.name).pixels.shape[:2]
    assert 0.03 < (mask > 127).mean() < 0.8


def test_a_mask_is_asked_for_only_where_one_is_known():
    assert set(MASKED) == {one.name for one in SHAPE_PICTURES}
    with pytest.raises(MissingPicture, match=r"There is no mask of a picture 'cat'; there is one of: shape-"):
        mask_png("cat")
