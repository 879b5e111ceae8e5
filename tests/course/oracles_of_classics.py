"""What the real networks say to the questions on LeNet-5, AlexNet, VGG and GoogLeNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.zoo.networks.alexnet import AlexNet
from cnnlab.zoo.networks.googlenet import GoogLeNet, Inception
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


def vgg_stages(v: V) -> tuple[Any, ...]:
    """Return what VGG-16's five poolings give for a picture of this side."""
    features = built(torchvision.models.vgg16).get_submodule("features")
    found = shapes(features, "30", 3, v.n, v.n)
    return tuple(found[name] for name, part in features.named_children() if isinstance(part, nn.MaxPool2d))


def work(module: nn.Module, *sizes: int) -> int:
    """Return how many multiply-adds PyTorch's own counter finds."""
    with FlopCounterMode(display=False) as counter:
        module.to("meta")(torch.empty(1, *sizes, device="meta"))
    return counter.get_total_flops() // 2


def weights_saved(v: V) -> int:
    """Return the weights of a large kernel less those of the 3 × 3 layers that see its window."""
    with torch.device("meta"):
        large = nn.Conv2d(v.c, v.c, v.k, bias=False)
        stack, x = [], torch.empty(1, v.c, v.k, v.k)
        while x.shape[-1] > 1:
            stack.append(nn.Conv2d(v.c, v.c, 3, bias=False))
            x = stack[-1](x)
    return count(large) - count(*stack)


def dense_on_another_size(v: V) -> int:
    """Return the parameters of VGG-16's first dense layer, had it been made for maps of this side."""
    model = built(torchvision.models.vgg16)
    (read,) = shapes(model.get_submodule("features"), "30", 3, 32 * v.s, 32 * v.s)["30"][:1]
    units = model.get_submodule("classifier.0").get_parameter("bias").numel()
    return count(nn.Linear(read * v.s * v.s, units, device="meta"))


def stacked(v: V) -> tuple[int, ...]:
    """Return what a real module with the learner's branches makes."""
    with torch.device("meta"):
        module = Inception(192, v.a, (v.r, v.b), (v.q, v.c), v.d)
        return tuple(module(torch.empty(1, 192, v.h, v.h)).shape[1:])


def bottleneck_by_hand(v: V) -> tuple[int, ...]:
    """Return the multiply-adds of a 5 × 5 layer at once, and of the parts of a real module's branch."""
    with torch.device("meta"):
        at_once = nn.Conv2d(v.c, v.d, 5, padding=2)
        branch = Inception(v.c, 1, (1, 1), (v.r, v.d), 1).five
    parts = work(branch[0], v.c, v.h, v.h), work(branch[1], v.r, v.h, v.h)
    return work(at_once, v.c, v.h, v.h), *parts, work(branch, v.c, v.h, v.h)


def without_projection(v: V) -> int:
    """Return how many maps leave a row of modules that pass all pooled maps on."""
    with torch.device("meta"):
        x = torch.empty(1, v.c, 7, 7)
        for _ in range(v.n):
            module = Inception(x.shape[1], v.m // 2, (1, v.m // 4), (1, v.m // 4), 1)
            module.pooled = module.pooled[:1]
            x = module(x)
    return x.shape[1]


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("alexnet-and-lenet", "another-lenet"): another_lenet,
    ("alexnet-and-lenet", "units-and-parameters"): units_and_parameters,
    ("alexnet-and-lenet", "slopes-in-a-row"): slopes_in_a_row,
    ("alexnet-and-lenet", "first-layer"): lambda v: shapes(
        built(AlexNet).get_submodule("features"), "0", 3, v.n, v.n
    )["0"],
    ("alexnet-and-lenet", "fewer-classes"): lambda v: count(built(AlexNet, classes=v.c)),
    ("vgg", "weights-saved"): weights_saved,
    ("vgg", "stages"): vgg_stages,
    ("vgg", "same-work"): lambda v: work(
        nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(2 * v.c, 2 * v.c, 3, padding=1)), 2 * v.c, v.h, v.h
    ),
    ("vgg", "dense-on-another-size"): dense_on_another_size,
    ("inception", "stacked"): stacked,
    ("inception", "bottleneck-by-hand"): bottleneck_by_hand,
    ("inception", "without-projection"): without_projection,
    ("inception", "times-fewer"): lambda v: count(built(AlexNet)) / count(built(GoogLeNet)),  # noqa: ARG005
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("alexnet-and-lenet", "heaviest-of-lenet"): {"go": "f5"},
    ("alexnet-and-lenet", "where-the-cards-meet"): {"go": "features.8"},
    ("vgg", "as-far-as-alexnets-first"): {"go": "features.7"},
    ("vgg", "heaviest-of-vgg"): {"go": "classifier.0"},
    ("inception", "busiest-step"): {"go": "inception3a.three.1.convolution"},
}
