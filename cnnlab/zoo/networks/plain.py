"""Plain nets: ResNet-18 and ResNet-34 with the shortcuts taken out, as the paper compares them.

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385.
Of the plain ones the deeper is worse, on its own training pictures too; that is what ResNet was made for.
"""

from torch import Tensor, nn

BLOCKS_OF_DEPTH = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}


class PlainBlock(nn.Sequential):
    """Two 3 × 3 convolutions, each with batch normalisation and ReLU; nothing leads around them."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.relu2 = nn.ReLU()


class PlainNet(nn.Module):
    """A plain net of 18 or 34 layers for 3 × 224 × 224."""

    def __init__(self, depth: int = 34, classes: int = 1000) -> None:
        super().__init__()
        if depth not in BLOCKS_OF_DEPTH:
            raise ValueError(f"depth is {depth}; it may be {' or '.join(map(str, BLOCKS_OF_DEPTH))}")
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)  # 224 → 112
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)  # → 56
        first, second, third, fourth = BLOCKS_OF_DEPTH[depth]
        self.layer1 = self.stage(64, 64, first, stride=1)
        self.layer2 = self.stage(64, 128, second, stride=2)  # → 28
        self.layer3 = self.stage(128, 256, third, stride=2)  # → 14
        self.layer4 = self.stage(256, 512, fourth, stride=2)  # → 7
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, classes)

    @staticmethod
    def stage(before: int, after: int, blocks: int, stride: int) -> nn.Sequential:
        """Return the blocks of one size; the first of them may halve it and double the channels."""
        first = PlainBlock(before, after, stride)
        return nn.Sequential(first, *(PlainBlock(after, after, 1) for _ in range(blocks - 1)))

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))
