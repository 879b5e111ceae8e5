"""Check that any bytes become a small upright picture or one sentence, and nothing else."""

import threading
import warnings

import numpy as np
import pytest
from PIL import Image, features

from cnnlab.inspection import uploads
from cnnlab.inspection.pictures import NETWORK_SIDE_PX
from cnnlab.inspection.uploads import UnreadablePicture, clean_name, read_upload
from tests.inspection.files import file_of, icon_around, noise, png_header, tiff_with_tile

LOSSLESS = {"PNG": {}, "GIF": {}, "BMP": {}, "TIFF": {}, "PPM": {}, "TGA": {}, "WEBP": {"lossless": True}}


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_a_lossless_file_comes_back_exactly(file_format):
    image = noise(9, 12).quantize(16).convert("RGB")
    picture = read_upload(file_of(image, file_format, **LOSSLESS[file_format]), "noise")
    assert np.array_equal(picture.pixels, np.asarray(image))
    assert picture.notes == ()


@pytest.mark.parametrize("file_format", ["JPEG", "AVIF", "ICO", "MPO"])
def test_other_allowed_files_come_back_nearly(file_format):
    if file_format == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow was built without AVIF")
    image = Image.new("RGB", (16, 16), (200, 100, 50))
    picture = read_upload(file_of(image, file_format), "flat")
    assert picture.pixels.shape == (16, 16, 3)
    assert picture.pixels[8, 8].tolist() == pytest.approx([200, 100, 50], abs=4)  # lossy


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 5000), (5000, 1), (3000, 2000)])
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_any_shape_becomes_at_most_256_a_side(width, height, file_format):
    picture = read_upload(file_of(Image.new("RGB", (width, height), (9, 99, 200)), file_format), "x")
    longest = max(width, height)
    scale = min(1, 256 / longest)
    assert picture.pixels.shape == (max(1, round(height * scale)), max(1, round(width * scale)), 3)
    assert np.abs(picture.pixels.astype(int) - [9, 99, 200]).max() <= 4


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "CMYK", "I;16"])
def test_for_a_network_more_pixels_are_kept(mode):
    image = noise(300, 900).convert("L").convert("I").convert("I;16") if mode == "I;16" else noise(300, 900)
    file = file_of(image.convert(mode) if mode != "I;16" else image, "TIFF")
    assert read_upload(file, "x", NETWORK_SIDE_PX).pixels.shape == (213, 640, 3)
    assert read_upload(file, "x").pixels.shape == (85, 256, 3)


def test_a_large_jpeg_is_the_mean_of_the_areas_its_pixels_cover():
    values = np.asarray(noise(64, 64)).repeat(32, axis=0).repeat(32, axis=1)
    picture = read_upload(file_of(Image.fromarray(values), "JPEG", quality=95, subsampling=0), "x")
    expected = np.asarray(noise(64, 64)).repeat(4, axis=0).repeat(4, axis=1).astype(int)
    assert np.abs(picture.pixels - expected).mean() < 3  # JPEG of quality 95 loses about 1


# EXIF 2.3, tag 0x0112: where row 0 and column 0 of what is stored lie in what was seen.
STORED = {
    1: lambda seen: seen,
    2: lambda seen: seen[:, ::-1],
    3: lambda seen: seen[::-1, ::-1],
    4: lambda seen: seen[::-1],
    5: lambda seen: seen.transpose(1, 0, 2),
    6: lambda seen: np.rot90(seen, 1),
    7: lambda seen: seen.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda seen: np.rot90(seen, -1),
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(("file_format", "loss"), [("PNG", 0), ("TIFF", 0), ("WEBP", 0), ("JPEG", 12)])
def test_a_turned_photograph_comes_out_upright(orientation, file_format, loss):
    seen = np.zeros((32, 48, 3), dtype=np.uint8)
    seen[:16, :16], seen[16:, 16:32] = (250, 120, 20), (0, 80, 240)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](seen)))
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 98, "subsampling": 0}}.get(file_format, {})
    picture = read_upload(file_of(stored, file_format, exif=exif.tobytes(), **options), "x")
    assert picture.pixels.shape == seen.shape
    assert np.abs(picture.pixels.astype(int) - seen).max() <= loss
    turned = ("It was turned upright, as the camera noted.",) if orientation > 1 else ()
    assert picture.notes == turned


@pytest.mark.parametrize("orientation", [0, 9, 60_000])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert read_upload(file_of(noise(4, 6), "PNG", exif=exif.tobytes()), "x").pixels.shape == (4, 6, 3)


def test_broken_exif_beside_sound_pixels_does_no_harm():
    file = file_of(noise(4, 6), "PNG", exif=b"Exif\0\0neither II nor MM")
    picture = read_upload(file, "x")
    assert np.array_equal(picture.pixels, np.asarray(noise(4, 6)))
    assert picture.notes == ()


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_only_the_first_of_several_pictures_is_used_and_that_is_said(file_format):
    first, second = Image.new("RGB", (8, 8), (255, 0, 0)), Image.new("RGB", (8, 8), (0, 0, 255))
    options = {"lossless": True} if file_format == "WEBP" else {}
    picture = read_upload(file_of(first, file_format, save_all=True, append_images=[second], **options), "x")
    assert picture.pixels[4, 4].tolist() == [255, 0, 0]
    assert picture.notes == ("The file holds several pictures; only the first is used.",)


