"""Zip archives made for tests: good ones and bad ones."""

import io
import stat
import zipfile
from collections.abc import Mapping

import numpy as np
from PIL import Image


def picture(seed: int = 0, width: int = 24, height: int = 20, kind: str = "PNG") -> bytes:
    """Return a small picture of noise as a file."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def archive(files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return file.getvalue()


def usual(top: str = "", of_each: int = 3, classes: tuple[str, ...] = ("cats", "dogs")) -> dict[str, bytes]:
    """Return pictures in a folder for each class, perhaps with a folder around them."""
    return {
        f"{top}{name}/{number}.png": picture(100 * place + number)
        for place, name in enumerate(classes)
        for number in range(of_each)
    }


def with_link(files: Mapping[str, bytes], name: str, target: str, kind: int = stat.S_IFLNK) -> bytes:
    """Return an archive that also holds a link, or another special file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for one, data in files.items():
            made.writestr(one, data)
        info = zipfile.ZipInfo(name)
        info.external_attr = (kind | 0o777) << 16
        made.writestr(info, target)
    return file.getvalue()


def changed(data: bytes, before: bytes, after: bytes) -> bytes:
    """Return bytes in which something of the same length stands for something else."""
    assert before in data
    assert len(before) == len(after)
    return data.replace(before, after)
