"""The names of the arguments of PyTorch's functions, which most of them cannot tell themselves.

Names are those of PyTorch's documentation. It imports no PyTorch.
"""

from collections.abc import Mapping
from typing import Any

# The functions whose arguments are read by place; names are those of PyTorch's documentation.
SIGNATURES: dict[str, tuple[str, ...]] = {
    "linear": ("input", "weight", "bias"),
    "batch_norm": ("input", "running_mean", "running_var", "weight", "bias"),
    "layer_norm": ("input", "normalized_shape", "weight", "bias"),
    "group_norm": ("input", "num_groups", "weight", "bias"),
    "instance_norm": ("input", "running_mean", "running_var", "weight", "bias"),
    "local_response_norm": ("input", "size"),
    "prelu": ("input", "weight"),
    "cat": ("tensors", "dim"),
    "stack": ("tensors", "dim"),
    "flatten": ("input", "start_dim", "end_dim"),
    "unflatten": ("input", "dim", "sizes"),
    "transpose": ("input", "dim0", "dim1"),
    "squeeze": ("input", "dim"),
    "unsqueeze": ("input", "dim"),
    "getitem": ("input", "index"),
    "chunk": ("input", "chunks", "dim"),
    "split": ("input", "split_size", "dim"),
    "unbind": ("input", "dim"),
    "select": ("input", "dim", "index"),
    "narrow": ("input", "dim", "start", "length"),
    "channel_shuffle": ("input", "groups"),
    "pixel_shuffle": ("input", "factor"),
    "pixel_unshuffle": ("input", "factor"),
    "pad": ("input", "pad", "mode"),
    "interpolate": ("input", "size", "scale_factor", "mode"),
    "roll": ("input", "shifts", "dims"),
    "flip": ("input", "dims"),
    "softmax": ("input", "dim"),
    "log_softmax": ("input", "dim"),
    "normalize": ("input", "p", "dim"),
    "dropout": ("input", "p"),
    "leaky_relu": ("input", "negative_slope"),
    "elu": ("input", "alpha"),
    "hardtanh": ("input", "min_val", "max_val"),
    "gelu": ("input", "approximate"),
    "clamp": ("input", "min", "max"),
    "einsum": ("equation",),
}
_CONVOLUTION = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
_MAX_POOL = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
_AVERAGE_POOL = ("input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
for _dims in (1, 2, 3):
    SIGNATURES |= {
        f"conv{_dims}d": _CONVOLUTION,
        f"conv_transpose{_dims}d": _TRANSPOSED,
        f"max_pool{_dims}d": _MAX_POOL,
        f"avg_pool{_dims}d": _AVERAGE_POOL,
        f"adaptive_avg_pool{_dims}d": ("input", "output_size"),
        f"adaptive_max_pool{_dims}d": ("input", "output_size"),
    }
for _name in ("mean", "sum", "amax", "amin", "max", "min", "var", "std", "logsumexp", "prod"):
    SIGNATURES[_name] = ("input", "dim", "keepdim")
SIGNATURES["norm"] = ("input", "p", "dim", "keepdim")

SHAPED = frozenset({"reshape", "expand", "permute"})  # their sizes come one by one or as one sequence
_ALIASES = {"kernel_size": "kernel", "output_size": "output", "split_size_or_sections": "split_size"}
_ALIASES |= {"axis": "dim", "upscale_factor": "factor", "downscale_factor": "factor"}


def bound(operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments by name; those without a known name are left out."""
    named = {_ALIASES.get(name, name): value for name, value in kwargs.items()}
    if operation in SHAPED:
        rest = args[1:]
        sizes = rest[0] if len(rest) == 1 and isinstance(rest[0], list | tuple) else rest
        given = named.get("shape", named.get("size", named.get("dims")))
        return {"input": args[0], "sizes": given if given is not None else sizes}
    names = (_ALIASES.get(name, name) for name in SIGNATURES.get(operation, ("input", "other")))
    return dict(zip(names, args, strict=False)) | named
