"""What real layers and blocks say to the questions on MobileNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.mobilenetv2 import InvertedResidual

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def macs(layer: nn.Module, *sizes: int) -> float:
    """Return how many multiply-adds PyTorch's own counter finds."""
    with FlopCounterMode(display=False) as counter:
        layer.to("meta")(torch.empty(1, *sizes, device="meta"))
    return counter.get_total_flops() / 2


def whole_and_pair(v: V) -> tuple[float, ...]:
    """Return the cost of a usual 3 × 3, and of the depthwise and the pointwise layer that take its place."""
    size = (v.c, v.n, v.n)
    return (
        macs(nn.Conv2d(v.c, v.d, 3, padding=1), *size),
        macs(nn.Conv2d(v.c, v.c, 3, padding=1, groups=v.c), *size),
        macs(nn.Conv2d(v.c, v.d, 1), *size),
    )


def inverted(v: V) -> tuple[float, ...]:
    """Return what each convolution of torchvision's block makes, and its weights."""
    with torch.device("meta"):
        block = InvertedResidual(v.c, v.c, 1, v.t)
    found: list[tuple[int, int]] = []

    def keep(layer: nn.Module, _: object, output: torch.Tensor) -> None:
        assert isinstance(layer, nn.Conv2d)
        found.append((output.shape[1], layer.weight.numel()))

    for one in block.modules():
        if isinstance(one, nn.Conv2d):
            one.register_forward_hook(keep)
    size = (1, v.c, v.n, v.n)
    assert block(torch.empty(size, device="meta")).shape == size
    return tuple(number for pair in found for number in pair)


def through_six(v: V) -> tuple[float, ...]:
    """Return what ReLU6 leaves of two numbers, and of one that is expanded before and projected after it."""
    expand, project = nn.Conv2d(1, 2, 1, bias=False), nn.Conv2d(2, 1, 1, bias=False)
    expand.weight.data = torch.tensor([v.p, -v.p], dtype=torch.float32).reshape(2, 1, 1, 1)
    project.weight.data = torch.tensor([v.q, -v.q], dtype=torch.float32).reshape(1, 2, 1, 1)
    with torch.no_grad():
        wide = nn.Sequential(expand, nn.ReLU6(), project)(torch.full((1, 1, 1, 1), -float(v.a)))
    return (*nn.ReLU6()(torch.tensor([-float(v.a), float(v.b)])).tolist(), wide.item())


def narrower(v: V) -> float:
    """Return the cost of a pointwise layer whose channels are both multiplied."""
    before, after = (int(channels * v.a / 100) for channels in (v.c, v.d))
    return macs(nn.Conv2d(before, after, 1), before, v.n, v.n)


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("mobilenet", "cost-of-a-pair"): whole_and_pair,
    ("mobilenet", "inverted-by-hand"): inverted,
    ("mobilenet", "cut-by-six"): through_six,
    ("mobilenet", "narrower"): narrower,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("mobilenet", "find-the-linear-layer"): {"go": "features.3.conv.2"},
    ("mobilenet", "under-a-hundred-million"): {"input": "3x128x128"},
}
