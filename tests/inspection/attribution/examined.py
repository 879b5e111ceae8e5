"""Tiny networks whose maps are known exactly, for the tests of tests of maps."""

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.inspection.attribution.truth import Subject
from cnnlab.inspection.flow_input import Preparing

PREPARING = Preparing((0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
SIDE = 8


def picture(seed: int = 0, side: int = SIDE) -> Tensor:
    """Return a network's numbers for a random picture, from its pixels, which are whole."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3))
    mean, deviation = np.array(PREPARING.mean), np.array(PREPARING.deviation)
    values = (pixels / 255 - mean) / deviation
    return torch.from_numpy(values.transpose(2, 0, 1)[None].astype(np.float32))


class Linear(nn.Module):
    """One linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Linear(3 * SIDE * SIDE, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(x.flatten(1))


def linear(seed: int = 0) -> Linear:
    """Return a linear network with 3 categories: its maps can be worked by hand."""
    model = Linear()
    generator = torch.Generator().manual_seed(seed)
    nn.init.normal_(model.last.weight, std=0.05, generator=generator)
    nn.init.normal_(model.last.bias, generator=generator)
    return model.requires_grad_(False).eval()


def two_categories() -> Linear:
    """Return a linear network whose third category never has a probability."""
    model = linear()
    model.last.weight[2], model.last.bias[2] = 0, -100
    return model


def convolutional(seed: int = 100) -> nn.Sequential:
    """Return a small network with batch normalisation and 4 layers with weights."""
    model = nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Conv2d(6, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 3),
    )
    generator = torch.Generator().manual_seed(seed)
    for one in model.modules():
        if isinstance(one, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(one.weight, generator=generator)
    return model.requires_grad_(False).eval()


def subject(model: nn.Module, target: int = 1) -> Subject:
    return Subject(model, picture(), target, PREPARING)


def gradient(model: nn.Module, values: Tensor, target: int) -> np.ndarray:
    """Explain by the plain gradient, C × H × W."""
    with torch.enable_grad():
        x = values.detach().clone().requires_grad_()
        model(x).flatten(1)[0, target].backward()
    assert x.grad is not None
    return x.grad[0].numpy()


def times_input(model: nn.Module, values: Tensor, target: int) -> np.ndarray:
    """Explain by input × gradient, exact for a linear network."""
    return values[0].numpy() * gradient(model, values, target)
