"""GoogLeNet as in the paper: real 5 × 5 branches, response normalisation, no batch normalisation.

Szegedy and others: Going Deeper with Convolutions, 2014, https://arxiv.org/abs/1409.4842, table 1.
torchvision's `googlenet` has 3 × 3 kernels where this has 5 × 5, and batch normalisation, which came later.
"""

import torch
from torch import Tensor, nn


class ConvolutionReLU(nn.Sequential):
    """A convolution that keeps the size (at stride 1), and a ReLU."""

    def __init__(self, before: int, after: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, after, kernel, stride, padding=kernel // 2)
        self.relu = nn.ReLU()


def response_normalisation() -> nn.LocalResponseNorm:
    """Return the normalisation of AlexNet; PyTorch divides α by the five channels, so it is 5 · 10⁻⁴."""
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=1)


class Inception(nn.Module):
    """Four branches that look at the same input at different sizes, side by side in the output.

    The numbers are those of a line of table 1: 1 × 1; 3 × 3 with what is reduced before it; 5 × 5 with
    what is reduced before it; and what the pooled branch is projected to.
    """

    def __init__(
        self, before: int, one: int, three: tuple[int, int], five: tuple[int, int], pooled: int
    ) -> None:
        super().__init__()
        self.one = ConvolutionReLU(before, one, 1)
        self.three = nn.Sequential(
            ConvolutionReLU(before, three[0], 1), ConvolutionReLU(three[0], three[1], 3)
        )
        self.five = nn.Sequential(ConvolutionReLU(before, five[0], 1), ConvolutionReLU(five[0], five[1], 5))
        self.pooled = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), ConvolutionReLU(before, pooled, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the channels of the four branches, one after the other."""
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pooled(x)], dim=1)


class Auxiliary(nn.Sequential):
    """A small classifier in the middle: in training, a gradient reaches the early layers from it."""

    def __init__(self, before: int, classes: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(5, stride=3)  # 14 → 4
        self.reduce = ConvolutionReLU(before, 128, 1)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(128 * 4 * 4, 1024)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.output = nn.Linear(1024, classes)


def pool() -> nn.MaxPool2d:
    """Halve height and width, rounding up, as the sizes of table 1 ask."""
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)


class GoogLeNet(nn.Module):
    """Twenty-two layers with parameters, nine of Inception modules, and no large dense layer.

    With `auxiliary=True` it has the two classifiers of training; in evaluation they are not used.
    """

    def __init__(self, classes: int = 1000, auxiliary: bool = False) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            ConvolutionReLU(3, 64, 7, stride=2),  # 224 → 112
            pool(),  # → 56
            response_normalisation(),
            ConvolutionReLU(64, 64, 1),
            ConvolutionReLU(64, 192, 3),
            response_normalisation(),
            pool(),  # → 28
        )
        self.inception3a = Inception(192, 64, (96, 128), (16, 32), 32)
        self.inception3b = Inception(256, 128, (128, 192), (32, 96), 64)
        self.pool3 = pool()  # → 14
        self.inception4a = Inception(480, 192, (96, 208), (16, 48), 64)
        self.inception4b = Inception(512, 160, (112, 224), (24, 64), 64)
        self.inception4c = Inception(512, 128, (128, 256), (24, 64), 64)
        self.inception4d = Inception(512, 112, (144, 288), (32, 64), 64)
        self.inception4e = Inception(528, 256, (160, 320), (32, 128), 128)
        self.pool4 = pool()  # → 7
        self.inception5a = Inception(832, 256, (160, 320), (32, 128), 128)
        self.inception5b = Inception(832, 384, (192, 384), (48, 128), 128)
        self.average = nn.AdaptiveAvgPool2d(1)  # 7 × 7 × 1024 → 1 × 1 × 1024
        self.dropout = nn.Dropout(0.4)
        self.output = nn.Linear(1024, classes)
        self.auxiliary4a = Auxiliary(512, classes) if auxiliary else None
        self.auxiliary4d = Auxiliary(528, classes) if auxiliary else None

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor, Tensor]:
        """Return a score for each class; in training with auxiliary classifiers, theirs after it."""
        x = self.inception4a(self.pool3(self.inception3b(self.inception3a(self.stem(x)))))
        early = self.auxiliary4a(x) if self.auxiliary4a and self.training else None
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        late = self.auxiliary4d(x) if self.auxiliary4d and self.training else None
        x = self.inception5b(self.inception5a(self.pool4(self.inception4e(x))))
        scores = self.output(self.dropout(self.average(x).flatten(1)))
        return scores if early is None or late is None else (scores, early, late)
