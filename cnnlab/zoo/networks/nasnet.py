"""NASNet-A: cells that a search found, stacked. By default the mobile net, 4 @ 1056.

Zoph, Vasudevan, Shlens, Le: Learning Transferable Architectures for Scalable Image Recognition, 2017,
https://arxiv.org/abs/1707.07012, figure 4 and appendix. A cell reads the outputs of the two cells before it.
timm has the large net (6 @ 4032, `nasnetalarge`) only; with its sizes, this file has its parameters.
One wire differs there: the large net's first cell after a reduction reads one cell further back.
"""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

# In this paper's nets batch normalisation uses this small number.
BatchNorm = partial(nn.BatchNorm2d, eps=0.001)
Maps = tuple[int, int]  # channels of the cell before the last, and of the last


def same_padding(size: int, kernel: int, stride: int) -> Maps:
    """Return how much to pad before and after, so that an output has ⌈size / stride⌉ values.

    >>> same_padding(7, 3, 2), same_padding(8, 3, 2)
    ((1, 1), (0, 1))
    """
    outputs = -(-size // stride)
    needed = max((outputs - 1) * stride + kernel - size, 0)
    return needed // 2, needed - needed // 2


class SamePadding(nn.Module):
    """Pad as TensorFlow does: at stride 2 one more on the right and below, where the sum is odd."""

    def __init__(self, kernel: int, stride: int, value: float = 0.0) -> None:
        super().__init__()
        self.kernel, self.stride, self.value = kernel, stride, value

    def forward(self, x: Tensor) -> Tensor:
        """Return the padded maps."""
        rows = same_padding(x.shape[2], self.kernel, self.stride)
        columns = same_padding(x.shape[3], self.kernel, self.stride)
        return functional.pad(x, (*columns, *rows), value=self.value)


class Separable(nn.Sequential):
    """ReLU, depthwise k × k, 1 × 1, normalisation; and the same once more."""

    def __init__(self, channels: Maps, kernel: int, stride: int = 1, inside: int | None = None) -> None:
        super().__init__()
        before, after = channels
        inside = before if inside is None else inside
        for number, (width, made, step) in enumerate(((before, inside, stride), (inside, after, 1)), start=1):
            self.add_module(f"relu{number}", nn.ReLU())
            self.add_module(f"pad{number}", SamePadding(kernel, step))
            depthwise = nn.Conv2d(width, width, kernel, step, groups=width, bias=False)
            self.add_module(f"depthwise{number}", depthwise)
            self.add_module(f"pointwise{number}", nn.Conv2d(width, made, 1, bias=False))
            self.add_module(f"bn{number}", BatchNorm(made))


class Average(nn.Module):
    """A 3 × 3 average that does not count what lies outside."""

    def __init__(self, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Return the averages; at stride 2 an even side reaches over the right and lower border only."""
        sides = x.shape[2:]
        padding = (1, 1) if self.stride == 1 else (sides[0] % 2, sides[1] % 2)
        return functional.avg_pool2d(
            x, 3, self.stride, padding, ceil_mode=self.stride == 2, count_include_pad=False
        )


def maximum(stride: int) -> nn.Sequential:
    """Return a 3 × 3 maximum; what is padded can never be one."""
    return nn.Sequential(SamePadding(3, stride, float("-inf")), nn.MaxPool2d(3, stride))


class Squeeze(nn.Sequential):
    """ReLU, 1 × 1, normalisation: brings an input to the width of the cell."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__(nn.ReLU(), nn.Conv2d(before, after, 1, bias=False), BatchNorm(after))


class HalveAndSqueeze(nn.Module):
    """Halve an input that is twice as large as the other: two 1 × 1 on two grids, one shifted by a pixel."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.relu = nn.ReLU()
        self.pool = nn.AvgPool2d(1, stride=2)
        self.left = nn.Conv2d(before, after // 2, 1, bias=False)
        self.shift = nn.ZeroPad2d((-1, 1, -1, 1))
        self.right = nn.Conv2d(before, after - after // 2, 1, bias=False)
        self.bn = BatchNorm(after)

    def forward(self, x: Tensor) -> Tensor:
        """Return maps of half the size."""
        x = self.relu(x)
        return self.bn(torch.cat([self.left(self.pool(x)), self.right(self.pool(self.shift(x)))], dim=1))


class NormalCell(nn.Module):
    """Five sums of two things each, and the older input, side by side: six times the width, same size."""

    def __init__(self, channels: Maps, width: int, older_is_larger: bool) -> None:
        super().__init__()
        fit_older: Callable[[int, int], nn.Module] = HalveAndSqueeze if older_is_larger else Squeeze
        self.fit_older = fit_older(channels[0], width)
        self.fit_newer = Squeeze(channels[1], width)
        both = (width, width)
        self.newer5, self.older3 = Separable(both, 5), Separable(both, 3)
        self.older5, self.older3b = Separable(both, 5), Separable(both, 3)
        self.newer3 = Separable(both, 3)
        self.average = Average()

    def forward(self, older: Tensor, newer: Tensor) -> Tensor:
        """Return the cell's maps."""
        older, newer = self.fit_older(older), self.fit_newer(newer)
        sums = [
            self.newer5(newer) + self.older3(older),
            self.older5(older) + self.older3b(older),
            self.average(newer) + older,
            self.average(older) + self.average(older),
            self.newer3(newer) + newer,
        ]
        return torch.cat([older, *sums], dim=1)


class ReductionCell(nn.Module):
    """Five sums, of which four are kept: four times the width, half the height and width."""

    def __init__(
        self, fit_older: nn.Module, fit_newer: nn.Module, width: int, older_width: int | None = None
    ) -> None:
        super().__init__()
        self.fit_older, self.fit_newer = fit_older, fit_newer
        both = (width, width)
        from_older = (width if older_width is None else older_width, width)
        self.newer5, self.older7 = Separable(both, 5, 2), Separable(from_older, 7, 2, inside=width)
        self.newer_max, self.older7b = maximum(2), Separable(from_older, 7, 2, inside=width)
        self.newer_average, self.older5 = Average(2), Separable(from_older, 5, 2, inside=width)
        self.average = Average()
        self.first3, self.newer_max2 = Separable(both, 3), maximum(2)

    def forward(self, older: Tensor, newer: Tensor) -> Tensor:
        """Return the cell's maps."""
        older, newer = self.fit_older(older), self.fit_newer(newer)
        first = self.newer5(newer) + self.older7(older)
        second = self.newer_max(newer) + self.older7b(older)
        third = self.newer_average(newer) + self.older5(older)
        fourth = self.average(first) + second
        fifth = self.first3(first) + self.newer_max2(newer)
        return torch.cat([second, third, fourth, fifth], dim=1)


class NASNetA(nn.Module):
    """Three stages of normal cells with reduction cells between them; width doubles with each stage.

    `penultimate` is the number of channels before the classifier; the last cell makes six times its width.
    """

    def __init__(self, cells: int = 4, penultimate: int = 1056, stem: int = 32, classes: int = 1000) -> None:
        super().__init__()
        width, rest = divmod(penultimate, 24)
        if rest or width % 4 or width < 4 or cells < 1:
            raise ValueError(
                f"penultimate is {penultimate} and cells is {cells}; "
                "penultimate must be a multiple of 96, and there must be at least one cell a stage"
            )
        self.stem = nn.Sequential(nn.Conv2d(3, stem, 3, stride=2, bias=False), BatchNorm(stem))  # 224 → 111
        quarter, half = width // 4, width // 2
        older = nn.Identity()
        self.stem_cell0 = ReductionCell(older, Squeeze(stem, quarter), quarter, older_width=stem)  # → 56
        older = HalveAndSqueeze(stem, half)
        self.stem_cell1 = ReductionCell(older, Squeeze(4 * quarter, half), half)  # → 28
        self.cells = nn.ModuleList()
        channels, larger = (4 * quarter, 4 * half), True
        for stage in range(3):
            if stage:
                fit = (Squeeze(channels[0], width), Squeeze(channels[1], width))
                self.cells.append(ReductionCell(*fit, width))  # → 14, → 7
                channels, larger = (channels[1], 4 * width), True
            for _ in range(cells):
                self.cells.append(NormalCell(channels, width, larger))
                channels, larger = (channels[1], 6 * width), False
            width *= 2
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels[1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each class."""
        x = self.stem(x)
        older, newer = x, self.stem_cell0(x, x)
        older, newer = newer, self.stem_cell1(older, newer)
        for cell in self.cells:
            older, newer = newer, cell(older, newer)
        return self.fc(self.avgpool(self.relu(newer)).flatten(1))
