"""Which data sets there are to learn from, what each is good for, and how its pictures are had.

Nothing heavy is loaded before pictures are asked for, so a page can list the sets. It does not know how
pictures are drawn, downloaded or unpacked; it knows who does.
"""

import gzip
import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled.shape_names import UNSEEN
from cnnlab.inspection.uploads import clean_name
from cnnlab.training import own_data, public_sets
from cnnlab.training.own_sets import OwnSet
from cnnlab.training.picture_set import PictureSet, SplitSet, measured_of
from cnnlab.training.public_reading import CIFAR, FASHION, SIDE_PX
from cnnlab.training.public_sets import PUBLIC

USUALLY_OF_A_CLASS = 100  # of pictures that can be made without end
MOST_OF_A_CLASS = 1000
MEASURED_OF_A_CLASS = 40
DIGITS_SIDE = 32


class NoSuchDataSet(CnnLabError):
    """A data set of a name that there is not, or one that is not on this machine."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is told of a data set.

    Attributes:
        name: What it is called in recipes and on the command line.
        title: What it is called on a page.
        sentence: What is in it and what it teaches.
        licence: Whose it is, and what may be done with it.
        classes: The names of the classes.
        side: Pixels a side of each picture.
        pictures: How many there are to learn from, as long as nobody asks for more.
        endless: Whether up to `MOST_OF_A_CLASS` of a class are made where they are asked for.
        megabytes: What has to be downloaded, in millions of bytes; None where nothing has to be.
    """

    name: str
    title: str
    sentence: str
    licence: str
    classes: tuple[str, ...]
    side: int
    pictures: int
    endless: bool = False
    megabytes: float | None = None


_OURS = "Drawn by CNN Lab; Apache-2.0."


def _made(name: str, title: str, sentence: str, classes: tuple[str, ...]) -> DataSet:
    return DataSet(name, title, sentence, _OURS, classes, 64, USUALLY_OF_A_CLASS * len(classes), endless=True)


CUE_CLASSES = UNSEEN[:8]  # each of these has a texture of its own
_ALL = (
    _made(
        "shapes-new",
        "New shapes",
        "Ten shapes in clutter that no bundled network has seen. A network that learned other shapes needs "
        "only a few pictures of these; one that begins from random weights needs many.",
        UNSEEN,
    ),
    _made(
        "shapes-hard",
        "New shapes, hard",
        "The same ten shapes with more small ones around them, more bars, noise and distortion: here it "
        "shows whether training everything is better than training the head only.",
        UNSEEN,
    ),
    _made(
        "shapes-cue",
        "A shortcut",
        "Eight shapes. In the pictures to learn from, each has a texture of its own; in those to measure "
        "with, the texture says nothing. A network that took the easy way is found out.",
        CUE_CLASSES,
    ),
    _made(
        "colours",
        "Colours",
        "Shapes of all kinds on a grey ground; the colour is the class. A network that learned shapes has "
        "learned to overlook it: with its layers frozen it does worse here than a new one. And a colour "
        "shift changes what is right.",
        ("red", "orange", "yellow", "green", "blue", "purple"),
    ),
    _made(
        "directions",
        "Directions",
        "Arrows that point right, up, left or down. Flipping a picture changes what is right: augmentation "
        "has to keep the class.",
        ("right", "up", "left", "down"),
    ),
    DataSet(
        "textures",
        "Textures",
        "Which photograph is a grey patch from? Eight surfaces and things; patches to learn from and to "
        "measure with come from different regions of each photograph.",
        "Photographs in scikit-image: CC0 (brick, grass, gravel, retina), public domain (galaxies, "
        "handwriting), no known restrictions (coins, tissue).",
        ("brick", "coins", "galaxies", "grass", "gravel", "handwriting", "retina", "tissue"),
        64,
        USUALLY_OF_A_CLASS * 8,
        endless=True,
    ),
    DataSet(
        "digits",
        "Digits",
        "1,797 handwritten digits of 8 × 8 pixels, enlarged. They are so simple that a network that was "
        "trained on something else hardly has an advantage.",
        "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, in scikit-learn; CC BY 4.0.",
        tuple("0123456789"),
        DIGITS_SIDE,
        1347,
    ),
)


