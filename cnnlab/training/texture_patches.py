"""Patches of photographs of surfaces: which one is a patch from? The pictures come with scikit-image.

What is learned from and what is measured with are cut from different regions of each photograph, left and
right of a line, so that no pixel is in both. Patches are grey and equally bright, so that only the texture
tells.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cnnlab.training.picture_set import PictureSet, SplitSet, UnsuitablePictures

SIDE = 64
LEFT_SHARE = 0.6  # of a photograph's width, to learn from
BRIGHTNESS, CONTRAST = 128, 48
_STEP = 40  # between the patches to measure with: they overlap a little
_SEED = 48_611  # begins the numbers that no other set uses

# Sources and licences as scikit-image 0.26 states them in skimage/data/_fetchers.py.
SURFACES = {
    "brick": "brick.png",
    "coins": "coins.png",
    "galaxies": "hubble_deep_field.jpg",
    "grass": "grass.png",
    "gravel": "gravel.png",
    "handwriting": "text.png",
    "retina": "retina.jpg",
    "tissue": "ihc.png",
}
CUT = {"retina.jpg": (306, 306, 1106, 1106)}  # left, top, right, bottom: without the black around it


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a photograph: columns from `left` up to `right`, all rows."""

    left: int
    right: int


def regions(width: int) -> tuple[Region, Region]:
    """Return what is learned from and what is measured with, of a photograph of this width.

    >>> regions(512)
    (Region(left=0, right=307), Region(left=307, right=512))
    """
    line = int(LEFT_SHARE * width)
    return Region(0, line), Region(line, width)


def split(seed: int, per_class: int) -> SplitSet:
    """Cut so many patches of each surface by the seed; those to measure with are always the same."""
    learned, measured = [], []
    for number, file in enumerate(SURFACES.values()):
        pixels = _grey(file)
        left, right = regions(pixels.shape[1])
        random = np.random.default_rng((_SEED, seed, number))
        rows = random.integers(0, pixels.shape[0] - SIDE + 1, 5000)[:per_class]
        columns = random.integers(left.left, left.right - SIDE + 1, 5000)[:per_class]
        learned.append(_patches(pixels, list(zip(rows.tolist(), columns.tolist(), strict=True))))
        measured.append(_patches(pixels, _grid(pixels.shape[0], right)))
    return SplitSet(_joined(learned), _joined(measured))


def _grid(height: int, region: Region) -> list[tuple[int, int]]:
    """Return top and left of at most 24 patches that cover a region evenly."""
    places = [
        (top, left)
        for top in range(0, height - SIDE + 1, _STEP)
        for left in range(region.left, region.right - SIDE + 1, _STEP)
    ]
    chosen = np.linspace(0, len(places) - 1, min(24, len(places))).astype(int)
    return [places[index] for index in chosen]


def _patches(pixels: np.ndarray, places: list[tuple[int, int]]) -> np.ndarray:
    cut = [pixels[top : top + SIDE, left : left + SIDE] for top, left in places]
    return np.stack([_even(patch) for patch in cut])


def _even(patch: np.ndarray) -> np.ndarray:
    """Give a patch the same mean and deviation as any other, in three equal channels."""
    values = patch.astype(np.float32)
    scaled = (values - values.mean()) / max(1.0, float(values.std())) * CONTRAST + BRIGHTNESS
    return np.repeat(np.clip(np.rint(scaled), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def _joined(parts: list[np.ndarray]) -> PictureSet:
    labels = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return PictureSet(np.concatenate(parts), labels, tuple(SURFACES))


def _grey(file: str) -> np.ndarray:
    """Read a photograph of scikit-image without importing it: height × width, uint8."""
    found = importlib.util.find_spec("skimage")
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "data" / file
        if path.is_file():
            with Image.open(path) as image:
                return np.asarray(image.convert("L").crop(CUT.get(file, (0, 0, *image.size))))
    raise UnsuitablePictures(
        f"The photograph {file} should come with scikit-image, but is not installed; install the "
        "requirements again, or choose another data set."
    )
