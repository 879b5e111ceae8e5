"""A network as methods see it: pictures in, one score each out; passes are counted and can be stopped.

The score is that of one category, before softmax. It does not know methods. This module imports PyTorch.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from cnnlab.errors import CnnLabError

Progress = Callable[[str, int, int], None]


class NoSuchCategory(CnnLabError):
    """A category was asked for that the network does not tell."""


class Scored(nn.Module):
    """Calls a network, picks the score of `target`, and counts pictures forward and backward.

    Where `target` is negative, it becomes the most likely category of the first picture that passes.
    `progress` hears of every call before it is made, and may raise to end the work.
    """

    def __init__(
        self, model: nn.Module | Callable[[Tensor], Tensor], target: int, progress: Progress
    ) -> None:
        super().__init__()
        self.model = model
        self.target = target
        self.progress = progress
        self.expected = 1
        self.forwards = self.backwards = 0
        self.first: Tensor | None = None
        self.dense = isinstance(model, nn.Module) and dense(model)

    def forward(self, x: Tensor) -> Tensor:
        """Return one score for each picture: N × C × H × W -> N."""
        return self.select(self.model(self.begin(x)))

    def begin(self, x: Tensor) -> Tensor:
        """Say that pictures are about to pass, count them, and lay them out as processors like it best."""
        self.progress("Computing", min(self.forwards, self.expected), self.expected)
        self.forwards += len(x)
        side_by_side = not (x.requires_grad and self.dense)
        return x.contiguous(memory_format=torch.channels_last) if side_by_side else x

    def select(self, outputs: Tensor) -> Tensor:
        """Return the score of the category; remember the first ones."""
        outputs = outputs.flatten(1)
        if self.target < 0:
            self.target = int(outputs[0].argmax())
        if self.target >= outputs.shape[1]:
            raise NoSuchCategory(
                f"The network tells {outputs.shape[1]} categories, numbered from 0; {self.target} is none of "
                "them. Choose one of its categories."
            )
        scores = outputs[:, self.target]
        if self.first is None:
            self.first = scores.detach().clone()
        if scores.requires_grad:
            scores.register_hook(self._count)
        return scores

    def _count(self, gradient: Tensor) -> None:
        self.backwards += len(gradient)

    @torch.no_grad()
    def look(self, *pictures: Tensor) -> list[float]:
        """Return the scores of pictures."""
        return [float(score) for score in self(torch.cat(pictures))]


def dense(model: nn.Module) -> bool:
    """Whether a network has wide, dense convolutions: channels side by side slow their gradients down."""
    convolutions = [one for one in model.modules() if isinstance(one, nn.Conv2d)]
    return any(one.groups == 1 and max(one.kernel_size) > 1 and one.in_channels > 64 for one in convolutions)


def with_gradient(x: Tensor) -> Tensor:
    """Return a copy whose gradient can be asked for."""
    return x.detach().clone().requires_grad_()


def as_any(value: Any) -> Any:
    """Say nothing about a type that a library declares too narrowly."""
    return value
