"""A network as it was written: layers and blocks with what was set in them, each with its place in the text.

It holds what was read and knows neither shapes nor PyTorch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.building.mistakes import Place

Shape = tuple[int, ...]
FARTHEST = 4_096  # a stride as large as the largest input leaves one position, as every larger one does
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


def stride_of(body: Body) -> tuple[int, int]:
    """Return how far apart what comes out of a body lies in what goes in, along height and width.

    Branches have to agree, so the first that strides tells. Transposed convolutions are left out.
    """
    found = (1, 1)
    for node in body:
        one = _own_stride(node)
        found = (min(found[0] * one[0], FARTHEST), min(found[1] * one[1], FARTHEST))
    return found


def _own_stride(node: Node) -> tuple[int, int]:
    if isinstance(node, LayerNode):
        return (1, 1) if node.word == "transposed" else node.settings.get("stride", (1, 1))
    if node.word == "gate":
        return (1, 1)
    inside = next((found for found in map(stride_of, node.bodies) if found != (1, 1)), (1, 1))
    return (min(inside[0] ** node.count, FARTHEST), min(inside[1] ** node.count, FARTHEST))


def count_layers(body: Body) -> int:
    """Count the layers and joins after all repeating, without repeating anything."""
    return sum(1 if isinstance(node, LayerNode) else _count_block(node) for node in body)


def _count_block(block: BlockNode) -> int:
    inside = sum(count_layers(body) for body in block.bodies)
    own = 0 if block.word == "repeat" else 1 + len(block.projection.split())
    return block.count * inside + own
