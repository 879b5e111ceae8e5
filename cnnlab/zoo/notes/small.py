"""Notes on the small networks that come trained with CNN Lab."""

from cnnlab.zoo.notes.note import Note

SHAPES = "shapes_plain shapes_residual"
NOTES = (
    Note(
        SHAPES,
        "conv1",
        "24 kernels that read colours directly, so each can be shown as a small picture. After training some "
        "are edges of a direction, some are blobs of a colour.",
    ),
    Note(
        SHAPES,
        "maxpool",
        "Of every last map only the largest value is kept: it says that something was found, and not where.",
    ),
    Note(
        SHAPES,
        "fc",
        "One weight for each map and shape: a score is a weighted sum of how strongly each thing was found.",
    ),
    Note(
        "shapes_plain",
        "last",
        "Here the maps are 8 × 8, and each value sees nearly the whole picture: shapes, no longer edges.",
    ),
    Note(
        "shapes_plain",
        "block1",
        "Two convolutions, then pooling: two 3 × 3 see 5 × 5 with a ReLU between them, as in VGG.",
    ),
    Note(
        "shapes_residual",
        "block1.projection",
        "The sum needs as many channels on both sides: a 1 × 1 convolution takes the shortcut from 24 to 48.",
    ),
    Note(
        "shapes_residual",
        "block2",
        "The shortcut changes nothing here: the block learns what to add to what came in.",
    ),
    Note(
        "digits_lenet",
        "c1",
        "Six kernels of 5 × 5 on one grey channel: after training they look for strokes of a direction.",
    ),
    Note(
        "digits_lenet",
        "f5",
        "Each of the 120 units reads all 400 values: from here on there are no places any more.",
    ),
    Note(
        "digits_lenet",
        "output",
        "Ten scores, one a digit. The paper of 1998 compared with fixed pictures of the digits instead.",
    ),
)
