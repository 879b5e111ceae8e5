"""Check what a picture is, and how it is made small."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import LONGEST_SIDE_PX, Picture, shrink
from tests.inspection.files import noise


def test_a_picture_cannot_be_written_to_and_does_not_follow_its_source():
    source = np.zeros((2, 3, 3), dtype=np.uint8)
    picture = Picture(source, "black")
    source[:] = 9
    assert picture.pixels.max() == 0
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        picture.pixels.setflags(write=True)


def test_the_png_of_a_picture_holds_exactly_its_pixels():
    picture = Picture(np.asarray(noise(5, 7)), "noise")
    with Image.open(io.BytesIO(picture.png())) as decoded:
        assert (decoded.format, decoded.mode) == ("PNG", "RGB")
        assert np.array_equal(np.asarray(decoded), picture.pixels)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            np.zeros((2, 2, 3)),
            r"float64 values shaped 2 × 2 × 3; give height × width × 3 values of type uint8",
        ),
        (np.zeros((2, 2), dtype=np.uint8), r"uint8 values shaped 2 × 2;"),
        (np.zeros((2, 2, 4), dtype=np.uint8), r"shaped 2 × 2 × 4;"),
        (np.zeros((0, 2, 3), dtype=np.uint8), r"shaped 0 × 2 × 3;"),
        (np.uint8(3), r"shaped a single number;"),
    ],
)
def test_what_is_no_rgb_picture_is_refused_in_a_sentence(values, said):
    with pytest.raises(CnnLabError, match=said):
        Picture(values, "x")


def test_a_shrunk_pixel_is_the_mean_of_the_area_it_covers():
    large = noise(2 * LONGEST_SIDE_PX, 2 * LONGEST_SIDE_PX)
    small = np.asarray(shrink(large)).astype(float)
    values = np.asarray(large).astype(float)
    for row, column in [(0, 0), (17, 200), (255, 255), (128, 3)]:
        mean = sum(values[2 * row + i, 2 * column + j] for i in (0, 1) for j in (0, 1)) / 4
        assert np.abs(small[row, column] - mean).max() <= 1  # rounded once a direction


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1, 1), (1, 1)),
        ((256, 256), (256, 256)),
        ((257, 100), (256, 100)),
        ((1, 5000), (1, 256)),
        ((5000, 1), (256, 1)),
        ((512, 384), (256, 192)),
    ],
)
def test_the_longest_side_is_at_most_256_and_nothing_vanishes_or_grows(size, expected):
    assert shrink(Image.new("RGB", size)).size == expected
