"""What PyTorch says to the questions of the course's lessons: the same layers built, run, and looked at.

One entry for each question that is answered by computing; a question's numbers go in by their names.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from tests.course import (
    oracles_of_augmentation,
    oracles_of_beyond,
    oracles_of_classics,
    oracles_of_densenet,
    oracles_of_economy,
    oracles_of_groups,
    oracles_of_looking,
    oracles_of_mobilenet,
    oracles_of_nasnet,
    oracles_of_normalisation,
    oracles_of_residual,
    oracles_of_training,
)

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def count(*modules: nn.Module) -> int:
    """Return how many parameters some modules have."""
    return sum(one.numel() for module in modules for one in module.parameters())


def weights(*modules: nn.Module) -> int:
    """Return how many weights they have, without biases."""
    return sum(
        one.numel() for module in modules for name, one in module.named_parameters() if "bias" not in name
    )


def shape(module: nn.Module, *sizes: int) -> tuple[int, ...]:
    """Return the shape, without the batch, that a module makes of an input of these sizes."""
    return tuple(module.to("meta")(torch.empty(1, *sizes, device="meta")).shape[1:])


def macs(module: nn.Module, *sizes: int) -> float:
    """Return how many multiply-adds PyTorch's own counter finds."""
    with FlopCounterMode(display=False) as counter:
        shape(module, *sizes)
    return counter.get_total_flops() / 2


