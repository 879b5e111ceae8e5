"""What the axes of a layer are called, and how one number becomes one number per axis.

It does not know any layer. Sizes are depth x height x width; a layer with one axis has a length.
"""

from dataclasses import dataclass

from cnnlab.arithmetic.units import grouped

LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class Axis:
    """The words for one spatial axis: its name, the letter in formulas, one cell, several cells."""

    name: str
    letter: str
    cell: str
    cells: str

    def counted(self, number: int) -> str:
        """Write "1 row" or "3 rows"."""
        return f"{grouped(number)} {self.cell if number == 1 else self.cells}"


LENGTH = Axis("length", "L", "position", "positions")
DEPTH = Axis("depth", "Z", "slice", "slices")
HEIGHT = Axis("height", "H", "row", "rows")
WIDTH = Axis("width", "W", "column", "columns")

AXES: dict[int, tuple[Axis, ...]] = {1: (LENGTH,), 2: (HEIGHT, WIDTH), 3: (DEPTH, HEIGHT, WIDTH)}


def shape_text(shape: tuple[int, ...]) -> str:
    """Write a shape as 3×32×32."""
    return "×".join(str(size) for size in shape)


def per_axis(value: object, dims: int) -> object:
    """Repeat a single number for every axis; leave words as they are and sequences as tuples.

    >>> per_axis(3, 2), per_axis([3, 1], 2), per_axis("same", 2)
    ((3, 3), (3, 1), 'same')
    """
    if isinstance(value, int) and dims in AXES:
        return (int(value),) * dims
    if isinstance(value, list | tuple):
        return tuple(value)
    return value
