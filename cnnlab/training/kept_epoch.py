"""The epoch whose weights a run has kept: the last one, or with early stopping the best one.

It reads what a run told and loads no PyTorch; the engine decides it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE


def kept_epoch(recipe: Recipe, state: str, epochs: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return what was measured of the epoch whose weights a run has; empty before the first one.

    With early stopping a run that is done has those of the first epoch with the least validation loss; a run
    that was stopped by hand, or still goes on, those of its last one.
    """
    if not epochs:
        return {}
    if not recipe.patience or state != DONE:
        return epochs[-1]
    return min(epochs, key=lambda one: one["loss"] if one.get("loss") is not None else float("inf"))
