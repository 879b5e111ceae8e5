"""Tensors that no input reaches: parameters, buffers, and what a model computes from them or makes anew.

This module imports PyTorch. It does not know steps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from cnnlab.tracing.calls import Call
from cnnlab.tracing.dims import Dim, plain, recorded
from cnnlab.tracing.signatures import bound
from cnnlab.tracing.sizes import depends_on_sizes


@dataclass(slots=True)
class Origin:
    """Where a tensor comes from that no input reaches: which parameters; its shape if that can be said.

    `macs` are the multiply-adds that it took and that no step has been charged for.
    """

    parameters: frozenset[str] = frozenset()
    shape: tuple[Any, ...] | None = None
    macs: int = 0

    @property
    def sized(self) -> bool:
        """Whether its shape depends on the input's."""
        return self.shape is None or depends_on_sizes(self.shape)


def charged(origins: Iterable[Origin]) -> int:
    """Take over the multiply-adds that nobody has been charged for."""
    total = 0
    for origin in origins:
        total, origin.macs = total + origin.macs, 0
    return total


def constant_shape(call: Call, result: Tensor) -> tuple[Any, ...] | None:
    """Give the shape of a constant that was made or expanded to a size; None where it cannot be said."""
    if call.operation == "expand":
        sizes = bound("expand", call.args, call.kwargs)["sizes"]
        old = (1,) * (len(sizes) - call.tensors[0].dim()) + tuple(call.tensors[0].shape)
        return tuple(
            before if plain(after) == -1 else recorded(after)
            for before, after in zip(old, sizes, strict=True)
        )
    if call.operation in {"new_zeros", "new_ones", "new_empty", "zeros", "ones", "empty"}:
        sizes = [one for one in call.args if not isinstance(one, Tensor)]
        sizes = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes
        return tuple(recorded(one) for one in sizes) if len(sizes) == result.dim() else None
    return None


def has_dims(value: Any) -> bool:
    """Whether sizes of tensors are among these arguments."""
    if isinstance(value, Mapping):
        return any(map(has_dims, value.values()))
    return isinstance(value, Dim) or (isinstance(value, list | tuple) and any(map(has_dims, value)))
