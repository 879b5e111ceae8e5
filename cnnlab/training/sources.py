"""What a learning part of a network reads at each step: pictures, or numbers computed once and kept.

Frozen layers give the same numbers for the same picture in every epoch, so they are asked once: for a new
head the features, for the last blocks what the block before them gives. Where pictures are distorted, a head
learns from some distorted copies of each, and blocks from the pictures themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from cnnlab.training import chance
from cnnlab.training.colour_axes import ColourAxes
from cnnlab.training.pictures import Pictures
from cnnlab.training.policy import Policy

Look = Callable[[Tensor], Tensor]
Told = Callable[[int, int], None]  # how many pictures of how many have been done


class Source(Protocol):
    """Where batches come from; the numbers are what the learning part reads."""

    def batch(self, rows: np.ndarray, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Return numbers and targets to learn from; `epoch` and `step` count from 0."""
        ...

    def measured(self, rows: slice) -> Tensor:
        """Return numbers of validation pictures."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FromPictures:
    """The pictures themselves, distorted anew at every step."""

    training: Pictures
    validation: Pictures
    policy: Policy
    axes: ColourAxes | None
    seed: int

    def batch(self, rows: np.ndarray, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Return distorted pictures."""
        del epoch
        return self.training.distorted(rows, self.policy, (self.seed, chance.DISTORTION, step), self.axes)

    def copy(self, rows: np.ndarray, copy: int) -> tuple[Tensor, Tensor]:
        """Return a distorted copy of pictures that are beside each other, and the targets."""
        key = (self.seed, chance.COPIES, copy, int(rows[0]))
        return self.training.distorted(rows, self.policy, key, self.axes)

    def measured(self, rows: slice) -> Tensor:
        """Return pictures as they are."""
        return self.validation.plain(rows)


@dataclass(frozen=True, slots=True, eq=False)
class FromCopies:
    """The distorted copies that `kept` would show the frozen layers, made when they are asked for.

    So many are distorted `together`, as there, whether a batch needs all of them or not.
    """

    pictures: FromPictures
    copies: int
    together: int

    def batch(self, rows: np.ndarray, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Return pictures of the copy of this epoch."""
        del step
        made: dict[int, tuple[Tensor, Tensor]] = {}
        for first in np.unique(rows // self.together * self.together).tolist():
            several = np.arange(first, min(first + self.together, len(self.pictures.training)))
            numbers, targets = self.pictures.copy(several, epoch % self.copies)
            made |= {
                row: (numbers[row - first].clone(), targets[row - first]) for row in rows if row in several
            }
        numbers, targets = zip(*(made[row] for row in rows), strict=True)
        return torch.stack(numbers), torch.stack(targets)

    def measured(self, rows: slice) -> Tensor:
        """Return pictures as they are."""
        return self.pictures.measured(rows)


@dataclass(frozen=True, slots=True, eq=False)
class FromKept:
    """Numbers that the frozen layers gave: for each copy, training pictures × whatever the layer gives."""

    copies: tuple[Tensor, ...]
    targets: tuple[Tensor, ...]
    validation: Tensor
    seed: int

    def batch(self, rows: np.ndarray, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        """Return what was kept of these rows: all of one copy, another one in each epoch."""
        del step
        which, chosen = epoch % len(self.copies), torch.as_tensor(rows).to(self.validation.device)
        return self.copies[which][chosen].float(), self.targets[which][chosen]

    def measured(self, rows: slice) -> Tensor:
        """Return what was kept of validation pictures."""
        return self.validation[rows].float()


def kept(pictures: FromPictures, look: Look, copies: int, at_once: int, told: Told) -> FromKept:
    """Ask the frozen layers once; `look` gives their numbers for a batch of prepared pictures.

    `told` may raise, to end it early.
    """
    count = len(pictures.training)
    total, done, numbers, targets = count * copies + len(pictures.validation), 0, [], []
    for copy in range(copies):
        parts = []
        for rows in np.split(np.arange(count), range(at_once, count, at_once)):
            prepared, wanted = pictures.copy(rows, copy)
            parts.append((_looked(look, prepared), wanted))
            done += len(rows)
            told(done, total)
        numbers.append(torch.cat([one for one, _ in parts]))
        targets.append(torch.cat([one for _, one in parts]))
    measured = []
    for at in range(0, len(pictures.validation), at_once):
        measured.append(_looked(look, pictures.validation.plain(slice(at, at + at_once))))
        told(count * copies + min(at + at_once, len(pictures.validation)), total)
    return FromKept(tuple(numbers), tuple(targets), torch.cat(measured), pictures.seed)


@torch.no_grad()
def _looked(look: Look, prepared: Tensor) -> Tensor:
    return look(prepared).clone()
