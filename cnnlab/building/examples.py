"""Networks to start from, and the notation explained: what a learner reads beside the text field.

The texts are read and built like any other; tests build all of them. It computes nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A whole network in the notation; `idea` says what it shows."""

    name: str
    title: str
    idea: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the notation: how it is written, what it does, and lines that can be inserted."""

    form: str
    meaning: str
    lines: str


EXAMPLES = (
    Example(
        "lenet",
        "LeNet-5",
        "The pattern of 1998: convolve and pool twice, then decide with dense layers.",
        """input 1x28x28
conv 6 k5 p2
relu
maxpool 2
conv 16 k5
relu
maxpool 2
flatten
dense 120
relu
dense 84
relu
dense 10
""",
    ),
    Example(
        "vgg",
        "A small VGG",
        "Two 3×3 convolutions see as far as one 5×5 with fewer numbers. Each pool halves the maps.",
        """input 3x32x32
repeat 2 { conv 64 k3 p1; bn; relu }
maxpool 2
repeat 2 { conv 128 k3 p1; bn; relu }
maxpool 2
repeat 3 { conv 256 k3 p1; bn; relu }
globalpool
dense 10
""",
    ),
    Example(
        "inception",
        "An Inception module",
        "GoogLeNet's first: four branches look at the same maps, and their channels stand side by side.",
        """input 192x28x28
parallel {
  conv 64 k1; relu
| conv 96 k1; relu; conv 128 k3 p1; relu
| conv 16 k1; relu; conv 32 k5 p2; relu
| maxpool 3 s1 p1; conv 32 k1; relu
}
""",
    ),
    Example(
        "resnet",
        "A small ResNet",
        "ResNet-20 for small pictures: blocks add what went in to what comes out.",
        """input 3x32x32
conv 16 k3 p1 bias=no; bn; relu
repeat 3 {
  skip { conv 16 k3 p1 bias=no; bn; relu; conv 16 k3 p1 bias=no; bn }
  relu
}
skip conv bn { conv 32 k3 s2 p1 bias=no; bn; relu; conv 32 k3 p1 bias=no; bn }
relu
repeat 2 {
  skip { conv 32 k3 p1 bias=no; bn; relu; conv 32 k3 p1 bias=no; bn }
  relu
}
skip conv bn { conv 64 k3 s2 p1 bias=no; bn; relu; conv 64 k3 p1 bias=no; bn }
relu
repeat 2 {
  skip { conv 64 k3 p1 bias=no; bn; relu; conv 64 k3 p1 bias=no; bn }
  relu
}
globalpool
dense 10
""",
    ),
    Example(
        "mobilenet",
        "Like MobileNet",
        "Depthwise, then 1×1: almost the same reach for a fraction of the multiply-adds.",
        """input 3x96x96
conv 16 k3 s2 p1 bias=no; bn; relu6
depthwise k3 p1 bias=no; bn; relu6
conv 32 k1 bias=no; bn; relu6
depthwise k3 s2 p1 bias=no; bn; relu6
conv 64 k1 bias=no; bn; relu6
repeat 3 {
  depthwise k3 p1 bias=no; bn; relu6
  conv 64 k1 bias=no; bn; relu6
}
globalpool
dense 10
""",
    ),
    Example(
        "squeeze",
        "Squeeze and excitation",
        "A gate looks at the whole picture and decides how much each channel counts.",
        """input 3x32x32
conv 32 k3 p1; bn; relu
skip {
  conv 32 k3 p1; bn; relu
  gate { globalpool; dense 8; relu; dense 32; sigmoid }
}
relu
globalpool
dense 10
""",
    ),
    Example(
        "dense",
        "A dense block",
        "DenseNet's idea: an empty branch hands on what came in, so every layer sees all before it.",
        """input 3x32x32
conv 24 k3 p1
repeat 6 { parallel { | bn; relu; conv 12 k3 p1 } }
conv 48 k1
avgpool 2
globalpool
dense 10
""",
    ),
    Example(
        "broken",
        "One that does not fit",
        "Made for 64×64 pictures and fed smaller ones. Which layer fails, and what would mend it?",
        """input 3x32x32
conv 16 k5
relu
maxpool 2
conv 32 k5
relu
maxpool 2
conv 64 k5
relu
maxpool 2
flatten
dense 10
""",
    ),
)

RULES = (
    Rule("input 3x32x32", "What goes in: channels × height × width. It stands first.", "input 3x32x32"),
    Rule(
        "conv 32 k3 s2 p1",
        "A convolution with 32 output channels, kernel 3×3, stride 2, padding 1. Also d2 (dilation), g4 "
        "(groups), bias=no, p=same, k3x1 (height × width). k3 is short for kernel=3.",
        "conv 32 k3 p1",
    ),
    Rule(
        "depthwise k3 p1",
        "A convolution that keeps channels apart: one kernel for each.",
        "depthwise k3 p1",
    ),
    Rule(
        "transposed 32 k2 s2",
        "A transposed convolution: makes maps larger. op1 is output padding.",
        "transposed 32 k2 s2",
    ),
    Rule(
        "maxpool 2, avgpool 3 s2",
        "The largest value, or the mean, of each window. Windows lie side by side unless a stride says "
        "otherwise; ceil=yes keeps a last one that hangs over.",
        "maxpool 2",
    ),
    Rule(
        "globalpool",
        "The mean of each channel: maps become a row of numbers. adaptivepool 6 makes maps of 6×6.",
        "globalpool",
    ),
    Rule("flatten", "All numbers in one row.", "flatten"),
    Rule(
        "dense 10", "Every output reads every number of the row. bias=no leaves the biases out.", "dense 10"
    ),
    Rule("bn, groupnorm 8", "Batch normalisation; normalisation in 8 groups of channels.", "bn"),
    Rule(
        "relu, silu, gelu, …",
        "Activations: relu, relu6, leakyrelu, elu, silu, gelu, hardswish, sigmoid, hardsigmoid, tanh.",
        "relu",
    ),
    Rule("dropout 0.5", "While training, each number is 0 with this chance.", "dropout 0.5"),
    Rule(
        "repeat 3 { … }",
        "The block so often, one after another, each with weights of its own.",
        "repeat 3 { conv 32 k3 p1; relu }",
    ),
    Rule(
        "skip { … }",
        "Adds what went in to what comes out. skip conv { … } sends it through a 1×1 convolution with the "
        "block's output channels and strides; skip conv bn { … } also normalises it.",
        "skip conv { conv 32 k3 p1; relu; conv 32 k3 p1 }",
    ),
    Rule(
        "parallel { … | … }",
        "Branches that read the same; their channels stand side by side. An empty branch hands on what "
        "came in.",
        "parallel { conv 16 k1 | conv 16 k3 p1 | conv 16 k5 p2 }",
    ),
    Rule(
        "gate { … }",
        "Multiplies each channel by a number that the block makes for it: it ends with as many numbers as "
        "there are channels.",
        "gate { globalpool; dense 8; relu; dense 32; sigmoid }",
    ),
    Rule(";  #", "A semicolon parts layers on one line. # begins a remark.", "# a remark"),
)
