"""ShuffleNet v1: 1 × 1 convolutions in groups, and a shuffle so that the groups hear of each other.

Zhang, Zhou, Lin, Sun: ShuffleNet, 2017, https://arxiv.org/abs/1707.01083, table 1.
torchvision has its successor, `shufflenet_v2_…`, only.
"""

import torch
from torch import Tensor, nn

# Groups → channels of stage 2; each stage doubles them. More groups are cheaper, so more channels fit.
CHANNELS_OF_STAGE_2 = {1: 144, 2: 200, 3: 240, 4: 272, 8: 384}
UNITS_OF_STAGE = (4, 8, 4)
CHANNELS_OF_STEM = 24


class ChannelShuffle(nn.Module):
    """Deal the channels of each group to all groups, like cards: 1 2 3 | 4 5 6 becomes 1 4 | 2 5 | 3 6."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        """Return the same maps in another order."""
        images, channels, height, width = x.shape
        x = x.reshape(images, self.groups, channels // self.groups, height, width)
        return x.transpose(1, 2).reshape(images, channels, height, width)


class ShuffleUnit(nn.Module):
    """1 × 1 in groups, shuffle, 3 × 3 depthwise, 1 × 1 in groups; then added to the input.

    With stride 2 the input is average-pooled and stands beside the result instead of being added to it.
    """

    def __init__(self, before: int, after: int, stride: int, groups: tuple[int, int]) -> None:
        super().__init__()
        inside = after // 4
        added = after - before if stride == 2 else after  # the pooled input brings the other channels
        self.conv1 = nn.Conv2d(before, inside, 1, groups=groups[0], bias=False)
        self.bn1 = nn.BatchNorm2d(inside)
        self.shuffle = ChannelShuffle(groups[1])
        self.depthwise = nn.Conv2d(inside, inside, 3, stride, padding=1, groups=inside, bias=False)
        self.bn2 = nn.BatchNorm2d(inside)
        self.conv3 = nn.Conv2d(inside, added, 1, groups=groups[1], bias=False)
        self.bn3 = nn.BatchNorm2d(added)
        self.shortcut = nn.AvgPool2d(3, stride=2, padding=1) if stride == 2 else nn.Identity()
        self.beside = stride == 2
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Return the unit's maps; there is no ReLU after the depthwise convolution."""
        y = self.shuffle(self.relu(self.bn1(self.conv1(x))))
        y = self.bn2(self.depthwise(y))
        y = self.bn3(self.conv3(y))
        x = self.shortcut(x)
        return self.relu(torch.cat([x, y], dim=1) if self.beside else x + y)


class ShuffleNetV1(nn.Module):
    """ShuffleNet 1× with 1, 2, 3, 4 or 8 groups, for 3 × 224 × 224."""

    def __init__(self, groups: int = 3, classes: int = 1000) -> None:
        super().__init__()
        if groups not in CHANNELS_OF_STAGE_2:
            raise ValueError(f"groups is {groups}; it may be {', '.join(map(str, CHANNELS_OF_STAGE_2))}")
        self.conv1 = nn.Conv2d(3, CHANNELS_OF_STEM, 3, stride=2, padding=1, bias=False)  # 224 → 112
        self.bn1 = nn.BatchNorm2d(CHANNELS_OF_STEM)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)  # → 56
        channels = CHANNELS_OF_STAGE_2[groups]
        self.stage2 = self.stage(CHANNELS_OF_STEM, channels, UNITS_OF_STAGE[0], groups)  # → 28
        self.stage3 = self.stage(channels, 2 * channels, UNITS_OF_STAGE[1], groups)  # → 14
        self.stage4 = self.stage(2 * channels, 4 * channels, UNITS_OF_STAGE[2], groups)  # → 7
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4 * channels, classes)

    @staticmethod
    def stage(before: int, after: int, units: int, groups: int) -> nn.Sequential:
        """Return one unit of stride 2 and the rest of stride 1.

        The very first 1 × 1 convolution has no groups: its 24 channels are too few to be divided.
        """
        first_groups = 1 if before == CHANNELS_OF_STEM else groups
        first = ShuffleUnit(before, after, 2, (first_groups, groups))
        return nn.Sequential(
            first, *(ShuffleUnit(after, after, 1, (groups, groups)) for _ in range(units - 1))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.stage4(self.stage3(self.stage2(x)))
        return self.fc(self.avgpool(x).flatten(1))
