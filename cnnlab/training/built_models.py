"""Networks that learners built on the page of architectures, to be trained: `built:` before their text.

They begin with random weights. It loads no PyTorch before a network is made, and does not know the notation.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from cnnlab import zoo
from cnnlab.building import build
from cnnlab.errors import CnnLabError

if TYPE_CHECKING:
    from torch import nn

    from cnnlab.inspection.weights import Loaded

PREFIX = "built:"
MOST_PARAMETERS = 50_000_000
NOWHERE = Path("/dev/null/no file")


class NotTrainable(CnnLabError):
    """A text that is no network, or one that cannot learn to classify pictures."""


def welcome_built() -> None:
    """Let built networks be found by their names, from now on in this process."""
    zoo.welcome(PREFIX, find)


def find(name: str) -> zoo.Guest:
    """Return the network of a text; raises `NotTrainable` and what `building.build` raises."""
    built = build(name.removeprefix(PREFIX))
    shape = built.replayed.input_shape
    if built.misfit is not None:
        raise NotTrainable(built.sentence)
    if len(shape) != 3 or shape[0] not in (1, 3) or shape[1] != shape[2]:
        raise NotTrainable(
            f"This network reads {' × '.join(map(str, shape))}; pictures to learn from are square, with 3 "
            "channels or 1. Change its input, such as to 3x64x64."
        )
    if built.replayed.parameters > MOST_PARAMETERS:
        raise NotTrainable(
            f"This network has {built.replayed.parameters:,} parameters; at most {MOST_PARAMETERS:,} can be "
            "trained here. Let a pool make the maps smaller before a dense layer."
        )

    def network() -> "nn.Module":
        from cnnlab.training.built_modules import made

        return made(built.root).eval()

    def loaded() -> "Loaded":
        from cnnlab.inspection.weights import Loaded
        from cnnlab.training.networks import plain_preparing

        return Loaded(network(), "random", plain_preparing(shape[0]))

    facts = zoo.Facts(name, "the network that you built", "", zoo.Builder("built", name), shape)
    return zoo.Guest(facts, NOWHERE, NOWHERE, network, loaded)
