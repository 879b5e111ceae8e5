"""A trained network read back from a run's folder, as it was when the run ended.

The file of weights is safetensors: numbers only, with the classes and what is done to pixels beside them
(`results`). It does not know what is done with the network. PyTorch is imported when one is asked for.
"""

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow_input import Preparing
from cnnlab.training.recipe import Recipe, recipe_from
from cnnlab.training.run_folder import RunFolder

if TYPE_CHECKING:
    from torch import nn

MOST_HEAD_BYTES = 1_000_000


class NoTrainedNetwork(CnnLabError):
    """A run has no weights yet, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the file of weights says of them.

    Attributes:
        recipe: What was trained.
        head: The name of the module that gives the scores.
        side: Pixels a side that it reads.
        channels: 3 for colour, 1 for grey.
        classes: The names of its classes, in the order of its scores.
        preparing: What is done to pixels; pictures are resized bilinearly, as they were in training
            (`pictures`), whatever the weights that it began with were trained with.
    """

    recipe: Recipe
    head: str
    side: int
    channels: int
    classes: tuple[str, ...]
    preparing: Preparing

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """Return channels, height and width that it reads."""
        return self.channels, self.side, self.side


def written(folder: RunFolder) -> Written:
    """Return what a run's weights are said to be, without reading them; raises `NoTrainedNetwork`."""
    try:
        facts = {name: json.loads(text) for name, text in _metadata(folder).items()}
        return Written(
            recipe_from(facts["recipe"]),
            str(facts["head"]),
            int(facts["side"]),
            int(facts["channels"]),
            tuple(map(str, facts["classes"])),
            Preparing(tuple(map(float, facts["mean"])), tuple(map(float, facts["deviation"]))),
        )
    except FileNotFoundError as problem:
        raise NoTrainedNetwork(
            "This run has no trained weights: they are written when it ends. Wait for its end, or stop it; "
            "if it failed before, start it again."
        ) from problem
    except (OSError, ValueError, KeyError, TypeError, struct.error) as problem:
        raise _unreadable() from problem


def network_of(folder: RunFolder) -> "nn.Module":
    """Return a run's network with its trained weights, in evaluation mode; every call makes one of its own.

    Raises `NoTrainedNetwork`.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    said = written(folder)
    model = untrained(said)
    try:
        model.load_state_dict(load_file(folder.weights))
    except (OSError, RuntimeError, SafetensorError) as problem:
        raise _unreadable() from problem
    return model.requires_grad_(False).eval()


def untrained(said: Written) -> "nn.Module":
    """Return the same network with random weights; PyTorch's random numbers go on as before."""
    import torch

    from cnnlab.training.heads import replace_head, without_auxiliaries
    from cnnlab.training.own_models import welcome_runs

    welcome_runs()
    with torch.random.fork_rng(devices=[]):
        model = zoo.build(said.recipe.model)
        without_auxiliaries(model)
        replace_head(model, len(said.classes), said.recipe.dropout)
    return model.eval()


def _metadata(folder: RunFolder) -> dict[str, Any]:
    """Read the head of a file of safetensors: its length as 8 bytes, then JSON."""
    with folder.weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        return dict(json.loads(file.read(min(length, MOST_HEAD_BYTES)))["__metadata__"])


def _unreadable() -> NoTrainedNetwork:
    return NoTrainedNetwork(
        "The weights of this run cannot be read: their file is damaged, or of another version of CNN Lab. "
        "Start the run again from its recipe."
    )
