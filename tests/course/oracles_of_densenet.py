"""What torchvision's dense blocks say to the questions on DenseNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torchvision.models import densenet

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def dense_block(layers: int, channels: int, growth: int) -> nn.Module:
    """Return torchvision's block, without numbers in it."""
    with torch.device("meta"):
        return densenet._DenseBlock(layers, channels, 4, growth, 0.0)


def run(block: nn.Module, channels: int, size: int = 8) -> tuple[torch.Tensor, list[int], list[int]]:
    """Return what a block gives, how many things each layer is handed, and how many channels it reads."""
    handed: list[int] = []
    read: list[int] = []

    def note(_: nn.Module, given: Any) -> None:
        handed.append(len(given[0]))
        read.append(sum(one.shape[1] for one in given[0]))

    for layer in block.children():
        layer.register_forward_pre_hook(note)
    return block(torch.empty(1, channels, size, size, device="meta")), handed, read


def walk_a_block(v: V) -> tuple[float, ...]:
    """Return what three layers of a real block read, and what the block gives."""
    given, _, read = run(dense_block(v.n, v.c, v.k), v.c)
    return read[0], read[3], read[-1], given.shape[1]


def connections(v: V) -> int:
    """Return how many tensors the layers of a real block are handed, all together."""
    return sum(run(dense_block(v.n, 8, 4), 8)[1])


def layer_weights(v: V) -> int:
    """Return the weights of both convolutions of a real layer."""
    (layer,) = dense_block(1, v.c, v.k).children()
    return sum(one.weight.numel() for one in layer.modules() if isinstance(one, nn.Conv2d))


def through_transition(v: V) -> tuple[int, ...]:
    """Return the shape behind a real block and a real transition as torchvision's network joins them."""
    with torch.device("meta"):
        model = densenet.DenseNet(v.k, (v.n, 1, 1, 1), v.c)
    x = torch.empty(1, v.c, v.s, v.s, device="meta")
    for name in ("denseblock1", "transition1"):
        x = model.features.get_submodule(name)(x)
    return tuple(x.shape[1:])


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("densenet", "walk-a-block"): walk_a_block,
    ("densenet", "count-connections"): connections,
    ("densenet", "layer-weights"): layer_weights,
    ("densenet", "through-block-and-transition"): through_transition,
}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("densenet", "reads-256"): {"go": "features.denseblock2.denselayer5.conv1"},
}
