"""Published data sets: which files they consist of, and whether they are ready on this machine.

Addresses and checksums are torchvision's, compared with its own in a test, so that nothing of it is loaded
here. A set is made ready once (`obtain`): its files are found in the folder that `CNNLAB_DATASETS` names,
laid out as torchvision lays them out, or downloaded; their pictures are made small and kept. What is in the
files is known by `public_reading`.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.fetching import Home, RemoteFile, fetch, is_right
from cnnlab.inspection.work import Progress
from cnnlab.training import previews, public_reading
from cnnlab.training.picture_set import PictureSet, SplitSet
from cnnlab.training.places import data_root

MOST_MEASURED = (
    1000  # pictures: a thousand tell the accuracy to about 3 points, and are measured at every epoch
)
LEAST_MEASURED_OF_A_CLASS = 10
FOLDER_SETTING = "CNNLAB_DATASETS"


class NotHereYet(CnnLabError):
    """A published set whose pictures are not on this machine."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A published set: its files, the folder in which torchvision has them, and what reads them."""

    name: str
    title: str
    inside: str
    files: tuple[RemoteFile, ...]
    read: public_reading.Reader

    @property
    def megabytes(self) -> float:
        """Return how much has to be downloaded, in millions of bytes."""
        return sum(one.size for one in self.files) / 1e6


_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_OXFORD = "https://www.robots.ox.ac.uk/~vgg/data/"


def _file(url: str, size: int, md5: str) -> RemoteFile:
    return RemoteFile(url, size, md5, "md5")  # as their publishers, and torchvision, give it


