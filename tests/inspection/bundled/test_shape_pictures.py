"""The pictures of shapes that come as files are small, and are those that their seeds draw."""

import numpy as np
import pytest
from PIL import Image

from cnnlab.inspection.bundled.models import FOLDER
from cnnlab.inspection.bundled.shape_names import SHAPES, TRAINED
from cnnlab.inspection.bundled.shape_pictures import SHAPE_PICTURES, ShapePicture
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.training import bundled_pictures
from cnnlab.training.bundled_pictures import pixels_of

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
