"""One call of a PyTorch function: what it is, which tensors go in, and how it is run.

This module imports PyTorch. It knows the functions by name, and nothing of steps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from cnnlab.tracing.dims import plain
from cnnlab.tracing.operations import IDLE, POINTWISE

# One spelling for each operation.
_SPELLINGS = {
    "iadd": "add", "radd": "add", "isub": "sub", "rsub": "sub", "subtract": "sub", "imul": "mul",
    "rmul": "mul", "multiply": "mul", "truediv": "div", "itruediv": "div", "divide": "div",
    "true_divide": "div", "ipow": "pow", "concat": "cat", "concatenate": "cat", "view": "reshape",
    "bmm": "matmul", "mm": "matmul", "rmatmul": "matmul", "swapaxes": "transpose", "swapdims": "transpose",
    "max_pool2d_with_indices": "max_pool2d", "upsample": "interpolate", "split_with_sizes": "split",
    "multi_head_attention_forward": "multi_head_attention", "clip": "clamp", "absolute": "abs",
    "native_channel_shuffle": "channel_shuffle", "negative": "neg", "view_as": "reshape_as",
}  # fmt: skip
# What gives the same numbers again, or only asks to.
SAME = frozenset(
    {"contiguous", "to", "float", "half", "type", "type_as", "clone", "detach", "data", "cpu", "cuda"}
    | {"requires_grad_", "identity"}
)
# What makes new tensors of which nothing depends on the numbers that go in.
CREATING = frozenset(
    {"new_zeros", "new_ones", "new_full", "new_empty", "new_tensor"}
    | {"zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like"}
)
MULTIPLYING = frozenset({"linear", "matmul", "einsum", "conv1d", "conv2d", "conv3d", "addmm", "baddbmm"})
PARTS = frozenset({"chunk", "split", "unbind", "tensor_split"})
# Their results have their input's shape; computing them on `meta` would take most of the time.
_QUICK = (POINTWISE - {"clamp", "normalize"}) | {"batch_norm"}


@dataclass(slots=True)
class Call:
    """One call of a function: its name, its arguments as given, and those tensors among them."""

    operation: str
    function: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    tensors: list[Tensor] = field(default_factory=list)

    def run(self) -> Any:
        """Call it."""
        return self.function(
            *plain(tuple(self.args)), **{name: plain(one) for name, one in self.kwargs.items()}
        )


def spelled(name: str) -> str:
    """Give the one spelling of an operation.

    >>> spelled("__iadd__"), spelled("relu_"), spelled("view")
    ('add', 'relu', 'reshape')
    """
    stripped = name.strip("_") if name != "requires_grad_" else name
    return _SPELLINGS.get(stripped, stripped)


def tensors_in(value: Any) -> Iterable[Tensor]:
    """Give the tensors inside arguments or results, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from tensors_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors_in(one)


def counted(call: Call) -> tuple[Any, int]:
    """Call a function under PyTorch's own counter, and give its multiply-adds."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        result = call.run()
    return result, counter.get_total_flops() // 2


def quick_result(call: Call, first: Tensor) -> Tensor | None:
    """Answer with an empty tensor where the result has the input's shape anyway."""
    if call.operation not in _QUICK or not first.is_meta or call.args[0] is not first:
        return None
    name = getattr(call.function, "__name__", "")
    if call.operation in IDLE or call.kwargs.get("inplace") or name.endswith("_"):
        return first
    return torch.empty_like(first)
