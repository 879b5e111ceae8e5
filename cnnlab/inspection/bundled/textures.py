"""The textures of "shapes in clutter": from where a pixel is to how much of the second colour it has, 0 to 1.

It knows neither colours nor shapes.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from cnnlab.inspection.bundled.outlines import between
from cnnlab.inspection.bundled.shape_names import TEXTURES

# x and y (batch × height × width) and a frequency (batch × 1 × 1) to a share (batch × height × width).
Texture = Callable[[Tensor, Tensor, Tensor], Tensor]


def _steep(wave: Tensor, steepness: float) -> Tensor:
    return 0.5 + 0.5 * torch.tanh(steepness * wave)


def _plain(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:  # noqa: ARG001 all take the same
    return torch.full_like(x, 0.5)


def _stripes(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:  # noqa: ARG001 all take the same
    return _steep(torch.sin(2 * frequency * x), 4)


def _checks(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:
    return _steep(torch.sin(1.4 * frequency * x) * torch.sin(1.4 * frequency * y), 4)


def _dots(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:
    return _steep(torch.cos(1.6 * frequency * x) + torch.cos(1.6 * frequency * y) - 0.9, 6)


def _rings(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:
    return 0.5 + 0.5 * torch.sin(2 * frequency * torch.hypot(x, y))


def _waves(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:
    return _steep(torch.sin(1.6 * frequency * x + 2.2 * torch.sin(0.8 * frequency * y)), 4)


def _grid(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:
    lines = torch.maximum(torch.cos(1.7 * frequency * x), torch.cos(1.7 * frequency * y))
    return _steep(lines - 0.75, 5)


def _gradient(x: Tensor, y: Tensor, frequency: Tensor) -> Tensor:  # noqa: ARG001 all take the same
    return 0.5 + 0.5 * x.clamp(-1, 1)


_IN_ORDER = (_plain, _stripes, _checks, _dots, _rings, _waves, _grid, _gradient)
_BY_NUMBER: tuple[Texture, ...] = tuple(dict(zip(TEXTURES, _IN_ORDER, strict=True)).values())


def textured(textures: Tensor, x: Tensor, y: Tensor, share: Tensor) -> Tensor:
    """Return each picture's texture, given its number (batch), places and a share from coarse to fine."""
    frequency = between(share, 5, 9)
    found = torch.empty_like(x)
    for number in textures.unique().tolist():
        chosen = textures == number
        found[chosen] = _BY_NUMBER[number](x[chosen], y[chosen], frequency[chosen])
    return found
