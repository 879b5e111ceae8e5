"""LeNet-5 twice: as printed in 1998, and as it is usually typed into PyTorch today.

LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition, 1998,
https://doi.org/10.1109/5.726791. The names of the layers (C1, S2, …) are the paper's.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

# Table I of the paper: which of the six maps of S2 each of the sixteen maps of C3 reads.
# A map that does not read everything is forced to look for something of its own.
READ_BY_C3 = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (4, 5, 0), (5, 0, 1)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (3, 4, 5, 0), (4, 5, 0, 1), (5, 0, 1, 2)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)

# Ten digits on 7 × 12 dots, each row of two lines a segment. The drawing is ours: the paper uses
# the pictures of a whole alphabet, so that characters that look alike get codes that are alike.
SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")


class ScaledTanh(nn.Module):
    """1.7159 · tanh(2x/3): close to 1 at 1 and to −1 at −1, where the targets are."""

    def forward(self, x: Tensor) -> Tensor:
        """Squash every value."""
        return 1.7159 * torch.tanh(2 / 3 * x)


class Subsampling(nn.Module):
    """The sum of 2 × 2 values, times one weight of the map, plus one bias of the map."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Halve height and width."""
        return functional.avg_pool2d(x, 2, divisor_override=1) * self.weight + self.bias


class SparseConvolution(nn.Module):
    """A convolution in which each output map reads only some of the input maps."""

    def __init__(self, read_by: tuple[tuple[int, ...], ...], kernel: int) -> None:
        super().__init__()
        self.read_by = read_by
        self.maps = nn.ModuleList(nn.Conv2d(len(inputs), 1, kernel) for inputs in read_by)

    def forward(self, x: Tensor) -> Tensor:
        """Return one map for each entry of the table."""
        parts = x.split(1, dim=1)
        chosen = [torch.cat([parts[i] for i in inputs], dim=1) for inputs in self.read_by]
        return torch.cat([convolution(x) for convolution, x in zip(self.maps, chosen, strict=True)], dim=1)


class DistanceToCodes(nn.Module):
    """How far 84 values are from the picture of each digit, which nobody trains.

    The paper calls the result a penalty: the smallest wins. Here it has a minus sign, so that,
    as in every other network, the largest wins.
    """

    codes: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("codes", torch.tensor([digit_code(segments) for segments in SEGMENTS]))

    def forward(self, x: Tensor) -> Tensor:
        """Return minus the squared distance to each of the ten codes."""
        return -((x.unsqueeze(1) - self.codes) ** 2).sum(dim=2)


def digit_code(segments: str) -> list[float]:
    """Return 7 × 12 values, row by row, 1 where the segments of a digit are and −1 elsewhere."""

    def is_ink(row: int, column: int) -> bool:
        across = {"a": row < 2, "g": 5 <= row < 7, "d": row >= 10}
        left = {"f": row < 7, "e": row >= 5}
        right = {"b": row < 7, "c": row >= 5}
        inside = across | (left if column < 2 else right if column >= 5 else {})
        return any(inside.get(segment, False) for segment in segments)

    return [1.0 if is_ink(row, column) else -1.0 for row in range(12) for column in range(7)]


class LeNet5Of1998(nn.Module):
    """The network of the paper: 60,000 trainable parameters for 32 × 32 grey pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)  # 32 → 28
        self.s2 = Subsampling(6)  # 28 → 14
        self.c3 = SparseConvolution(READ_BY_C3, 5)  # 14 → 10
        self.s4 = Subsampling(16)  # 10 → 5
        self.c5 = nn.Conv2d(16, 120, 5)  # 5 → 1; a larger picture would give a larger map
        self.f6 = nn.Linear(120, 84)
        self.output = DistanceToCodes()
        self.squash = ScaledTanh()

    def forward(self, x: Tensor) -> Tensor:
        """Return a score for each of the ten digits."""
        x = self.squash(self.s2(self.squash(self.c1(x))))
        x = self.squash(self.s4(self.squash(self.c3(x))))
        x = self.squash(self.c5(x))
        x = self.squash(self.f6(x.flatten(1)))
        return self.output(x)


class LeNet5(nn.Sequential):
    """The usual form today: every map reads every map, ReLU, maximum pooling, a dense layer at the end."""

    def __init__(self, classes: int = 10, channels: int = 1) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(channels, 6, 5)
        self.relu1 = nn.ReLU()
        self.s2 = nn.MaxPool2d(2)
        self.c3 = nn.Conv2d(6, 16, 5)
        self.relu3 = nn.ReLU()
        self.s4 = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.f5 = nn.Linear(16 * 5 * 5, 120)
        self.relu5 = nn.ReLU()
        self.f6 = nn.Linear(120, 84)
        self.relu6 = nn.ReLU()
        self.output = nn.Linear(84, classes)
