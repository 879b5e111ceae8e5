"""What the arguments of one PyTorch function say about the step that it takes.

Each reader gets the arguments by name and gives settings in the words of `layered` and `shapes`.
It knows no tensors beyond their shapes, and imports no PyTorch.
"""

from collections.abc import Callable, Mapping
from typing import Any

Bound = Mapping[str, Any]
Settings = dict[str, Any]


def _convolution(one: Bound) -> Settings:
    weight, groups = one["weight"].shape, one.get("groups", 1)
    return {
        "in_channels": int(weight[1]) * groups,
        "out_channels": int(weight[0]),
        "kernel": tuple(map(int, weight[2:])),
        "stride": one.get("stride", 1),
        "padding": one.get("padding", 0),
        "dilation": one.get("dilation", 1),
        "groups": groups,
        "bias": one.get("bias") is not None,
    }


def _transposed(one: Bound) -> Settings:
    weight, groups = one["weight"].shape, one.get("groups", 1)
    given = {name: one.get(name, default) for name, default in _TRANSPOSED_DEFAULTS.items()}
    return given | {
        "in_channels": int(weight[0]),
        "out_channels": int(weight[1]) * groups,
        "kernel": tuple(map(int, weight[2:])),
        "bias": one.get("bias") is not None,
    }


_TRANSPOSED_DEFAULTS = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}


def _max_pool(one: Bound) -> Settings:
    names = ("padding", "dilation", "ceil_mode")
    return _strided(one) | {name: one[name] for name in names if name in one}


def _average_pool(one: Bound) -> Settings:
    names = ("padding", "ceil_mode", "count_include_pad")
    return _strided(one) | {name: one[name] for name in names if name in one}


def _strided(one: Bound) -> Settings:
    """Give kernel and stride; an empty stride is none."""
    stride = one.get("stride")
    return {"kernel": one["kernel"], "stride": stride if stride not in (None, (), []) else one["kernel"]}


def _adaptive(one: Bound) -> Settings:
    sizes, output = one["input"].shape, one["output"]
    dims = len(sizes) - 2
    output = (output,) * dims if isinstance(output, int) else output
    return {"output": tuple(sizes[2 + i] if size is None else size for i, size in enumerate(output))}


def _linear(one: Bound) -> Settings:
    rows, columns = one["weight"].shape
    return {"in_features": int(columns), "out_features": int(rows), "bias": one.get("bias") is not None}


def _channels(one: Bound) -> Settings:
    return {"channels": int(one["input"].shape[1]), "affine": one.get("weight") is not None}


def _group(one: Bound) -> Settings:
    return _channels(one) | {"groups": one["num_groups"]}


def _layer(one: Bound) -> Settings:
    shape = one["normalized_shape"]
    shape = (shape,) if isinstance(shape, int) else tuple(map(int, shape))
    return {"shape": shape, "affine": one.get("weight") is not None}


def rank(one: Bound) -> int:
    """Count the axes of the first input."""
    return len(one["input"].shape)


def axis(value: int, axes: int) -> int:
    """Count an axis from the front."""
    return int(value) % axes


def _axes(value: Any, axes: int) -> tuple[int, ...]:
    if value is None:
        return tuple(range(axes))
    return tuple(axis(one, axes) for one in (value if isinstance(value, list | tuple) else (value,)))


def _joined(one: Bound) -> Settings:
    first = one["tensors"][0]
    return {"axis": axis(one.get("dim", 0), len(first.shape))}


def _stacked(one: Bound) -> Settings:
    return {"axis": axis(one.get("dim", 0), len(one["tensors"][0].shape) + 1)}


def _reduced(one: Bound) -> Settings:
    return {"axes": _axes(one.get("dim"), rank(one)), "keep": bool(one.get("keepdim", False))}


def _flattened(one: Bound) -> Settings:
    ends = one.get("start_dim", 0), one.get("end_dim", -1)
    return dict(zip(("start", "end"), (axis(end, rank(one)) for end in ends), strict=True))


def _order(one: Bound) -> Settings:
    return {"order": tuple(axis(value, rank(one)) for value in one["sizes"])}


def _transposition(one: Bound) -> Settings:
    order = list(range(rank(one)))
    first, second = (axis(one[name], rank(one)) for name in ("dim0", "dim1"))
    order[first], order[second] = order[second], order[first]
    return {"order": tuple(order)}


def _squeezed(one: Bound) -> Settings:
    return {"axes": _axes(one.get("dim"), rank(one))}


def _unsqueezed(one: Bound) -> Settings:
    return {"axis": axis(one["dim"], rank(one) + 1)}


