"""Methods that change how gradients pass ReLUs: guided backpropagation, deconvolution, guided Grad-CAM.

They put hooks on a stand-in of the network, which is lent to one thread at a time. This module imports
PyTorch and Captum.
"""

import warnings

import torch
from captum.attr import Deconvolution, GuidedBackprop
from torch import Tensor

from cnnlab.inspection.attribution.at_layer import grad_cam
from cnnlab.inspection.attribution.preparing import stand_in
from cnnlab.inspection.attribution.scored import as_any, with_gradient
from cnnlab.inspection.attribution.tasks import Task

# Captum tells at every call that it sets hooks; here they are on nobody's network.
warnings.filterwarnings("ignore", r"\s*Setting (forward, )?backward hooks", UserWarning)


def guided_backprop(task: Task) -> Tensor:
    """Return what is left of the gradient where each ReLU lets only positive values back, C × H × W."""
    return _rectified(task, GuidedBackprop)


def deconvolution(task: Task) -> Tensor:
    """Return what comes back through rectifiers in place of the ReLUs' own gradients, C × H × W."""
    return _rectified(task, Deconvolution)


def _rectified(task: Task, method: type[GuidedBackprop] | type[Deconvolution]) -> Tensor:
    with stand_in(task.model) as standing:
        task.scored.model = standing
        return as_any(method(task.scored).attribute(with_gradient(task.x)))[0]


def guided_grad_cam(task: Task) -> Tensor:
    """Return guided backpropagation times Grad-CAM, C × H × W."""
    cam = grad_cam(task)
    return torch.as_tensor(guided_backprop(task)) * cam
