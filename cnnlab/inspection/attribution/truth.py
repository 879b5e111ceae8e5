"""What is examined when a map is tested: a network, a picture, a category, and a way to explain.

Here is what the tests share; each of them has a module of its own, named `truth_…`. How maps are made is not
known here: a test calls a function for that. This module imports PyTorch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow_input import Preparing

Explain = Callable[[nn.Module, Tensor, int], np.ndarray]
BATCH = 4  # pictures that pass at once; larger batches are slower on a CPU


class UnsuitableTest(CnnLabError):
    """A test of a map that cannot be made with what was given."""


def silent(_doing: str, _done: int, _total: int) -> None:
    """Hear of progress and do nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network, the numbers that it reads (1 × C × H × W), and the category that is explained.

    The network is shared: tests only call it. Raises UnsuitableTest for a category that it does not tell.
    """

    model: nn.Module
    values: Tensor
    target: int
    preparing: Preparing

    def __post_init__(self) -> None:
        """Make sure that there is one picture and such a category."""
        if self.values.ndim != 4 or len(self.values) != 1:
            raise UnsuitableTest(
                f"One picture is tested at a time, 1 × C × H × W; {tuple(self.values.shape)} was given."
            )
        categories = self.scores(self.values).shape[1]
        if not 0 <= self.target < categories:
            raise UnsuitableTest(
                f"The network tells {categories} categories, numbered from 0; {self.target} is none of them. "
                "Choose one of its categories."
            )

    @property
    def size(self) -> tuple[int, int]:
        """Return height and width in pixels."""
        return self.values.shape[2], self.values.shape[3]

    @torch.no_grad()
    def scores(self, pictures: Tensor) -> Tensor:
        """Return the scores before softmax, N × categories, float64."""
        return self.model(pictures).detach().flatten(1).double()

    def score(self, picture: Tensor) -> float:
        """Return the score of the category."""
        return float(self.scores(picture)[0, self.target])

    def probabilities(self, pictures: Tensor) -> np.ndarray:
        """Return the probabilities, N × categories."""
        return self.scores(pictures).softmax(1).cpu().numpy()

    def contrast(self) -> Tensor:
        """Return by how much the network's numbers change between dark and bright, 1 × C × 1 × 1."""
        return self._per_channel(1 / np.asarray(self.preparing.deviation))

    def limits(self) -> tuple[Tensor, Tensor]:
        """Return the network's numbers for a dark and for a bright pixel, each 1 × C × 1 × 1."""
        mean, deviation = np.asarray(self.preparing.mean), np.asarray(self.preparing.deviation)
        return self._per_channel(-mean / deviation), self._per_channel((1 - mean) / deviation)

    def _per_channel(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(values.astype(np.float32)).reshape(1, -1, 1, 1).to(self.values.device)


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether the parts of a map add up to what they should explain.

    `total` is the map's sum, `difference` the picture's score less the baseline's, and `error` how far the
    two are apart, as a share of the difference; None where the picture scores as the baseline does.
    """

    total: float
    score: float
    baseline_score: float

    @property
    def difference(self) -> float:
        """Return what the map should add up to."""
        return self.score - self.baseline_score

    @property
    def error(self) -> float | None:
        """Return the relative error: 0 is complete."""
        if abs(self.difference) < 1e-6 * max(1.0, abs(self.score)):
            return None
        return abs(self.total - self.difference) / abs(self.difference)


def completeness(subject: Subject, attribution: np.ndarray, baseline: Tensor | None = None) -> Completeness:
    """Compare a map's sum with what the picture scores above the baseline; without one, with its score.

    Sundararajan, Taly and Yan 2017, axiom of completeness; LRP (Bach et al. 2015) promises the score itself.
    """
    below = 0.0 if baseline is None else subject.score(baseline)
    return Completeness(float(attribution.sum(dtype=np.float64)), subject.score(subject.values), below)
