"""What real blocks and networks say to the questions on SqueezeNet, SENet and EfficientNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from timm.models.senet import SEModule
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.efficientnet import MBConv, MBConvConfig
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


def stack(layers: int, channels: int, side: int) -> tuple[int, int]:
    """Return parameters and multiply-adds of equal convolutions in a row."""
    made = on_meta(
        nn.Sequential, *(nn.Conv2d(channels, channels, 3, 1, 1, bias=False) for _ in range(layers))
    )
    return count(made), macs(made.to("meta"), channels, side, side)


def times(before: tuple[int, int], after: tuple[int, int]) -> tuple[float, ...]:
    """Return how many times as many parameters and multiply-adds there are."""
    return tuple(new / old for old, new in zip(before, after, strict=True))


def one_thing_larger(v: V) -> tuple[float, ...]:
    """Return what more layers, more channels and larger pictures do to a real stack."""
    larger = (stack(2 * v.d, 3, 8), stack(2, 3 * v.w, 8), stack(2, 3, 8 * v.r))
    return tuple(number for one in larger for number in times(stack(2, 3, 8), one))


def gate_units(v: V) -> int:
    """Return what comes out of the first layer of the gate of a real MBConv block."""
    block = on_meta(MBConv, MBConvConfig(6, 3, 1, v.c, v.c, 1), 0.0, nn.BatchNorm2d)
    return block.get_submodule("block.2.fc1").get_parameter("bias").numel()


def worth_as_much(v: V) -> float:
    """Return the accuracy, found by halving, with which the dearer network is rated like the cheaper."""
    price, low, high = torch.tensor(v.k, dtype=torch.float64).pow(-0.07), 0.0, 1000.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * price < v.p else (low, middle)
    return low


def small_gate(x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return what a real gate with the lesson's weights makes of two maps, and what is inside."""
    gate, seen = SEModule(2, 2).double().eval(), []
    state = {
        "fc1.weight": ((1.0, -1.0),),
        "fc1.bias": (0,),
        "fc2.weight": ((0.5,), (-1.0,)),
        "fc2.bias": (0, 0),
    }
    for name, value in gate.named_parameters():
        value.data = torch.tensor(state[name], dtype=torch.float64).reshape(value.shape)
    for name in ("fc1", "fc2"):
        gate.get_submodule(name).register_forward_pre_hook(lambda *two: seen.append(two[1][0].clone()))
    gate.sigmoid.register_forward_hook(lambda *three: seen.append(three[2]))
    with torch.no_grad():
        return gate(x), [one.flatten() for one in seen]


def gate_by_hand(v: V) -> tuple[float, ...]:
    """Return the averages, the middle, the gates and the first number that a real gate gives."""
    maps = [[v.m - 1, v.m + 2, v.m - 2, v.m + 1], [v.n, v.n - 1, v.n + 1, v.n]]
    after, (averages, middle, gates) = small_gate(torch.tensor(maps, dtype=torch.float64).reshape(1, 2, 2, 2))
    return (*averages.tolist(), *middle.tolist(), *gates.tolist(), after.flatten()[0].item())


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("squeezenet", "count-a-fire"): a_fire,
    ("squeezenet", "fire-shape"): out_of_a_fire,
    ("squeezenet", "another-head"): lambda v: count(
        on_meta(SqueezeNet, "1_0", num_classes=v.k).get_submodule("classifier")
    ),
    ("squeezenet", "pool-before"): saved_by_a_pooling,
    ("squeeze-and-excitation", "gate-by-hand"): gate_by_hand,
    ("squeeze-and-excitation", "count-a-gate"): lambda v: count(on_meta(SEModule, v.c, v.r)),
    ("efficientnet", "what-grows"): one_thing_larger,
    ("efficientnet", "one-step"): lambda v: times(stack(10, 10, 10), stack(v.a, v.b, v.g))[1],
    ("efficientnet", "gate-units"): gate_units,
    ("efficientnet", "worth-it"): worth_as_much,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("squeezenet", "most-parameters"): {"go": "classifier.1"},
    ("squeezenet", "same-weights"): {"go": "features.6.expand3x3"},
    ("squeeze-and-excitation", "dearest-gate"): {"go": "layer4.1.se_module.fc2"},
    ("efficientnet", "double-by-pixels"): {"input": "3x317x317"},
}
