"""The same layers as PyTorch's own modules, run on the CPU: the independent oracle of these tests.

It knows the project's layers only as names of settings, and none of its arithmetic.
"""

import warnings
from typing import Any

import torch
from torch import nn

from cnnlab.arithmetic import (
    Activation,
    AdaptivePool,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
)

Shape = tuple[int, ...]
_ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


class _Merge(nn.Module):
    def __init__(self, layer: Add | Concatenate) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        if isinstance(self.layer, Concatenate):
            return torch.cat(inputs, dim=self.layer.axis + 1)
        # Without the batch axis: C x H x W and H x W are aligned at their ends, as in one image.
        total = inputs[0][0]
        for other in inputs[1:]:
            total = total + other[0]
        return total[None]


class _GlobalPool(nn.Module):
    def __init__(self, layer: GlobalPool) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        axes = tuple(range(2, x.dim()))
        reduce = torch.mean if self.layer.mode == "average" else torch.amax
        return reduce(x, dim=axes, keepdim=self.layer.keep_axes)


def torch_module(layer: Layer, shapes: tuple[Shape, ...]) -> nn.Module:
    """Build the PyTorch module that the layer describes; raises whatever PyTorch raises."""
    match layer:
        case Convolution() | TransposedConvolution():
            return _kernelled(layer)
        case MaxPool() | AveragePool() | AdaptivePool():
            return _pool(layer)
        case GlobalPool():
            return _GlobalPool(layer)
        case Dense():
            return nn.Linear(layer.in_features, layer.out_features, layer.bias)
        case Normalisation():
            return _normalisation(layer, shapes[0])
        case Activation():
            return nn.PReLU(layer.slopes) if layer.name == "prelu" else _ACTIVATIONS[layer.name]()
        case Flatten():
            return nn.Flatten()
        case _:
            return _Merge(layer)


def _pool(layer: MaxPool | AveragePool | AdaptivePool) -> nn.Module:
    axis = layer.dims - 1
    if isinstance(layer, MaxPool):
        kind = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[axis]
        return kind(layer.kernel, layer.stride, layer.padding, layer.dilation, ceil_mode=layer.ceil_mode)
    if isinstance(layer, AveragePool):
        kind = (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)[axis]
        return kind(layer.kernel, layer.stride, layer.padding, layer.ceil_mode, layer.count_include_pad)
    if layer.mode == "average":
        return (nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d)[axis](layer.output)
    return (nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d)[axis](layer.output)


def _kernelled(layer: Convolution | TransposedConvolution) -> nn.Module:
    convolutions = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
    transposed = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
    names = ("in_channels", "out_channels", "stride", "padding", "dilation", "groups", "bias", "padding_mode")
    settings: dict[str, Any] = {name: getattr(layer, name) for name in names} | {"kernel_size": layer.kernel}
    if isinstance(layer, Convolution):
        return convolutions[layer.dims - 1](**settings)
    return transposed[layer.dims - 1](**settings, output_padding=layer.output_padding)


def _normalisation(layer: Normalisation, shape: Shape) -> nn.Module:
    dims = layer.dims or len(shape) - 1
    match layer.kind:
        case "batch":
            kind = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[max(dims, 1) - 1]
            return kind(layer.channels, affine=bool(layer.affine))
        case "instance":
            kind = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)[dims - 1]
            return kind(layer.channels, affine=bool(layer.affine))
        case "group":
            return nn.GroupNorm(layer.groups, layer.channels, affine=bool(layer.affine))
        case "layer":
            return nn.LayerNorm(layer.shape, elementwise_affine=bool(layer.affine))
        case _:
            return nn.LocalResponseNorm(layer.size)


def inputs(shapes: tuple[Shape, ...]) -> list[torch.Tensor]:
    """Make one input of zeros of each shape, as a batch of one."""
    return [torch.zeros(1, *shape) for shape in shapes]


def torch_result(layer: Layer, shapes: tuple[Shape, ...]) -> tuple[Shape, int] | None:
    """Give the shape without the batch axis and the parameter count, or None if PyTorch refuses.

    An output without any number counts as refused.
    """
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            module = torch_module(layer, shapes).eval()
            output = module(*inputs(shapes))
        except (RuntimeError, ValueError, TypeError, ZeroDivisionError, IndexError):
            return None
    if not output.numel():
        return None
    return tuple(output.shape[1:]), sum(parameter.numel() for parameter in module.parameters())
