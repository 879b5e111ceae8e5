"""Files that nobody should send, through the app's upload field: each is shown or refused in a sentence."""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.inspection.files import file_of, icon_around, noise, png_header, png_of_16_bits, tiff_with_tile

SMALL = noise(20, 24)
FRAMES = {"save_all": True, "append_images": [noise(20, 24, 1)]}
SHOWN, MEGABYTE = "shown", 1_000_000


def upload_field() -> None:
    import streamlit as st

    from cnnlab.inspection.pictures import NETWORK_SIDE_PX
    from cnnlab.ui.labs.uploading import uploaded_picture

    picture = uploaded_picture("try", "A remark.", NETWORK_SIDE_PX)
    if picture is not None:
        height, width, _ = picture.pixels.shape
        st.text(f"{height} × {width} {picture.name} {' '.join(picture.notes)}")
        st.image(picture.pixels)


def turned(**options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return file_of(SMALL, "JPEG", exif=exif.tobytes(), **options)


def chunk(kind: bytes, content: bytes, check: int | None = None) -> bytes:
    crc = zlib.crc32(kind + content) if check is None else check
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)


def png(width: int, height: int, rows: bytes, *between: bytes) -> bytes:
    """Return a PNG of 1 bit a pixel, with further chunks before its rows."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(between) + body


def zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(MEGABYTE)
    parts = [packer.compress(block) for _ in range(count // MEGABYTE)]
    return b"".join(parts) + packer.compress(bytes(count % MEGABYTE)) + packer.flush()


def rows_of(width: int, height: int) -> bytes:
    return zeros(height * ((width + 7) // 8 + 1))


def broken_checksum() -> bytes:
    file = bytearray(file_of(SMALL, "PNG"))
    file[29] ^= 1  # in the checksum of the header
    return bytes(file)


def huge_bitmap() -> bytes:
    file = bytearray(file_of(SMALL, "BMP"))
    file[18:26] = struct.pack("<ii", 60_000, -60_000)
    return bytes(file)


def nan_tiff() -> bytes:
    values = np.full((8, 8), np.nan, np.float32)
    values[2:5] = 1e30
    return file_of(Image.fromarray(values), "TIFF")


def many_scans() -> bytes:
    """Return a JPEG of 25 million pixels that says that it is drawn in 200 passes."""
    file = io.BytesIO()
    Image.new("L", (5000, 5000)).save(file, "JPEG", progressive=True)
    return file.getvalue()[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 200 + b"\xff\xd9"


SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
Case = tuple[Callable[[], bytes], str, str]

# How each file is made, what it is called, and the sentence, or "shown" with what is said of it.
CASES: dict[str, Case] = {
    "0 bytes": (lambda: b"", "empty.png", r"'empty\.png' is empty \(0 bytes\)"),
    "text": (lambda: b"hello, I am no picture", "cat.png", "is not a picture, or one of a kind"),
    "zeros": (lambda: bytes(5000), "cat.jpg", "is not a picture, or one of a kind"),
    "a web page": (lambda: b"<!doctype html><script>alert(1)</script>", "cat.gif", "is not a picture"),
    "a ZIP archive": (lambda: b"PK\x03\x04" + bytes(100), "cat.png", "is not a picture"),
    "a program": (lambda: b"\x7fELF\x02\x01\x01" + bytes(100), "cat.png", "is not a picture"),
    "SVG with a script": (lambda: SVG, "cat.svg", "is an SVG drawing that cannot be read here"),
    "SVG called PNG": (lambda: SVG, "cat.png", "is an SVG drawing that cannot be read here"),
    "PDF": (lambda: b"%PDF-1.7\n" + bytes(100), "cat.pdf", "is a PDF document that cannot be read here"),
    "PostScript": (lambda: file_of(SMALL, "EPS"), "cat.eps", "is a PostScript drawing that cannot be read"),
    "HEIC": (lambda: HEIC, "cat.heic", "is a HEIC photograph that cannot be read here"),
    "100 megapixels": (lambda: png_header(10_000, 10_000), "cat.png", "has more than 50 million pixels"),
    "a billion pixels": (lambda: png_header(40_000, 40_000), "cat.png", "has more than 50 million pixels"),
    "60 megapixels in 8 kB": (
        lambda: png(10_000, 6_000, rows_of(10_000, 6_000)),
        "bomb.png",
        "has 6,000 × 10,000 pixels",
    ),
    "49 megapixels in 8 kB": (
        lambda: png(7_000, 7_000, rows_of(7_000, 7_000)),
        "cat.png",
        f"{SHOWN}640 × 640",
    ),
    "rows that unfold to 100 MB": (lambda: png(8, 8, zeros(100 * MEGABYTE)), "bomb.png", f"{SHOWN}8 × 8"),
    "a note that unfolds to 100 MB": (
        lambda: png(8, 8, rows_of(8, 8), chunk(b"zTXt", b"note\0\0" + zeros(100 * MEGABYTE))),
        "bomb.png",
        "damaged, cut short or of an unusual kind",
    ),
    "a bomb in an icon": (
        lambda: icon_around(png_header(8_000, 7_000)),
        "cat.ico",
        "has 7,000 × 8,000 pixels",
    ),
    "a TIFF with a giant tile": (
        lambda: tiff_with_tile(60_000, 1_000),
        "cat.tif",
        "has 1,000 × 60,000 pixels",
    ),
    "a giant bitmap upside down": (huge_bitmap, "cat.bmp", "has more than 50 million pixels"),
    "a JPEG in 200 passes": (many_scans, "cat.jpg", r"drawn in 2\d\d passes, which takes too long"),
    "21 MB": (lambda: bytes(21 * MEGABYTE), "cat.png", r"is 21\.0 MB; at most 20 MB can be read"),
    "half a JPEG": (lambda: file_of(noise(90, 90), "JPEG")[:2000], "cat.jpg", "damaged, cut short"),
    "half a PNG": (lambda: file_of(noise(90, 90), "PNG")[:9000], "cat.png", "damaged, cut short"),
    "half a GIF": (lambda: file_of(noise(90, 90), "GIF")[:900], "cat.gif", "damaged, cut short"),
    "a PNG whose checksum is wrong": (broken_checksum, "cat.png", "not a picture|damaged, cut short"),
    "a JPEG's beginning and noise": (
        lambda: b"\xff\xd8\xff\xe0" + np.random.default_rng(0).bytes(4000),
        "cat.jpg",
        "not a picture|damaged, cut short",
    ),
    "a JPEG called PNG": (lambda: file_of(SMALL, "JPEG"), "cat.png", f"{SHOWN}20 × 24 cat.png"),
    "a picture and a script behind it": (
        lambda: file_of(SMALL, "GIF") + b"<script>alert(1)</script>",
        "cat.gif",
        f"{SHOWN}20 × 24",
    ),
    "an animated GIF": (
        lambda: file_of(SMALL, "GIF", **FRAMES),
        "cat.gif",
        f"{SHOWN}20 × 24 .*only the first",
    ),
    "an animated PNG": (
        lambda: file_of(SMALL, "PNG", **FRAMES),
        "cat.png",
        f"{SHOWN}20 × 24 .*only the first",
    ),
    "an animated WebP": (
        lambda: file_of(SMALL, "WEBP", **FRAMES),
        "c.webp",
        f"{SHOWN}20 × 24 .*only the first",
    ),
    "a TIFF of several pages": (
        lambda: file_of(SMALL, "TIFF", **FRAMES),
        "c.tif",
        f"{SHOWN}20 × 24 .*only the",
    ),
    "turned by EXIF": (turned, "cat.jpg", f"{SHOWN}24 × 20 .*turned upright"),
    "broken EXIF": (
        lambda: file_of(SMALL, "JPEG", exif=b"Exif\0\0neither II nor MM"),
        "cat.jpg",
        f"{SHOWN}20 × 24 cat.jpg$",
    ),
    "16 bits a colour": (
        lambda: png_of_16_bits(np.full((4, 5, 3), 65535, np.uint16)),
        "cat.png",
        f"{SHOWN}4 × 5 .*16-bit colours were reduced",
    ),
    "16 bits of grey": (
        lambda: file_of(Image.fromarray(np.arange(20, dtype=np.uint16).reshape(4, 5) * 900), "PNG"),
        "cat.png",
        f"{SHOWN}4 × 5 .*grey values were scaled",
    ),
    "not a number": (nan_tiff, "cat.tif", f"{SHOWN}8 × 8 .*not a number were read as 0"),
    "CMYK": (lambda: file_of(SMALL.convert("CMYK"), "JPEG"), "cat.jpg", f"{SHOWN}20 × 24 .*printing colours"),
    "a palette with transparency": (
        lambda: file_of(SMALL.convert("P"), "PNG", transparency=b"\0\x80\xff"),
        "cat.png",
        f"{SHOWN}20 × 24 .*put on white",
    ),
    "one pixel": (lambda: file_of(Image.new("1", (1, 1)), "PNG"), "cat.png", f"{SHOWN}1 × 1"),
    "a strip of 1 × 30,000": (lambda: png(30_000, 1, rows_of(30_000, 1)), "cat.png", f"{SHOWN}1 × 640"),
    "a name full of markup": (
        lambda: file_of(SMALL, "PNG"),
        "<img src=x onerror=alert(1)>](javascript:x)**b**.png",
        f"{SHOWN}20 × 24 -img src=x onerror=alert.1.--.javascript-x.--b--.png$",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_shown_or_refused_in_a_sentence(name: str):
    make, file_name, says = CASES[name]
    app = AppTest.from_function(upload_field, default_timeout=60).run()
    with warnings.catch_warnings():
        warnings.simplefilter("error", category=Image.DecompressionBombWarning)
        app.file_uploader[0].upload(file_name, make(), "image/png").run()
    assert not app.exception
    told, refused = [one.value for one in app.text], [one.value for one in app.error]
    assert len(told) + len(refused) == 1
    wanted, found = (told, refused) if says.startswith(SHOWN) else (refused, told)
    assert found == []
    assert re.search(says.removeprefix(SHOWN), wanted[0]), wanted[0]


def test_there_are_at_least_thirty():
    assert len(CASES) >= 30
