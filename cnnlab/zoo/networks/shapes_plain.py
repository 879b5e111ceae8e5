"""A small plain network, in the manner of VGG, that learns to tell shapes in clutter in minutes.

Its first kernels are 7 × 7, large enough to be looked at; everything after them is 3 × 3, as in
Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014,
https://arxiv.org/abs/1409.1556, with batch normalisation. Maps are halved by maximum pooling, and the largest
value of each last map is what the classifier reads: a shape counts wherever it is.
"""

from torch import Tensor, nn


class ConvolutionUnit(nn.Sequential):
    """A 3 × 3 convolution with batch normalisation and ReLU."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(after)
        self.relu = nn.ReLU()


class ShapesPlain(nn.Module):
    """Seven convolutions for 3 × 64 × 64."""

    def __init__(self, classes: int = 21) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 24, 7, stride=2, padding=3, bias=False)  # 64 → 32
        self.bn1 = nn.BatchNorm2d(24)
        self.relu1 = nn.ReLU()
        self.block1 = self.block(24, 32)  # → 16
        self.block2 = self.block(32, 64)  # → 8
        self.last = nn.Sequential(ConvolutionUnit(64, 128), ConvolutionUnit(128, 128))
        self.maxpool = nn.AdaptiveMaxPool2d(1)
        self.fc = nn.Linear(128, classes)

    @staticmethod
    def block(before: int, after: int) -> nn.Sequential:
        """Return two convolutions and the pooling that halves their maps."""
        return nn.Sequential(ConvolutionUnit(before, after), ConvolutionUnit(after, after), nn.MaxPool2d(2))

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.last(self.block2(self.block1(x)))
        return self.fc(self.maxpool(x).flatten(1))
