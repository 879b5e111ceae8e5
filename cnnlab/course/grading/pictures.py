"""The small pictures on which a learner's kernel is tried, and what a kernel answers to them.

It does not judge the answers. A picture is a function of row and column, so it fits every kernel's size.
"""

from collections.abc import Callable, Mapping

Rows = tuple[tuple[float, ...], ...]
# Name → brightness at a row and a column, both counted from the middle of the picture.
PICTURES: Mapping[str, Callable[[int, int], float]] = {
    "flat": lambda _row, _column: 1.0,
    "vertical": lambda _row, column: float(column >= 0),
    "horizontal": lambda row, _column: float(row >= 0),
    "rising": lambda row, column: float(row + column >= 0),
    "falling": lambda row, column: float(row >= column),
    "point": lambda row, column: float(row == column == 0),
    "chequered": lambda row, column: float((row + column) % 2),
}


def responses(kernel: Rows, picture: str) -> list[float]:
    """Return the sum of weight × brightness with the kernel at every place where it meets the middle.

    A kernel of h × w weights has h × w such places, row by row; nothing is flipped, as in `Conv2d`.

    >>> responses(((-1.0, 1.0),), "vertical")
    [1.0, 0.0]
    """
    height, width = len(kernel), len(kernel[0])
    bright = PICTURES[picture]
    return [
        sum(
            weight * bright(top + i, left + j) for i, row in enumerate(kernel) for j, weight in enumerate(row)
        )
        for top in range(1 - height, 1)
        for left in range(1 - width, 1)
    ]
