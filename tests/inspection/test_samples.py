"""Check the bundled pictures: all there, described, exact, and found without heavy imports."""

import csv
import gzip
import io
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cnnlab.inspection.samples import SAMPLES, MissingPicture, _installed, sample_picture, sample_png


def test_there_are_photographs_and_every_digit():
    assert [name for name in SAMPLES if name.startswith("digit-")] == [f"digit-{n}" for n in range(10)]
    assert {"astronaut", "camera", "cat", "coins"} < set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_named_credited_and_described(name):
    sample = SAMPLES[name]
    assert sample.name == name
    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert sample.title
    assert re.search(r"; in scikit-(image|learn)$|^Drawn by CNN Lab$", sample.source)
    assert sample.licence
    assert len(sample.alt) > 20
    assert sample.alt.endswith(".")


@pytest.mark.parametrize("name", SAMPLES)
def test_the_png_of_a_sample_holds_exactly_its_pixels(name):
    picture = sample_picture(name)
    with Image.open(io.BytesIO(sample_png(name))) as decoded:
        assert np.array_equal(np.asarray(decoded), picture.pixels)
    assert picture.name == name
    assert picture.notes == ()
    longest = max(picture.pixels.shape[:2])
    assert longest == {"digit": 8, "shape": 64}.get(name.partition("-")[0], 256)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_not_flat(name):
    assert np.ptp(sample_picture(name).pixels) > 100


@pytest.mark.parametrize(
    "name", [name for name, sample in SAMPLES.items() if sample.file.startswith("skimage") and sample.square]
)
def test_photographs_cut_to_a_square_are_square(name):
    assert sample_picture(name).pixels.shape == (256, 256, 3)


def test_a_bundled_picture_is_read_once_and_is_the_same_bytes_every_time():
    assert sample_picture("cat") is sample_picture("cat")
    assert sample_png("cat") == sample_picture.__wrapped__("cat").png()


def test_the_astronaut_is_the_mean_of_two_by_two_pixels_of_the_original():
    with Image.open(_installed(SAMPLES["astronaut"].file, "Astronaut")) as original:
        values = np.asarray(original).astype(float)
    pixels = sample_picture("astronaut").pixels
    for row, column in [(0, 0), (100, 30), (255, 255)]:
        mean = sum(values[2 * row + i, 2 * column + j] for i in (0, 1) for j in (0, 1)) / 4
        assert np.abs(pixels[row, column] - mean).max() <= 1  # rounded once a direction


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_labelled_as_itself_and_its_value_16_became_255(digit):
    sample = SAMPLES[f"digit-{digit}"]
    assert sample.row is not None
    with gzip.open(_installed(sample.file, sample.title), "rt") as lines:
        *values, label = list(csv.reader(lines))[sample.row]
    assert int(float(label)) == digit
    pixels = sample_picture(sample.name).pixels
    for index, value in enumerate(values):
        assert pixels[index // 8, index % 8].tolist() == [round(float(value) / 16 * 255)] * 3


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(
        MissingPicture, match=r"no bundled picture 'dog'; choose one of: astronaut, .*digit-9\.$"
    ):
        sample_picture("dog")


@pytest.mark.parametrize("file", ["skimage/data/no_such_picture.png", "no_such_package/picture.png"])
def test_a_file_that_is_not_installed_is_a_sentence(file):
    with pytest.raises(
        MissingPicture, match=rf"'Cat' should come with \w+, but {file} is not installed; install"
    ):
        _installed(file, "Cat")


def test_pictures_come_without_torch_streamlit_or_the_packages_they_are_bundled_with():
    program = """
import sys
from cnnlab.inspection.samples import SAMPLES, sample_png
from cnnlab.inspection.uploads import read_upload
for name in SAMPLES:
    read_upload(sample_png(name), name)
heavy = {"torch", "streamlit", "sklearn", "skimage", "scipy", "pandas", "plotly"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
