"""What a method gets to work with: network, picture, settings, layer; and what it notes on the way.

This module imports PyTorch.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.method import Value
from cnnlab.inspection.attribution.scored import Scored
from cnnlab.inspection.flow_input import Preparing

_PIXELS_AT_ONCE = 4 * 224 * 224
_MOST_AT_ONCE = 32


@dataclass(slots=True, eq=False)
class Task:
    """One map to be made.

    `picture` is what the network reads, 1 × C × H × W; `scored` counts and stops. A method sets
    `baseline_score` where it knows it, `total` where the parts do not add up pixel by pixel, and `notes` for
    the learner.
    """

    model: nn.Module
    picture: Tensor
    preparing: Preparing
    settings: dict[str, Value]
    layer: str
    scored: Scored
    baseline_score: float | None = None
    total: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def x(self) -> Tensor:
        """The picture as the network's numbers, 1 × C × H × W; a copy."""
        return self.picture.detach().clone()

    @property
    def pixels(self) -> np.ndarray:
        """The picture as pixels, H × W × C, uint8; what is beyond black and white is cut off."""
        return pixels_of(self.picture, self.preparing)

    @property
    def baseline(self) -> Tensor:
        """The picture that stands for nothing, in the same form."""
        return baseline(
            str(self.settings["baseline"]), self.pixels, self.preparing, int(self.settings.get("seed", 0))
        )

    @property
    def generator(self) -> torch.Generator:
        """The draw's own random numbers: nobody else's are touched."""
        return torch.Generator().manual_seed(int(self.settings["seed"]))

    def at_once(self) -> int:
        """Return how many pictures to pass at once: few large ones, since a processor's cache is small."""
        height, width = self.picture.shape[2:]
        depthwise = any(isinstance(one, nn.Conv2d) and one.groups > 8 for one in self.model.modules())
        return max(1, min(_MOST_AT_ONCE, _PIXELS_AT_ONCE // (height * width) // (2 if depthwise else 1)))

    def look_at_both(self) -> tuple[Tensor, Tensor]:
        """Return picture and baseline, having looked up both scores."""
        x, nothing = self.x, self.baseline
        _, self.baseline_score = self.scored.look(x, nothing)
        return x, nothing


def pixels_of(x: Tensor, preparing: Preparing) -> np.ndarray:
    """Return the pixels that a network's numbers stand for, H × W × C, uint8; undoes `numbers`."""
    mean, deviation = (np.asarray(one, np.float32) for one in (preparing.mean, preparing.deviation))
    values = x[0].detach().numpy().transpose(1, 2, 0) * deviation + mean
    return np.rint(values * 255).clip(0, 255).astype(np.uint8)
