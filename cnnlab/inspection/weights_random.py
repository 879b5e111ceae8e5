"""Random weights with which a picture still passes through a deep network: neither vanishing nor exploding.

Without training, what a library begins with may fade to nothing after some layers, or begin each residual
branch at zero. Here weights are drawn as He et al. (2015) say, and batch normalisation gets the statistics
of a few photographs. This module does not import PyTorch until it is called.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from cnnlab import zoo
from cnnlab.inspection.flow_input import Preparing, cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.tracing import replay_as_far_as_possible, trace_of

if TYPE_CHECKING:
    import torch
    from torch import nn

CALIBRATING = ("cat", "coffee", "astronaut", "rocket")
CALIBRATING_SIDE = 160  # statistics hardly depend on the size, and this is quicker


def randomised(model: "nn.Module", name: str, preparing: Preparing, seed: int = 0) -> None:
    """Give a network the weights described above; the same seed gives the same ones."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in model.modules():
            redraw(module, generator)
    if _normalising(model.modules()):
        calibrate(model, model.modules(), torch.from_numpy(_photographs(name, preparing)))


def redraw(module: "nn.Module", generator: "torch.Generator") -> None:
    """Draw one layer's own weights anew; a normalisation begins afresh, other modules stay as they are."""
    import torch
    from torch import nn

    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    drawn = isinstance(module, nn.modules.conv._ConvNd | nn.Linear)
    if not drawn and not isinstance(module, _normalisations()):
        return
    with torch.no_grad():
        if drawn:
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
        elif isinstance(weight, torch.Tensor):
            nn.init.ones_(weight)
        if isinstance(bias, torch.Tensor):
            nn.init.zeros_(bias)


def calibrate(model: "nn.Module", among: Iterable["nn.Module"], batch: "torch.Tensor") -> None:
    """Set the running values of the batch normalisations among some modules to those of a batch."""
    import torch

    normalising = _normalising(among)
    momenta = [one.momentum for one in normalising]
    for one in normalising:
        one.reset_running_stats()
        one.momentum = None  # the plain mean over what comes through
        one.training = True
    if normalising:
        with torch.no_grad():
            model(batch)
    for one, momentum in zip(normalising, momenta, strict=True):
        one.momentum, one.training = momentum, False


def _normalisations() -> tuple[type, ...]:
    from torch import nn

    return (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm)


def _normalising(among: Iterable["nn.Module"]) -> list["nn.modules.batchnorm._BatchNorm"]:
    from torch import nn

    found = [one for one in among if isinstance(one, nn.modules.batchnorm._BatchNorm)]
    return [one for one in found if one.track_running_stats]


def _photographs(name: str, preparing: Preparing) -> np.ndarray:
    channels, *sizes = zoo.input_shape(name)
    small = (channels, *(min(size, CALIBRATING_SIDE) for size in sizes))
    fits = replay_as_far_as_possible(trace_of(name), small).problem is None
    shape = small if fits else (channels, *sizes)
    pictures = [cut(sample_picture(one), shape, preparing) for one in CALIBRATING]
    return np.concatenate([numbers(pixels, preparing) for pixels in pictures])
