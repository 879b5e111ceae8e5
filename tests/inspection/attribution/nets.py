"""Tiny networks with fixed numbers, and a way to ask questions about them."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.inspection.attribution.method import Value
from cnnlab.inspection.attribution.running import Attribution, Question, attribute_pixels
from cnnlab.inspection.flow_input import IMAGENET, numbers
from cnnlab.inspection.weights import Loaded

SIDE = 24


class Block(nn.Module):
    """Two convolutions and a short cut, with one ReLU that is used twice and writes in place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """Return x plus what the convolutions add, rectified."""
        return self.relu(x + self.conv2(self.relu(self.bn1(self.conv1(x)))))


class Head(nn.Module):
    """A linear layer on all numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(128, 5)

    def forward(self, x: Tensor) -> Tensor:
        """Return five scores."""
        return self.linear(x.flatten(1))


def plain(seed: int = 0) -> nn.Sequential:
    """Return a network that Captum's every method is right on: separate modules, nothing in place."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 6, 5, padding=2),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 8, 3, padding=1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(4),
        Head(),
    ).eval()  # pyright: ignore[reportReturnType]


def awkward(seed: int = 0) -> nn.Sequential:
    """Return a network with all that Captum is wrong on: a reused ReLU, in place, then overlapping pools."""
    torch.manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2),
        Block(8),
        nn.MaxPool2d(3, 1, 1),
        nn.Dropout(0.5),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 5),
    )
    net.train()
    with torch.no_grad():
        net(torch.randn(8, 3, SIDE, SIDE))
    return net.eval()


def loaded(model: nn.Module) -> Loaded:
    return Loaded(model.eval().requires_grad_(False), "random", IMAGENET)


def picture(seed: int = 0) -> np.ndarray:
    """Return the pixels of a picture with structure: a bright square on a slope of colours, with noise."""
    draw = np.random.default_rng(seed)
    pixels = np.linspace(20, 160, SIDE * SIDE * 3).reshape(SIDE, SIDE, 3) + draw.normal(
        0, 12, (SIDE, SIDE, 3)
    )
    pixels[6:14, 8 + seed : 16 + seed] += (80, -20, 40)
    return pixels.clip(0, 255).astype(np.uint8)


def tensor(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(numbers(pixels, IMAGENET))


def ask(
    model: nn.Module,
    method: str,
    target: int = 2,
    layer: str = "",
    progress: Callable[[str, int, int], None] = lambda *_: None,
    **settings: Value,
) -> Attribution:
    question = Question("tiny", "picture", method, target, tuple(settings.items()), layer)
    return attribute_pixels(loaded(model), picture(), question, progress)
