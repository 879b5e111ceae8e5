"""How many parameters a layer has and how many multiply-adds (MACs) it takes, for one input.

It does not know bytes or words. 1 MAC is one multiply-add; bias additions are not MACs; only
convolutions, transposed convolutions and dense layers are counted, everything else is 0 by
convention (PyTorch's FlopCounterMode counts the same, times two). Buffers such as running means
are not parameters.
"""

from math import prod

from cnnlab.arithmetic.layers import (
    Activation,
    Convolution,
    Dense,
    Layer,
    Normalisation,
    NormalisationKind,
    TransposedConvolution,
)

Shape = tuple[int, ...]


def parameters(layer: Layer) -> int:
    """Count the learned numbers, weights and biases.

    >>> parameters(Convolution(3, 64, kernel=5))
    4864
    """
    match layer:
        case Convolution() | TransposedConvolution():
            weights = layer.in_channels * layer.out_channels // layer.groups * prod(layer.kernel)
            return weights + layer.bias * layer.out_channels
        case Dense():
            return layer.in_features * layer.out_features + layer.bias * layer.out_features
        case Normalisation():
            return 2 * normalised_numbers(layer) if layer.affine else 0
        case Activation():
            return layer.slopes
        case _:
            return 0


def normalised_numbers(layer: Normalisation) -> int:
    """Count the numbers that have a scale and a shift of their own."""
    if layer.kind == NormalisationKind.RESPONSE:
        return 0
    return prod(layer.shape) if layer.kind == NormalisationKind.LAYER else layer.channels


def macs(layer: Layer, shape: Shape, output: Shape) -> int:
    """Count the multiply-adds for one input of `shape` that gives `output`.

    A transposed convolution multiplies every input value with a whole stamp, also where the stamp
    falls into the cropped padding.

    >>> macs(Convolution(3, 64, kernel=5), (3, 32, 32), (64, 28, 28))
    3763200
    """
    match layer:
        case Convolution():
            return prod(output) * (layer.in_channels // layer.groups) * prod(layer.kernel)
        case TransposedConvolution():
            return prod(shape) * (layer.out_channels // layer.groups) * prod(layer.kernel)
        case Dense():
            return prod(shape) * layer.out_features
        case _:
            return 0
