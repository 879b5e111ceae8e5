"""Which pictures of shapes in clutter come as files: what each shows, and the seed that draws it again.

The files are written by `python -m cnnlab.training.bundled_pictures`, so that showing one needs no PyTorch.
"""

from dataclasses import dataclass

DIFFICULTY = 0.4
FOLDER = "cnnlab/inspection/bundled/pictures"
SOURCE = "Drawn by CNN Lab"
LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class ShapePicture:
    """One picture: its shape, the seed of its generator, and what it shows to those who cannot see it."""

    shape: str
    seed: int
    alt: str

    @property
    def name(self) -> str:
        """Return the name by which the picture is asked for.

        >>> SHAPE_PICTURES[0].name
        'shape-star'
        """
        return f"shape-{self.shape.lower().replace(' ', '-')}"

    @property
    def title(self) -> str:
        """Return what the picture is called."""
        return self.shape[0].upper() + self.shape[1:]

    @property
    def file(self) -> str:
        """Return the file, from the folder that the package lies in."""
        return f"{FOLDER}/{self.name}.png"


SHAPE_PICTURES = (
    ShapePicture("star", 2, "A purple star covers a small blue shape, on clouded green and blue."),
    ShapePicture(
        "gear", 0, "A cream gear with green spots, cut by the lower edge, on pink with purple dots."
    ),
    ShapePicture("spiral", 8, "A thin yellow spiral on a dull olive ground."),
    ShapePicture(
        "flower", 5, "A blue flower of five petals with lighter lines, near a corner of a purple ground."
    ),
    ShapePicture("hourglass", 12, "A green hourglass on bright red."),
    ShapePicture("crescent", 0, "A cream crescent with green spots, on pink with purple dots."),
    ShapePicture(
        "hexagon", 11, "A hexagon of green and cream waves hides most of a small green square, on brown."
    ),
    ShapePicture("plus", 13, "A small plus with pink and olive rings on it, on clouded dark red and blue."),
    ShapePicture("triangle", 7, "A triangle, dark red to grey-green, on pink."),
    ShapePicture("letter L", 4, "A red letter L on pink waves, with noise."),
    ShapePicture("ring", 15, "A yellow-green ring on dark purple."),
    ShapePicture("heart", 12, "A green heart on bright red: a shape that no bundled network has learned."),
)
