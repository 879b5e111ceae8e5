"""What the real networks say to the questions on LeNet-5, AlexNet, VGG and GoogLeNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn

from cnnlab.zoo.networks.alexnet import AlexNet
from cnnlab.zoo.networks.lenet import LeNet5

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


@cache
def built(build: Callable[..., nn.Module], **settings: object) -> nn.Module:
    """Return a real network without numbers in it."""
    with torch.device("meta"):
        return build(**settings)


def count(*modules: nn.Module) -> int:
    """Return how many parameters some modules have."""
    return sum(one.numel() for module in modules for one in module.parameters())


def shapes(parts: nn.Module, until: str, *sizes: int) -> dict[str, tuple[int, ...]]:
    """Return what each part of a sequence, up to one, makes of an input of these sizes, without the batch."""
    x, found = torch.empty(1, *sizes, device="meta"), {}
    for name, module in parts.named_children():
        x = module(x)
        found[name] = tuple(x.shape[1:])
        if name == until:
            break
    return found


def lenet_until_dense(side: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes in LeNet-5 before its dense layers, for grey pictures of this side."""
    return shapes(built(LeNet5), "flatten", 1, side, side)


def another_lenet(v: V) -> tuple[Any, ...]:
    """Return what the steps of LeNet-5 make of a picture of another size."""
    found = lenet_until_dense(v.n)
    return (*(found[name] for name in ("c1", "s2", "c3", "s4")), *found["flatten"])


def units_and_parameters(v: V) -> int:
    """Return the parameters of LeNet-5's first dense layer, for the picture that leaves maps of this side."""
    found = map(lenet_until_dense, range(16, 60))
    (read,) = {one["flatten"][0] for one in found if one["s4"][1] == v.s}
    units = built(LeNet5).get_submodule("f5").get_parameter("bias").numel()
    return count(nn.Linear(read, units, device="meta"))


def slopes_in_a_row(v: V) -> float:
    """Return how much of a gradient is left behind tanh after tanh, each where its slope is s / 10."""
    wanted = torch.tensor(1 - v.s / 10, dtype=torch.float64)
    place = torch.atanh(wanted.sqrt())
    start = x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    for _ in range(v.n):
        x = torch.tanh(x - x.detach() + place)
    x.backward()
    assert start.grad is not None
    return start.grad.item()


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("alexnet-and-lenet", "another-lenet"): another_lenet,
    ("alexnet-and-lenet", "units-and-parameters"): units_and_parameters,
    ("alexnet-and-lenet", "slopes-in-a-row"): slopes_in_a_row,
    ("alexnet-and-lenet", "first-layer"): lambda v: shapes(
        built(AlexNet).get_submodule("features"), "0", 3, v.n, v.n
    )["0"],
    ("alexnet-and-lenet", "fewer-classes"): lambda v: count(built(AlexNet, classes=v.c)),
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("alexnet-and-lenet", "heaviest-of-lenet"): {"go": "f5"},
    ("alexnet-and-lenet", "where-the-cards-meet"): {"go": "features.8"},
}
