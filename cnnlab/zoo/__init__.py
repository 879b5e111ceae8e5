"""The classic architectures: what is known of each, and a way to build it.

Asking for names and facts loads no deep-learning library; building a network does.
It does not know what the layers of a network cost, and loads no weights.
"""

from cnnlab.zoo.building import build, build_on_meta
from cnnlab.zoo.errors import BrokenModelFile, ImpossibleOption, UnknownNetwork
from cnnlab.zoo.guests import Guest, guest, welcome
from cnnlab.zoo.libraries import library_names
from cnnlab.zoo.naming import facts, families, input_shape, names, own_names, own_problems, resolve
from cnnlab.zoo.records import (
    Accuracy,
    Builder,
    Disagreement,
    Facts,
    Family,
    Paper,
    Published,
    Said,
    Shape,
)

__all__ = [
    "Accuracy",
    "BrokenModelFile",
    "Builder",
    "Disagreement",
    "Facts",
    "Family",
    "Guest",
    "ImpossibleOption",
    "Paper",
    "Published",
    "Said",
    "Shape",
    "UnknownNetwork",
    "build",
    "build_on_meta",
    "facts",
    "families",
    "guest",
    "input_shape",
    "library_names",
    "names",
    "own_names",
    "own_problems",
    "resolve",
    "welcome",
]
