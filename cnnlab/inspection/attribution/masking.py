"""Methods that cover parts of the picture and compare scores: only forward passes, no hooks.

They run on a quicker copy of the network where there is one (see `quick`). This module imports PyTorch,
Captum, scikit-image and scikit-learn.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from captum._utils.models.model import Model
from captum.attr import FeatureAblation, Lime, Occlusion, ShapleyValueSampling
from skimage.segmentation import slic
from sklearn.linear_model import Ridge
from torch import Tensor

from cnnlab.inspection.attribution.method import windows
from cnnlab.inspection.attribution.quick import quick
from cnnlab.inspection.attribution.scored import as_any
from cnnlab.inspection.attribution.tasks import Task


def occlusion(task: Task) -> Tensor:
    """Return how far the score falls when a square is covered, 1 × H × W."""
    channels, height, width = task.picture.shape[1:]
    window, stride = windows(task.settings, min(height, width))
    _hurry(task)
    with torch.inference_mode():
        found = Occlusion(task.scored).attribute(
            task.x,
            sliding_window_shapes=(channels, window, window),
            strides=(channels, stride, stride),
            baselines=task.baseline,
            perturbations_per_eval=task.at_once(),
        )
        return as_any(found)[0, :1].float().clone()


def ablation(task: Task) -> Tensor:
    """Return how far the score falls when a superpixel is taken away, 1 × H × W."""
    _hurry(task)
    with torch.inference_mode():
        found = FeatureAblation(task.scored).attribute(
            task.x, task.baseline, feature_mask=parts(task), perturbations_per_eval=task.at_once()
        )
        return as_any(found)[0, :1].float().clone()


def shapley(task: Task) -> Tensor:
    """Return sampled Shapley values of superpixels, 1 × H × W."""
    generator = task.generator
    cut = parts(task)
    count = int(cut.max()) + 1
    task.scored.expected = count * int(task.settings["orders"]) + 2
    _hurry(task)

    def orders(num_features: int, num_samples: int) -> Iterator[list[int]]:
        return (torch.randperm(num_features, generator=generator).tolist() for _ in range(num_samples))

    with torch.inference_mode():
        x, nothing = task.look_at_both()
        sampling = ShapleyValueSampling(task.scored)
        sampling.permutation_generator = orders
        found = as_any(
            sampling.attribute(
                x,
                nothing,
                feature_mask=cut,
                n_samples=int(task.settings["orders"]),
                perturbations_per_eval=task.at_once(),
            )
        )[0, :1].float()
        task.total = float(_one_each(found, cut).sum())
        return found.clone()


def lime(task: Task) -> Tensor:
    """Return LIME's coefficients of superpixels, 1 × H × W: a ridge regression, closer samples weigh more."""
    generator = task.generator

    def some_parts(_x: Tensor, num_interp_features: int, **_: object) -> Tensor:
        return torch.randint(2, (1, num_interp_features), generator=generator)

    _hurry(task)
    with torch.inference_mode():
        task.scored.look(task.x)
        found = Lime(task.scored, interpretable_model=_Linear(), perturb_func=some_parts).attribute(
            task.x,
            task.baseline,
            feature_mask=parts(task),
            n_samples=int(task.settings["samples"]),
            perturbations_per_eval=task.at_once(),
        )
        return as_any(found)[0, :1].float().clone()


class _Linear(Model):
    """A ridge regression; unlike Captum's, it reads its samples without drawing a random number."""

    def fit(self, train_data: Any, **_: object) -> None:
        """Fit to rows, scores and how much each row counts."""
        rows, scores, counts = (one.numpy() for one in train_data.dataset.tensors)
        self.fitted = Ridge(alpha=1.0).fit(rows, scores, sample_weight=counts)

    def representation(self) -> Tensor:
        """Return the coefficients."""
        return torch.as_tensor(self.fitted.coef_, dtype=torch.float32)

    def __call__(self, x: Any) -> Tensor:
        """Return what the line says; Captum does not ask."""
        return torch.from_numpy(self.fitted.predict(x.numpy()))


def parts(task: Task) -> Tensor:
    """Return the superpixel that each pixel belongs to, numbered from 0: 1 × 1 × H × W."""
    pixels = task.pixels
    found = slic(
        np.broadcast_to(pixels, (*pixels.shape[:2], 3)),
        n_segments=int(task.settings["segments"]),
        start_label=0,
        channel_axis=2,
    )
    _, numbered = np.unique(found, return_inverse=True)
    return torch.from_numpy(numbered.reshape(found.shape))[None, None]


def _one_each(values: Tensor, cut: Tensor) -> Tensor:
    """Return one value for each part."""
    found = torch.zeros(int(cut.max()) + 1)
    return found.scatter_(0, cut.flatten(), values.flatten())


def _hurry(task: Task) -> None:
    task.scored.model = quick(task.model)
