"""What real layers and units say to the questions on ResNeXt, Xception, dual path networks and ShuffleNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from timm.models.dpn import DualPathBlock
from timm.models.xception import Block
from torch import nn
from torchvision.models.resnet import Bottleneck
from torchvision.models.shufflenetv2 import InvertedResidual

from cnnlab.zoo.networks.shufflenet_v1 import ChannelShuffle, ShuffleUnit
from tests.course.oracles_of_economy import macs, on_meta

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def shuffled(groups: int, channels: int) -> list[int]:
    """Return the channels, numbered from 1, in the order that a real shuffle gives them."""
    numbered = torch.arange(1.0, channels + 1).reshape(1, channels, 1, 1)
    return [int(one) for one in ChannelShuffle(groups)(numbered).flatten().tolist()]


def heard(layers: nn.Module, channels: int) -> int:
    """Return to how many input channels the first output of a stack has a gradient."""
    for one in layers.parameters():
        nn.init.ones_(one)
    x = torch.ones(1, channels, 1, 1, requires_grad=True)
    layers(x)[0, 0, 0, 0].backward()
    assert x.grad is not None
    return int((x.grad != 0).sum())


def who_is_heard(v: V) -> tuple[int, ...]:
    """Return on how many channels an output depends: of one layer, of two, of two with a shuffle between."""
    first = nn.Conv2d(v.c, v.g * v.k, 1, groups=v.g, bias=False)
    second = nn.Conv2d(v.g * v.k, v.g * v.k, 1, groups=v.g, bias=False)
    stacks = (nn.Sequential(first), nn.Sequential(first, second))
    shuffling = nn.Sequential(first, ChannelShuffle(v.g), second)
    return tuple(heard(one, v.c) for one in (*stacks, shuffling))


def groups_that_undo(v: V) -> int:
    """Return with how many groups, found by trying, a second shuffle restores the order."""
    numbered = torch.arange(float(v.m)).reshape(1, v.m, 1, 1)
    once = ChannelShuffle(v.g)(numbered)
    able = [
        groups
        for groups in range(1, v.m + 1)
        if v.m % groups == 0 and torch.equal(ChannelShuffle(groups)(once), numbered)
    ]
    (only,) = able
    return only


def seen_of(module: nn.Module, names: tuple[str, ...], *sizes: int) -> list[tuple[tuple[int, ...], int]]:
    """Return the shape that comes out of each named convolution inside a unit, and its weights."""
    found: list[tuple[tuple[int, ...], int]] = []
    for name in names:
        layer = module.get_submodule(name)
        weights = layer.get_parameter("weight").numel()
        layer.register_forward_hook(
            lambda *three, weights=weights: found.append((tuple(three[2].shape[1:]), weights))
        )
    module.eval()(torch.empty(1, *sizes, device="meta"))
    return found


def made_anew(v: V) -> tuple[int, ...]:
    """Return the shape that comes out of the last convolution of a real unit with stride 2."""
    unit = on_meta(ShuffleUnit, v.c, v.t * v.c, 2, (1, 1))
    ((made, _),) = seen_of(unit, ("conv3",), v.c, v.n, v.n)
    return made


def half_unit(v: V) -> tuple[int, ...]:
    """Return channels and weights of the three convolutions of a real unit of v2."""
    unit = on_meta(InvertedResidual, v.c, v.c, 1)
    found = seen_of(unit, ("branch2.0", "branch2.3", "branch2.5"), v.c, v.n, v.n)
    return tuple(number for made, weights in found for number in (made[0], weights))


def two_paths(v: V) -> tuple[float, ...]:
    """Return what two real paths make of one pixel, each alone, and what both layers at once make of it."""
    first, second = (nn.Conv2d(2, 2, 1, bias=False).double() for _ in range(2))
    first.weight.data = torch.tensor([[1.0, -1], [-1, 2]], dtype=torch.float64)[:, :, None, None]
    second.weight.data = torch.tensor([[2.0, -1], [-1, 1]], dtype=torch.float64)[:, :, None, None]
    pixel = torch.tensor([v.u, v.v], dtype=torch.float64).reshape(1, 2, 1, 1)
    with torch.no_grad():
        middle = first(pixel).relu()
        alone = [second(middle * torch.eye(2)[path].reshape(1, 2, 1, 1)) for path in (0, 1)]
        return tuple(torch.cat([*alone, second(middle)]).flatten().tolist())


def block_of_paths(paths: int, width: int) -> nn.Module:
    """Return torchvision's block with 256 channels outside."""
    return on_meta(Bottleneck, 256, 64, groups=paths, base_width=width)


