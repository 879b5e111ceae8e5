"""Which pictures are always there, offline: photographs and digits of two packages, and drawn shapes.

Their files are found without importing those packages (scikit-learn alone takes over a second). The shapes
are this project's own: see `bundled`. This module does not know pictures that a learner brings.
"""

import gzip
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled import shape_pictures
from cnnlab.inspection.bundled.shape_pictures import SHAPE_PICTURES, ShapePicture
from cnnlab.inspection.colours import small_rgb
from cnnlab.inspection.pictures import Picture

_DIGITS_FILE = "sklearn/datasets/data/digits.csv.gz"
_DIGIT_SIDE_PX = 8
_DIGIT_MAX = 16
_DIGIT_ROWS = (0, 1, 1669, 345, 1387, 1075, 1261, 7, 654, 1792)  # of 1,797: well-drawn ones, chosen by eye


class MissingPicture(CnnLabError):
    """There is no bundled picture of that name, or its file is not installed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One bundled picture: what to call it, whose it is, and what it shows to those who cannot see it."""

    name: str
    title: str
    source: str
    licence: str
    alt: str
    file: str
    square: bool = True  # cut to the square in its middle
    row: int | None = None  # of the table of digits


def _photograph(name: str, title: str, source: str, licence: str, alt: str) -> Sample:
    file, square = _PHOTOGRAPH_FILES[name]
    return Sample(name, title, f"{source}; in scikit-image", licence, alt, f"skimage/data/{file}", square)


def _digit(digit: int, row: int) -> Sample:
    return Sample(
        name=f"digit-{digit}",
        title=f"Digit {digit}",
        source="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits; in scikit-learn",
        licence="CC BY 4.0",
        alt=f"A handwritten {digit}, bright on black, 8 by 8 pixels.",
        file=_DIGITS_FILE,
        row=row,
    )


def _shape(picture: ShapePicture) -> Sample:
    return Sample(
        name=picture.name,
        title=picture.title,
        source=shape_pictures.SOURCE,
        licence=shape_pictures.LICENCE,
        alt=picture.alt,
        file=picture.file,
    )


_PHOTOGRAPH_FILES = {  # name: (file, cut to a square)
    "astronaut": ("astronaut.png", True),
    "camera": ("camera.png", True),
    "cat": ("chelsea.png", True),
    "coffee": ("coffee.png", True),
    "rocket": ("rocket.jpg", True),
    "coins": ("coins.png", False),
    "brick": ("brick.png", True),
    "grass": ("grass.png", True),
    "gravel": ("gravel.png", True),
    "text": ("text.png", False),
    "horse": ("horse.png", False),
    "galaxies": ("hubble_deep_field.jpg", True),
}

# Sources and licences as scikit-image 0.26 states them in skimage/data/_fetchers.py.
_ALL = (
    _photograph("astronaut", "Astronaut", "NASA", "Public domain",
                "An astronaut in an orange suit smiles before a flag and a model of the space shuttle."),
    _photograph("camera", "Photographer", "Lav Varshney", "CC0",
                "A man in a dark coat looks through a camera on a tripod, on a lawn; grey."),
    _photograph("cat", "Cat", "Stéfan van der Walt", "CC0",
                "The face of a ginger tabby cat with green eyes, close up."),
    _photograph("coffee", "Coffee", "Rachel Michetti, Pikolo Espresso Bar", "CC0",
                "A cup of espresso on a red saucer with a spoon, on a wooden table."),
    _photograph("rocket", "Rocket", "SpaceX", "Public domain",
                "A white rocket stands lit on its launch pad between masts at dusk."),
    _photograph("coins", "Coins", "Brooklyn Museum", "No known copyright restrictions",
                "Four rows of six ancient coins on a dark, uneven background; grey."),
    _photograph("brick", "Brick", "CC0Textures", "CC0",
                "A wall of long bricks in upright rows with bright joints; grey."),
    _photograph("grass", "Grass", "linolafett on DeviantArt", "CC0",
                "Short grass and small leaves from above, a fine irregular texture; grey."),
    _photograph("gravel", "Gravel", "CC0Textures", "CC0",
                "Gravel from above, many small pointed stones; grey."),
    _photograph("text", "Handwriting", "Wikipedia, File:Corner.png", "Public domain",
                "Handwritten mathematics on squared paper, seen at a slant; grey."),
    _photograph("horse", "Horse", "Andreas Preuss on Openclipart", "CC0",
                "The black outline of a standing horse, filled, on white."),
    _photograph("galaxies", "Galaxies", "NASA, Hubble eXtreme Deep Field", "Public domain",
                "Hundreds of small coloured galaxies on a black sky."),
    *map(_shape, SHAPE_PICTURES),
    *(_digit(digit, row) for digit, row in enumerate(_DIGIT_ROWS)),
)  # fmt: skip

SAMPLES: dict[str, Sample] = {sample.name: sample for sample in _ALL}


@lru_cache(maxsize=64)
def sample_picture(name: str) -> Picture:
    """Read the bundled picture of that name.

    A photograph has at most 256 pixels a side, a shape 64 by 64, a digit 8 by 8.
    Raises MissingPicture, with the names there are.

    >>> sample_picture("digit-0").pixels.shape
    (8, 8, 3)
    """
    if name not in SAMPLES:
        raise MissingPicture(f"There is no bundled picture '{name}'; choose one of: {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    path = _installed(sample.file, sample.title)
    image = _photograph_image(path, sample.square) if sample.row is None else _digit_image(path, sample.row)
    return Picture(np.asarray(image), sample.name)


@lru_cache(maxsize=64)
def sample_png(name: str) -> bytes:
    """Return the bundled picture of that name as a PNG file."""
    return sample_picture(name).png()


def _installed(file: str, title: str) -> Path:
    package, _, inside = file.partition("/")
    found = importlib.util.find_spec(package)
    for folder in (found and found.submodule_search_locations) or ():
        if (path := Path(folder) / inside).is_file():
            return path
    raise MissingPicture(
        f"The picture '{title}' should come with {package}, but {file} is not installed; "
        "install the requirements again, or choose another picture."
    )


def _photograph_image(path: Path, square: bool) -> Image.Image:
    with Image.open(path) as image:
        side = min(image.size)
        rgb, _ = small_rgb(ImageOps.fit(image, (side, side)) if square else image)
    return rgb


def _digit_image(path: Path, row: int) -> Image.Image:
    """Read one row of the table: 64 values from 0 to 16, then the label."""
    with gzip.open(path, "rt") as lines:
        values = np.loadtxt(lines, delimiter=",", skiprows=row, max_rows=1, dtype=np.float64)
    grey = np.rint(values[:-1].reshape(_DIGIT_SIDE_PX, _DIGIT_SIDE_PX) * 255 / _DIGIT_MAX)
    return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
