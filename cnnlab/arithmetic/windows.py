"""Where a sliding window lies along one axis: padding on both sides, how many windows fit, what is left.

It does not know channels, and it does not check anything: `rules` does that first. The formulas are
those of PyTorch's Conv2d and MaxPool2d pages, and its `pooling_output_shape` for ceil mode.
"""

from dataclasses import dataclass

from cnnlab.arithmetic.layers import TransposedConvolution, Windowed


@dataclass(frozen=True, slots=True)
class Window:
    """A window of `kernel` cells, `dilation` apart, moving by `stride` over `size` cells and the padding.

    >>> Window(size=7, kernel=2, stride=2).output, Window(size=7, kernel=2, stride=2, ceil=True).output
    (3, 4)
    """

    size: int
    kernel: int
    stride: int = 1
    left: int = 0
    right: int = 0
    dilation: int = 1
    ceil: bool = False

    @property
    def reach(self) -> int:
        """The cells from the window's first to its last, holes included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """The cells of the input and both paddings."""
        return self.size + self.left + self.right

    @property
    def span(self) -> int:
        """How far the window can move inside the padded input; negative if it does not fit."""
        return self.padded - self.reach

    @property
    def windows(self) -> int:
        """The windows that floor or ceil allow, before the last-window rule."""
        rounding_up = self.stride - 1 if self.ceil else 0
        return (self.span + rounding_up) // self.stride + 1

    @property
    def last_dropped(self) -> bool:
        """Whether ceil mode drops its last window because it would start in the right padding."""
        return self.ceil and (self.windows - 1) * self.stride >= self.size + self.left

    @property
    def output(self) -> int:
        """The number of windows, which is the output size."""
        return self.windows - self.last_dropped

    @property
    def overhang(self) -> int:
        """The cells beyond the padded input that the last window of ceil mode reaches for."""
        return max(0, (self.output - 1) * self.stride + self.reach - self.padded)

    @property
    def unread(self) -> int:
        """The cells at the end of the padded input that no window reads because floor bites."""
        return 0 if self.ceil else self.span % self.stride


def windows(layer: Windowed, sizes: tuple[int, ...]) -> tuple[Window, ...]:
    """Lay the layer's window along each axis of an input of these sizes."""
    pairs = padding_pairs(layer)
    return tuple(
        Window(
            size=size,
            kernel=layer.kernel[axis],
            stride=layer.stride[axis],
            left=pairs[axis][0],
            right=pairs[axis][1],
            dilation=layer.dilation[axis],
            ceil=getattr(layer, "ceil_mode", False),
        )
        for axis, size in enumerate(sizes)
    )


def padding_pairs(layer: Windowed | TransposedConvolution) -> tuple[tuple[int, int], ...]:
    """Give the padding left and right of each axis; "same" puts the odd cell on the right, as PyTorch does.

    >>> from cnnlab.arithmetic.layers import Convolution
    >>> padding_pairs(Convolution(1, 1, kernel=4, padding="same", dims=1))
    ((1, 2),)
    """
    if layer.padding == "valid":
        return ((0, 0),) * layer.dims
    if layer.padding == "same":
        totals = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    return tuple((pad, pad) for pad in layer.padding)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One axis of a transposed convolution: each of `size` cells stamps a kernel, `stride` apart.

    >>> Stamp(size=4, kernel=3, stride=2, crop=1, extra=1).output
    8
    """

    size: int
    kernel: int
    stride: int = 1
    crop: int = 0
    extra: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """The cells from a stamp's first to its last, holes included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def output(self) -> int:
        """The cells left when `crop` is cut from both ends and `extra` is added to the end."""
        return (self.size - 1) * self.stride - 2 * self.crop + self.reach + self.extra


def stamps(layer: TransposedConvolution, sizes: tuple[int, ...]) -> tuple[Stamp, ...]:
    """Lay the stamps along each axis of an input of these sizes."""
    return tuple(
        Stamp(
            size=size,
            kernel=layer.kernel[axis],
            stride=layer.stride[axis],
            crop=layer.padding[axis],
            extra=layer.output_padding[axis],
            dilation=layer.dilation[axis],
        )
        for axis, size in enumerate(sizes)
    )
