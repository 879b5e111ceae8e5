"""What a layer is: one frozen dataclass per kind, holding the integers that describe it.

It does not check them and computes nothing: `rules` refuses, `report` analyses. Field names and
defaults are PyTorch's, except that `kernel` stands for `kernel_size` and per-axis values are always
tuples: a single number given for them is repeated for every axis.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cnnlab.arithmetic.axes import per_axis

Axes = tuple[int, ...]
PerAxis = Any  # given as one whole number or one for each axis; read as a tuple of one for each axis


class PaddingMode(StrEnum):
    """What the padding is filled with."""

    ZEROS = "zeros"
    REFLECT = "reflect"
    REPLICATE = "replicate"
    CIRCULAR = "circular"


class PaddingWord(StrEnum):
    """The two paddings that are given by name."""

    SAME = "same"
    VALID = "valid"


class PoolMode(StrEnum):
    """What a pool keeps of its window."""

    MAX = "max"
    AVERAGE = "average"


class NormalisationKind(StrEnum):
    """Which axes share one mean and one variance; `response` is AlexNet's local normalisation."""

    BATCH = "batch"
    LAYER = "layer"
    INSTANCE = "instance"
    GROUP = "group"
    RESPONSE = "response"


def _spread(layer: Any, *names: str) -> None:
    for name in names:
        object.__setattr__(layer, name, per_axis(getattr(layer, name), layer.dims))


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution over `dims` axes; `padding` is numbers, "same" or "valid".

    >>> Convolution(3, 64, kernel=5).kernel
    (5, 5)
    """

    in_channels: int
    out_channels: int
    kernel: PerAxis
    stride: PerAxis = 1
    padding: PerAxis = 0
    dilation: PerAxis = 1
    groups: int = 1
    bias: bool = True
    padding_mode: str = PaddingMode.ZEROS
    dims: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        _spread(self, "kernel", "stride", "padding", "dilation")


@dataclass(frozen=True, slots=True)
class TransposedConvolution:
    """The transpose of a convolution: every input value stamps a kernel into the output."""

    in_channels: int
    out_channels: int
    kernel: PerAxis
    stride: PerAxis = 1
    padding: PerAxis = 0
    output_padding: PerAxis = 0
    dilation: PerAxis = 1
    groups: int = 1
    bias: bool = True
    padding_mode: str = PaddingMode.ZEROS
    dims: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        _spread(self, "kernel", "stride", "padding", "output_padding", "dilation")


@dataclass(frozen=True, slots=True)
class MaxPool:
    """The largest value of each window; without a stride the windows lie side by side."""

    kernel: PerAxis
    stride: PerAxis = None
    padding: PerAxis = 0
    dilation: PerAxis = 1
    ceil_mode: bool = False
    dims: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        if self.stride is None:
            object.__setattr__(self, "stride", self.kernel)
        _spread(self, "kernel", "stride", "padding", "dilation")


@dataclass(frozen=True, slots=True)
class AveragePool:
    """The mean of each window; `count_include_pad` lets padded zeros count as values."""

    kernel: PerAxis
    stride: PerAxis = None
    padding: PerAxis = 0
    ceil_mode: bool = False
    count_include_pad: bool = True
    dims: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        if self.stride is None:
            object.__setattr__(self, "stride", self.kernel)
        _spread(self, "kernel", "stride", "padding")

    @property
    def dilation(self) -> Axes:
        """An average pool has no holes."""
        return (1,) * self.dims


@dataclass(frozen=True, slots=True)
class AdaptivePool:
    """A pool that chooses its own windows so that the output has the size `output`."""

    output: PerAxis
    mode: str = PoolMode.AVERAGE
    dims: int = 2

    def __post_init__(self) -> None:
        """Give every axis its own number."""
        _spread(self, "output")


@dataclass(frozen=True, slots=True)
class GlobalPool:
    """One value per channel; the spatial axes stay, at size 1, unless `keep_axes` is off."""

    mode: str = PoolMode.AVERAGE
    keep_axes: bool = True


@dataclass(frozen=True, slots=True)
class Dense:
    """A weight for each pair of input and output feature; it works along the last axis."""

    in_features: int
    out_features: int
    bias: bool = True


@dataclass(frozen=True, slots=True)
class Normalisation:
    """Shift and scale by a mean and a variance; `affine` learns a scale and a shift afterwards.

    `channels` is unused by layer and response; layer uses `shape` (the last axes of the input),
    group uses `groups`, response uses `size` (channels in its window). `affine` None is PyTorch's
    default: on, except for instance. `dims` None takes any number of spatial axes.
    """

    kind: str
    channels: int = 1
    groups: int = 1
    shape: PerAxis = ()
    size: int = 5
    affine: bool | None = None
    dims: int | None = None

    def __post_init__(self) -> None:
        """Settle the defaults that depend on the kind."""
        object.__setattr__(self, "shape", per_axis(self.shape, 1))
        if self.affine is None:
            object.__setattr__(self, "affine", self.kind not in ("instance", "response"))


@dataclass(frozen=True, slots=True)
class Activation:
    """One function applied to every number; `slopes` counts the learned ones of a PReLU."""

    name: str = "relu"
    slopes: int = 0


@dataclass(frozen=True, slots=True)
class Flatten:
    """All numbers in one row."""


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of several inputs, with axes of size 1 repeated as PyTorch does."""


@dataclass(frozen=True, slots=True)
class Concatenate:
    """Several inputs behind one another along `axis` (0 is the channels)."""

    axis: int = 0


Windowed = Convolution | MaxPool | AveragePool
Layer = (
    Convolution
    | TransposedConvolution
    | MaxPool
    | AveragePool
    | AdaptivePool
    | GlobalPool
    | Dense
    | Normalisation
    | Activation
    | Flatten
    | Add
    | Concatenate
)
