"""The blocks of a network, from the picture to the scores, and the way into a network in its middle.

A block is a run of neighbouring modules that are called one after the other. Whether the numbers that come
out of a block are all that later ones read is tried, not assumed. It does not know how a network learns.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

FEW = 2  # top modules with weight matrices: then their parts are the blocks


class Reached(Exception):
    """The forward pass has come far enough."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring modules of a network, by their names, in the order of their calls."""

    names: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return the name of its first module."""
        return self.names[0]


def blocks_of(model: nn.Module, head: str, example: Tensor) -> tuple[Block, ...]:
    """Return the blocks before the head, from input to output.

    `example` is an input, 1 × channels × height × width. Layers without weight matrices (activations,
    pooling, normalisation) belong to the block before them. Modules that are called more than once, or not at
    all, and what contains the head are no blocks.
    """
    calls = _calls(model, _units(model, head), example)
    once = [name for name in calls if calls.count(name) == 1]
    found: list[list[str]] = []
    for name in once:
        module = model.get_submodule(name)
        if not found or _has_matrices(module):
            found.append([name])
        else:
            found[-1].append(name)
    return tuple(Block(tuple(names)) for names in found)


def _units(model: nn.Module, head: str) -> list[str]:
    """Return the modules that may be blocks: children, or children of children where there are few."""
    names = [name for name, _ in model.named_children()]
    while True:
        weighted = [name for name in names if _has_weights(model.get_submodule(name))]
        opened = [name for name in weighted if _holds(name, head)]
        if sum(_has_matrices(model.get_submodule(name)) for name in weighted if name != head) <= FEW:
            opened += [name for name in weighted if isinstance(model.get_submodule(name), nn.Sequential)]
        opened = [
            name for name in opened if name != head and next(model.get_submodule(name).children(), None)
        ]
        if not opened:
            return [name for name in names if name != head]
        names = [inner for name in names for inner in (_inner(model, name) if name in opened else [name])]


def _inner(model: nn.Module, name: str) -> list[str]:
    return [f"{name}.{child}" for child, _ in model.get_submodule(name).named_children()]


def _holds(name: str, head: str) -> bool:
    return head.startswith(f"{name}.")


def _has_weights(module: nn.Module) -> bool:
    return next(module.parameters(), None) is not None


def _has_matrices(module: nn.Module) -> bool:
    return any(one.ndim > 1 for one in module.parameters())


def _calls(model: nn.Module, names: list[str], example: Tensor) -> list[str]:
    """Return the names of the modules in the order of their calls."""
    calls: list[str] = []
    handles = [model.get_submodule(name).register_forward_pre_hook(_noting(calls, name)) for name in names]
    try:
        with torch.no_grad():
            model(example)
    finally:
        for handle in handles:
            handle.remove()
    return calls


def _noting(calls: list[str], name: str) -> Callable[[nn.Module, Any], None]:
    def note(_module: nn.Module, _inputs: Any) -> None:
        calls.append(name)

    return note


def before(model: nn.Module, place: str, pictures: Tensor) -> Tensor:
    """Return what a module reads, without going on from there."""
    return _stopped_at(model, place, pictures, entering=True)


def after(model: nn.Module, place: str, pictures: Tensor) -> Tensor:
    """Return what a module gives, without going on from there."""
    return _stopped_at(model, place, pictures, entering=False)


def _stopped_at(model: nn.Module, place: str, pictures: Tensor, entering: bool) -> Tensor:
    kept: list[Tensor] = []

    def keep(_module: nn.Module, inputs: Any, output: Any = None) -> None:
        kept.append(inputs[0] if entering else output)
        raise Reached

    module = model.get_submodule(place)
    handle = module.register_forward_pre_hook(keep) if entering else module.register_forward_hook(keep)
    try:
        model(pictures)
    except Reached:
        pass
    finally:
        handle.remove()
    return kept[0]


class _Given(nn.Module):
    """Gives what it was told to give, whatever comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.value: Tensor | None = None

    def forward(self, _x: Tensor) -> Tensor | None:
        return self.value


class Rest(nn.Module):
    """The part of a network behind some of its blocks; its modules are the network's own, not copies.

    Functions that a network calls between modules before that place run as well, on numbers that nobody uses.
    """

    def __init__(self, model: nn.Module, passed: tuple[Block, ...]) -> None:
        """Enter the network behind the blocks that are `passed`, the first ones."""
        super().__init__()
        names = [name for block in passed for name in block.names]
        gone: dict[int, nn.Module] = {id(model.get_submodule(name)): nn.Identity() for name in names}
        self._given = _Given()
        gone[id(model.get_submodule(names[-1]))] = self._given
        kept = {id(one): one for one in model.modules() if one is not model and not _touches(one, gone)}
        self.network = copy.deepcopy(model, {**kept, **gone})

    def forward(self, numbers: Tensor) -> Tensor:
        """Return the scores for what the last passed block gave."""
        self._given.value = numbers
        try:
            return self.network(numbers)
        finally:
            self._given.value = None


def _touches(module: nn.Module, gone: dict[int, Any]) -> bool:
    return any(id(one) in gone for one in module.modules())


@torch.no_grad()
def rest_behind(model: nn.Module, passed: tuple[Block, ...], example: Tensor) -> Rest | None:
    """Return the rest of a network behind its first blocks; None where they are not all that it reads."""
    if not passed:
        return None
    try:
        rest = Rest(model, passed)
        numbers = after(model, passed[-1].names[-1], example)
        same = isinstance(numbers, Tensor) and torch.equal(rest(numbers.clone()), model(example))
    except (
        RuntimeError,
        TypeError,
        ValueError,
        IndexError,
    ):  # a function before that place wants other shapes
        return None
    return rest if same else None