def test_a_colour_profile_is_ignored():
    file = file_of(noise(4, 4), "PNG", icc_profile=b"not a profile")
    assert np.array_equal(read_upload(file, "x").pixels, np.asarray(noise(4, 4)))


def test_no_bytes_are_refused_as_empty():
    with pytest.raises(
        UnreadablePicture, match=r"^'cat\.png' is empty \(0 bytes\); choose a file that holds a pic"
    ):
        read_upload(b"", "cat.png")


def test_too_many_bytes_are_refused_with_both_numbers():
    with pytest.raises(
        UnreadablePicture, match=r"^'x' is 20\.1 MB; at most 20 MB can be read\. Save it smaller"
    ):
        read_upload(bytes(20_100_000), "x")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            png_header(8_000, 7_000),
            r"'x' has 7,000 × 8,000 pixels \(height × width\); at most 50 million can",
        ),
        (
            png_header(10_000, 10_000),
            r"'x' has more than 50 million pixels; at most 50 million can be read\. Make",
        ),
        (
            png_header(40_000, 40_000),
            r"'x' has more than 50 million pixels; .*: a few hundred a side are all that is used\.$",
        ),
        (icon_around(png_header(8_000, 7_000)), r"'x' has 7,000 × 8,000 pixels \(height × width\)"),
        (tiff_with_tile(60_000, 1_000), r"'x' has 1,000 × 60,000 pixels \(height × width\)"),
    ],
    ids=[
        "above ours",
        "above Pillow's warning",
        "above Pillow's limit",
        "inside an icon",
        "a tile of a TIFF",
    ],
)
def test_too_many_pixels_are_refused_before_one_is_decoded(file, said, monkeypatch):
    def decoded(*_):
        pytest.fail("pixels were decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    assert len(file) < 300
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnreadablePicture, match=said):
            read_upload(file, "x")


def test_fifty_million_pixels_are_the_limit_whatever_pillow_is_set_to(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(UnreadablePicture, match=r"40,000 × 40,000 pixels"):
        read_upload(png_header(40_000, 40_000), "x")
    with pytest.raises(UnreadablePicture, match="damaged"):  # allowed by its size, but there are no pixels
        read_upload(png_header(50_000, 1_000), "x")


def test_a_jpeg_drawn_in_too_many_passes_is_refused(monkeypatch):
    file = file_of(noise(64, 64), "JPEG", progressive=True)
    passes = file.count(b"\xff\xda")
    monkeypatch.setattr(uploads, "MAX_JPEG_SCAN_PIXELS", passes * 64 * 64)
    assert read_upload(file, "x").pixels.shape == (64, 64, 3)
    monkeypatch.setattr(uploads, "MAX_JPEG_SCAN_PIXELS", passes * 64 * 64 - 1)
    with pytest.raises(UnreadablePicture, match=rf"drawn in {passes} passes, which takes too long; open it"):
        read_upload(file, "x")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"hello, I am no picture", "not a picture, or one of a kind"),
        (b"\0" * 1000, "not a picture, or one of a kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photograph"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (file_of(Image.new("RGB", (4, 4)), "EPS"), "a PostScript drawing"),
        (file_of(Image.new("RGB", (4, 4)), "PCX"), "not a picture, or one of a kind"),
    ],
    ids=["text", "zeros", "HEIC", "PDF", "SVG", "EPS", "a format of Pillow's that is not allowed"],
)
def test_what_is_not_an_allowed_picture_is_named_with_what_is(data, what):
    said = rf"^'x' is {what} that cannot be read here; JPEG, .* or TGA can\. Open it .* it as PNG or JPEG\.$"
    with pytest.raises(UnreadablePicture, match=said):
        read_upload(data, "x")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_half_a_file_is_refused_as_damaged(file_format):
    file = file_of(noise(60, 60), file_format)
    said = r"^'x' looks like a picture, but it is damaged, .*; save or download it again, as PNG or JPEG\.$"
    with pytest.raises(UnreadablePicture, match=said):
        read_upload(file[: len(file) // 2], "x")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cat.png", "cat.png"),
        ("/home/ann/cat.png", "cat.png"),
        (r"C:\photos\cat.png", "cat.png"),
        ("a\x00b\x1b[31m\u202ec\nd\ud800.png", "ab-31mcd.png"),
        ("[click](http://x.y) $x$ **b** `c`.png", "x.y) -x- --b-- -c-.png"),
        (":red[hot].png", "-red-hot-.png"),
        ("   ", "the picture"),
        ("", "the picture"),
        ("猫 и кот é.png", "猫 и кот é.png"),
    ],
)
def test_a_name_is_made_fit_to_show(name, shown):
    assert clean_name(name) == shown


def test_a_long_name_keeps_its_beginning_and_its_ending():
    shown = clean_name("a" * 5000 + ".jpeg")
    assert len(shown) == 60
    assert shown.endswith("…aaa.jpeg")
    assert read_upload(file_of(noise(2, 2), "PNG"), "b" * 500).name == "b" * 51 + "…" + "b" * 8


def test_threads_get_their_own_pictures_and_leave_the_warning_filters_alone():
    before = list(warnings.filters)
    images = [noise(40, 50, seed) for seed in range(8)]
    files = [file_of(image, ["PNG", "TIFF"][index % 2]) for index, image in enumerate(images)]
    wrong = []

    def read_often(index: int) -> None:
        for _ in range(20):
            if not np.array_equal(read_upload(files[index], "x").pixels, np.asarray(images[index])):
                wrong.append(index)

    threads = [threading.Thread(target=read_often, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert warnings.filters == before
