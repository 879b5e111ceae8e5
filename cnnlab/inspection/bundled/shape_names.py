"""What shapes and textures of "shapes in clutter" are called, and which shapes a bundled network has seen.

It draws nothing (see `outlines` and `textures`) and imports no PyTorch.
"""

# The order of the trained ones is that of the networks' outputs: it must not change.
TRAINED: tuple[str, ...] = (
    "disc",
    "square",
    "triangle",
    "pentagon",
    "hexagon",
    "star",
    "four-pointed star",
    "gear",
    "plus",
    "ring",
    "crescent",
    "letter L",
    "flower",
    "half disc",
    "hourglass",
    "spiral",
    "dumbbell",
    "letter H",
    "chevron",
    "letter C",
    "hollow triangle",
)
# No bundled network has seen these, nor do they lie about in the background: they are for transfer.
UNSEEN: tuple[str, ...] = (
    "heart",
    "arrow",
    "letter T",
    "zigzag",
    "drop",
    "pie",
    "keyhole",
    "letter U",
    "trefoil",
    "comb",
)
SHAPES = TRAINED + UNSEEN
# The small ones in the background.
DISTRACTORS: tuple[str, ...] = (
    "disc",
    "square",
    "triangle",
    "plus",
    "ring",
    "hourglass",
    "half disc",
    "dumbbell",
)

TEXTURES: tuple[str, ...] = ("plain", "stripes", "checks", "dots", "rings", "waves", "grid", "gradient")


def texture_of(shape: str) -> str:
    """Return the texture that a shape has more often than others where the data are made to be so.

    >>> texture_of("disc")
    'stripes'
    """
    return TEXTURES[(3 * SHAPES.index(shape) + 1) % len(TEXTURES)]
