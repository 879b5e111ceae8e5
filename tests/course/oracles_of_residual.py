"""What real blocks and networks say to the questions on ResNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet, conv1x1

from cnnlab.zoo.networks.plain import PlainBlock

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes
KERNELS = (((1, -1), (-1, 2)), ((2, -1), (-1, 1)))


def parts(model: nn.Module, *kinds: type[nn.Module]) -> list[nn.Module]:
    """Return the layers of some kinds."""
    return [one for one in model.modules() if isinstance(one, kinds)]


def weights_of_convolutions(model: nn.Module) -> int:
    """Return how many weights all convolutions in it have."""
    return sum(one.weight.numel() for one in model.modules() if isinstance(one, nn.Conv2d))


def on_meta(build: Callable[[], nn.Module]) -> nn.Module:
    """Return a module without numbers in it."""
    with torch.device("meta"):
        return build()


def given_kernels(block: nn.Module, kernels: Sequence[Any]) -> nn.Module:
    """Return a block that computes with these kernels at one pixel, and whose batch norms change nothing."""
    for layer, kernel in zip(parts(block, nn.Conv2d), kernels, strict=True):
        assert isinstance(layer, nn.Conv2d)
        nn.init.zeros_(layer.weight)
        layer.weight.data[:, :, 1, 1] = torch.tensor(kernel, dtype=torch.float64)
    for norm in parts(block, nn.BatchNorm2d):
        assert isinstance(norm, nn.BatchNorm2d)
        norm.eps = 0
    return block.double().eval()


def one_pixel(*channels: float) -> torch.Tensor:
    """Return a picture of one pixel."""
    return torch.tensor(channels, dtype=torch.float64).reshape(1, -1, 1, 1)


def block_by_hand(v: V) -> tuple[float, ...]:
    """Return what comes out of a real block's second batch norm, of the plain and of the residual block."""
    plain = given_kernels(PlainBlock(2, 2, 1), KERNELS)
    residual = given_kernels(BasicBlock(2, 2), KERNELS)
    seen: list[torch.Tensor] = []
    residual.get_submodule("bn2").register_forward_hook(lambda *three: seen.append(three[2].clone()))
    x = one_pixel(v.u, v.v)
    with torch.no_grad():
        after, before = residual(x), plain(x)
    return tuple(torch.cat([seen[0], before, after]).flatten().tolist())


def change_of_shape(v: V) -> tuple[float, ...]:
    """Return the shapes and weights in a real block that halves the size and doubles the channels."""
    block = on_meta(lambda: BasicBlock(v.c, 2 * v.c, 2, downsample=conv1x1(v.c, 2 * v.c, 2)))
    found: dict[str, tuple[int, ...]] = {}
    for name in ("conv1", "conv2", "downsample"):
        layer = block.get_submodule(name)
        layer.register_forward_hook(lambda *three, name=name: found.update({name: three[2].shape}))
    block(torch.empty(1, v.c, v.n, v.n, device="meta"))
    weights = {name: block.get_submodule(name).weight.numel() for name in found}  # type: ignore[union-attr]
    (_, c, h, _), second, shortcut = found["conv1"], found["conv2"], found["downsample"]
    return (
        *(c, h, weights["conv1"]),
        *(second[2], weights["conv2"]),
        *(shortcut[1], shortcut[2], weights["downsample"]),
    )


def unread(v: V) -> int:
    """Return at how many positions the gradient of a 1 × 1 layer of stride 2 is zero."""
    x = torch.ones(1, 1, v.n, v.n, requires_grad=True)
    layer = conv1x1(1, 1, 2)
    nn.init.ones_(layer.weight)
    layer(x).sum().backward()
    assert x.grad is not None
    return int((x.grad == 0).sum())


def depth_of(model: nn.Module) -> int:
    """Return how many layers with weights are on the way, without the shortcuts' own."""
    layers = [name for name, one in model.named_modules() if isinstance(one, nn.Conv2d | nn.Linear)]
    return len([name for name in layers if "downsample" not in name])


def depth(v: V) -> int:
    """Return the layers of torchvision's ResNet with these stages."""
    block = {2: BasicBlock, 3: Bottleneck}[v.k]
    return depth_of(on_meta(lambda: ResNet(block, [v.p, v.q, v.r, v.s])))


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("resnet", "block-by-hand"): block_by_hand,
    ("resnet", "change-of-shape"): change_of_shape,
    ("resnet", "bottleneck-weights"): lambda v: weights_of_convolutions(
        on_meta(lambda: Bottleneck(4 * v.w, v.w))
    ),
    ("resnet", "unread-positions"): unread,
    ("resnet", "count-the-depth"): depth,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("resnet", "find-the-projection"): {"go": "layer2.0.downsample.0"},
    ("resnet", "where-it-halves"): {"go": "layer2.0.conv2"},
}
