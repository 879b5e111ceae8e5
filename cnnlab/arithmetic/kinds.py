"""Which layer a name such as `conv2d` or `maxpool1d` stands for, and which settings it takes.

It does not read any text and checks no numbers. The names are those of PyTorch's modules, in small
letters; `global…pool` is an adaptive pool of size 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cnnlab.arithmetic.layers import (
    Activation,
    AdaptivePool,
    AveragePool,
    Convolution,
    Dense,
    Flatten,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
)

Shape = tuple[int, ...]
Settings = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How to build a layer from settings and an input shape, the settings it takes, those it needs."""

    build: Callable[[Settings, Shape], Layer]
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _kernelled(layer: type[Convolution] | type[TransposedConvolution], dims: int) -> Kind:
    takes = "out_channels kernel stride padding dilation groups bias padding_mode"
    if layer is TransposedConvolution:
        takes += " output_padding"
    return Kind(
        lambda settings, shape: layer(in_channels=shape[0], dims=dims, **settings),
        _words(takes),
        _words("out_channels kernel"),
    )


def _windowed(layer: type[MaxPool] | type[AveragePool], dims: int) -> Kind:
    own = "dilation" if layer is MaxPool else "count_include_pad"
    takes = _words(f"kernel stride padding ceil_mode {own}")
    return Kind(lambda settings, _: layer(dims=dims, **settings), takes, _words("kernel"))


def _adaptive(mode: str, dims: int) -> Kind:
    return Kind(
        lambda settings, _: AdaptivePool(mode=mode, dims=dims, **settings), _words("output"), _words("output")
    )


def _global(mode: str, dims: int) -> Kind:
    return Kind(lambda _, __: AdaptivePool(1, mode, dims))


def _normalised(kind: str, dims: int | None, takes: str) -> Kind:
    def build(settings: Settings, shape: Shape) -> Layer:
        defaults: Settings = {"channels": shape[0]} if kind != "layer" else {"shape": shape}
        return Normalisation(kind, dims=dims, **(defaults | settings))

    return Kind(build, _words(takes))


def _dense(settings: Settings, shape: Shape) -> Layer:
    out = settings.pop("out_channels")
    return Dense(in_features=shape[-1], out_features=out, **settings)


def _kinds() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for dims in (1, 2, 3):
        kinds[f"conv{dims}d"] = _kernelled(Convolution, dims)
        kinds[f"convtranspose{dims}d"] = _kernelled(TransposedConvolution, dims)
        kinds[f"maxpool{dims}d"] = _windowed(MaxPool, dims)
        kinds[f"avgpool{dims}d"] = _windowed(AveragePool, dims)
        kinds[f"adaptivemaxpool{dims}d"] = _adaptive("max", dims)
        kinds[f"adaptiveavgpool{dims}d"] = _adaptive("average", dims)
        kinds[f"globalmaxpool{dims}d"] = _global("max", dims)
        kinds[f"globalavgpool{dims}d"] = _global("average", dims)
        kinds[f"batchnorm{dims}d"] = _normalised("batch", dims, "affine")
        kinds[f"instancenorm{dims}d"] = _normalised("instance", dims, "affine")
    kinds["layernorm"] = _normalised("layer", None, "affine shape")
    kinds["groupnorm"] = _normalised("group", None, "affine groups")
    kinds["localresponsenorm"] = _normalised("response", None, "size")
    kinds["linear"] = Kind(_dense, _words("out_channels bias"), _words("out_channels"))
    kinds["relu"] = Kind(lambda _, __: Activation("relu"))
    kinds["flatten"] = Kind(lambda _, __: Flatten())
    return kinds


KINDS: Mapping[str, Kind] = _kinds()
