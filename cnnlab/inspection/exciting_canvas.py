"""A picture that is to be changed by gradients: as waves or as pixels, and seen through small movements.

Following Olah, Mordvintsev and Schubert, Feature Visualization, Distill 2017. It knows no network. This
module imports PyTorch.
"""

import math

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

# How red, green and blue go together in photographs of ImageNet: the square root of their covariance,
# as published with Lucid (tensorflow/lucid, optvis/param/color.py), divided by its longest column.
_TOGETHER = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
_LONGEST = math.sqrt(0.26**2 + 0.27**2 + 0.27**2)
_QUIET = 0.01  # deviation of the first waves
_CONTRAST = 0.25  # of waves against the numbers that a sigmoid takes

DEGREES = 5.0
SCALES = (0.9, 1.1)
JITTER_PX = 8.0
MARGIN = 1.0 / 16  # of the picture's side that a view may leave


class Canvas:
    """Numbers that a picture of channels × height × width is made of.

    `numbers` are what an optimiser changes. With `waves` they are the amplitudes of two-dimensional waves,
    each weighted with 1/frequency as in photographs, else one number a pixel. Three channels are mixed as
    photographs mix their colours; a sigmoid keeps the pixels between 0 and 1.
    """

    def __init__(self, shape: tuple[int, ...], waves: bool, generator: Generator) -> None:
        channels, height, width = shape
        self.size = (height, width)
        self.weights = wave_weights(height, width) if waves else None
        kind = (channels, height, width // 2 + 1, 2) if waves else shape
        self.numbers = (torch.randn(kind, generator=generator) * _QUIET).requires_grad_()
        self.mixing = torch.tensor(_TOGETHER) / _LONGEST if channels == 3 else None

    def picture(self) -> Tensor:
        """Return the picture, 1 × C × H × W from 0 to 1, with the way back to `numbers`."""
        plain = self.numbers
        if self.weights is not None:
            waves = torch.view_as_complex(self.numbers) * self.weights
            plain = torch.fft.irfft2(waves, s=self.size) * _CONTRAST
        if self.mixing is not None:
            plain = torch.einsum("ij,jhw->ihw", self.mixing, plain)
        return plain.sigmoid()[None]


def wave_weights(height: int, width: int) -> Tensor:
    """Return one weight per wave of a real picture's spectrum: √(H·W) / frequency, frequency in 1/pixel.

    The constant wave is weighted as the longest one that fits.

    >>> wave_weights(4, 4)[0].tolist()
    [16.0, 16.0, 8.0]
    """
    down, across = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    frequency = (down**2 + across**2).sqrt().clamp(min=1 / max(height, width))
    return math.sqrt(height * width) / frequency


def moved(picture: Tensor, views: int, generator: Generator) -> Tensor:
    """Return views of a picture, each a little shifted, turned and scaled: `views` × C × H × W.

    Shifts reach ±8 pixels (at most a sixteenth of the side), turns ±5°, scales 0.9 to 1.1. What lies outside
    is mirrored. All of it is one bilinear sampling, so gradients find their way back.
    """
    height, width = picture.shape[2:]
    chance = torch.rand((views, 4), generator=generator) * 2 - 1
    angle = chance[:, 0] * math.radians(DEGREES)
    scale = SCALES[0] + (chance[:, 1] + 1) / 2 * (SCALES[1] - SCALES[0])
    reach = [2 * min(JITTER_PX, side * MARGIN) / side for side in (width, height)]  # the side is 2 long
    cos, sin = angle.cos() * scale, angle.sin() * scale
    rows = [
        torch.stack([cos, -sin * height / width, chance[:, 2] * reach[0]], 1),
        torch.stack([sin * width / height, cos, chance[:, 3] * reach[1]], 1),
    ]
    grid = affine_grid(torch.stack(rows, 1), [views, *picture.shape[1:]], align_corners=False)
    many = picture.expand(views, -1, -1, -1)
    return grid_sample(many, grid, padding_mode="reflection", align_corners=False)
