"""One step of learning at a time: what went in, what came out, and how far each layer's weights moved.

The steps are those of the run with the same recipe and pictures: the same batches, the same distortions, the
same changes of the weights. Frozen layers are not asked once for all but at each step, so that no step has to
wait for all pictures. Of each stage the first steps can be looked at; a second stage begins with what the run
has kept of the first one. It does not know who looks. Imports PyTorch.
"""

from collections.abc import Mapping, Sequence
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
from cnnlab.training.sources import FromCopies, FromPictures, Source
from cnnlab.training.stages import Maker, Plan, Stage, at_once, ends_with, plans

MOST_STEPS = 60  # of a stage
MOST_PICTURES = 32  # of a batch that are told one by one
MOST_PIXELS = 64  # a side, of pictures that are told


class NoSuchStep(CnnLabError):
    """A step that a run does not have, or that is too far to be looked at alone."""


class NotThereYet(CnnLabError):
    """A step of a second stage, for which the first one has to have ended."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The steps of a stage, by their numbers in the run, from 1.

    Attributes:
        part: What learns: "head", "blocks" or "all".
        first: The first one.
        last: The last one that can be looked at.
        end: The last one.
    """

    part: str
    first: int
    last: int
    end: int


def stretches(recipe: Recipe, count: int) -> tuple[Stretch, ...]:
    """Return the steps of each stage of a recipe that learns from so many pictures."""
    found, done = [], 0
    batches = len(chance.batches(np.arange(count), recipe.batch))
    for plan in plans(recipe):
        steps = plan.epochs * batches
        found.append(Stretch(plan.part, done + 1, done + min(steps, MOST_STEPS), done + steps))
        done += steps
    return tuple(found)


