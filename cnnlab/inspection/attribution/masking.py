"""Methods that cover parts of the picture and compare scores: only forward passes, no hooks.

They run on the shared network or, where that is quicker, on a fused copy of it (see `quick`). This module
imports PyTorch and Captum.
"""

import torch
from captum.attr import Occlusion
from torch import Tensor

from cnnlab.inspection.attribution.method import windows
from cnnlab.inspection.attribution.scored import as_any
from cnnlab.inspection.attribution.tasks import Task


def occlusion(task: Task) -> Tensor:
    """Return how far the score falls when a square is covered, 1 × H × W."""
    channels = task.pixels.shape[2]
    window, stride = windows(task.settings, min(task.pixels.shape[:2]))
    with torch.no_grad():
        found = Occlusion(task.scored).attribute(
            task.x,
            sliding_window_shapes=(channels, window, window),
            strides=(channels, stride, stride),
            baselines=task.baseline,
            perturbations_per_eval=task.at_once(),
        )
    return as_any(found)[0, :1].float()
