"""A small residual network that learns to tell shapes in clutter in minutes.

Blocks as in He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015,
https://arxiv.org/abs/1512.03385, of two 3 × 3 convolutions. What differs from it: maps are halved by
maximum pooling between the blocks instead of by strides in them, and the largest value of each last map, not
the mean, is what the classifier reads. With strides and means such a small net hardly learns in minutes.
"""

from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in, then ReLU."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.projection = nn.Identity() if before == after else nn.Conv2d(before, after, 1, bias=False)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum of both paths, without its negative part."""
        added = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(added + self.projection(x))


class ShapesResidual(nn.Module):
    """Nine convolutions, four blocks, for 3 × 64 × 64."""

    def __init__(self, classes: int = 21) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 24, 5, stride=2, padding=2, bias=False)  # 64 → 32
        self.bn1 = nn.BatchNorm2d(24)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)  # → 16
        self.block1 = ResidualBlock(24, 48)
        self.block2 = ResidualBlock(48, 48)
        self.pool2 = nn.MaxPool2d(2)  # → 8
        self.block3 = ResidualBlock(48, 96)
        self.block4 = ResidualBlock(96, 96)
        self.maxpool = nn.AdaptiveMaxPool2d(1)
        self.fc = nn.Linear(96, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.pool2(self.block2(self.block1(x)))
        x = self.block4(self.block3(x))
        return self.fc(self.maxpool(x).flatten(1))
