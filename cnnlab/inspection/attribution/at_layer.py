"""Methods that look at what a layer gives: Grad-CAM and layer conductance, through a graph, without hooks.

One pass gives the layer's output and the score; the gradient goes back to the layer and no further. This
module imports PyTorch.
"""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from cnnlab.inspection.attribution.graphs import Extractor, UnknownLayer, extractor
from cnnlab.inspection.attribution.quick import quick
from cnnlab.inspection.attribution.tasks import Task

_EMPTY = (
    "Everything in this layer speaks against the category, and only what speaks for it is kept: the map is "
    "empty. Try another layer or category."
)


def grad_cam(task: Task) -> Tensor:
    """Return Grad-CAM, enlarged to the picture, 1 × H × W."""
    activation, score = _seen(task, _through(task), task.x)
    (gradient,) = torch.autograd.grad(score.sum(), activation)
    weights = gradient.mean((2, 3), keepdim=True)
    cam = (weights * activation.detach()).sum(1, keepdim=True).relu()
    if not cam.any():
        task.notes.append(_EMPTY)
    return _enlarged(cam, task)


def conductance(task: Task) -> Tensor:
    """Return the layer's conductance summed over its channels, spread over the picture, 1 × H × W.

    The way from baseline to picture is walked in equal steps, as by Captum with `riemann_trapezoid`.
    """
    x, nothing = task.x, task.baseline
    steps = int(task.settings["steps"])
    through = _through(task)
    task.scored.look(x)
    found: Tensor | None = None
    before: tuple[Tensor, Tensor] | None = None
    scores: list[float] = []
    for alphas in torch.linspace(0, 1, steps + 1).split(task.at_once()):
        batch = nothing + alphas[:, None, None, None] * (x - nothing)
        activation, score = _seen(task, through, batch)
        (gradient,) = torch.autograd.grad(score.sum(), activation)
        scores += score.tolist()
        activation = activation.detach()
        if before is not None:
            activation, gradient = torch.cat([before[0], activation]), torch.cat([before[1], gradient])
        gained = (gradient[:-1] * activation.diff(dim=0)).sum((0, 1), keepdim=True)
        found = gained if found is None else found + gained
        before = activation[-1:], gradient[-1:]
    assert found is not None
    task.baseline_score, task.total = scores[0], float(found.sum())
    return _enlarged(found, task)


def _through(task: Task) -> Extractor:
    return extractor(task.model, task.layer, quick(task.model))


def _seen(task: Task, through: Extractor, x: Tensor) -> tuple[Tensor, Tensor]:
    activation, outputs = through(task.scored.begin(x))
    if activation.ndim != 4:
        raise UnknownLayer(
            f"The layer “{task.layer}” gives {' × '.join(map(str, activation.shape[1:]))} numbers, not maps; "
            "choose a layer before the picture is flattened."
        )
    return activation, task.scored.select(outputs)


def _enlarged(small: Tensor, task: Task) -> Tensor:
    size = task.picture.shape[2:]
    return interpolate(small, size, mode="bilinear", align_corners=False)[0]
