"""What real layers and units say to the questions on ShuffleNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
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


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
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
    ("shufflenet", "where-channels-double"): {"go": "stage3.0.cat"},
}
