"""Pictures with their classes, ready to be learned from; numpy only.

It does not know where they come from (`data_sets`, `archives`) nor networks.
"""

from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from cnnlab.errors import CnnLabError

LEAST_OF_A_CLASS = 2  # one to learn from and one to be measured with
VALIDATION_SHARE = 0.25


def measured_of(count: int, share: float = VALIDATION_SHARE) -> int:
    """Return how many of so many pictures of a class are measured with; the others are learned from.

    >>> measured_of(2), measured_of(10), measured_of(100)
    (1, 2, 25)
    """
    return max(0, min(count - 1, max(1, round(share * count))))


class UnsuitablePictures(CnnLabError):
    """Pictures and classes that nothing can be learned from."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureSet:
    """Pictures, all of one size, with the class of each.

    Attributes:
        pixels: uint8, pictures × height × width × 3.
        labels: int64, the number of each picture's class, pictures.
        classes: The names of the classes.
        masks: uint8 from 0 to 255, how much of each pixel is the object, where that is known:
            pictures × height × width.
    """

    pixels: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    masks: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 4 or self.pixels.shape[3] != 3:
            raise UnsuitablePictures(
                f"Pictures are uint8, count × height × width × 3; {self.pixels.dtype} with the shape "
                f"{self.pixels.shape} was given."
            )
        if len(self.pixels) != len(self.labels):
            raise UnsuitablePictures(f"{len(self.pixels)} pictures have {len(self.labels)} classes.")

    @property
    def counts(self) -> tuple[int, ...]:
        """Return how many pictures there are of each class."""
        return tuple(np.bincount(self.labels, minlength=len(self.classes)).tolist())

    @property
    def digest(self) -> str:
        """Return what stands for these pictures in their classes; names of classes do not count.

        BLAKE2b of 16 bytes, in hexadecimal: of the pixels' shape, the labels (both int64, little-endian) and
        the pixels.
        """
        found = blake2b(digest_size=16)
        for part in (np.array(self.pixels.shape), self.labels):
            found.update(part.astype("<i8").tobytes())
        found.update(np.ascontiguousarray(self.pixels).data)
        return found.hexdigest()

    def chosen(self, rows: np.ndarray) -> "PictureSet":
        """Return the pictures of these rows."""
        masks = None if self.masks is None else self.masks[rows]
        return replace(self, pixels=self.pixels[rows], labels=self.labels[rows], masks=masks)

    def a_class(self, most: int, seed: int) -> "PictureSet":
        """Return at most so many pictures of each class, drawn by the seed; 0 returns all.

        A larger number holds the pictures of a smaller one, so that curves over it are comparable.
        """
        if not most:
            return self
        return self.chosen(np.sort(np.concatenate([rows[:most] for rows in self._shuffled(seed)])))

    def split(self, seed: int, share: float = VALIDATION_SHARE) -> tuple["PictureSet", "PictureSet"]:
        """Return what is learned from and what is measured with, the same share of each class.

        Each class has at least one picture on either side; raises `UnsuitablePictures` where it has too few.
        """
        kept, measured = [], []
        for name, rows in zip(self.classes, self._shuffled(seed), strict=True):
            if len(rows) < LEAST_OF_A_CLASS:
                raise UnsuitablePictures(
                    f"The class “{name}” has {len(rows)} of the {LEAST_OF_A_CLASS} pictures that it needs at "
                    "least: one to learn from, one to measure with. Add pictures or leave the class out."
                )
            count = measured_of(len(rows), share)
            measured.append(rows[:count])
            kept.append(rows[count:])
        return self.chosen(np.sort(np.concatenate(kept))), self.chosen(np.sort(np.concatenate(measured)))

    def _shuffled(self, seed: int) -> list[np.ndarray]:
        """Return the rows of each class in an order drawn by the seed."""
        random = np.random.default_rng(seed)
        return [
            random.permutation(np.flatnonzero(self.labels == number)) for number in range(len(self.classes))
        ]


@dataclass(frozen=True, slots=True, eq=False)
class SplitSet:
    """A data set: what is learned from, and what is measured with and never learned from.

    `digest` is that of the whole set that was split, where the set may change; "" where it never does.
    """

    training: PictureSet
    validation: PictureSet
    digest: str = ""

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the names of the classes."""
        return self.training.classes