PUBLIC: dict[str, PublicSet] = {
    one.name: one
    for one in (
        PublicSet(
            "mnist",
            "MNIST",
            "MNIST/raw",
            (
                _file(f"{_MNIST}train-images-idx3-ubyte.gz", 9912422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                _file(f"{_MNIST}train-labels-idx1-ubyte.gz", 28881, "d53e105ee54ea40749a09fcbcd1e9432"),
                _file(f"{_MNIST}t10k-images-idx3-ubyte.gz", 1648877, "9fb629c4189551a2d022fa330f9573f3"),
                _file(f"{_MNIST}t10k-labels-idx1-ubyte.gz", 4542, "ec29112dd5afa0611ce80d1b7f02629c"),
            ),
            public_reading.digits,
        ),
        PublicSet(
            "fashion-mnist",
            "Fashion-MNIST",
            "FashionMNIST/raw",
            (
                _file(f"{_FASHION}train-images-idx3-ubyte.gz", 26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                _file(f"{_FASHION}train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe"),
                _file(f"{_FASHION}t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79"),
                _file(f"{_FASHION}t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310"),
            ),
            public_reading.clothes,
        ),
        PublicSet(
            "cifar-10",
            "CIFAR-10",
            "",
            (
                _file(
                    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                    170498071,
                    "c58f30108f718f92721af3b95e74349a",
                ),
            ),
            public_reading.cifar_archive,
        ),
        PublicSet(
            "pets",
            "Oxford pets",
            "oxford-iiit-pet",
            (
                _file(f"{_OXFORD}pets/data/images.tar.gz", 791918971, "5c4f3ee8e5d25df40f4fd59a7f44e54c"),
                _file(f"{_OXFORD}pets/data/annotations.tar.gz", 19173078, "95a8c909bbe2e81eed6a22bccdf3f68f"),
            ),
            public_reading.pets_archives,
        ),
        PublicSet(
            "flowers",
            "Flowers-102",
            "flowers-102",
            (
                _file(f"{_OXFORD}flowers/102/102flowers.tgz", 344862509, "52808999861908f626f3c1f4e79d11fa"),
                _file(f"{_OXFORD}flowers/102/imagelabels.mat", 502, "e0620be6f572b9609742df49c70aed4d"),
                _file(f"{_OXFORD}flowers/102/setid.mat", 14989, "a5357ecc9cb78c4bef273ce3793fc85c"),
            ),
            public_reading.flowers_archive,
        ),
    )
}


def ready(name: str) -> bool:
    """Return whether a set can be learned from at once."""
    return (_folder(name) / "about.json").is_file()


def lies_here(name: str) -> bool:
    """Return whether all of a set's files seem to be on this machine."""
    return all(any(path.is_file() for path in _places(PUBLIC[name], one)) for one in PUBLIC[name].files)


def obtain(name: str, progress: Progress = lambda *_: None) -> None:
    """Make a set ready; `progress` hears how far it is, and may raise to end it.

    Raises `FetchFailed`, `UnreadableSet`.
    """
    one = PUBLIC[name]
    total, before, files = sum(file.size for file in one.files), 0, []
    for file in one.files:
        progress("Looking for its files", before, total)
        found = next((path for path in _places(one, file) if is_right(path, file)), None)
        start = before
        files.append(
            found
            or fetch(file, _home(one), lambda done, _of, at=start: progress("Downloading", at + done, total))
        )
        before += file.size
    _keep(one, one.read(files, progress))
    shutil.rmtree(_arriving(one), ignore_errors=True)


def split(name: str, seed: int, per_class: int) -> SplitSet:
    """Return pictures to learn from and to measure with, of the parts that the publishers made for that.

    Those to measure with are always the same, at most `MOST_MEASURED`. Raises `NotHereYet`.
    """
    about, pixels, labels = _kept(name)
    count, classes = about["training"], tuple(about["classes"])
    learned = _rows(labels[:count], per_class, seed)
    of_each = max(LEAST_MEASURED_OF_A_CLASS, MOST_MEASURED // len(classes))
    measured = count + _rows(labels[count:], of_each, 0)
    training, validation = (
        PictureSet(_coloured(pixels[rows]), labels[rows], classes) for rows in (learned, measured)
    )
    return SplitSet(training, validation)


def counts(name: str) -> list[previews.ClassCount]:
    """Return how many pictures each class has. Raises `NotHereYet`."""
    about, _, labels = _kept(name)
    count, classes = about["training"], about["classes"]
    of_each = max(LEAST_MEASURED_OF_A_CLASS, MOST_MEASURED // len(classes))
    learned = np.bincount(labels[:count], minlength=len(classes)).tolist()
    measured = np.bincount(labels[count:], minlength=len(classes)).clip(max=of_each).tolist()
    return [previews.ClassCount(*one) for one in zip(classes, learned, measured, strict=True)]


def public_sheet(name: str) -> bytes:
    """Return a set's sheet of examples. Raises `OSError` where it is not ready."""
    return (_folder(name) / "sheet.webp").read_bytes()


def _kept(name: str) -> tuple[dict, np.ndarray, np.ndarray]:
    folder = _folder(name)
    try:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        pixels = np.load(folder / "pixels.npy", mmap_mode="r", allow_pickle=False)
        return about, pixels, np.load(folder / "labels.npy", allow_pickle=False)
    except (OSError, ValueError) as problem:
        raise NotHereYet(
            f"{PUBLIC[name].title} is not on this machine yet: download it on the page Fine-tune, under "
            f"Pictures ({PUBLIC[name].megabytes:,.1f} MB)."
        ) from problem


def _keep(one: PublicSet, found: public_reading.Found) -> None:
    folder, beside = _folder(one.name), _folder(f".{one.name}-{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    np.save(beside / "pixels.npy", found.pixels, allow_pickle=False)
    np.save(beside / "labels.npy", found.labels, allow_pickle=False)
    about = {"classes": found.classes, "training": found.training}
    (beside / "about.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.replace(folder)
    (folder / "sheet.webp").write_bytes(previews.sheet(split(one.name, 0, previews.LEARNED)))


def _rows(labels: np.ndarray, of_each: int, seed: int) -> np.ndarray:
    """Return at most so many rows of each class, drawn by the seed; 0 returns all."""
    if not of_each:
        return np.arange(len(labels))
    random = np.random.default_rng(seed)
    groups = [random.permutation(np.flatnonzero(labels == one))[:of_each] for one in range(labels.max() + 1)]
    return np.sort(np.concatenate(groups))


def _coloured(pixels: np.ndarray) -> np.ndarray:
    """Return pictures with three channels, whether or not they are kept with one."""
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:3], 3)))


def _folder(name: str) -> Path:
    return data_root() / "public" / name


def _arriving(one: PublicSet) -> Path:
    return _folder(f"{one.name}-arriving")


def _home(one: PublicSet) -> Home:
    return Home(_arriving(one), "CNNLAB_DATA", "take a set that comes with CNN Lab")


def _places(one: PublicSet, file: RemoteFile) -> list[Path]:
    given = os.environ.get(FOLDER_SETTING, "").strip()
    found = [Path(given).expanduser() / one.inside / file.name] if given else []
    return [*found, _arriving(one) / file.name]
