"""Check that every kind of pixel becomes red, green and blue, against values worked by hand."""

import numpy as np
import pytest
from PIL import Image

from cnnlab.inspection.colours import small_rgb
from cnnlab.inspection.uploads import read_upload
from tests.inspection.files import file_of, noise, png_of_16_bits

WHITE_NOTE = "Transparent parts were put on white."


def first_pixel(image: Image.Image) -> list[int]:
    rgb, _ = small_rgb(image)
    assert rgb.mode == "RGB"
    return np.asarray(rgb)[0, 0].tolist()


@pytest.mark.parametrize(
    ("mode", "colour", "expected", "tolerance"),
    [
        ("1", 1, (255, 255, 255), 0),
        ("L", 77, (77, 77, 77), 0),
        ("RGB", (1, 2, 3), (1, 2, 3), 0),
        ("RGBX", (1, 2, 3, 4), (1, 2, 3), 0),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0), 0),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0), 0),
        ("YCbCr", (76, 85, 255), (255, 0, 0), 2),  # JFIF: pure red is Y 76, Cb 85, Cr 255.5
        ("LAB", (255, 128, 128), (255, 255, 255), 1),
        # sRGB red is L 54.3, a 80.8, b 69.9 under D50; kept as L × 2.55, a + 128, b + 128.
        # The conversion goes through a table of 8 bits, and dark green and blue are steep there.
        ("LAB", (138, 209, 198), (255, 0, 0), 5),
        ("RGBA", (255, 0, 0, 51), (255, 204, 204), 0),  # 51/255 is one fifth
        ("RGBA", (255, 0, 0, 0), (255, 255, 255), 0),
        ("LA", (0, 51), (204, 204, 204), 0),
    ],
)
def test_a_colour_worked_by_hand_comes_out(mode, colour, expected, tolerance):
    assert first_pixel(Image.new(mode, (2, 2), colour)) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize(
    ("mode", "word"), [("CMYK", "CMYK"), ("LAB", "Lab"), ("YCbCr", "YCbCr"), ("RGBA", "Transparent")]
)
def test_a_change_that_can_be_seen_is_said(mode, word):
    _, notes = small_rgb(Image.new(mode, (2, 2)))
    assert len(notes) == 1
    assert word in notes[0]


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_nothing_is_said_where_nothing_was_changed(mode):
    assert small_rgb(Image.new(mode, (2, 2)))[1] == ()
    assert small_rgb(Image.new("RGBA", (2, 2), (1, 2, 3, 255)))[1] == ()


def test_transparency_is_weighed_when_pixels_are_averaged():
    image = Image.new("RGBA", (512, 512), (255, 0, 0, 255))
    image.paste((0, 255, 0, 0), (0, 0, 512, 1))  # invisible green in the upper half of the first row
    assert first_pixel(image) == pytest.approx([255, 128, 128], abs=1)


def test_transparent_palettes_and_transparent_colours_are_put_on_white():
    palette = Image.new("P", (4, 4))
    palette.putpalette([10, 20, 30, 40, 50, 60])
    for file in (file_of(palette, "PNG", transparency=0), file_of(palette, "PNG", transparency=b"\x00\xff"),
                 file_of(palette, "GIF", transparency=0),
                 file_of(Image.new("RGB", (4, 4), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
                 file_of(Image.new("L", (4, 4), 9), "PNG", transparency=9),
                 file_of(Image.new("1", (4, 4), 0), "PNG", transparency=0)):  # fmt: skip
        picture = read_upload(file, "x")
        assert picture.pixels.min() == 255
        assert picture.notes == (WHITE_NOTE,)
    assert read_upload(file_of(palette, "PNG"), "x").pixels[0, 0].tolist() == [10, 20, 30]


@pytest.mark.parametrize(("file_format", "dtype"), [("PNG", "uint16"), ("TIFF", "<u2"), ("TIFF", ">u2"),
                                                    ("TIFF", "<i4"), ("TIFF", "<f4")])  # fmt: skip
def test_values_beyond_8_bits_are_scaled_from_zero_to_the_largest(file_format, dtype):
    values = np.array([[0, 1000, 2000, 4000]], dtype=dtype)
    picture = read_upload(file_of(Image.fromarray(values), file_format), "x")
    assert picture.pixels[0, :, 0].tolist() == [0, 64, 128, 255]  # 63.75 and 127.5, rounded
    assert picture.notes == ("Its grey values were scaled: 0 is black (0) and 4000 is white (255).",)


@pytest.mark.parametrize(
    ("values", "expected", "note"),
    [
        ([-1, 0, 1], [0, 128, 255], "-1 is black (0) and 1 is white (255)."),
        ([0.25, 0.5, 1], [64, 128, 255], "0 is black (0) and 1 is white (255)."),
        ([-2, -1, -2], [0, 128, 0], "-2 is black (0) and 0 is white (255)."),
        ([0.5, 0.5, 0.5], [255, 255, 255], "0 is black (0) and 0.5 is white (255)."),
        ([0, 0, 0], [0, 0, 0], "All its grey values are 0, so it is black."),
        ([np.nan, np.inf, 2], [0, 0, 255], "Values that are infinite or not a number were read as 0."),
        ([np.nan, np.nan, -np.inf], [0, 0, 0], "Values that are infinite or not a number were read as 0."),
        ([-3e38, 0, 3e38], [0, 128, 255], "-3e+38 is black (0) and 3e+38 is white (255)."),
        ([0, 1e-45, 0], [0, 255, 0], "is white (255)."),
    ],
)
def test_negative_tiny_huge_constant_and_missing_values_have_a_defined_picture(values, expected, note):
    picture = read_upload(file_of(Image.fromarray(np.array([values], dtype=np.float32)), "TIFF"), "x")
    assert picture.pixels[0, :, 0].tolist() == expected
    assert len(picture.notes) == 1
    assert picture.notes[0].endswith(note)


def test_a_large_picture_of_wide_values_is_scaled_as_one():
    values = np.zeros((1500, 1500), dtype=np.uint16)  # more than one block
    values[-1, -1], values[:700] = 50_000, 25_000
    rgb, _ = small_rgb(Image.fromarray(values))
    assert np.asarray(rgb)[0, 0].tolist() == [128] * 3
    assert np.asarray(rgb)[200, 0].tolist() == [0] * 3


def test_sixteen_bit_colours_are_reduced_and_that_is_said():
    values = np.asarray(noise(3, 4))
    picture = read_upload(png_of_16_bits(values.astype(">u2") * 257), "x")
    assert np.array_equal(picture.pixels, values)
    assert picture.notes == ("Its 16-bit colours were reduced to 8 bits.",)
