"""The PreAct-ResNet for CIFAR-10: normalise and activate before each convolution; leave the sum alone.

He, Zhang, Ren, Sun: Identity Mappings in Deep Residual Networks, 2016, https://arxiv.org/abs/1603.05027.
The sum of a block goes into the next one untouched: the input reaches every depth, and so does a gradient.
"""

from torch import Tensor, nn


class PreActBottleneck(nn.Module):
    """BN, ReLU, 1 × 1; BN, ReLU, 3 × 3; BN, ReLU, 1 × 1; plus what came in."""

    def __init__(self, before: int, inside: int, stride: int) -> None:
        super().__init__()
        after = 4 * inside
        self.bn1 = nn.BatchNorm2d(before)
        self.conv1 = nn.Conv2d(before, inside, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inside)
        self.conv2 = nn.Conv2d(inside, inside, 3, stride, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(inside)
        self.conv3 = nn.Conv2d(inside, after, 1, bias=False)
        self.relu = nn.ReLU()
        same = before == after and stride == 1
        self.projection = None if same else nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return the input plus what the three convolutions add to it."""
        activated = self.relu(self.bn1(x))
        shortcut = x if self.projection is None else self.projection(activated)
        x = self.conv1(activated)
        x = self.conv2(self.relu(self.bn2(x)))
        x = self.conv3(self.relu(self.bn3(x)))
        return x + shortcut


class PreActResNet(nn.Module):
    """A net of 9n + 2 layers for 3 × 32 × 32: 164 and 1001 are the paper's."""

    def __init__(self, depth: int = 164, classes: int = 10) -> None:
        super().__init__()
        blocks, rest = divmod(depth - 2, 9)
        if rest or blocks < 1:
            raise ValueError(f"depth is {depth}; it must be 9n + 2, for example 11, 29, 164 or 1001")
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.layer1 = self.stage(16, 16, blocks, stride=1)
        self.layer2 = self.stage(64, 32, blocks, stride=2)  # 32 → 16
        self.layer3 = self.stage(128, 64, blocks, stride=2)  # → 8
        self.bn = nn.BatchNorm2d(256)  # nobody has normalised the last sum
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(256, classes)

    @staticmethod
    def stage(before: int, inside: int, blocks: int, stride: int) -> nn.Sequential:
        """Return the blocks of one size; the first may halve it."""
        first = PreActBottleneck(before, inside, stride)
        return nn.Sequential(first, *(PreActBottleneck(4 * inside, inside, 1) for _ in range(blocks - 1)))

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        return self.fc(self.avgpool(self.relu(self.bn(x))).flatten(1))
