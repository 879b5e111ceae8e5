"""Check, with seeded damage, that broken files raise UnreadablePicture and nothing else, and never warn."""

import random
import warnings
from collections import Counter

import pytest
from PIL import Image

from cnnlab.inspection.uploads import UnreadablePicture, read_upload
from tests.inspection.files import file_of, icon_around, noise, tiff_with_tile

PICTURE = noise(20, 24)
TURNED = Image.Exif()
TURNED[0x0112] = 6
FRAMES = {"save_all": True, "append_images": [noise(20, 24, 1)]}

FILES = {
    "PNG": file_of(PICTURE, "PNG", exif=TURNED),
    "palette PNG": file_of(PICTURE.convert("P"), "PNG", transparency=b"\0\x80\xff"),
    "animated PNG": file_of(PICTURE, "PNG", **FRAMES),
    "JPEG": file_of(PICTURE, "JPEG", exif=TURNED),
    "progressive CMYK JPEG": file_of(PICTURE.convert("CMYK"), "JPEG", progressive=True),
    "animated GIF": file_of(PICTURE, "GIF", **FRAMES),
    "TIFF": file_of(PICTURE, "TIFF", exif=TURNED),
    "LZW TIFF": file_of(PICTURE, "TIFF", compression="tiff_lzw"),
    "tiled TIFF": tiff_with_tile(16, 16) + bytes(256),
    "float TIFF": file_of(PICTURE.convert("F"), "TIFF"),
    "WebP": file_of(PICTURE, "WEBP", exif=TURNED.tobytes()),
    "animated WebP": file_of(PICTURE, "WEBP", **FRAMES),
    "BMP": file_of(PICTURE, "BMP"),
    "icon": icon_around(file_of(PICTURE, "PNG")),
    "TGA": file_of(PICTURE, "TGA", compression="tga_rle"),
}


def damaged(file: bytes, chance: random.Random) -> bytes:
    """Cut the file short, or flip some bits, more often near its beginning."""
    if chance.random() < 0.3:
        return file[: chance.randrange(len(file))]
    changed = bytearray(file)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        place = chance.randrange(len(file) if chance.random() < 0.5 else min(len(file), 200))
        changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("kind", FILES)
def test_damaged_files_are_read_or_refused_in_a_sentence_and_never_warn(kind):
    chance = random.Random(kind)
    outcomes = Counter()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(150):
            try:
                read_upload(damaged(FILES[kind], chance), "x")
                outcomes["read"] += 1
            except UnreadablePicture:
                outcomes["refused"] += 1
    assert outcomes["refused"] > 0
    assert warned == []
