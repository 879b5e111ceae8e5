"""What is in the files of published data sets, as their publishers wrote them; checked before they come here.

Pictures of different sizes are cut to the square in their middle and made small. It downloads nothing.
"""

import gzip
import io
import pickle
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cnnlab.errors import CnnLabError
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.work import Progress
from cnnlab.training.archives import square
from cnnlab.training.flower_names import FLOWERS

SIDE_PX = 128  # of photographs
FASHION = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
CIFAR = ("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry")
_PICKLED_ARRAYS = {"_reconstruct", "ndarray", "dtype", "scalar"}


class UnreadableSet(CnnLabError):
    """Files of a data set that do not hold what they should."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Pictures of a published set: the first `training` ones are to learn from, the others to measure with.

    pixels: uint8, pictures × side × side × 1 (grey) or 3.
    """

    pixels: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    training: int


Reader = Callable[[Sequence[Path], Progress], Found]


def digits(files: Sequence[Path], progress: Progress) -> Found:
    """Read MNIST."""
    return _idx_files(files, tuple("0123456789"), progress)


def clothes(files: Sequence[Path], progress: Progress) -> Found:
    """Read Fashion-MNIST, which has MNIST's form."""
    return _idx_files(files, FASHION, progress)


def _idx_files(files: Sequence[Path], names: tuple[str, ...], progress: Progress) -> Found:
    """Read four files: pictures and labels to learn from, then those to measure with."""
    parts = []
    for number, path in enumerate(files):
        progress("Reading pictures", number, len(files))
        parts.append(_idx(path))
    pixels = np.concatenate([parts[0], parts[2]])[..., None]
    return Found(pixels, np.concatenate([parts[1], parts[3]]).astype(np.int64), names, len(parts[0]))


def _idx(path: Path) -> np.ndarray:
    """Read a file of the IDX format: 0, 0, type 8 (uint8), how many axes, each axis's length, values."""
    with gzip.open(path, "rb") as file:
        head = file.read(4)
        if head[:3] != b"\x00\x00\x08":
            raise UnreadableSet(
                f"{path.name} does not begin as an IDX file of bytes does. Delete it and try again."
            )
        shape = tuple(int.from_bytes(file.read(4), "big") for _ in range(head[3]))
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


class _OnlyArrays(pickle.Unpickler):
    """Reads arrays, lists, numbers and texts; refuses whatever else a file names."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        if module_name.split(".")[0] == "numpy" and global_name in _PICKLED_ARRAYS:
            return super().find_class(module_name.replace("numpy.core", "numpy._core"), global_name)
        raise UnreadableSet(
            f"The file names {module_name}.{global_name}, which no data set needs. It was not read."
        )


def cifar_archive(files: Sequence[Path], progress: Progress) -> Found:
    """Read CIFAR-10's archive of six batches of 10,000 rows: all red, all green, all blue values."""
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    pixels, labels = [], []
    with tarfile.open(files[0]) as archive:
        for number, name in enumerate(names):
            progress("Reading pictures", number, len(names))
            batch = _OnlyArrays(_member(archive, f"cifar-10-batches-py/{name}"), encoding="latin1").load()
            pixels.append(batch["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
            labels += batch["labels"]
    return Found(np.concatenate(pixels), np.array(labels, np.int64), CIFAR, sum(map(len, pixels[:-1])))


def pets_archives(files: Sequence[Path], progress: Progress) -> Found:
    """Read the Oxford-IIIT pets: one archive of pictures, one that says which are to learn from."""
    images, notes = files
    rows: list[tuple[str, int]] = []
    counts = []
    with tarfile.open(notes) as archive:
        for part in ("trainval", "test"):
            lines = _member(archive, f"annotations/{part}.txt").read().decode().splitlines()
            rows += [(words[0], int(words[1]) - 1) for words in (line.split() for line in lines) if words]
            counts.append(len(rows))
    breeds = {label: name.rpartition("_")[0].replace("_", " ") for name, label in rows}
    classes = tuple(breeds[label] for label in range(len(breeds)))
    places = {f"images/{name}.jpg": place for place, (name, _) in enumerate(rows)}
    pixels = _photographs(images, places, progress)
    return Found(pixels, np.array([label for _, label in rows], np.int64), classes, counts[0])


def flowers_archive(files: Sequence[Path], progress: Progress) -> Found:
    """Read the 102 flowers; their authors' small parts (train, valid) are to learn from."""
    from scipy.io import loadmat

    images, labels_file, parts_file = files
    labels = loadmat(labels_file, squeeze_me=True)["labels"].astype(np.int64) - 1
    parts = loadmat(parts_file, squeeze_me=True)
    numbers = np.concatenate([parts["trnid"], parts["valid"], parts["tstid"]]).astype(int)
    places = {f"jpg/image_{number:05d}.jpg": place for place, number in enumerate(numbers)}
    pixels = _photographs(images, places, progress)
    classes = FLOWERS[: int(labels.max()) + 1]
    return Found(pixels, labels[numbers - 1], classes, len(parts["trnid"]) + len(parts["valid"]))


def _photographs(path: Path, places: dict[str, int], progress: Progress) -> np.ndarray:
    """Read photographs of an archive as small squares: pictures × side × side × 3."""
    pixels = np.zeros((len(places), SIDE_PX, SIDE_PX, 3), np.uint8)
    done = 0
    with tarfile.open(path) as archive:
        for member in archive:
            place = places.get(member.name.removeprefix("./"))
            file = archive.extractfile(member) if place is not None and member.isfile() else None
            if file is None:
                continue
            progress("Making pictures small", done, len(places))
            pixels[place], done = _small(file.read()), done + 1
    if done < len(places):
        raise UnreadableSet(
            f"{path.name} lacks {len(places) - done:,} of {len(places):,} pictures. Try again."
        )
    return pixels


def _small(data: bytes) -> np.ndarray:
    # Some photographs of the pets are said to be other formats under the name of a JPEG.
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF")) as image:
        image.draft("RGB", (2 * SIDE_PX, 2 * SIDE_PX))
        return square(Picture(np.asarray(image.convert("RGB")), "photograph"), SIDE_PX)


def _member(archive: tarfile.TarFile, name: str) -> Any:
    found = {one.name.removeprefix("./"): one for one in archive.getmembers()}
    file = archive.extractfile(found[name]) if name in found else None
    if file is None:
        raise UnreadableSet(f"The archive lacks {name}. Delete it and try again.")
    return file