def places(modules: Sequence[nn.Module], after_middle: int = 0) -> list[int]:
    """Return the inputs to which an output of a 1-D stack, counted from its middle one, has a gradient."""
    x = torch.ones(1, 1, 401, requires_grad=True)
    y = x
    for module in modules:
        for one in module.parameters():
            nn.init.ones_(one)
        y = module(y)
    y[0, 0, y.shape[-1] // 2 + after_middle].backward()
    assert x.grad is not None
    return x.grad[0, 0].nonzero().flatten().tolist()


def field(*modules: nn.Module) -> int:
    """Return how many inputs, from the first to the last, an output of a 1-D stack sees."""
    found = places(modules)
    return found[-1] - found[0] + 1


def jump(*modules: nn.Module) -> int:
    """Return how many inputs apart the fields of neighbouring outputs start."""
    return places(modules, 1)[0] - places(modules)[0]


def slide(x: Sequence[float], kernel: Sequence[float]) -> tuple[float, ...]:
    """Return what a 1-D convolution with these weights makes of a sequence."""
    given, weight = torch.tensor([[x]], dtype=torch.float64), torch.tensor([[kernel]], dtype=torch.float64)
    return tuple(functional.conv1d(given, weight).flatten().tolist())


def patch(rows: Sequence[Sequence[float]], kernel: Sequence[Sequence[float]]) -> float:
    """Return the one output of a 2-D kernel that covers the whole input."""
    given, weight = torch.tensor([[rows]], dtype=torch.float64), torch.tensor([[kernel]], dtype=torch.float64)
    return functional.conv2d(given, weight).item()


def pixel(channels: Sequence[float], kernels: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return what 1 × 1 kernels make of one pixel."""
    given = torch.tensor(channels, dtype=torch.float64).reshape(1, -1, 1, 1)
    weight = torch.tensor(kernels, dtype=torch.float64)[:, :, None, None]
    return tuple(functional.conv2d(given, weight).flatten().tolist())


def same_padding(kernel: int, size: int) -> int:
    """Return the padding, found by trying, with which a layer of stride 1 keeps the size."""
    return next(
        p for p in range(kernel) if shape(nn.Conv2d(1, 1, kernel, padding=p), 1, size, size)[1] == size
    )


def dilation_that_sees(kernel: int, span: int) -> int:
    """Return the dilation, found by trying, with which an output of a layer sees so many inputs."""
    return next(d for d in range(1, span) if field(nn.Conv1d(1, 1, kernel, dilation=d)) == span)


def walk(v: V) -> tuple[int, ...]:
    """Return field and jump after each layer of the stack in the lesson on receptive fields."""
    layers = [nn.Conv1d(1, 1, v.a, v.s), nn.AvgPool1d(3, 2), nn.Conv1d(1, 1, v.b)]
    return tuple(number for top in (1, 2, 3) for number in (field(*layers[:top]), jump(*layers[:top])))


def lenet() -> tuple[float, ...]:
    """Return parameters and multiply-adds of three layers of LeNet-5."""
    layers = (
        (nn.Conv2d(1, 6, 5), (1, 32, 32)),
        (nn.Conv2d(6, 16, 5), (6, 14, 14)),
        (nn.Linear(400, 120), (400,)),
    )
    return tuple(number for layer, sizes in layers for number in (count(layer), macs(layer, *sizes)))


def alexnet() -> tuple[int, ...]:
    """Return the size after AlexNet's first layer, for three inputs."""
    cases = ((224, 0), (227, 0), (224, 2))
    return tuple(shape(nn.Conv2d(3, 96, 11, 4, padding), 3, size, size)[1] for size, padding in cases)


def pair(v: V) -> tuple[nn.Module, nn.Module]:
    """Return a depthwise layer and the pointwise layer behind it."""
    return nn.Conv2d(v.c, v.c, v.f, groups=v.c), nn.Conv2d(v.c, v.d, 1)


def ratio(v: V) -> float:
    """Return the multiply-adds of a depthwise-separable pair, divided by those of one standard layer."""
    layers = nn.Sequential(nn.Conv2d(8, 8, v.f, groups=8), nn.Conv2d(8, v.d, 1))
    return macs(layers, 8, 16, 16) / macs(nn.Conv2d(8, v.d, v.f), 8, 16, 16)


def bottleneck(v: V) -> float:
    """Return the multiply-adds of a 1 × 1 layer and the larger one behind it."""
    layers = nn.Sequential(nn.Conv2d(v.c, v.r, 1), nn.Conv2d(v.r, v.d, v.f, padding="same"))
    return macs(layers, v.c, v.h, v.h)


def pooled(v: V) -> tuple[float, ...]:
    """Return the left and the right window of two rows, each as its largest number and its mean."""
    rows = torch.tensor([[[[v.a, v.b, v.c, v.d], [v.e, v.f, v.g, v.h]]]], dtype=torch.float64)
    largest, mean = nn.MaxPool2d(2)(rows), nn.AvgPool2d(2)(rows)
    return tuple(torch.stack([largest.flatten(), mean.flatten()], dim=1).flatten().tolist())


def landing(v: V) -> int:
    """Return the place, counted from 1, at which max pooling puts what stands at place p."""
    x = torch.zeros(1, 1, 60)
    x[0, 0, v.p - 1] = 1
    return int(nn.MaxPool1d(v.w)(x).argmax()) + 1


def behind_global(v: V) -> int:
    """Return the parameters of a dense layer behind global average pooling."""
    (numbers,) = shape(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), v.c, v.n, v.n)
    return count(nn.Linear(numbers, v.m))


def doubling(layers: int) -> int:
    """Return what a stack with dilations of 1, 2, 4 and so on sees."""
    return field(*(nn.Conv1d(1, 1, 3, dilation=2**index) for index in range(layers)))


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("dense-and-1d", "dense-parameters"): lambda v: count(nn.Linear(v.n, v.m)),
    ("dense-and-1d", "slide-by-hand"): lambda v: slide([v.a, v.b, v.c, v.d, v.e], [2, 1, -1]),
    ("dense-and-1d", "output-length"): lambda v: shape(nn.Conv1d(1, 1, v.k, v.s), 1, v.n)[1],
    ("dense-and-1d", "stereo-shape"): lambda v: shape(nn.Conv1d(v.c, v.d, v.k, v.s), v.c, v.n),
    ("dense-and-1d", "conv1d-parameters"): lambda v: count(nn.Conv1d(v.c, v.d, v.k)),
    ("stride-and-padding", "one-patch"): lambda v: patch([[v.a, v.b], [v.c, v.d]], [[2, -1], [-1, 3]]),
    ("stride-and-padding", "output-shape"): lambda v: shape(
        nn.Conv2d(v.c, v.d, v.k, v.s, v.p), v.c, v.h, v.w
    ),
    ("stride-and-padding", "keep-the-size"): lambda v: same_padding(v.k, v.n),
    ("stride-and-padding", "alexnet-input"): lambda v: alexnet(),  # noqa: ARG005
    ("counting", "count-parameters"): lambda v: count(nn.Conv2d(v.d, v.n, v.f)),
    ("counting", "count-macs"): lambda v: macs(nn.Conv2d(v.d, v.n, v.f, padding="same"), v.d, v.h, v.h),
    ("counting", "lenet-by-hand"): lambda v: lenet(),  # noqa: ARG005
    ("dilation-and-receptive-field", "two-layers"): lambda v: field(
        nn.Conv1d(1, 1, v.a, v.s), nn.Conv1d(1, 1, v.b)
    ),
    ("dilation-and-receptive-field", "walk-a-stack"): walk,
    ("dilation-and-receptive-field", "stack-weights"): lambda v: weights(
        *(nn.Conv2d(v.c, v.c, 3) for _ in range(v.n))
    ),
    ("dilation-and-receptive-field", "dilated-shape"): lambda v: shape(
        nn.Conv2d(3, v.c, v.k, padding=v.p, dilation=v.d), 3, v.n, v.m
    ),
    ("dilation-and-receptive-field", "span-of-three"): lambda v: field(nn.Conv1d(1, 1, 3, dilation=v.d)),
    ("dilation-and-receptive-field", "dilation-for-a-span"): lambda v: dilation_that_sees(
        v.k, v.d * (v.k - 1) + 1
    ),
    ("dilation-and-receptive-field", "doubling-dilations"): lambda v: doubling(v.n),
    ("one-by-one-grouped-depthwise", "one-pixel"): lambda v: pixel(
        [v.a, v.b, v.c], [[1, 0, 2], [-1, 1, 0], [2, -1, 1]]
    ),
    ("one-by-one-grouped-depthwise", "squeeze-channels"): lambda v: shape(
        nn.Conv2d(v.c, v.d, 1), v.c, v.n, v.n
    ),
    ("one-by-one-grouped-depthwise", "bottleneck-macs"): bottleneck,
    ("one-by-one-grouped-depthwise", "grouped-parameters"): lambda v: count(
        nn.Conv2d(v.c, v.d, v.f, groups=v.g)
    ),
    ("one-by-one-grouped-depthwise", "separable-parameters"): lambda v: count(*pair(v)),
    ("one-by-one-grouped-depthwise", "separable-ratio"): ratio,
    ("pooling", "pool-by-hand"): pooled,
    ("pooling", "pooled-shape"): lambda v: shape(nn.MaxPool2d(v.k, v.s), v.c, v.h, v.w),
    ("pooling", "work-above"): lambda v: macs(
        nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(v.c, v.d, 3, padding=1)), v.c, v.h, v.h
    ),
    ("pooling", "where-it-lands"): landing,
    ("pooling", "dense-behind-global"): behind_global,
    **oracles_of_normalisation.ORACLES,
    **oracles_of_classics.ORACLES,
    **oracles_of_residual.ORACLES,
    **oracles_of_mobilenet.ORACLES,
    **oracles_of_densenet.ORACLES,
    **oracles_of_economy.ORACLES,
    **oracles_of_groups.ORACLES,
    **oracles_of_looking.ORACLES,
    **oracles_of_augmentation.ORACLES,
    **oracles_of_nasnet.ORACLES,
    **oracles_of_beyond.ORACLES,
    **oracles_of_training.ORACLES,
}
# computed, but not about a layer that could be run: the size of a file
NO_LAYER = {("counting", "vgg-memory")}
