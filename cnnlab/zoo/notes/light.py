"""Notes on SqueezeNet, MobileNet and ShuffleNet."""

from cnnlab.zoo.notes.note import Note

NOTES = (
    Note(
        "squeezenet*",
        "features.3.squeeze",
        "Squeeze: a 1 × 1 brings the channels down to 16, so that few go into the 3 × 3 after it.",
    ),
    Note(
        "squeezenet*",
        "features.3.expand1x1",
        "Expand: half of the new maps by 1 × 1, with a ninth of the weights of a 3 × 3.",
    ),
    Note(
        "squeezenet*",
        "features.3.expand3x3",
        "The other half by 3 × 3. Both halves stand side by side: 64 + 64 channels.",
    ),
    Note(
        "squeezenet1_0",
        "features.6",
        "The second of three poolings comes late, after three fire modules: large maps keep detail, at the "
        "price of more multiply-adds.",
    ),
    Note(
        "squeezenet1_1",
        "features.0",
        "3 × 3 in place of version 1.0's 7 × 7, and the poolings come earlier: less than half of the "
        "multiply-adds.",
    ),
    Note(
        "squeezenet*",
        "classifier.1",
        "No dense layer: a 1 × 1 convolution makes one map for each class, and its average is the score.",
    ),
    Note(
        "mobilenetv1_100",
        "blocks.0.0.conv_dw",
        "Depthwise: one 3 × 3 kernel for each channel, and no channel sees another.",
    ),
    Note(
        "mobilenetv1_100",
        "blocks.0.0.conv_pw",
        "Pointwise: a 1 × 1 mixes the channels. Both together cost 1/64 + 1/9 of a usual 3 × 3 to 64 "
        "channels: about an eighth.",
    ),
    Note(
        "mobilenetv1_100",
        "blocks.1.0.conv_dw",
        "The stride is in the depthwise half; no pooling is needed.",
    ),
    Note(
        "mobilenetv1_100",
        "classifier",
        "1,024 values into 1,000 classes: about a quarter of all parameters of this small net.",
    ),
    Note(
        "mobilenet_v2",
        "features.2.conv.0",
        "Expand: a 1 × 1 makes six times as many channels. A residual block of ResNet does the opposite: "
        "wide outside, narrow inside.",
    ),
    Note(
        "mobilenet_v2",
        "features.2.conv.1",
        "The depthwise 3 × 3 works where the block is wide; it is cheap there all the same.",
    ),
    Note(
        "mobilenet_v2",
        "features.2.conv.2",
        "Back to few channels, and no ReLU after it: cutting off at zero would lose too much in a narrow "
        "layer.",
    ),
    Note(
        "mobilenet_v2",
        "features.3",
        "Equal shapes at both ends, so the input is added: the shortcut joins the narrow layers.",
    ),
    Note(
        "mobilenet_v3_*",
        "features.0",
        "16 kernels only: with hard-swish half of the 32 were enough.",
    ),
    Note(
        "mobilenet_v3_large",
        "features.4.block.2",
        "A gate as in SENet, with a hard sigmoid that needs no exponential.",
    ),
    Note(
        "mobilenet_v3_small",
        "features.1.block.1",
        "A gate as in SENet, with a hard sigmoid that needs no exponential.",
    ),
    Note(
        "mobilenet_v3_*",
        "classifier.0",
        "The widest layer stands after the averaging, where a picture is a single position: there it is "
        "cheap.",
    ),
    Note(
        "shufflenet_v1_g?",
        "stage2.0.conv1",
        "The first 1 × 1 has no groups: its 24 channels are too few to be divided.",
    ),
    Note(
        "shufflenet_v1_g[2348]",
        "stage2.1.conv1",
        "A 1 × 1 in groups: each output sees only its own part of the channels, and costs that much less.",
    ),
    Note(
        "shufflenet_v1_g[2348]",
        "stage2.1.shuffle",
        "The channels of each group are dealt out to all groups. Without this no group would ever hear of "
        "another.",
    ),
    Note(
        "shufflenet_v1_g1",
        "stage2.1.shuffle",
        "With a single group there is nothing to shuffle: the channels stay in their order.",
    ),
    Note(
        "shufflenet_v1_g?",
        "stage3.0.shortcut",
        "At stride 2 the input is averaged and put beside the result instead of added: so the channels "
        "grow without a convolution in the shortcut.",
    ),
    Note(
        "shufflenet_v1_g?",
        "stage2.1.depthwise",
        "Depthwise, and no ReLU after it.",
    ),
    Note(
        "shufflenet_v2_*",
        "stage2.1",
        "The channels are split in two: one half passes by untouched, the other is worked on; then both "
        "are shuffled.",
    ),
    Note(
        "shufflenet_v2_*",
        "stage2.1.branch2.0",
        "No groups any more: measured on real devices, grouped 1 × 1 convolutions cost more time than "
        "their multiply-adds say.",
    ),
    Note(
        "shufflenet_v2_*",
        "stage2.0.branch1",
        "At stride 2 both halves are worked on, and the channels double.",
    ),
)
