"""Notes on Xception, NASNet and EfficientNet."""

from cnnlab.zoo.notes.note import Note

NOTES = (
    Note(
        "legacy_xception",
        "block1.rep.0",
        "A depthwise separable convolution: a 3 × 3 for each channel alone, then a 1 × 1 that mixes them. "
        "There is no ReLU between the two.",
    ),
    Note(
        "legacy_xception",
        "block1.skip",
        "A shortcut around the block, as in ResNet; a 1 × 1 with stride 2 gives it the new shape.",
    ),
    Note(
        "legacy_xception",
        "block4",
        "The middle: eight equal blocks with 728 channels at 19 × 19, each adding to its input.",
    ),
    Note(
        "legacy_xception",
        "block2.rep.1.pointwise",
        "Almost all multiply-adds of a separable convolution are in its 1 × 1: the 3 × 3 of a channel "
        "costs nine for a value, the 1 × 1 as many as there are channels.",
    ),
    Note(
        "legacy_xception",
        "global_pool",
        "2,048 maps of 10 × 10 become 2,048 numbers.",
    ),
    Note(
        "nasnet_a_mobile",
        "stem",
        "No padding here: 224 becomes 111.",
    ),
    Note(
        "nasnet_a_mobile",
        "cells.0",
        "A normal cell keeps the size. A search chose which five pairs of things are added in it, and "
        "among what.",
    ),
    Note(
        "nasnet_a_mobile",
        "cells.0.fit_older",
        "A cell reads the two cells before it. This one's older input is twice as large, so it is halved "
        "first.",
    ),
    Note(
        "nasnet_a_mobile",
        "cells.1.older5",
        "The search often chose separable convolutions; each of them is applied twice in a row.",
    ),
    Note(
        "nasnet_a_mobile",
        "cells.4",
        "A reduction cell: everything that reads an input has stride 2. After it the cells are twice as "
        "wide.",
    ),
    Note(
        "nasnetalarge",
        "cell_1",
        "A normal cell keeps the size. A search chose which five pairs of things are added in it, and "
        "among what.",
    ),
    Note(
        "nasnetalarge",
        "cell_1.conv_prev_1x1",
        "A cell reads the two cells before it; a 1 × 1 brings each to the cell's own width.",
    ),
    Note(
        "nasnetalarge",
        "reduction_cell_0",
        "A reduction cell: everything that reads an input has stride 2. After it the cells are twice as "
        "wide.",
    ),
    Note(
        "nasnetalarge",
        "cell_stem_0",
        "Two reduction cells at the very beginning bring the large picture down before the first normal "
        "cell.",
    ),
    Note(
        "efficientnet_b*",
        "features.1.0.block.0.0",
        "The first block does not widen: it begins at once with a depthwise convolution.",
    ),
    Note(
        "efficientnet_b*",
        "features.2.0.block.0",
        "MBConv: a 1 × 1 first makes the block six times as wide; between the blocks there are few channels.",
    ),
    Note(
        "efficientnet_b*",
        "features.2.0.block.2",
        "A gate as in SENet: it weighs the channels anew for every picture.",
    ),
    Note(
        "efficientnet_b*",
        "features.2.0.block.3",
        "Back to few channels, without an activation: a linear bottleneck.",
    ),
    Note(
        "efficientnet_b*",
        "features.3.0.block.1",
        "A 5 × 5: depthwise, so it costs 25 for each value and not more.",
    ),
    Note(
        "efficientnet_b*",
        "features.8",
        "At the end many channels, in the one place where they are cheap: at the smallest size.",
    ),
)
