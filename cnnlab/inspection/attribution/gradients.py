"""Methods that need nothing but gradients of the score: they run on the shared network, from any thread.

This module imports PyTorch and Captum.
"""

import torch
from captum.attr import InputXGradient, IntegratedGradients, Saliency
from torch import Tensor

from cnnlab.inspection.attribution.scored import as_any, with_gradient
from cnnlab.inspection.attribution.tasks import Task


def saliency(task: Task) -> Tensor:
    """Return the absolute gradient, C × H × W."""
    return as_any(Saliency(task.scored).attribute(with_gradient(task.x)))[0]


def input_x_gradient(task: Task) -> Tensor:
    """Return picture times gradient, C × H × W."""
    return as_any(InputXGradient(task.scored).attribute(with_gradient(task.x)))[0]


def integrated_gradients(task: Task) -> Tensor:
    """Return integrated gradients by Gauss–Legendre quadrature, C × H × W."""
    x, nothing = task.look_at_both()
    found = IntegratedGradients(task.scored).attribute(
        with_gradient(x),
        baselines=nothing,
        n_steps=int(task.settings["steps"]),
        internal_batch_size=task.at_once(),
    )
    return as_any(found)[0].float()


def smoothgrad(task: Task) -> Tensor:
    """Return the mean of saliency maps of noisy copies, C × H × W.

    Captum's noise tunnel draws from the random numbers of the whole process; here the draw has its own.
    """
    x, generator = task.x, task.generator
    task.scored.look(x)
    samples = int(task.settings["samples"])
    deviation = float(task.settings["sigma"]) * float(x.max() - x.min())
    total = torch.zeros_like(x)
    for begin in range(0, samples, task.at_once()):
        count = min(task.at_once(), samples - begin)
        noise = torch.randn((count, *x.shape[1:]), generator=generator) * deviation
        total += as_any(Saliency(task.scored).attribute(with_gradient(x + noise))).sum(0, keepdim=True)
    return total[0] / samples
