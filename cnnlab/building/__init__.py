"""Networks written in a short notation: read, checked, turned into traces and into PyTorch source.

Nothing is executed, and importing this loads no PyTorch. It draws nothing.
"""

from cnnlab.building.building import Built, build
from cnnlab.building.exporting import pytorch_source
from cnnlab.building.mistakes import Mistake, NotationProblem, Place
from cnnlab.building.reading import LONGEST_TEXT, read_notation

__all__ = [
    "LONGEST_TEXT",
    "Built",
    "Mistake",
    "NotationProblem",
    "Place",
    "build",
    "pytorch_source",
    "read_notation",
]