_PUBLISHED = (
    DataSet(
        "mnist",
        "MNIST",
        "70,000 handwritten digits, the set that LeNet learned: every method does well on it.",
        "Y. LeCun, C. Cortes and C. Burges; no licence text.",
        tuple("0123456789"),
        28,
        60_000,
    ),
    DataSet(
        "fashion-mnist",
        "Fashion-MNIST",
        "70,000 small grey pictures of clothes, made to be harder than digits of the same size.",
        "H. Xiao, K. Rasul and R. Vollgraf (Zalando); MIT.",
        FASHION,
        28,
        60_000,
    ),
    DataSet(
        "cifar-10",
        "CIFAR-10",
        "60,000 tiny photographs of animals and vehicles, on which many networks of the zoo were measured.",
        "A. Krizhevsky; no licence text, made for research.",
        CIFAR,
        32,
        50_000,
    ),
    DataSet(
        "pets",
        "Oxford pets",
        "Photographs of 37 breeds of cats and dogs: here it shows what a network that was trained on "
        "ImageNet brings along.",
        "O. Parkhi, A. Vedaldi, A. Zisserman and C. Jawahar; CC BY-SA 4.0.",
        (),
        SIDE_PX,
        3_680,
    ),
    DataSet(
        "flowers",
        "Flowers-102",
        "Photographs of 102 kinds of flowers, 20 of each to learn from: few for so many classes, some of "
        "which look much alike.",
        "M.-E. Nilsback and A. Zisserman; no licence text, made for research.",
        (),
        SIDE_PX,
        2_040,
    ),
)
DATA_SETS: dict[str, DataSet] = {one.name: one for one in _ALL} | {
    one.name: replace(one, megabytes=PUBLIC[one.name].megabytes) for one in _PUBLISHED
}


def data_set(name: str) -> DataSet:
    """Return what is told of a set, also of a learner's own one. Raises `NoSuchDataSet`, `NoOwnSet`."""
    if name.startswith(own_data.PREFIX):
        return _own(own_data.own_set(name))
    if name not in DATA_SETS:
        raise NoSuchDataSet(
            f"There is no data set “{clean_name(name)}”; choose one of: {', '.join(DATA_SETS)}."
        )
    told = DATA_SETS[name]
    if told.classes or not public_sets.ready(name):
        return told
    return replace(told, classes=tuple(one.name for one in public_sets.counts(name)))


def _own(one: OwnSet) -> DataSet:
    classes = tuple(each.name for each in one.classes)
    learned = sum(each.count - measured_of(each.count) for each in one.classes)
    return DataSet(one.name, one.title, one.missing, "Pictures of a learner.", classes, one.side, learned)


def split(name: str, seed: int, per_class: int = 0) -> SplitSet:
    """Return what is learned from and what is measured with; the same arguments give the same pictures.

    `per_class` is how many pictures of each class are learned from at most; 0 takes what is usual. Pictures
    that are made, are made only as far as they are asked for. Raises `NoSuchDataSet`, `NoOwnSet`,
    `UnsuitablePictures`.
    """
    if data_set(name).endless:
        return _made_split(name, seed, min(per_class or USUALLY_OF_A_CLASS, MOST_OF_A_CLASS))
    if name in PUBLIC:
        return public_sets.split(name, seed, per_class)
    own = name.startswith(own_data.PREFIX)
    given = own_data.pictures(name) if own else _digits()
    training, validation = given.split(seed)
    return SplitSet(training.a_class(per_class, seed), validation, given.digest if own else "")


def load(name: str) -> PictureSet:
    """Return all pictures of a set, those to measure with last; of an endless one, as many as are usual."""
    both = split(name, 0)
    learned, measured = both.training, both.validation
    masks = None
    if learned.masks is not None and measured.masks is not None:
        masks = np.concatenate([learned.masks, measured.masks])
    return PictureSet(
        np.concatenate([learned.pixels, measured.pixels]),
        np.concatenate([learned.labels, measured.labels]),
        both.classes,
        masks,
    )


def _made_split(name: str, seed: int, per_class: int) -> SplitSet:
    if name == "textures":
        from cnnlab.training import texture_patches

        return texture_patches.split(seed, per_class)
    from cnnlab.inspection.bundled.shapes import Dials
    from cnnlab.training import made_pictures as made

    usual, hard = Dials(0.5), Dials(1.0)
    kinds = {
        "shapes-new": lambda: made.shapes(UNSEEN, usual),
        "shapes-hard": lambda: made.shapes(UNSEEN, hard),
        "shapes-cue": lambda: made.shapes(CUE_CLASSES, Dials(0.5, texture_share=1.0), usual),
        "colours": lambda: made.colours(usual),
        "directions": lambda: made.directions(Dials(0.5, rotation=0.35)),
    }
    return kinds[name]().split(seed, per_class, MEASURED_OF_A_CLASS)


def _digits() -> PictureSet:
    """Read scikit-learn's table, without importing it (which takes over a second)."""
    found = importlib.util.find_spec("sklearn")
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if path.is_file():
            with gzip.open(path, "rt") as lines:
                table = np.loadtxt(lines, delimiter=",", dtype=np.int64)
            return PictureSet(_enlarged(table[:, :-1]), table[:, -1], tuple("0123456789"))
    raise NoSuchDataSet(
        "The digits should come with scikit-learn, but are not installed; install the requirements again, or "
        "choose another data set."
    )


def _enlarged(values: np.ndarray) -> np.ndarray:
    """Turn rows of 8 × 8 values from 0 to 16 into pictures: rows × 32 × 32 × 3, uint8."""
    grey = np.rint(values.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    size = (DIGITS_SIDE, DIGITS_SIDE)
    large = [Image.fromarray(one).resize(size, Image.Resampling.BILINEAR) for one in grey]
    return np.repeat(np.stack([np.asarray(one) for one in large])[..., None], 3, axis=3)
