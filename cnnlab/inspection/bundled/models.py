"""Which networks come trained with CNN Lab, what their outputs stand for, and their weights.

The weights are files of safetensors in this folder, written by `python -m cnnlab.training.bundled_models`;
a card beside each says what it learned from and how well. Weights before training are drawn again from the
same seed. PyTorch and safetensors are imported when weights are asked for.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.inspection.flow_input import PLAIN, Preparing

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = Path(__file__).parent
DIGITS = tuple("0123456789")


class NoBundledWeights(CnnLabError):
    """There are no bundled weights of that name, or their file is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Bundled:
    """One bundled network: what its outputs stand for, how pictures are prepared, where training began."""

    name: str
    categories: tuple[str, ...]
    preparing: Preparing
    seed: int

    @property
    def weights(self) -> Path:
        """Return the file of its weights."""
        return FOLDER / f"{self.name}.safetensors"

    @property
    def card(self) -> Path:
        """Return the file that says what it learned from, how, and how well: Markdown."""
        return FOLDER / f"{self.name}.md"


_COLOUR = Preparing((0.5,) * 3, (0.25,) * 3)
BUNDLED = {
    one.name: one
    for one in (
        Bundled("shapes_plain", TRAINED, _COLOUR, seed=1),
        Bundled("shapes_residual", TRAINED, _COLOUR, seed=2),
        Bundled("digits_lenet", DIGITS, PLAIN, seed=3),
    )
}


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled networks, which are names of the zoo."""
    return tuple(BUNDLED)


def bundled(name: str) -> Bundled:
    """Return what there is to know of a bundled network; raises `NoBundledWeights` for another name."""
    if name not in BUNDLED:
        raise NoBundledWeights(f"No weights of `{name}` come with CNN Lab; those of {', '.join(BUNDLED)} do.")
    return BUNDLED[name]


def bundled_state(name: str, trained: bool = True) -> "dict[str, Tensor]":
    """Return a bundled network's weights by their names, as float32: learned ones, or those before training.

    Every call returns new tensors. Raises `NoBundledWeights`.
    """
    one = bundled(name)
    return _learned(one) if trained else _first(one)


def measured(name: str) -> dict[str, str]:
    """Return what the training script wrote into the file of weights: accuracy, pictures, seed, versions.

    Only the head of the file is read, without safetensors: its length as 8 bytes, then JSON.
    """
    path = bundled(name).weights
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            return dict(json.loads(file.read(min(length, 1_000_000)))["__metadata__"])
    except (OSError, ValueError, KeyError, struct.error) as problem:
        raise _unusable(path) from problem


def _learned(one: Bundled) -> "dict[str, Tensor]":
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        state = load_file(one.weights)
    except (OSError, SafetensorError) as problem:
        raise _unusable(one.weights) from problem
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def _first(one: Bundled) -> "dict[str, Tensor]":
    import torch

    with torch.random.fork_rng(devices=[]):  # the layers of PyTorch draw from its global generator
        torch.manual_seed(one.seed)
        return zoo.build(one.name).state_dict()


def _unusable(path: Path) -> NoBundledWeights:
    return NoBundledWeights(
        f"The weights {path.name} that come with CNN Lab are missing or damaged. Who looks after this server "
        "can install it again, or make them: `python -m cnnlab.training.bundled_models`."
    )
