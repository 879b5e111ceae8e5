"""A network made ready to learn the classes of a data set: its weights, a new head, its blocks.

Every call makes a network of its own; nothing that others share is changed. It does not know data or how a
network learns.
"""

from dataclasses import dataclass, replace

import torch
from torch import nn

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled.models import BUNDLED
from cnnlab.inspection.flow_input import IMAGENET, PLAIN, Preparing
from cnnlab.inspection.weights import load
from cnnlab.training.blocks import Block, blocks_of
from cnnlab.training.built_models import PREFIX as BUILT
from cnnlab.training.heads import count_of_scores, replace_head, without_auxiliaries
from cnnlab.training.own_models import welcome_runs
from cnnlab.training.recipe import Recipe, UnsuitableRecipe


class NoTrainedWeights(CnnLabError):
    """A network was to go on learning that has learned nothing, as far as this machine knows."""


@dataclass(frozen=True, slots=True, eq=False)
class Trainable:
    """A network with a new head.

    Attributes:
        model: The network, float32, on the CPU, in evaluation mode; all of its parameters may learn.
        head: The name of the module that is new (`heads.Head`).
        blocks: Its other parts, from the picture to the scores.
        preparing: What is done to pixels; the whole picture is made as large as the input.
        side: Pixels a side that it reads.
        channels: 3 for colour, 1 for grey.
        classes: The names of its classes, in the order of its scores.
        source: Where its weights come from, in words; "" for random ones.
    """

    model: nn.Module
    head: str
    blocks: tuple[Block, ...]
    preparing: Preparing
    side: int
    channels: int
    classes: tuple[str, ...]
    source: str = ""

    @property
    def head_module(self) -> nn.Module:
        """Return the new head."""
        return self.model.get_submodule(self.head)


def network_for(recipe: Recipe, classes: tuple[str, ...]) -> Trainable:
    """Make the network that a recipe names, ready to learn these classes.

    Raises `NoTrainedWeights`, `UnsuitableRecipe`, `heads.NoHead`, and the zoo's errors.
    """
    welcome_runs()
    shape = zoo.input_shape(recipe.model)
    side, channels = recipe.size or shape[1], shape[0]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model, preparing, source = _weighted(recipe)
        without_auxiliaries(model)
        head = replace_head(model, len(classes), recipe.dropout)
    model.requires_grad_(True)
    model.eval()
    example = torch.zeros(1, channels, side, side)
    _checked(model, example, recipe, len(classes))
    blocks = blocks_of(model, head, example)
    return Trainable(model, head, blocks, preparing, side, channels, classes, source)


def _weighted(recipe: Recipe) -> tuple[nn.Module, Preparing, str]:
    """Return a network with the weights that the regime begins with; random ones are the library's own."""
    if recipe.regime == "scratch":
        return zoo.build(recipe.model), preparing_of(recipe.model), ""
    loaded = load(recipe.model)
    if recipe.model.startswith(BUILT):
        raise NoTrainedWeights(
            "Nobody has trained the network that you built, so there is nothing to go on from: train it from "
            "scratch."
        )
    if loaded.kind == "random":
        raise NoTrainedWeights(
            f"{recipe.model} has no trained weights on this machine, so there is nothing to go on from. "
            "Train it from scratch, choose another network, or fetch its weights: python -m cnnlab weights "
            f"fetch {recipe.model}"
        )
    return loaded.model, replace(loaded.preparing, margin=1.0), loaded.source


def preparing_of(name: str) -> Preparing:
    """Return what is done to pixels for a network that begins with random weights."""
    if name in BUNDLED:
        return BUNDLED[name].preparing
    return plain_preparing(zoo.input_shape(name)[0])


def plain_preparing(channels: int) -> Preparing:
    """Return what is done to pixels for a network that nobody has trained before."""
    return IMAGENET if channels == 3 else PLAIN


def _checked(model: nn.Module, example: torch.Tensor, recipe: Recipe, classes: int) -> None:
    side = example.shape[-1]
    try:
        count = count_of_scores(model, example)
    except RuntimeError as problem:
        raise UnsuitableRecipe(
            f"{recipe.model} cannot tell {classes} classes apart in pictures of {side} × {side} pixels: "
            f"{_first_line(problem)}. Leave the size at 0 for what it was made for, or take another network."
        ) from problem
    if count != classes:
        raise UnsuitableRecipe(f"{recipe.model} gives {count} scores, not one for each of {classes} classes.")


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0].rstrip(".")
