"""A push on every pixel, too small to be seen, that changes what the network says.

`fgsm` takes one step along the sign of the gradient of the loss (Goodfellow, Shlens and Szegedy 2014), `pgd`
several small ones (Madry et al. 2017). Sizes are in steps of 256 of a pixel's brightness, as in a file. The
network is only called; nothing is attached to it. This module imports PyTorch.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from cnnlab.inspection.attribution.truth import Subject, UnsuitableTest, silent
from cnnlab.inspection.work import Progress

MOST_EPSILON = 64.0
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Push:
    """How hard to push: every pixel by at most `epsilon`/255.

    Away from the subject's category or, with `towards`, to another one. With more than one of `steps`, each
    goes `pace`/255 far, from a random start within epsilon that `seed` draws.
    """

    epsilon: float = 2.0
    towards: int | None = None
    steps: int = 1
    pace: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Pushed:
    """The pushed picture and what the network says of both.

    `values` is what the network reads, 1 × C × H × W, `pixels` the same from 0 to 255, H × W × C, float32.
    With whole numbers for epsilon and pace, a step of FGSM gives whole pixels, which a file can hold.
    `before` and `after` are the probabilities of all categories.
    """

    values: Tensor
    pixels: np.ndarray
    before: np.ndarray
    after: np.ndarray


def fgsm(subject: Subject, push: Push) -> Pushed:
    """Push once, as far as epsilon allows: x + ε · sign(∂ loss / ∂x), kept between dark and bright."""
    return pushed(subject, Push(push.epsilon, push.towards, 1, push.epsilon, push.seed))


def pushed(subject: Subject, push: Push, progress: Progress = silent) -> Pushed:
    """Push in as many steps as asked for; one step is FGSM's, more are PGD's.

    `progress` hears of each step and may raise to end it. Raises UnsuitableTest for sizes that are not
    allowed or a category that the network does not tell.
    """
    before = subject.probabilities(subject.values)[0]
    _check(push, len(before))
    least, most = subject.limits()
    unit = subject.contrast() / 255
    x = subject.values.detach()
    low = torch.maximum(x - push.epsilon * unit, least)
    high = torch.minimum(x + push.epsilon * unit, most)
    if push.steps > 1:
        generator = torch.Generator().manual_seed(push.seed)
        start = torch.rand(x.shape, generator=generator) * 2 - 1
        x = (x + push.epsilon * unit * start).clamp(low, high)
    for step in range(push.steps):
        progress("Pushing", step, push.steps)
        x = (x + push.pace * unit * _direction(subject, x, push.towards)).clamp(low, high)
    pixels = (x - least) / (most - least) * 255
    return Pushed(x, pixels[0].permute(1, 2, 0).cpu().numpy(), before, subject.probabilities(x)[0])


def usual_pace(epsilon: float, steps: int) -> float:
    """Return how far each of several steps goes, in steps of 255: enough to go from edge to edge, and back.

    >>> usual_pace(2, 10)
    0.5
    """
    return 2.5 * epsilon / steps


def _direction(subject: Subject, x: Tensor, towards: int | None) -> Tensor:
    """Return where the loss grows, or, towards a category, where its loss falls: −1, 0 or 1 each."""
    aim = subject.target if towards is None else towards
    with torch.enable_grad():
        x = x.detach().clone().requires_grad_()
        loss = cross_entropy(subject.model(x).flatten(1), torch.tensor([aim], device=x.device))
        (gradient,) = torch.autograd.grad(loss, x)
    return gradient.sign() if towards is None else -gradient.sign()


def _check(push: Push, categories: int) -> None:
    if not (0 < push.epsilon <= MOST_EPSILON and push.pace > 0 and 1 <= push.steps <= MOST_STEPS):
        raise UnsuitableTest(
            f"A push of {push.epsilon:g}/255 in {push.steps} steps of {push.pace:g}/255 cannot be made; take "
            f"over 0 and at most {MOST_EPSILON:g}/255, in 1 to {MOST_STEPS} steps over 0."
        )
    if push.towards is not None and not 0 <= push.towards < categories:
        raise UnsuitableTest(
            f"The network tells {categories} categories, numbered from 0; {push.towards} is none of them. "
            "Choose one of its categories."
        )
