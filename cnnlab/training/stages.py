"""The stages of a run: which part of a network learns, from what, for how many epochs and at which rate.

A regime is one stage or two. Layers that do not learn stay in evaluation mode: the statistics of their batch
normalisation do not move. It does not know steps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnnlab.training.blocks import Block, after, before, rest_behind
from cnnlab.training.devices import Device
from cnnlab.training.features import folded
from cnnlab.training.networks import Trainable
from cnnlab.training.recipe import Recipe, UnsuitableRecipe
from cnnlab.training.sources import FromKept, FromPictures, Source, Told, kept

HEAD_FASTER = 10  # times the recipe's rate, while only the head learns before everything does
HEAD_SHARE = 1 / 3  # of the epochs
MOST_KEPT_BYTES = 2_000_000_000
_AT_ONCE_VALUES = 32 * 3 * 224 * 224  # in the inputs of one batch through frozen layers


@dataclass(frozen=True, slots=True)
class Plan:
    """What a stage is to be: `part` is "head", "blocks" or "all"; `rate` multiplies the recipe's."""

    part: str
    epochs: int
    rate: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A stage ready to go.

    Attributes:
        plan: What it is to be.
        part: What runs at each step: the network, its last blocks, or its head.
        learning: The modules that learn; the last one is the head.
        source: Where its inputs come from.
    """

    plan: Plan
    part: nn.Module
    learning: tuple[nn.Module, ...]
    source: Source

    def begin(self, model: nn.Module) -> None:
        """Let the modules that learn learn, and no other."""
        model.requires_grad_(False)
        model.eval()
        for one in self.learning:
            one.requires_grad_(True)
            one.train()

    def groups(self, rate: float, slower: float) -> list[dict]:
        """Return groups of parameters with their rates: each block's is that of the next times `slower`."""
        last = len(self.learning) - 1
        taken: set[int] = set()
        groups = []
        for number, module in reversed(list(enumerate(self.learning))):
            own = [one for one in module.parameters() if id(one) not in taken]
            taken |= {id(one) for one in own}
            if own:
                groups.append({"params": own, "lr": rate * slower ** (last - number)})
        return groups


def plans(recipe: Recipe) -> tuple[Plan, ...]:
    """Return the stages of a recipe's regime."""
    if recipe.regime == "frozen":
        return (Plan("head", recipe.epochs),)
    if recipe.regime == "partial":
        return (Plan("blocks", recipe.epochs),)
    if recipe.regime == "probe-then-full" and recipe.epochs > 1:
        first = max(1, round(HEAD_SHARE * recipe.epochs))
        return Plan("head", first, HEAD_FASTER), Plan("all", recipe.epochs - first)
    return (Plan("all", recipe.epochs),)


@dataclass(frozen=True, slots=True, eq=False)
class Maker:
    """Makes stages of a network and its pictures; `told` hears how far the frozen layers have been asked."""

    trainable: Trainable
    pictures: FromPictures
    recipe: Recipe
    device: Device
    told: Told

    def stage(self, plan: Plan) -> Stage:
        """Make a stage; raises `UnsuitableRecipe`."""
        model, head = self.trainable.model, self.trainable.head_module
        if plan.part == "head":
            return self._head(plan, head)
        if plan.part == "all":
            groups = [self._modules(block) for block in self.trainable.blocks]
            whole = Stage(plan, model, (_Others(model), *groups, head), self.pictures)
            return self._checked(whole)
        return self._checked(self._blocks(plan, head))

    def _modules(self, block: Block) -> nn.ModuleList:
        return nn.ModuleList(self.trainable.model.get_submodule(name) for name in block.names)

    def _head(self, plan: Plan, head: nn.Module) -> Stage:
        model, place = self.trainable.model.eval(), self.trainable.head
        example = self.pictures.validation.plain(slice(0, 2))
        if not ends_with(model, place, head, example):
            return Stage(plan, model, (head,), self.pictures)
        frozen = folded(model, example)
        return Stage(
            plan, head, (head,), self._kept(lambda x: pooled(before(frozen, place, x)), self._copies)
        )

    @property
    def _copies(self) -> int:
        return self.recipe.copies if self.recipe.augmentation else 1

    def _blocks(self, plan: Plan, head: nn.Module) -> Stage:
        blocks = self.trainable.blocks
        count = min(self.recipe.blocks, len(blocks))
        passed, learning = blocks[: len(blocks) - count], blocks[len(blocks) - count :]
        modules = (*map(self._modules, learning), head)
        model = self.trainable.model.eval()
        whole = Stage(plan, model, modules, self.pictures)
        if self.recipe.augmentation or not passed:
            return whole
        example = self.pictures.validation.plain(slice(0, 2))
        rest, place = rest_behind(model, passed, example), passed[-1].names[-1]
        if rest is None or self._bytes(after(model, place, example)) > MOST_KEPT_BYTES:
            return whole
        frozen = folded(model, example)
        return Stage(plan, rest, modules, self._kept(lambda x: after(frozen, place, x), 1))

    def _bytes(self, two: Tensor) -> int:
        pictures = len(self.pictures.training) + len(self.pictures.validation)
        return two.numel() * two.element_size() * pictures // 2

    def _kept(self, look: Callable[[Tensor], Tensor], copies: int) -> FromKept:
        def looked(prepared: Tensor) -> Tensor:
            with self.device.autocast():
                return look(prepared)

        return kept(self.pictures, looked, copies, at_once(self.trainable.side), self.told)

    def _checked(self, stage: Stage) -> Stage:
        normalising = any(
            isinstance(one, nn.modules.batchnorm._BatchNorm)
            for module in stage.learning
            for one in module.modules()
        )
        if self.recipe.batch == 1 and normalising:
            raise UnsuitableRecipe(
                "Batch normalisation learns from the spread within a batch, and one picture has none: "
                "choose a batch of 2 pictures or more, or let only the head learn."
            )
        return stage


def at_once(side: int) -> int:
    """Return how many pictures of a side go through frozen layers at once."""
    return max(1, min(256, _AT_ONCE_VALUES // (3 * side * side)))


class _Others(nn.Module):
    """All parameters of a network; those of its blocks are taken before."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model


def pooled(features: Tensor) -> Tensor:
    """Return the means of maps, which is what a head makes of them first; other numbers as they are."""
    return features.mean((2, 3)) if features.ndim == 4 else features


@torch.no_grad()
def ends_with(model: nn.Module, place: str, head: nn.Module, example: Tensor) -> bool:
    """Return whether nothing is done to the head's scores any more, and it is asked once."""
    head.eval()
    return torch.allclose(
        head(before(model, place, example)).flatten(1), model(example), atol=1e-4, rtol=1e-4
    )
