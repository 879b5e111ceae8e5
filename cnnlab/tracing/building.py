"""Build a model without the memory for its numbers.

This module imports PyTorch. It changes nothing global: the mode belongs to the calling thread.
"""

from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode


class Unallocated(TorchFunctionMode):
    """Lets modules make their parameters on `meta`, and leaves everything else as it is.

    PyTorch's modules make parameters with `torch.empty` and then fill them; both cost nothing here.
    Unlike under `torch.device("meta")`, a model may compute with other tensors while it is made, as
    RegNets do, and filling is not simulated, which for DenseNets takes longer than doing it.
    """

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        """Send memory to `meta`, and skip what only fills it."""
        kwargs = kwargs or {}
        if func is torch.empty and kwargs.get("device") is None:
            kwargs = kwargs | {"device": "meta"}
        elif _fills(func):
            target = kwargs.get("tensor", args[0] if args else None)
            if isinstance(target, Tensor) and target.is_meta:
                return target
        return func(*args, **kwargs)


def _fills(func: Any) -> bool:
    """Whether a function only writes numbers into a tensor, and returns it."""
    name = getattr(func, "__name__", "")
    filling = getattr(func, "__module__", "") == "torch.nn.init" or name in _FILLING
    return filling and name.endswith("_")


_FILLING = frozenset(
    f"{word}_"
    for word in """
    uniform normal trunc_normal fill zero kaiming_uniform kaiming_normal xavier_uniform xavier_normal
    constant ones zeros copy mul add div erfinv clamp bernoulli
    """.split()  # noqa: SIM905
)
