"""What the real networks say to the questions on LeNet-5, AlexNet, VGG and GoogLeNet.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes

# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {}
# lesson, question → where a learner goes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {}
