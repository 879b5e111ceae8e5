"""Which operations are layers of `cnnlab.arithmetic`, and how their settings make one.

Settings bear the names of the layer's fields. Everything else that a network does is in `rules`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, NamedTuple

from cnnlab.arithmetic import (
    Activation,
    AdaptivePool,
    AveragePool,
    Convolution,
    Dense,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
)
from cnnlab.arithmetic.costs import macs
from cnnlab.arithmetic.windows import Window, windows

Settings = Mapping[str, Any]
Shape = tuple[int, ...]
WindowRule = tuple[int, int, int, int, int, bool]  # kernel, stride, left, right, dilation, ceil mode


class Sliding(NamedTuple):
    """What is asked of a convolution or pool at every replay.

    The channels that it `reads` (None: any) and `gives` (None: as many), its window along each axis,
    and the `products` in one output value.
    """

    reads: int | None
    gives: int | None
    windows: tuple[WindowRule, ...]
    products: int


_MAKERS: dict[str, tuple[Callable[..., Layer], dict[str, Any]]] = {
    "linear": (Dense, {}),
    "batch_norm": (Normalisation, {"kind": "batch"}),
    "layer_norm": (Normalisation, {"kind": "layer"}),
    "group_norm": (Normalisation, {"kind": "group"}),
    "instance_norm": (Normalisation, {"kind": "instance"}),
    "local_response_norm": (Normalisation, {"kind": "response"}),
    "prelu": (Activation, {"name": "prelu"}),
}
for _dims in (1, 2, 3):
    _MAKERS |= {
        f"conv{_dims}d": (Convolution, {"dims": _dims}),
        f"conv_transpose{_dims}d": (TransposedConvolution, {"dims": _dims}),
        f"max_pool{_dims}d": (MaxPool, {"dims": _dims}),
        f"avg_pool{_dims}d": (AveragePool, {"dims": _dims}),
        f"adaptive_avg_pool{_dims}d": (AdaptivePool, {"dims": _dims, "mode": "average"}),
        f"adaptive_max_pool{_dims}d": (AdaptivePool, {"dims": _dims, "mode": "max"}),
    }

LAYERED = frozenset(_MAKERS)


def layer_of(operation: str, settings: Settings) -> Layer:
    """Make the layer that an operation is.

    >>> layer_of("conv2d", {"in_channels": 3, "out_channels": 64, "kernel": (7, 7), "stride": 2}).stride
    (2, 2)
    """
    make, fixed = _MAKERS[operation]
    return make(**fixed, **settings)


def sliding_of(layer: Layer) -> Sliding | None:
    """Give what a replay asks of a sliding layer; None for other layers.

    >>> sliding_of(MaxPool(3, 2, padding=1)).windows[0]
    (3, 2, 1, 1, 1, False)
    """
    if not isinstance(layer, Convolution | MaxPool | AveragePool):
        return None
    rules = (
        (one.kernel, one.stride, one.left, one.right, one.dilation, one.ceil)
        for one in windows(layer, (1,) * layer.dims)
    )
    if isinstance(layer, Convolution):
        return Sliding(layer.in_channels, layer.out_channels, tuple(rules), macs(layer, (), (1,)))
    return Sliding(None, None, tuple(rules), 0)


def full_settings(operation: str, layer: Layer) -> dict[str, Any]:
    """Give every field of the layer that the operation's name does not already say."""
    fixed = {*_MAKERS[operation][1], *_unused(operation)}
    return {field.name: getattr(layer, field.name) for field in fields(layer) if field.name not in fixed}


def short_settings(operation: str, settings: Settings) -> dict[str, Any]:
    """Leave out what is at its default, and write one number where all axes have the same."""
    make, _ = _MAKERS[operation]
    defaults = {field.name: field.default for field in fields(make)}  # pyright: ignore[reportArgumentType]
    defaults["stride"] = settings["kernel"] if "pool" in operation and "kernel" in settings else 1
    short = {}
    for name, value in settings.items():
        default = defaults.get(name, MISSING)
        single = _single(value) if name != "shape" else value
        if value != default and single != default:
            short[name] = single
    return short


def _single(value: Any) -> Any:
    same = isinstance(value, tuple) and value and all(one == value[0] for one in value)
    return value[0] if same and isinstance(value[0], int) else value


def _unused(operation: str) -> frozenset[str]:
    """Name the fields of a normalisation that this kind of it does not read."""
    used = {
        "batch_norm": {"channels", "affine"},
        "layer_norm": {"shape", "affine"},
        "group_norm": {"channels", "groups", "affine"},
        "instance_norm": {"channels", "affine"},
        "local_response_norm": {"size"},
    }.get(operation)
    if used is None:
        return frozenset({"padding_mode"})
    return frozenset(field.name for field in fields(Normalisation)) - used


def slid_shape(sliding: Sliding, shape: Shape) -> Shape | None:
    """Give the shape behind a convolution or pool; None where something does not fit."""
    channels = shape[1]
    if len(shape) != len(sliding.windows) + 2 or (sliding.reads or channels) != channels:
        return None
    sizes = list(map(_positions, shape[2:], sliding.windows))
    return (shape[0], sliding.gives or channels, *sizes) if min(sizes) > 0 else None


@lru_cache(maxsize=16_384)
def _positions(size: int, window: WindowRule) -> int:
    kernel, stride, left, right, dilation, ceil = window
    return Window(size, kernel, stride, left, right, dilation, ceil).output
