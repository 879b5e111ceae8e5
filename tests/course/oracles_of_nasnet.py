"""What real cells, and PyTorch's gradients, say to the questions on NASNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import torch
from torch import nn

from cnnlab.zoo.networks.nasnet import NASNetA, Separable
from tests.course.oracles_of_economy import on_meta

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def learned(reward: float, usual: float, rate: float) -> tuple[float, float, float]:
    """Return both scores and the first probability after a step along the gradient of log p."""
    scores = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    (rate * (reward - usual) * scores.log_softmax(0)[0]).backward()
    assert scores.grad is not None
    after = scores.detach() + scores.grad
    return after[0].item(), after[1].item(), after.softmax(0)[0].item()


def space(v: V) -> int:
    """Return how many lists of choices there are, by going through all of them."""
    first = product(range(2), range(v.m), range(2), range(v.m))
    second = len(list(product(range(3), range(v.m), range(3), range(v.m))))
    return sum(second for _ in first)


def separable_twice(v: V) -> int:
    """Return the weights of a real separable operation."""
    layers = on_meta(Separable, (v.w, v.w), v.k).modules()
    return sum(one.weight.numel() for one in layers if isinstance(one, nn.Conv2d))


@cache
def widths(first: int) -> tuple[int, ...]:
    """Return what comes out of each cell of a real network with one normal cell a stage."""
    net = on_meta(NASNetA, 1, 24 * first)
    found: list[int] = []
    for cell in net.get_submodule("cells").children():
        cell.register_forward_hook(lambda *three: found.append(three[2].shape[1]))
    net.eval()(torch.empty(1, 3, 96, 96, device="meta"))
    return tuple(found)


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("nasnet", "a-step-of-learning"): lambda v: learned(v.R / 100, v.b / 100, v.g),
    ("nasnet", "count-the-space"): space,
    ("nasnet", "separable-twice"): separable_twice,
    ("nasnet", "stack-them"): lambda v: widths(v.w),
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("nasnet", "first-reduction"): {"go": "cells.4.cat"},
}
