"""One step of learning: scores, loss, gradients, and the optimiser's change of the weights.

It does not know where batches come from, nor when a run ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnlab.training import chance
from cnnlab.training.devices import Device
from cnnlab.training.recipe import Recipe
from cnnlab.training.schedules import SCHEDULES
from cnnlab.training.stages import Stage

_MEASURED_VALUES = 32 * 3 * 224 * 224  # in the inputs of a batch that is only measured


def optimiser_for(stage: Stage, recipe: Recipe, device: Device) -> torch.optim.Optimizer:
    """Return the optimiser of a stage; every parameter that learns decays."""
    rate = recipe.learning_rate * stage.plan.rate
    groups = [{**one, "most": one["lr"]} for one in stage.groups(rate, recipe.slower)]
    fused = device.kind == "cuda" or None
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(
            groups, lr=rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay, fused=fused
        )
    return torch.optim.AdamW(groups, lr=rate, weight_decay=recipe.weight_decay, fused=fused)


@dataclass(slots=True, eq=False)
class Learner:
    """Changes what a stage lets learn, step by step.

    `steps` are those of the whole stage. `rate` is the last step's learning rate, of the head.
    """

    stage: Stage
    recipe: Recipe
    device: Device
    steps: int
    optimiser: torch.optim.Optimizer = field(init=False)
    rate: float = 0.0

    def __post_init__(self) -> None:
        self.optimiser = optimiser_for(self.stage, self.recipe, self.device)

    def step(self, batch: tuple[Tensor, Tensor], number: int, key: int) -> tuple[Tensor, Tensor]:
        """Learn from a batch; return its loss and how many answers were right, on the device.

        `number` is the step of the stage, from 0; dropout is drawn from the seed and `key`. Gradients stay
        until the next step, to be looked at.
        """
        share = SCHEDULES[self.recipe.schedule](number, self.steps)
        for group in self.optimiser.param_groups:
            group["lr"] = group["most"] * share
        self.rate = self.optimiser.param_groups[0]["lr"]
        return self.learned(batch, key)

    def learned(self, batch: tuple[Tensor, Tensor], key: int) -> tuple[Tensor, Tensor]:
        """Learn from a batch at the rates that are set; as `step`."""
        numbers, targets = batch
        self.optimiser.zero_grad(set_to_none=True)
        with chance.drawn(self.device, self.recipe.seed, chance.DROPOUT, key), self.device.autocast():
            scores = self.stage.part(numbers)
        scores = scores.float()
        loss = functional.cross_entropy(scores, targets, label_smoothing=self.recipe.smoothing)
        loss.backward()
        self.optimiser.step()
        wanted = targets if targets.ndim == 1 else targets.argmax(1)
        return loss.detach(), (scores.detach().argmax(1) == wanted).sum()


def gradient_norms(model: nn.Module) -> dict[str, float]:
    """Return the Euclidean norm of the gradient of each layer that learned, by the layer's name, in order."""
    squares: dict[str, Tensor] = {}
    for name, one in model.named_parameters():
        if one.grad is not None:
            layer = name.rpartition(".")[0]
            square = one.grad.float().square().sum()
            squares[layer] = squares[layer] + square if layer in squares else square
    if not squares:
        return {}
    norms = torch.stack(list(squares.values())).sqrt().tolist()
    return dict(zip(squares, norms, strict=True))


@torch.no_grad()
def probabilities(
    stage: Stage, count: int, device: Device, told: Callable[[], None] = lambda: None
) -> Tensor:
    """Return the probabilities of the validation pictures, float32, pictures × classes, on the device.

    `told` is called before each batch, and may raise to end it.
    """
    modes = {one: one.training for one in stage.part.modules()}
    stage.part.eval()
    numbers = stage.source.measured(slice(0, 1)).numel()
    at_once, scores = max(1, min(512, _MEASURED_VALUES // numbers)), []
    try:
        for at in range(0, count, at_once):
            told()
            with device.autocast():
                scores.append(stage.part(stage.source.measured(slice(at, at + at_once))))
    finally:
        for one, training in modes.items():
            one.training = training
    return torch.cat(scores).float().softmax(1)


def measured(found: Tensor, labels: Tensor) -> tuple[float, float]:
    """Return the mean cross-entropy, without smoothing, and the accuracy of probabilities."""
    right = found.gather(1, labels[:, None])[:, 0]
    loss = -right.clamp(min=1e-12).log().mean()
    right_ones = int((found.argmax(1) == labels).sum())
    return float(loss), right_ones / len(labels)
