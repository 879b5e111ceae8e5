"""What happens to the probability when the pixels that a map names first are taken away, or put back.

If the map is right, taking them away makes the probability fall early (deletion), and putting them back
makes it rise early (insertion). Petsiuk, Das and Saenko 2018, RISE. Here both go between the picture and its
blurred self, which looks more like a picture than grey squares do. This module imports PyTorch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cnnlab.inspection.attribution.truth import BATCH, Subject, UnsuitableTest, silent
from cnnlab.inspection.attribution.truth_maps import net_strength
from cnnlab.inspection.work import Progress

STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The category's probability after each step, for shares of the pixels from 0 to 1.

    Areas under the curves go from 0 to 1. A low one of deletion and a high one of insertion are good.
    """

    shares: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def deletion_area(self) -> float:
        """Return the area under the curve of deletion."""
        return float(np.trapezoid(self.deletion, self.shares))

    @property
    def insertion_area(self) -> float:
        """Return the area under the curve of insertion."""
        return float(np.trapezoid(self.insertion, self.shares))


def order(attribution: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the pixels' numbers, row by row from 0, from what speaks most for the category to the least.

    Where a map says the same of several pixels, as Grad-CAM's zeros, chance decides: reading order would
    make them a stripe from the top.

    >>> order(np.array([[[1.0, 4.0], [2.0, 3.0]]])).tolist()
    [1, 3, 2, 0]
    """
    strength = net_strength(attribution).ravel()
    chance = np.random.default_rng(seed).random(strength.size)
    return np.lexsort((chance, -strength))


def curves(
    subject: Subject,
    maps: Mapping[str, np.ndarray],
    without: Tensor,
    steps: int = STEPS,
    progress: Progress = silent,
) -> dict[str, Curves]:
    """Return both curves for each map (C × H × W, or 1 × H × W); `without` is the picture blurred.

    `progress` hears of each batch and may raise to end it. Raises UnsuitableTest for a map of another size,
    or no steps.
    """
    height, width = subject.size
    _check(maps, (height, width), steps)
    counts = np.linspace(0, height * width, steps + 1).round().astype(int)
    found: dict[str, Curves] = {}
    for index, (name, attribution) in enumerate(maps.items()):
        place = torch.empty(height * width, dtype=torch.long)
        place[torch.from_numpy(order(attribution))] = torch.arange(height * width)
        place = place.reshape(1, 1, height, width)
        curve = []
        for number, batch in enumerate(_batches(subject.values, without, place, counts)):
            progress(
                f"Taking away and putting back: {name}",
                index * len(counts) + number * BATCH // 2,
                len(maps) * len(counts),
            )
            curve += subject.probabilities(batch)[:, subject.target].tolist()
        both = np.array(curve).reshape(-1, 2)
        found[name] = Curves(counts / (height * width), both[:, 0], both[:, 1])
    return found


def _batches(picture: Tensor, without: Tensor, place: Tensor, counts: np.ndarray) -> Iterator[Tensor]:
    """Give what is left after each step of deletion and of insertion, in turn."""
    pairs = (
        one
        for count in counts.tolist()
        for one in (
            torch.where(place < count, without, picture),
            torch.where(place < count, picture, without),
        )
    )
    batch: list[Tensor] = []
    for one in pairs:
        batch.append(one)
        if len(batch) == BATCH:
            yield torch.cat(batch)
            batch = []
    if batch:
        yield torch.cat(batch)


def _check(maps: Mapping[str, np.ndarray], size: tuple[int, int], steps: int) -> None:
    if steps < 1:
        raise UnsuitableTest(f"A curve takes at least 1 step; {steps} were asked for.")
    for name, one in maps.items():
        if one.ndim != 3 or one.shape[1:] != size:
            raise UnsuitableTest(
                f"The map “{name}” is shaped {one.shape}; give channels × {size[0]} × {size[1]}, "
                "as the picture."
            )
