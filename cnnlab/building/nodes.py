"""A network as it was written: layers and blocks with what was set in them, each with its place in the text.

It holds what was read and knows neither shapes nor PyTorch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.building.mistakes import Place

Shape = tuple[int, ...]
Body = tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class LayerNode:
    """A layer: its word, and all its settings, those at their defaults among them."""

    word: str
    settings: Mapping[str, Any]
    place: Place
    source: str


@dataclass(frozen=True, slots=True)
class BlockNode:
    """A block: `repeat` has a `count`, `parallel` several bodies, `skip` maybe a `projection`, "conv bn"."""

    word: str
    bodies: tuple[Body, ...]
    place: Place
    source: str
    count: int = 1
    projection: str = ""


Node = LayerNode | BlockNode


@dataclass(frozen=True, slots=True)
class Notation:
    """A whole network: what goes in, and what happens to it."""

    input_shape: Shape
    body: Body


def count_layers(body: Body) -> int:
    """Count the layers and joins after all repeating, without repeating anything."""
    return sum(1 if isinstance(node, LayerNode) else _count_block(node) for node in body)


def _count_block(block: BlockNode) -> int:
    inside = sum(count_layers(body) for body in block.bodies)
    own = 0 if block.word == "repeat" else 1 + len(block.projection.split())
    return block.count * inside + own
