"""Does a map still look the same when the network has forgotten what it learnt?

From the last layer down, weights are drawn anew, and the map is made again (Adebayo et al. 2018, cascading
randomisation). A map that stays the same does not depend on what was learnt. One that changes is not right
for that: chance changes, too (Binder et al. 2022). This module imports PyTorch.
"""

import copy
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from cnnlab.inspection.attribution.truth import Explain, Subject, UnsuitableTest, silent
from cnnlab.inspection.attribution.truth_maps import rank_correlation, size_of, structural_similarity
from cnnlab.inspection.weights_random import calibrate, redraw
from cnnlab.inspection.work import Progress

MOST_STAGES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a map looks like with all layers from `first` to the end drawn anew.

    `rank` is Spearman's correlation of the sizes with those of the trained network's map, `similarity` their
    structural similarity; None where a map is empty. `map` is as the method gives it.
    """

    first: str
    layers: int
    rank: float | None
    similarity: float | None
    probability: float
    map: np.ndarray


def weighted_layers(model: nn.Module) -> list[str]:
    """Return the names of convolutions and linear layers in the order in which they are defined."""
    kinds = (nn.modules.conv._ConvNd, nn.Linear)
    return [name for name, one in model.named_modules() if isinstance(one, kinds)]


def starts(layers: list[str], most: int = MOST_STAGES) -> list[str]:
    """Return the first layer of each stage, from the last layer alone to the whole network.

    >>> starts(list("abcdefghi"), 3)
    ['i', 'e', 'a']
    """
    places = np.linspace(len(layers) - 1, 0, min(most, len(layers))).round().astype(int)
    return [layers[place] for place in places]


def randomised_from(subject: Subject, first: str, seed: int = 0) -> nn.Module:
    """Return a copy of the network whose layers from `first` on are drawn anew; the same seed, the same ones.

    Batch normalisation among them takes its statistics from the picture and its mirror images, so that values
    neither vanish nor explode.
    """
    model = copy.deepcopy(subject.model)
    generator = torch.Generator().manual_seed(seed)
    names = [name for name, _ in model.named_modules()]
    forgotten = [model.get_submodule(name) for name in names[names.index(first) :]]
    for module in forgotten:
        redraw(module, generator)
    x = subject.values
    calibrate(model, forgotten, torch.cat([x, x.flip(2), x.flip(3), x.flip(2, 3)]))
    return model


def randomisation(
    explain: Explain, subject: Subject, seed: int = 0, most: int = MOST_STAGES, progress: Progress = silent
) -> tuple[np.ndarray, tuple[Stage, ...]]:
    """Return the trained network's map, and what becomes of it at each stage, from the last layer down.

    `progress` hears of each map and may raise to end it. Raises UnsuitableTest for a network without weights.
    """
    layers = weighted_layers(subject.model)
    if not layers or most < 1:
        raise UnsuitableTest(
            f"{len(layers)} layers with weights in {most} stages: there is nothing to draw anew. Choose a "
            "network with convolutions or linear layers, and at least 1 stage."
        )
    firsts = starts(layers, most)
    progress("The trained network", 0, len(firsts) + 1)
    trained = explain(subject.model, subject.values, subject.target)
    stages = []
    for number, first in enumerate(firsts, 1):
        progress(f"Drawn anew from {first} on", number, len(firsts) + 1)
        model = randomised_from(subject, first, seed)
        found = explain(model, subject.values, subject.target)
        stages.append(_stage(replace(subject, model=model), found, trained, layers[layers.index(first) :]))
    return trained, tuple(stages)


def _stage(subject: Subject, found: np.ndarray, trained: np.ndarray, layers: list[str]) -> Stage:
    now, before = size_of(found), size_of(trained)
    return Stage(
        layers[0],
        len(layers),
        rank_correlation(now, before),
        structural_similarity(now, before),
        float(subject.probabilities(subject.values)[0, subject.target]),
        found,
    )
