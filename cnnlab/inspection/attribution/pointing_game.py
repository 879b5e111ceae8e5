"""The pointing game over many pictures: how often does a method's strongest pixel lie on the shape?

The pictures are drawn anew, so it is known where each shape is; what is explained is the true category, as in
Zhang et al. 2016. Only networks that know these shapes can play. This module imports PyTorch.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.running import Question, attribute_pixels
from cnnlab.inspection.attribution.truth import silent
from cnnlab.inspection.attribution.truth_maps import controls
from cnnlab.inspection.attribution.truth_pointing import Played, pointing
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.inspection.bundled.shapes import render
from cnnlab.inspection.weights import Models
from cnnlab.inspection.work import Progress

PICTURES = 2 * len(TRAINED)  # two of each shape
SEED = 2016
INSIDE = 0.5  # of a pixel is the shape


class CannotPlay(CnnLabError):
    """A network that does not know the shapes of which it is known where they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """The pictures of the game.

    `pixels` are uint8, pictures × 64 × 64 × 3, `shapes` which category each shows, and `masks` where the
    shape is, pictures × 64 × 64, true inside.
    """

    pixels: np.ndarray
    shapes: tuple[int, ...]
    masks: np.ndarray


@lru_cache(maxsize=2)
def board(pictures: int = PICTURES) -> Board:
    """Return the first pictures of the game; always the same ones, one of each shape after the other."""
    shapes = torch.arange(pictures) % len(TRAINED)
    drawn = render(shapes, torch.Generator().manual_seed(SEED))
    pixels = drawn.pixels.permute(0, 2, 3, 1).numpy()
    return Board(pixels, tuple(shapes.tolist()), drawn.masks.numpy() > INSIDE)


def play(question: Question, models: Models, progress: Progress = silent, pictures: int = PICTURES) -> Played:
    """Return where a method points in each picture; the question's own picture and category do not matter.

    `progress` hears of each picture and may raise to end it, in the middle of a map, too. Raises CannotPlay.
    """
    progress("Loading the network", 0, pictures)
    loaded = models.get(question.model)
    if loaded.categories != TRAINED:
        raise CannotPlay(
            f"{question.model} does not know the {len(TRAINED)} shapes of which it is known where they are. "
            "Choose “Shapes, plain” or “Shapes, residual”."
        )
    game, found = board(pictures), []
    for at, shape in enumerate(game.shapes):

        def tell(_doing: str, _done: int, _total: int, at: int = at) -> None:
            progress(f"Picture {at + 1} of {pictures}", at, pictures)

        tell("", 0, 0)
        made = attribute_pixels(loaded, game.pixels[at], replace(question, target=shape), tell)
        found.append(pointing(made.values, game.masks[at]))
    return Played(tuple(found), game.pixels, game.masks)


def play_blindly(pictures: int = PICTURES) -> dict[str, Played]:
    """Return where maps point that know nothing of a network, by the name that a learner reads."""
    game = board(pictures)
    each = [controls(game.pixels[at], seed=at) for at in range(pictures)]
    found = {
        name: tuple(pointing(maps[name], mask) for maps, mask in zip(each, game.masks, strict=True))
        for name in each[0]
    }
    return {name: Played(pointed, game.pixels, game.masks) for name, pointed in found.items()}
