"""What real blocks and networks say to the questions on SqueezeNet, SENet and EfficientNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.squeezenet import Fire, SqueezeNet

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def on_meta(build: Callable[..., nn.Module], *given: Any, **named: Any) -> nn.Module:
    """Return a module without numbers in it."""
    with torch.device("meta"):
        return build(*given, **named)


def count(*modules: nn.Module) -> int:
    """Return how many parameters some modules have."""
    return sum(one.numel() for module in modules for one in module.parameters())


def macs(module: nn.Module, *sizes: int) -> int:
    """Return how many multiply-adds PyTorch's own counter finds."""
    with FlopCounterMode(display=False) as counter:
        module.eval()(torch.empty(1, *sizes, device="meta"))
    return counter.get_total_flops() // 2


def a_fire(v: V) -> tuple[int, ...]:
    """Return the parameters of the three layers of a real fire module."""
    fire = on_meta(Fire, v.c, v.s, v.e, v.e)
    return tuple(count(fire.get_submodule(name)) for name in ("squeeze", "expand1x1", "expand3x3"))


def out_of_a_fire(v: V) -> tuple[int, ...]:
    """Return the shape that a real fire module makes."""
    fire = on_meta(Fire, v.c, v.s, v.e, v.f)
    return tuple(fire(torch.empty(1, v.c, v.n, v.n, device="meta")).shape[1:])


def saved_by_a_pooling(v: V) -> int:
    """Return how many multiply-adds a real fire module saves behind a pooling."""
    fire = on_meta(Fire, v.c, v.s, v.e, v.e)
    pooled = nn.Sequential(nn.MaxPool2d(2), fire)
    return macs(fire, v.c, v.n, v.n) - macs(pooled, v.c, v.n, v.n)


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("squeezenet", "count-a-fire"): a_fire,
    ("squeezenet", "fire-shape"): out_of_a_fire,
    ("squeezenet", "another-head"): lambda v: count(
        on_meta(SqueezeNet, "1_0", num_classes=v.k).get_submodule("classifier")
    ),
    ("squeezenet", "pool-before"): saved_by_a_pooling,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("squeezenet", "most-parameters"): {"go": "classifier.1"},
    ("squeezenet", "same-weights"): {"go": "features.6.expand3x3"},
}