def _one_axis(one: Bound) -> Settings:
    return {"axis": axis(one.get("dim", 0), rank(one))}


def _split(one: Bound) -> Settings:
    return {"sizes": one["split_size"], **_one_axis(one)}


def _indexed(one: Bound) -> Settings:
    index = one["index"] if isinstance(one["index"], tuple) else (one["index"],)
    mentioned = sum(item is not None and item is not Ellipsis for item in index)
    items: list[Any] = []
    for item in index:
        if item is Ellipsis:
            items += [(None, None, None)] * (rank(one) - mentioned)
        else:
            items.append((item.start, item.stop, item.step) if isinstance(item, slice) else item)
    return {"index": tuple(items)}


def indexes_plainly(index: Any) -> bool:
    """Whether an index consists of whole numbers, slices and new axes only."""
    items = index if isinstance(index, tuple) else (index,)
    return all(
        item is None or item is Ellipsis or (isinstance(item, slice | int) and not isinstance(item, bool))
        for item in items
    )


def _narrowed(one: Bound) -> Settings:
    before = ((None, None, None),) * axis(one["dim"], rank(one))
    return {"index": (*before, (one["start"], one["start"] + one["length"], None))}


def _selected(one: Bound) -> Settings:
    return {"index": (*((None, None, None),) * axis(one["dim"], rank(one)), one["index"])}


def _interpolated(one: Bound) -> Settings:
    dims, size, scale = rank(one) - 2, one.get("size"), one.get("scale_factor")
    found: Settings = {"mode": one.get("mode", "nearest")}
    if size is not None:
        return found | {"size": tuple(size) if isinstance(size, list | tuple) else (size,) * dims}
    return found | {"scale": tuple(scale) if isinstance(scale, list | tuple) else (scale,) * dims}


def _kept(*names: str) -> Callable[[Bound], Settings]:
    """Read settings that mean the same under the same name."""

    def read(one: Bound) -> Settings:
        return {name: one[name] for name in names if isinstance(one.get(name), int | float | str)}

    return read


READERS: dict[str, Callable[[Bound], Settings]] = {
    "linear": _linear,
    "batch_norm": _channels,
    "instance_norm": _channels,
    "group_norm": _group,
    "layer_norm": _layer,
    "local_response_norm": _kept("size"),
    "prelu": lambda one: {"slopes": int(one["weight"].numel())},
    "cat": _joined,
    "stack": _stacked,
    "flatten": _flattened,
    "reshape": lambda one: {"shape": tuple(one["sizes"])},
    "expand": lambda one: {"shape": tuple(one["sizes"])},
    "unflatten": lambda one: {**_one_axis(one), "sizes": tuple(one["sizes"])},
    "permute": _order,
    "transpose": _transposition,
    "squeeze": _squeezed,
    "unsqueeze": _unsqueezed,
    "getitem": _indexed,
    "narrow": _narrowed,
    "select": _selected,
    "chunk": lambda one: {"chunks": one["chunks"], **_one_axis(one)},
    "split": _split,
    "unbind": _one_axis,
    "channel_shuffle": _kept("groups"),
    "pixel_shuffle": _kept("factor"),
    "pixel_unshuffle": _kept("factor"),
    "pad": lambda one: {"padding": tuple(one["pad"]), "mode": one.get("mode", "constant")},
    "interpolate": _interpolated,
    "softmax": _one_axis,
    "log_softmax": _one_axis,
    "roll": lambda one: {"shifts": one["shifts"], "axes": _axes(one.get("dims"), rank(one))},
    "flip": lambda one: {"axes": _axes(one.get("dims"), rank(one))},
    "dropout": _kept("p"),
    "leaky_relu": _kept("negative_slope"),
    "elu": _kept("alpha"),
    "hardtanh": _kept("min_val", "max_val"),
    "gelu": _kept("approximate"),
    "clamp": _kept("min", "max"),
    "einsum": lambda one: {"equation": one["equation"]},
    "multi_head_attention": lambda one: {"heads": one["heads"]},
}
for _dims in (1, 2, 3):
    READERS |= {
        f"conv{_dims}d": _convolution,
        f"conv_transpose{_dims}d": _transposed,
        f"max_pool{_dims}d": _max_pool,
        f"avg_pool{_dims}d": _average_pool,
        f"adaptive_avg_pool{_dims}d": _adaptive,
        f"adaptive_max_pool{_dims}d": _adaptive,
    }
for _name in ("mean", "sum", "amax", "amin", "max", "min", "var", "std", "logsumexp", "prod", "norm"):
    READERS[_name] = _reduced
for _name in ("add", "sub", "mul", "div", "pow", "maximum", "minimum"):
    READERS[_name] = _kept("other")
