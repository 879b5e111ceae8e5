"""How the learning rate changes from step to step, as a share of the largest one.

They are PyTorch's `OneCycleLR` (cosine, no change of momentum; Smith, Topin 2017, arXiv 1708.07120),
`CosineAnnealingLR` and `MultiStepLR`, as functions of the step: an interrupted run needs no more than its
number.
"""

import math
from collections.abc import Callable

RISING = 0.3  # the share of the steps in which one cycle rises
BEGINNING, END = 1 / 25, 1 / 25 / 1e4


def one_cycle(step: int, steps: int) -> float:
    """Return the share at a step (from 0) of so many: from 1/25 up to 1, then down to almost nothing."""
    top = max(RISING * steps - 1, 0.0)
    if step < top:
        return _between(BEGINNING, 1.0, step / top)
    return _between(1.0, END, (step - top) / max(steps - 1 - top, 1e-9))


def _between(first: float, last: float, share: float) -> float:
    return last + (first - last) / 2 * (1 + math.cos(math.pi * share))


def cosine(step: int, steps: int) -> float:
    """Return the share at a step: half a wave, from 1 down to 0 after the last step."""
    return _between(1.0, 0.0, step / steps)


def in_steps(step: int, steps: int) -> float:
    """Return the share at a step: 1, a tenth after a half of the steps, a hundredth after three quarters."""
    return 0.1 ** sum(step >= math.ceil(share * steps) for share in (0.5, 0.75))


def constant(_step: int, _steps: int) -> float:
    """Return 1."""
    return 1.0


SCHEDULES: dict[str, Callable[[int, int], float]] = {
    "one-cycle": one_cycle,
    "cosine": cosine,
    "steps": in_steps,
    "constant": constant,
}
