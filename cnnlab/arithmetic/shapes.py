"""What shape a layer gives, for an input that it accepts.

It checks nothing: ask `rules` first. Shapes are C x H x W without the batch axis.
"""

from math import prod

from cnnlab.arithmetic.layers import (
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
    TransposedConvolution,
)
from cnnlab.arithmetic.normalising import merged_shape
from cnnlab.arithmetic.windows import stamps, windows

Shape = tuple[int, ...]


def output_shape(layer: Layer, shapes: tuple[Shape, ...]) -> Shape:
    """Give the shape of the layer's output.

    >>> output_shape(Convolution(3, 64, kernel=5), ((3, 32, 32),))
    (64, 28, 28)
    """
    if isinstance(layer, Add | Concatenate):
        merged = merged_shape(layer, shapes)
        assert isinstance(merged, tuple), merged
        return merged
    return _single(layer, shapes[0])


def _single(layer: Layer, shape: Shape) -> Shape:
    match layer:
        case Convolution():
            return (layer.out_channels, *(window.output for window in windows(layer, shape[1:])))
        case TransposedConvolution():
            return (layer.out_channels, *(stamp.output for stamp in stamps(layer, shape[1:])))
        case MaxPool() | AveragePool():
            return (shape[0], *(window.output for window in windows(layer, shape[1:])))
        case AdaptivePool():
            return (shape[0], *layer.output)
        case GlobalPool():
            return (shape[0], *(1 for _ in shape[1:] if layer.keep_axes))
        case Dense():
            return (*shape[:-1], layer.out_features)
        case Flatten():
            return (prod(shape),)
        case _:
            return shape
