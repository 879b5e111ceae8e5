"""Two numbers from Yeh et al. 2019: does a map foretell what covering does, and does it bear a little noise?

Neither is a verdict: guided backpropagation, which does not depend on what was learnt, does well in both.
This module imports PyTorch and Captum.
"""

from dataclasses import dataclass

import numpy as np
import torch
from captum.metrics import sensitivity_max
from torch import Tensor

from cnnlab.inspection.attribution.truth import BATCH, Explain, Subject, UnsuitableTest, silent
from cnnlab.inspection.work import Progress

ROUNDING = 1e-6  # of a score, in float32


@dataclass(frozen=True, slots=True, eq=False)
class Infidelity:
    """What a map foretold for each square that was covered, and how far the `score` really fell.

    `infidelity` is the mean square of the difference, after the foretold falls were multiplied by the one
    `scale` that fits them best; `unexplained` is its share of the mean square of the real falls: 0 where the
    map foretold all, 1 where it foretold nothing; None where covering changed nothing.
    """

    foretold: np.ndarray
    fallen: np.ndarray
    score: float

    @property
    def scale(self) -> float:
        """Return the factor between the map's unit and the score's."""
        below = float(self.foretold @ self.foretold)
        return float(self.foretold @ self.fallen) / below if below else 0.0

    @property
    def infidelity(self) -> float:
        """Return the normalised infidelity, in squared units of the score."""
        return float(np.mean((self.scale * self.foretold - self.fallen) ** 2))

    @property
    def unexplained(self) -> float | None:
        """Return the share that the map did not foretell."""
        whole = float(np.mean(self.fallen**2))
        return self.infidelity / whole if whole > (ROUNDING * max(1.0, abs(self.score))) ** 2 else None


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """Squares that cover with a baseline, 1 × C × H × W.

    How many they are, their side as a share of the picture's, and which are drawn.
    """

    baseline: Tensor
    squares: int = 40
    share: float = 0.25
    seed: int = 0


def covers(size: tuple[int, int], covering: Covering) -> np.ndarray:
    """Return squares at random places, N × 1 × H × W: true where they cover.

    Raises UnsuitableTest for fewer than 2 squares, or a side that is no share of the picture.
    """
    if covering.squares < 2 or not 0 < covering.share <= 1:
        raise UnsuitableTest(
            f"{covering.squares} squares with {covering.share:g} of the picture's side cannot cover it; take "
            "at least 2, with a share over 0 and at most 1."
        )
    height, width = size
    side = max(1, round(covering.share * min(size)))
    draw = np.random.default_rng(covering.seed)
    found = np.zeros((covering.squares, 1, height, width), bool)
    for one in found[:, 0]:
        top, left = draw.integers(0, height - side + 1), draw.integers(0, width - side + 1)
        one[top : top + side, left : left + side] = True
    return found


def infidelity(
    subject: Subject,
    attribution: np.ndarray,
    covering: Covering,
    local: bool = False,
    progress: Progress = silent,
) -> Infidelity:
    """Cover squares, and compare how far the score falls with what the map foretells.

    A map whose parts are shares of the score foretells the sum under the square. A `local` one tells what a
    small change does (saliency, SmoothGrad): it is multiplied by the change. `progress` may raise to end it.
    """
    masks = torch.from_numpy(covers(subject.size, covering))
    change = subject.values - covering.baseline
    parts = torch.from_numpy(attribution).double()[None] * (change.double() if local else 1.0)
    score = subject.score(subject.values)
    fallen = []
    for start in range(0, len(masks), BATCH):
        progress("Covering squares", start, len(masks))
        covered = torch.where(masks[start : start + BATCH], covering.baseline, subject.values)
        fallen += (score - subject.scores(covered)[:, subject.target]).tolist()
    foretold = (parts * masks).sum((1, 2, 3))
    return Infidelity(foretold.numpy(), np.array(fallen), score)


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of at most `radius` steps of 256 a pixel; `samples` noisy pictures; which are drawn."""

    radius: float = 5.0
    samples: int = 8
    seed: int = 0


def sensitivity(explain: Explain, subject: Subject, noise: Noise, progress: Progress = silent) -> float:
    """Return the largest change of a map under noise that hardly anybody sees, relative to the map's norm.

    Max-sensitivity of Yeh et al. 2019 by Captum. `progress` hears of each map and may raise to end it. Raises
    UnsuitableTest for no noise.
    """
    if noise.radius <= 0 or noise.samples < 1:
        raise UnsuitableTest(
            f"{noise.samples} pictures with noise of {noise.radius:g}/255 show nothing; take at least 1, and "
            "noise over 0."
        )
    generator = torch.Generator().manual_seed(noise.seed)
    radius = subject.contrast() * (noise.radius / 255)
    done = 0

    def explained(pictures: tuple[Tensor, ...] | Tensor) -> tuple[Tensor]:
        nonlocal done
        progress("Making the map of a noisy picture", done, noise.samples + 1)
        done += 1
        one = pictures[0] if isinstance(pictures, tuple) else pictures
        with torch.enable_grad():
            found = explain(subject.model, one, subject.target)
        return (torch.from_numpy(np.ascontiguousarray(found))[None],)  # Captum takes a bare tensor apart

    def noisy(pictures: Tensor) -> Tensor:
        uniform = torch.rand(pictures.shape, generator=generator) * 2 - 1
        return pictures + radius * uniform

    found = sensitivity_max(
        explained, (subject.values,), noisy, n_perturb_samples=noise.samples, max_examples_per_batch=1
    )
    return float(found)
