"""Which numbers each kind of layer is made of, what they are called, and the least each may be.

It does not know how the numbers hang together: that is what `rules` says.
"""

from dataclasses import dataclass

from cnnlab.arithmetic.layers import (
    AdaptivePool,
    AveragePool,
    Convolution,
    Dense,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A setting: its attribute, the words for it, the least allowed value, one per axis or one in all."""

    name: str
    label: str
    least: int = 1
    spread: bool = True


INPUT = Field("input", "input")
_KERNEL = Field("kernel", "kernel")
_STRIDE = Field("stride", "stride")
_PADDING = Field("padding", "padding", least=0)
_DILATION = Field("dilation", "dilation")
_GROUPS = Field("groups", "groups", spread=False)
_CHANNELS = (
    Field("in_channels", "input channels", spread=False),
    Field("out_channels", "output channels", spread=False),
)

FIELDS: dict[type, tuple[Field, ...]] = {
    Convolution: (_KERNEL, _STRIDE, _PADDING, _DILATION, _GROUPS, *_CHANNELS),
    TransposedConvolution: (
        _KERNEL,
        _STRIDE,
        _PADDING,
        Field("output_padding", "output padding", least=0),
        _DILATION,
        _GROUPS,
        *_CHANNELS,
    ),
    MaxPool: (_KERNEL, _STRIDE, _PADDING, _DILATION),
    AveragePool: (_KERNEL, _STRIDE, _PADDING),
    AdaptivePool: (Field("output", "output size"),),
    Dense: (
        Field("in_features", "input features", spread=False),
        Field("out_features", "output features", spread=False),
    ),
}

_NORMALISATION: dict[str, tuple[Field, ...]] = {
    "batch": (Field("channels", "channels", spread=False),),
    "instance": (Field("channels", "channels", spread=False),),
    "group": (Field("channels", "channels", spread=False), _GROUPS),
    "layer": (Field("shape", "normalised shape"),),
    "response": (Field("size", "size", spread=False),),
}


def fields(layer: Layer) -> tuple[Field, ...]:
    """List the settings of a layer that are numbers.

    >>> from cnnlab.arithmetic.layers import AveragePool
    >>> [field.name for field in fields(AveragePool(2))]
    ['kernel', 'stride', 'padding']
    """
    if isinstance(layer, Normalisation):
        return _NORMALISATION.get(layer.kind, ())
    return FIELDS.get(type(layer), ())