def stage_of(number: int, among: Sequence[Stretch]) -> int:
    """Return the stage of a step, from 0; raises `NoSuchStep`."""
    for stage, one in enumerate(among):
        if one.first <= number <= one.last:
            return stage
    can = " and ".join(f"{one.first} to {one.last}" for one in among)
    raise NoSuchStep(f"Steps {can} can be looked at one by one; {number} was asked for.")


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
        number: Of the run, from 1.
        rows: The rows of the batch's first pictures among those that are learned from.
        labels: Their classes.
        pictures: The same, uint8, as the network reads them, before mean and deviation: B × side × side × 3;
            of large ones every so many pixels, at most 64 a side.
        side: Pixels a side that the network reads.
        mean: The mean of the numbers that the network reads, over the whole batch.
        deviation: Their standard deviation.
        loss: Of the whole batch, as it was learned from.
        rate: The learning rate of the head.
        before: Probabilities before the step, at rest: B × classes.
        after: Probabilities after it.
        layers: What was changed, from the picture to the scores.
    """

    number: int
    rows: np.ndarray
    labels: np.ndarray
    pictures: np.ndarray
    side: int
    mean: float
    deviation: float
    loss: float
    rate: float
    before: np.ndarray
    after: np.ndarray
    layers: tuple[Layer, ...]


@dataclass(slots=True, eq=False)
class Microscope:
    """Takes the steps of a stage one by one, and remembers them.

    `stretches` are those of the whole run, `stage` is the one of them that is looked at.
    """

    trainable: Trainable
    pictures: FromPictures
    learner: Learner
    recipe: Recipe
    stretches: tuple[Stretch, ...]
    stage: int
    taken: list[Step] = field(default_factory=list)

    @property
    def stretch(self) -> Stretch:
        """Return the steps that are looked at."""
        return self.stretches[self.stage]

    def known(self, number: int) -> Step | None:
        """Return a step that has been taken already."""
        place = number - self.stretch.first
        return self.taken[place] if 0 <= place < len(self.taken) else None

    def step(self, number: int) -> Step:
        """Return a step of the run, from 1; those of the stage before it are taken first.

        Raises `NoSuchStep`.
        """
        stage_of(number, (self.stretch,))
        while len(self.taken) <= number - self.stretch.first:
            self.taken.append(self._next())
        return self.taken[number - self.stretch.first]

    def _next(self) -> Step:
        of_stage = len(self.taken)
        number = self.stretch.first - 1 + of_stage  # of the run, from 0
        rows, epoch = self._rows(number)
        batch = self.learner.stage.source.batch(rows, epoch, number)
        model, numbers = self.trainable.model, batch[0]
        few = numbers[:MOST_PICTURES]
        before, weights = _at_rest(model, few), _weights(model)
        loss, _ = self.learner.step(batch, of_stage, number)
        mean, deviation = float(numbers.mean()), float(numbers.std())
        return Step(
            number + 1,
            rows[:MOST_PICTURES],
            self.pictures.training.labels[rows[:MOST_PICTURES]].numpy(),
            self._seen(few),
            self.trainable.side,
            mean,
            deviation,
            float(loss),
            self.learner.rate,
            before,
            _at_rest(model, few),
            _changes(model, weights),
        )

    def _rows(self, number: int) -> tuple[np.ndarray, int]:
        """Return the pictures of a step of the run (from 0), and its epoch (from 0)."""
        count = len(self.pictures.training)
        a_epoch = len(chance.batches(np.arange(count), self.recipe.batch))
        epoch, place = divmod(number, a_epoch)
        order = chance.order(self.recipe.seed, epoch, count)
        return chance.batches(order, self.recipe.batch)[place], epoch

    def _seen(self, numbers: Tensor) -> np.ndarray:
        preparing = self.trainable.preparing
        mean, deviation = numbers.new_tensor([preparing.mean, preparing.deviation])[..., None, None]
        every = -(-self.trainable.side // MOST_PIXELS)
        some = numbers[..., ::every, ::every]
        pixels = (255 * (some * deviation + mean)).round().clamp(0, 255).to(torch.uint8)
        return pixels.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).contiguous().numpy()


def microscope(
    recipe: Recipe, data: SplitSet, number: int = 1, learned: Mapping[str, np.ndarray] | None = None
) -> Microscope:
    """Return a microscope at the beginning of the stage of a step; raises what the run would raise.

    `learned` is what the stage before it has learned, by the parameters' names; the first one needs none.
    Raises `NoSuchStep`, and `NotThereYet` where it is missing.
    """
    few = SplitSet(data.training, data.validation.chosen(np.arange(1)))  # the others are not looked at
    trainable, pictures = brought(few, recipe, PLAIN_CPU)
    among = stretches(recipe, len(pictures.training))
    which = stage_of(number, among)
    if which:
        _take_over(trainable.model, learned)
    stage = _stage(plans(recipe)[which], trainable, pictures, recipe)
    stage.begin(trainable.model)
    learner = Learner(stage, recipe, PLAIN_CPU, among[which].end - among[which].first + 1)
    return Microscope(trainable, pictures, learner, recipe, among, which)


def _take_over(model: nn.Module, learned: Mapping[str, np.ndarray] | None) -> None:
    if not learned:
        raise NotThereYet(
            "These steps begin with what the head has learned, and this run has kept nothing of that: it has "
            "not come so far, or it is an old one. Once it has, they can be looked at."
        )
    model.load_state_dict({name: torch.from_numpy(one) for name, one in learned.items()}, strict=False)


def _stage(plan: Plan, trainable: Trainable, pictures: FromPictures, recipe: Recipe) -> Stage:
    """Return the stage in which the whole network is asked at each step, whatever part of it learns."""
    model, head = trainable.model, trainable.head_module
    if plan.part == "all":
        return Maker(trainable, pictures, recipe, PLAIN_CPU, lambda _done, _of: None).stage(plan)
    blocks = trainable.blocks[-recipe.blocks :] if plan.part == "blocks" else ()
    modules = [nn.ModuleList(model.get_submodule(name) for name in block.names) for block in blocks]
    source: Source = pictures
    if plan.part == "head" and recipe.augmentation:
        example = pictures.validation.plain(slice(0, 1))
        if ends_with(model.eval(), trainable.head, head, example):
            source = FromCopies(pictures, recipe.copies, at_once(trainable.side))
    return Stage(plan, model, (*modules, head), source)


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
