"""One step of learning at a time: what went in, what came out, and how far each layer's weights moved.

The steps are those of the run with the same recipe and pictures: the same batches, the same distortions, the
same changes of the weights. Frozen layers are not asked once for all but at each step, so that no step has to
wait for all pictures. It does not know who looks. Imports PyTorch.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from cnnlab.errors import CnnLabError
from cnnlab.training import chance
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.learning import Learner, gradient_norms
from cnnlab.training.networks import Trainable
from cnnlab.training.picture_set import SplitSet
from cnnlab.training.recipe import Recipe
from cnnlab.training.setting_up import brought
from cnnlab.training.sources import FromPictures
from cnnlab.training.stages import Maker, Plan, Stage, plans

MOST_STEPS = 60
MOST_PICTURES = 32  # of a batch that are told one by one


class NoSuchStep(CnnLabError):
    """A step that the first stage of a run does not have, or that is too far to be looked at alone."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What a step did to a layer: Euclidean norms of its gradient, its weights before, and their change."""

    name: str
    gradient: float
    weights: float
    moved: float


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A step.

    Attributes:
        number: From 1.
        steps: How many the stage has.
        rows: The rows of the batch's first pictures among those that are learned from.
        labels: Their classes.
        pictures: The same, uint8, as the network reads them, before mean and deviation: B × side × side × 3.
        mean: The mean of the numbers that the network reads, over the whole batch.
        deviation: Their standard deviation.
        loss: Of the whole batch, as it was learned from.
        rate: The learning rate of the head.
        before: Probabilities before the step, at rest: B × classes.
        after: Probabilities after it.
        layers: What was changed, from the picture to the scores.
    """

    number: int
    steps: int
    rows: np.ndarray
    labels: np.ndarray
    pictures: np.ndarray
    mean: float
    deviation: float
    loss: float
    rate: float
    before: np.ndarray
    after: np.ndarray
    layers: tuple[Layer, ...]


@dataclass(slots=True, eq=False)
class Microscope:
    """Takes the steps of a run's first stage one by one, and remembers them."""

    trainable: Trainable
    pictures: FromPictures
    learner: Learner
    seed: int
    batch: int
    taken: list[Step] = field(default_factory=list)

    def step(self, number: int) -> Step:
        """Return a step, from 1; those before it are taken first. Raises `NoSuchStep`."""
        last = min(self.learner.steps, MOST_STEPS)
        if not 1 <= number <= last:
            raise NoSuchStep(f"Steps 1 to {last} can be looked at one by one; {number} was asked for.")
        while len(self.taken) < number:
            self.taken.append(self._next())
        return self.taken[number - 1]

    def _next(self) -> Step:
        number = len(self.taken)
        rows, epoch = self._rows(number)
        batch = self.pictures.batch(rows, epoch, number)
        model, numbers = self.trainable.model, batch[0]
        few = numbers[:MOST_PICTURES]
        before, weights = _at_rest(model, few), _weights(model)
        loss, _ = self.learner.step(batch, number, number)
        mean, deviation = float(numbers.mean()), float(numbers.std())
        return Step(
            number + 1,
            self.learner.steps,
            rows[:MOST_PICTURES],
            self.pictures.training.labels[rows[:MOST_PICTURES]].numpy(),
            self._seen(few),
            mean,
            deviation,
            float(loss),
            self.learner.rate,
            before,
            _at_rest(model, few),
            _changes(model, weights),
        )

    def _rows(self, number: int) -> tuple[np.ndarray, int]:
        """Return the pictures of a step (from 0), and its epoch (from 0)."""
        count = len(self.pictures.training)
        a_epoch = len(chance.batches(np.arange(count), self.batch))
        epoch, place = divmod(number, a_epoch)
        return chance.batches(chance.order(self.seed, epoch, count), self.batch)[place], epoch

    def _seen(self, numbers: Tensor) -> np.ndarray:
        preparing = self.trainable.preparing
        mean, deviation = numbers.new_tensor([preparing.mean, preparing.deviation])[..., None, None]
        pixels = (255 * (numbers * deviation + mean)).round().clamp(0, 255).to(torch.uint8)
        return pixels.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).contiguous().numpy()


def microscope(recipe: Recipe, data: SplitSet) -> Microscope:
    """Return a microscope at the beginning of a run; raises what the run would raise."""
    few = SplitSet(data.training, data.validation.chosen(np.arange(1)))  # the others are not looked at
    trainable, pictures = brought(few, recipe, PLAIN_CPU)
    plan = plans(recipe)[0]
    stage = _stage(plan, trainable, pictures, recipe)
    stage.begin(trainable.model)
    batches = len(chance.batches(np.arange(len(pictures.training)), recipe.batch))
    learner = Learner(stage, recipe, PLAIN_CPU, plan.epochs * batches)
    return Microscope(trainable, pictures, learner, recipe.seed, recipe.batch)


def _stage(plan: Plan, trainable: Trainable, pictures: FromPictures, recipe: Recipe) -> Stage:
    """Return the stage in which the whole network is asked at each step, whatever part of it learns."""
    model, head = trainable.model, trainable.head_module
    if plan.part == "all":
        return Maker(trainable, pictures, recipe, PLAIN_CPU, lambda _done, _of: None).stage(plan)
    blocks = trainable.blocks[-recipe.blocks :] if plan.part == "blocks" else ()
    modules = [nn.ModuleList(model.get_submodule(name) for name in block.names) for block in blocks]
    return Stage(plan, model, (*modules, head), pictures)


@torch.no_grad()
def _at_rest(model: nn.Module, numbers: Tensor) -> np.ndarray:
    """Return probabilities as the network gives them when it does not learn; its modes stay as they are."""
    modes = {one: one.training for one in model.modules()}
    model.eval()
    try:
        return model(numbers).float().softmax(1).numpy()
    finally:
        for one, training in modes.items():
            one.training = training


def _weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: one.detach().clone() for name, one in model.named_parameters() if one.requires_grad}


def _changes(model: nn.Module, before: dict[str, Tensor]) -> tuple[Layer, ...]:
    now = dict(model.named_parameters())
    squares: dict[str, list[float]] = {}
    for name, old in before.items():
        layer = squares.setdefault(name.rpartition(".")[0], [0.0, 0.0])
        layer[0] += float(old.square().sum())
        layer[1] += float((now[name].detach() - old).square().sum())
    gradients = gradient_norms(model)
    return tuple(
        Layer(name, gradients.get(name, 0.0), weights**0.5, moved**0.5)
        for name, (weights, moved) in squares.items()
    )
