"""Does a map follow when the picture moves by some pixels?

What is seen stays the same, so a map should move along. Strides and pooling make networks jump a little, and
maps on a coarse grid move in steps of the grid. This module imports PyTorch.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from cnnlab.inspection.attribution.truth import Explain, Subject, UnsuitableTest, silent
from cnnlab.inspection.attribution.truth_maps import correlation, net_strength, rank_correlation
from cnnlab.inspection.work import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Shifted:
    """The map of the picture moved `down` and `right` by some pixels.

    `correlation` (Pearson's) and `rank` (Spearman's) compare it, moved back, with the map of the picture that
    stayed, over the part that both show; None where a map is the same everywhere.
    """

    down: int
    right: int
    correlation: float | None
    rank: float | None
    probability: float
    map: np.ndarray


def moved(values: Tensor, down: int, right: int) -> Tensor:
    """Return pictures moved by whole pixels; the rows and columns at the edge are repeated to fill up."""
    height, width = values.shape[2:]
    rows = (torch.arange(height) - down).clamp(0, height - 1)
    columns = (torch.arange(width) - right).clamp(0, width - 1)
    return values[:, :, rows][:, :, :, columns]


def shared_part(one: np.ndarray, down: int, right: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what H × W maps before and after a move have in common: the part before, and its place after.

    `one` is before and after, stacked.
    """
    height, width = one.shape[1:]
    before = one[0, max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    after = one[1, max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    return before, after


def shifted(
    explain: Explain, subject: Subject, shifts: tuple[tuple[int, int], ...], progress: Progress = silent
) -> tuple[np.ndarray, tuple[Shifted, ...]]:
    """Return the map of the picture as it is, and of the picture moved by each (down, right) in pixels.

    `progress` hears of each map and may raise to end it. Raises UnsuitableTest for a shift by half of the
    picture or more.
    """
    height, width = subject.size
    for down, right in shifts:
        if 2 * abs(down) >= height or 2 * abs(right) >= width:
            raise UnsuitableTest(
                f"A picture of {height} × {width} cannot be moved by {down} and {right} pixels: less than "
                "half of it would be left. Choose smaller shifts."
            )
    progress("The picture as it is", 0, len(shifts) + 1)
    stayed = explain(subject.model, subject.values, subject.target)
    found = []
    for number, (down, right) in enumerate(shifts, 1):
        progress(f"Moved by {down} and {right} pixels", number, len(shifts) + 1)
        there = replace(subject, values=moved(subject.values, down, right))
        attribution = explain(there.model, there.values, there.target)
        before, after = shared_part(np.stack([net_strength(stayed), net_strength(attribution)]), down, right)
        found.append(
            Shifted(
                down,
                right,
                correlation(before, after),
                rank_correlation(before, after),
                float(there.probabilities(there.values)[0, there.target]),
                attribution,
            )
        )
    return stayed, tuple(found)
