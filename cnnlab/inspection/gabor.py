"""How well a Gabor function describes each filter: a wave under a bell, as in the first stage of sight.

g(x, y) = exp(−u²/2s² − v²/2t²) · (a cos 2πfu + b sin 2πfu), where u and v are x and y turned by θ about the
filter's own middle (Daugman, 1985), and s and t the bell's widths. The one spatial pattern that explains most
of a filter over its planes is fitted: its first singular vector. It does not know networks; it imports
PyTorch when something is fitted.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

SMALLEST = 5  # sides of a filter: 3 × 3 weights are fewer than nearly everything with eight parameters fits
STEPS = 150
RATE = 0.08
STARTS = 3
GOOD = 0.75
Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class GaborFit:
    """The best fit that was found, one number a filter.

    `explained` is R², the share of a filter's variance that the fit explains: 1 − Σ(w − ŵ)² / Σ(w − w̄)²,
    where w̄ is the mean of each plane. `angle` is the direction of the wave, from 0° up to 180°, `wavelength`
    its length in pixels. `waves` is how many wavelengths fit between −2s and 2s of the bell.
    """

    explained: Array
    angle: Array
    wavelength: Array
    waves: Array

    @property
    def gabor_like(self) -> Array:
        """Which filters are so: three quarters or more are explained, and it is a wave rather than a blob."""
        return (self.explained >= GOOD) & (self.waves >= 0.75)


def can_be_fitted(shape: tuple[int, ...]) -> bool:
    """Whether filters of this shape are large enough that a good fit says something."""
    return min(shape[-2:]) >= SMALLEST


def fit_gabors(bank: Array) -> GaborFit:
    """Fit a Gabor function to every filter of a bank (filters × planes × height × width)."""
    import torch

    weights = torch.from_numpy(bank.astype(np.float64))
    planes, pattern = _patterns(weights)
    parameters = _starts(pattern)
    wave = _descend(parameters, pattern.repeat_interleave(STARTS, 0))
    fitted, _ = _fitted(wave, pattern.repeat_interleave(STARTS, 0))
    whole = planes.repeat_interleave(STARTS, 0)[:, :, None] * fitted.flatten(1)[:, None]
    given = weights.flatten(2).repeat_interleave(STARTS, 0)
    wrong = ((given - whole) ** 2).sum((1, 2))
    about = ((given - given.mean(2, keepdim=True)) ** 2).sum((1, 2)).clamp_min(1e-300)
    explained = (1 - wrong / about).reshape(-1, STARTS).nan_to_num(nan=-1.0)
    best = explained.argmax(1) + torch.arange(len(weights)) * STARTS
    _, _, across, _, theta, frequency = _unpacked(wave[best]).unbind(1)
    return GaborFit(
        explained=explained.flatten()[best].clamp_min(0).numpy(),
        angle=np.degrees(theta.numpy()) % 180,
        wavelength=(1 / frequency.clamp_min(1e-6)).numpy(),
        waves=(4 * across * frequency).numpy(),
    )


def _patterns(weights: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Return for each filter how strongly each plane has the pattern (filters × planes), and the pattern."""
    import torch

    left, sizes, right = torch.linalg.svd(weights.flatten(2), full_matrices=False)
    pattern = (sizes[:, :1] * right[:, 0]).reshape(-1, *weights.shape[2:])
    return left[:, :, 0], pattern


def _places(pattern: "Tensor") -> tuple["Tensor", "Tensor"]:
    import torch

    rows, columns = (torch.arange(size, dtype=pattern.dtype) - (size - 1) / 2 for size in pattern.shape[1:])
    return rows[:, None], columns[None, :]


def _unpacked(raw: "Tensor") -> "Tensor":
    """Return middle (x, y), s, t, θ and f; widths are kept above half a pixel, f from 0 to ½."""
    import torch

    x, y, across, along, theta, frequency = raw.unbind(1)
    return torch.stack(
        (x, y, 0.5 + across.exp(), 0.5 + along.exp(), theta, 0.5 * torch.sigmoid(frequency)), 1
    )


def _starts(pattern: "Tensor") -> "Tensor":
    """Begin at the strongest frequency of each pattern, in the middle of its energy, with some widths."""
    import torch

    side = 32
    found = torch.fft.rfft2(pattern, (side, side)).abs()
    rows, columns = torch.fft.fftfreq(side), torch.fft.rfftfreq(side)
    low = torch.hypot(rows[:, None], columns[None]) < 0.5 / max(pattern.shape[1:])
    peak = found.masked_fill(low, 0).flatten(1).argmax(1)
    fy, fx = rows[peak // len(columns)], columns[peak % len(columns)]
    frequency = torch.hypot(fy, fx).clamp(0.02, 0.48)
    energy = pattern.square() / pattern.square().sum((1, 2), keepdim=True).clamp_min(1e-300)
    down, across = _places(pattern)
    middle = torch.stack(((energy * across).sum((1, 2)), (energy * down).sum((1, 2))), 1)
    extent = max(pattern.shape[1:])
    starts = []
    for width, factor in ((extent / 5, 1.0), (extent / 3, 1.0), (extent / 5, 0.6)):
        wide = torch.full_like(frequency, float(np.log(max(width - 0.5, 0.1))))
        share = 2 * (frequency * factor).clamp(0.02, 0.48)
        starts.append(torch.stack((*middle.T, wide, wide, torch.atan2(fy, fx), torch.logit(share)), 1))
    return torch.stack(starts, 1).reshape(-1, 6).double()


def _fitted(raw: "Tensor", pattern: "Tensor") -> tuple["Tensor", "Tensor"]:
    """Return the best Gabor function of these bells and waves, solving for a and b, and its squared error."""
    import torch

    x, y, across, along, theta, frequency = (one[:, None, None] for one in _unpacked(raw).unbind(1))
    down, over = _places(pattern)
    u = (over - x) * theta.cos() + (down - y) * theta.sin()
    v = -(over - x) * theta.sin() + (down - y) * theta.cos()
    bell = (-(u**2) / (2 * across**2) - v**2 / (2 * along**2)).exp()
    parts = torch.stack(
        (bell * (2 * np.pi * frequency * u).cos(), bell * (2 * np.pi * frequency * u).sin()), 1
    )
    flat, target = parts.flatten(2), pattern.flatten(1)
    gram = flat @ flat.transpose(1, 2) + 1e-9 * torch.eye(2, dtype=flat.dtype)
    amplitudes = torch.linalg.solve(gram, (flat @ target[:, :, None]))
    fitted = (amplitudes * flat).sum(1).reshape(pattern.shape)
    return fitted, (fitted - pattern).square().sum((1, 2))


def _descend(raw: "Tensor", pattern: "Tensor") -> "Tensor":
    """Make the error small by gradient descent, all filters at once.

    The steps are Adam's (Kingma and Ba, 2015, algorithm 1). PyTorch's own class would load its compiler,
    which takes longer than all steps.
    """
    import torch

    scale = pattern.square().sum((1, 2)).clamp_min(1e-300)
    mean, square = torch.zeros_like(raw), torch.zeros_like(raw)
    for step in range(1, STEPS + 1):
        with torch.enable_grad():
            raw = raw.detach().requires_grad_(True)
            wrong = (_fitted(raw, pattern)[1] / scale).sum()
            (slope,) = torch.autograd.grad(wrong, raw)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        size = (square / (1 - 0.999**step)).sqrt() + 1e-8
        raw = raw.detach() - RATE * (mean / (1 - 0.9**step)) / size
    return raw