def layers_of_a_block(v: V) -> tuple[int, ...]:
    """Return channels and weights in a real block with paths."""
    found = seen_of(block_of_paths(v.n, v.d), ("conv1", "conv2", "conv3"), 256, 8, 8)
    (first, a), (second, b), (_, c) = found
    return (first[0], a, second[0], b, c)


def weights_of_convolutions(module: nn.Module) -> int:
    """Return how many weights all convolutions in it have."""
    return sum(one.weight.numel() for one in module.modules() if isinstance(one, nn.Conv2d))


class Finds(nn.Module):
    """Finds the same numbers at one pixel, whatever it is given."""

    def __init__(self, *numbers: float) -> None:
        super().__init__()
        self.found = torch.tensor(numbers).reshape(1, -1, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what it finds."""
        return self.found.to(x)


def dual_by_hand(v: V) -> tuple[float, ...]:
    """Return what a real dual path block hands on at one pixel."""
    block = DualPathBlock(3, 2, 2, 2, 1, 1)
    block.c1x1_a = block.c3x3_b = nn.Identity()  # type: ignore[assignment]
    block.c1x1_c = Finds(v.p, v.q, v.r)  # type: ignore[assignment]
    given = torch.tensor([v.a, v.b, v.c], dtype=torch.float32).reshape(1, 3, 1, 1)
    return tuple(block(given).flatten().tolist())


def channels_of_a_stage(v: V) -> tuple[int, ...]:
    """Return the channels after the first, the last but one and the last real block of a stage."""
    after: list[int] = []
    given = 64
    for at in range(v.n):
        kind = "normal" if at else "proj"
        block = on_meta(DualPathBlock, given, 32, 32, v.R, v.k, 32, kind)
        given = block.eval()(torch.empty(1, given, 4, 4, device="meta")).shape[1]
        after.append(given)
    return after[0], after[-2], after[-1]


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("resnext-and-xception", "two-paths"): two_paths,
    ("resnext-and-xception", "count-a-block"): layers_of_a_block,
    ("resnext-and-xception", "block-of-three"): lambda v: weights_of_convolutions(
        on_meta(Block, v.c, v.c, 3, 1)
    ),
    ("dual-path", "by-hand"): dual_by_hand,
    ("dual-path", "walk-a-stage"): channels_of_a_stage,
    ("dual-path", "count-a-block"): lambda v: weights_of_convolutions(
        on_meta(DualPathBlock, v.c, v.w, v.w, v.R, v.k, 32)
    ),
    ("shufflenet", "grouped-pointwise"): lambda v: macs(
        on_meta(nn.Conv2d, v.c, v.d, 1, groups=v.g), v.c, v.n, v.n
    ),
    ("shufflenet", "where-it-goes"): lambda v: shuffled(v.g, v.g * v.n).index(v.q + 1) + 1,
    ("shufflenet", "who-is-heard"): who_is_heard,
    ("shufflenet", "undo-it"): groups_that_undo,
    ("shufflenet", "made-anew"): made_anew,
    ("shufflenet", "half-passes-by"): half_unit,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("resnext-and-xception", "sixteen-in-a-group"): {"go": "layer3.0.conv2"},
    ("dual-path", "widest-at-fourteen"): {"go": "features.conv4_20.cat"},
    ("shufflenet", "where-channels-double"): {"go": "stage3.0.cat"},
}
