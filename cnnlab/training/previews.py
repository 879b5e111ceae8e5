"""Sheets of examples: a row for each class, some pictures to learn from, then some to measure with.

The sheets of sets that come along are files, with how many pictures each class has; they are written by
`python -m cnnlab.training.previews`, so that showing them loads nothing. Those of learners' own sets are made
when they are asked for, split as a run of that seed splits them.
"""

import io
import json
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from cnnlab.training import own_data
from cnnlab.training.own_sets import OwnClass, OwnSet
from cnnlab.training.picture_set import PictureSet, SplitSet, measured_of

SIDE_PX = 64
LEARNED, MEASURED = 5, 3  # examples of each class
MOST_CLASSES = 40
FOLDER = Path(__file__).parent / "previews_of_sets"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many pictures of a class are learned from, and how many are measured with."""

    name: str
    learned: int
    measured: int


def own_counts(one: OwnSet) -> list[ClassCount]:
    """Return how the pictures of an own set are split, whatever the seed."""
    return [
        ClassCount(each.name, each.count - measured_of(each.count), measured_of(each.count))
        for each in one.classes
    ]


@cache
def bundled_counts() -> dict[str, list[ClassCount]]:
    """Return how many pictures the classes of each set that comes along have."""
    kept = json.loads((FOLDER / "counts.json").read_text("utf-8"))
    return {name: [ClassCount(*one) for one in classes] for name, classes in kept.items()}


def sheet_file(name: str) -> Path:
    """Return where the sheet of a set that comes along is."""
    return FOLDER / f"{name}.webp"


def own_sheet(name: str, seed: int) -> bytes:
    """Return the sheet of a learner's own set. Raises `NoOwnSet`, `UnsuitablePictures`."""
    return _own_sheet(name, own_data.own_set(name).classes, seed)


@lru_cache(maxsize=16)
def _own_sheet(name: str, _classes: tuple[OwnClass, ...], seed: int) -> bytes:
    training, validation = own_data.pictures(name).split(seed)
    return sheet(SplitSet(training, validation))


def sheet(both: SplitSet) -> bytes:
    """Return examples as a WebP file: a row of `LEARNED` + `MEASURED` pictures for each class."""
    count = min(MOST_CLASSES, len(both.classes))
    whole = Image.new("RGB", ((LEARNED + MEASURED) * SIDE_PX, count * SIDE_PX), "grey")
    for number in range(count):
        for given, first, most in ((both.training, 0, LEARNED), (both.validation, LEARNED, MEASURED)):
            for place, pixels in enumerate(_of_class(given, number, most)):
                small = Image.fromarray(pixels).resize((SIDE_PX, SIDE_PX), _resampling(pixels.shape[0]))
                whole.paste(small, ((first + place) * SIDE_PX, number * SIDE_PX))
    file = io.BytesIO()
    whole.save(file, "WEBP", quality=80, method=6)
    return file.getvalue()


def small(pixels: np.ndarray) -> bytes:
    """Return one picture as a small WebP file."""
    file = io.BytesIO()
    image = Image.fromarray(pixels).resize((SIDE_PX, SIDE_PX), _resampling(pixels.shape[0]))
    image.save(file, "WEBP", quality=75)
    return file.getvalue()


def _of_class(given: PictureSet, number: int, most: int) -> np.ndarray:
    return given.pixels[np.flatnonzero(given.labels == number)[:most]]


def _resampling(side: int) -> Image.Resampling:
    return Image.Resampling.BOX if side >= SIDE_PX else Image.Resampling.NEAREST


def main() -> int:
    """Write the sheets of the sets that come along; return the exit code."""
    from cnnlab.training.data_sets import DATA_SETS, split

    FOLDER.mkdir(exist_ok=True)
    counts = {}
    for name in (name for name, one in DATA_SETS.items() if one.megabytes is None):
        both = split(name, 0)
        sheet_file(name).write_bytes(sheet(both))
        counts[name] = list(zip(both.classes, both.training.counts, both.validation.counts, strict=True))
        print(f"{name}: {sheet_file(name).stat().st_size:,} bytes")
    (FOLDER / "counts.json").write_text(json.dumps(counts) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
