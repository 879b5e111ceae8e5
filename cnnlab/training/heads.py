"""A new last layer for a network that was made for other classes.

What a network ends with differs: a linear layer by itself or at the end of several, or a convolution of 1 × 1
whose maps are averaged behind it (SqueezeNet) or before it (timm's ResNet v2 and DPN). Whatever it is, it
gives way to `Head`: dropout, then a linear layer. It does not know where weights come from.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnlab.errors import CnnLabError


class NoHead(CnnLabError):
    """A network that does not end with a layer of one output a class."""


class Head(nn.Sequential):
    """Dropout and a linear layer; maps that come in are averaged over height and width before.

    The same can be built of `nn` alone: `Sequential(AdaptiveAvgPool2d(1), Flatten(), Dropout(p), Linear(…))`,
    without the first two where the network averages by itself.
    """

    def __init__(self, features: int, classes: int, dropout: float, averaged: bool) -> None:
        """Make it with weights as `nn.Linear` begins, drawn from PyTorch's global generator."""
        before = [nn.AdaptiveAvgPool2d(1), nn.Flatten()] if averaged else []
        super().__init__(*before, nn.Dropout(dropout), nn.Linear(features, classes))

    def forward(self, input: Tensor) -> Tensor:
        """Return a score for each class; features that were averaged before are taken as they are."""
        for layer in list(self)[0 if input.ndim == 4 else -2 :]:
            input = layer(input)
        return input


@dataclass(frozen=True, slots=True)
class LastLayer:
    """The layer that gives the scores: its place in the network and the numbers that it reads.

    `place` is the module that gives way; it may be more than the layer (SqueezeNet's average is part of it).
    """

    place: str
    features: int
    averaged: bool


def last_layer(model: nn.Module) -> LastLayer:
    """Find the layer that gives the scores; raises `NoHead`."""
    weighted = [(name, one) for name, one in model.named_modules() if isinstance(one, nn.Linear | nn.Conv2d)]
    if not weighted:
        raise NoHead("This network has no layer with weights, so there is nothing that could learn.")
    name, layer = weighted[-1]
    if isinstance(layer, nn.Linear):
        return LastLayer(name, layer.in_features, averaged=False)
    parent = name.rpartition(".")[0]
    beside = list(model.get_submodule(parent).children())
    if (
        layer.kernel_size == (1, 1)
        and parent
        and any(isinstance(one, nn.AdaptiveAvgPool2d) for one in beside)
    ):
        return LastLayer(parent, layer.in_channels, averaged=True)
    if layer.kernel_size == (1, 1) and any(isinstance(one, nn.Flatten) for one in _behind(beside, layer)):
        return LastLayer(name, layer.in_channels, averaged=True)
    raise NoHead(
        "This network ends with a convolution, not with one score a class, so it cannot be given new "
        "classes. Choose a network that classifies."
    )


def _behind(modules: list[nn.Module], layer: nn.Module) -> list[nn.Module]:
    return modules[[one is layer for one in modules].index(True) + 1 :]


def replace_head(model: nn.Module, classes: int, dropout: float) -> str:
    """Put a new head into a network and return its place; raises `NoHead`."""
    found = last_layer(model)
    parent, _, name = found.place.rpartition(".")
    holder = model.get_submodule(parent)
    _no_dropout_before(holder, name)
    head = Head(found.features, classes, dropout, found.averaged)
    if not name:
        raise NoHead("This network is its last layer alone; give it layers before, for features to be used.")
    setattr(holder, name, head)
    return found.place


def _no_dropout_before(holder: nn.Module, name: str) -> None:
    """Turn off the network's own dropout right before the new head: the recipe's takes its place."""
    before = None
    for child, module in holder.named_children():
        if child == name and isinstance(before, nn.Dropout):
            before.p = 0.0
        before = module


def without_auxiliaries(model: nn.Module) -> None:
    """Take away classifiers beside the main one, which GoogLeNet and Inception have while they learn."""
    for name in ("aux1", "aux2", "AuxLogits"):
        if getattr(model, name, None) is not None:
            setattr(model, name, None)
    if hasattr(model, "aux_logits"):
        model.aux_logits = False  # pyright: ignore[reportArgumentType]


def scores_of(output: object) -> Tensor:
    """Return the scores: some networks give several results while they learn, the scores first."""
    if isinstance(output, Tensor):
        return output
    raise NoHead("This network gives several results at once, not one score a class.")


@torch.no_grad()
def count_of_scores(model: nn.Module, example: Tensor) -> int:
    """Return how many scores a network gives for a picture."""
    return scores_of(model(example)).shape[1]
