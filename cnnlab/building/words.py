"""The words of the notation: which layers and blocks there are, and what can be set in each.

It is the one table from which texts are read and the notation is explained. It computes nothing.
"""

from dataclasses import dataclass
from typing import Any

MOST_CHANNELS = 16_384
MOST_FEATURES = 100_000
LARGEST_SIDE = 4_096
LARGEST_POOLED = 1_024  # uneven regions are followed one by one, which takes time


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: `kernel=3`, or `k3` for short, within limits.

    `pair` settings take one number for both axes or two, as 3x1; `words` stand for themselves; a `flag` is
    yes or no; a `fraction` is a number from 0 to 1. Without a default it has to be given.
    """

    name: str
    low: int = 1
    high: int = 1
    short: str = ""
    default: Any = None
    pair: bool = False
    flag: bool = False
    fraction: bool = False
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What it can be, in words."""
        if self.flag:
            return "yes or no"
        if self.fraction:
            return "a number from 0 to 1, such as 0.5"
        numbers = f"a whole number from {self.low} to {self.high:,}"
        pairs = f", or two for height and width, such as {self.low + 2}x{self.low}" if self.pair else ""
        return numbers + pairs + "".join(f", or `{word}`" for word in self.words)

    @property
    def example(self) -> str:
        """It as one writes it, in short."""
        return f"{self.short}3" if self.short else f"{self.name}={'no' if self.flag else 3}"


CHANNELS = Setting("channels", 1, MOST_CHANNELS)
KERNEL = Setting("kernel", 1, 99, "k", pair=True)
STRIDE = Setting("stride", 1, 99, "s", default=(1, 1), pair=True)
PADDING = Setting("padding", 0, 99, "p", default=(0, 0), pair=True)
PADDING_OR_SAME = Setting("padding", 0, 99, "p", default=(0, 0), pair=True, words=("same",))
DILATION = Setting("dilation", 1, 99, "d", default=(1, 1), pair=True)
GROUPS = Setting("groups", 1, MOST_CHANNELS, "g", default=1)
BIAS = Setting("bias", flag=True, default=True)
CEIL = Setting("ceil", flag=True, default=False)
OWN_STRIDE = Setting("stride", 1, 99, "s", default="kernel", pair=True)  # a pool's windows lie side by side
OUTPUT_PADDING = Setting("output_padding", 0, 98, "op", default=(0, 0), pair=True)
NO_SETTINGS: tuple[Setting, ...] = ()

# Word → what can be set; the first one may be written as a number alone, as in `conv 32`.
LAYERS: dict[str, tuple[Setting, ...]] = {
    "conv": (CHANNELS, KERNEL, STRIDE, PADDING_OR_SAME, DILATION, GROUPS, BIAS),
    "depthwise": (KERNEL, STRIDE, PADDING_OR_SAME, DILATION, BIAS),
    "transposed": (CHANNELS, KERNEL, STRIDE, PADDING, OUTPUT_PADDING, GROUPS, BIAS),
    "maxpool": (KERNEL, OWN_STRIDE, PADDING, DILATION, CEIL),
    "avgpool": (KERNEL, OWN_STRIDE, PADDING, CEIL),
    "adaptivepool": (Setting("size", 1, LARGEST_POOLED, pair=True),),
    "globalpool": NO_SETTINGS,
    "flatten": NO_SETTINGS,
    "dense": (Setting("features", 1, MOST_FEATURES), BIAS),
    "dropout": (Setting("rate", fraction=True),),
    "bn": NO_SETTINGS,
    "groupnorm": (Setting("groups", 1, MOST_CHANNELS, "g"),),
}
# Word → PyTorch's class and the operation's name in a trace.
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "relu": ("ReLU", "relu"),
    "relu6": ("ReLU6", "relu6"),
    "leakyrelu": ("LeakyReLU", "leaky_relu"),
    "elu": ("ELU", "elu"),
    "silu": ("SiLU", "silu"),
    "gelu": ("GELU", "gelu"),
    "hardswish": ("Hardswish", "hardswish"),
    "sigmoid": ("Sigmoid", "sigmoid"),
    "hardsigmoid": ("Hardsigmoid", "hardsigmoid"),
    "tanh": ("Tanh", "tanh"),
}
LAYERS |= dict.fromkeys(ACTIVATIONS, NO_SETTINGS)

BLOCKS = ("repeat", "skip", "gate", "parallel")
KNOWN = ("input", *LAYERS, *BLOCKS)

# What one may call it elsewhere → the word here.
SYNONYMS = {
    "conv2d": "conv",
    "convolution": "conv",
    "dw": "depthwise",
    "dwconv": "depthwise",
    "deconv": "transposed",
    "convtranspose2d": "transposed",
    "upconv": "transposed",
    "pool": "maxpool",
    "max": "maxpool",
    "avg": "avgpool",
    "gap": "globalpool",
    "mean": "globalpool",
    "fc": "dense",
    "linear": "dense",
    "batchnorm": "bn",
    "batchnorm2d": "bn",
    "norm": "bn",
    "gn": "groupnorm",
    "swish": "silu",
    "residual": "skip",
    "shortcut": "skip",
    "add": "skip",
    "concat": "parallel",
    "cat": "parallel",
    "branches": "parallel",
    "inception": "parallel",
    "se": "gate",
    "squeeze": "gate",
    "times": "repeat",
    "loop": "repeat",
    "drop": "dropout",
}
