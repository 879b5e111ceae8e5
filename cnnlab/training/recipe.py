"""How a network is trained on a data set: everything that is chosen, in one value that is kept with the run.

It loads no PyTorch and trains nothing. Whether a network or a data set exists is known by `zoo` and
`data_sets`; what a transform of the pictures does by `policy`.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.method import Setting, UnsuitableSetting
from cnnlab.training.policy import Policy, checked_policy


class UnsuitableRecipe(CnnLabError):
    """A setting of a recipe that there is not, or a value that it does not allow."""


@dataclass(frozen=True, slots=True)
class Regime:
    """Which part of a network learns."""

    name: str
    title: str
    idea: str


REGIMES: dict[str, Regime] = {
    one.name: one
    for one in (
        Regime(
            "scratch",
            "From scratch",
            "All weights begin as random numbers, as if nobody had trained this network before.",
        ),
        Regime(
            "frozen",
            "Head only",
            "The trained layers stay as they are. Each picture goes through them once, and only a new last "
            "layer learns from the numbers that come out.",
        ),
        Regime(
            "partial",
            "Last blocks",
            "The early blocks stay as they are; the last ones and a new last layer learn.",
        ),
        Regime("full", "Everything", "All layers go on learning, from the weights that they have."),
        Regime(
            "probe-then-full",
            "Head first, then everything",
            "For a third of the epochs only the new last layer learns, ten times as fast, so that its first, "
            "random answers do not shake the trained layers; then all layers learn.",
        ),
    )
}

SETTINGS: dict[str, Setting] = {
    one.name: one
    for one in (
        Setting(
            "per_class",
            "Pictures of each class",
            "How many pictures of each class it learns from; 0 takes all of them.",
            0,
            0,
            5000,
        ),
        Setting("epochs", "Epochs", "How often it sees every picture.", 10, 1, 500),
        Setting(
            "seconds",
            "Time budget in seconds",
            "The run ends after this time, whatever epoch it is in; 0 sets no limit.",
            0.0,
            0,
            3600,
        ),
        Setting(
            "seed",
            "Seed",
            "Begins the random numbers: the split, the new layer, the order, the distortions.",
            0,
            0,
            999_999,
        ),
        Setting(
            "size",
            "Side of the pictures",
            "Pixels a side that the network reads; 0 takes what the network was made for. Smaller is faster.",
            0,
            0,
            512,
        ),
        Setting("blocks", "Blocks that learn", "How many of the last blocks learn.", 1, 1, 50),
        Setting(
            "optimiser",
            "Optimiser",
            "AdamW gives each weight a step of its own and forgives a rate that is a little off; SGD with "
            "momentum takes the gradient's step.",
            "adamw",
            choices=("adamw", "sgd"),
        ),
        Setting(
            "learning_rate",
            "Learning rate",
            "How large a step is. Too small, and nothing happens; too large, and what was learned is lost.",
            1e-3,
            1e-6,
            10,
        ),
        Setting(
            "schedule",
            "Schedule",
            "How the rate changes: one cycle rises and then falls, cosine falls, steps fall tenfold after "
            "a half and after three quarters.",
            "one-cycle",
            choices=("one-cycle", "cosine", "steps", "constant"),
        ),
        Setting(
            "weight_decay",
            "Weight decay",
            "How strongly weights are pulled towards 0 at each step; large weights memorise.",
            0.01,
            0,
            1,
        ),
        Setting("momentum", "Momentum", "How much of the last step is kept; SGD only.", 0.9, 0, 0.999),
        Setting("batch", "Batch", "How many pictures make one step.", 32, 1, 1024),
        Setting(
            "smoothing",
            "Label smoothing",
            "The share of the right class's probability that is spread over all classes.",
            0.0,
            0,
            0.5,
        ),
        Setting(
            "dropout", "Dropout", "The share of the last layer's inputs set to 0 at each step.", 0.0, 0, 0.9
        ),
        Setting(
            "slower",
            "Earlier blocks learn slower",
            "Each block's learning rate is that of the next one times this; 1 gives all the same. It may "
            "be small where the pictures are like those that it learned before.",
            1.0,
            0.05,
            1,
        ),
        Setting(
            "patience",
            "Early stopping",
            "Stops after so many epochs without a better validation loss and keeps the best epoch; 0 never "
            "does.",
            0,
            0,
            100,
        ),
        Setting(
            "copies",
            "Distorted copies",
            "With a frozen network, how many distorted copies of each picture go through it once, where "
            "pictures are distorted.",
            8,
            1,
            32,
        ),
    )
}


# Where a new head alone learns, large steps are safe. Where trained layers go on learning, the new head still
# has everything to learn and the first layers hardly anything: at one rate for all, a network that learns
# everything from few pictures is worse than its head alone, and SqueezeNet forgets all that it knew. The
# nearer the new pictures are to the old ones, the slower the first layers may be; this is a middle way, whose
# numbers are in docs/decisions.md. From scratch there is much to learn everywhere.
USUAL: dict[str, dict[str, Any]] = {
    "frozen": {"learning_rate": 0.02, "epochs": 30, "slower": 1.0},
    "partial": {"learning_rate": 0.005, "epochs": 20, "slower": 0.7},
    "full": {"learning_rate": 0.005, "epochs": 20, "slower": 0.7},
    "probe-then-full": {"learning_rate": 0.003, "epochs": 30, "slower": 0.7},
    "scratch": {"learning_rate": 0.003, "epochs": 60, "slower": 1.0},
}


def suggested(regime: str) -> dict[str, Any]:
    """Return the settings that a recipe of a regime begins with, where they are not the usual defaults."""
    return {"regime": regime} | USUAL.get(regime, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides a run; equal recipes on equal data are equal runs.

    `data` is a name of `data_sets`, `model` one of the zoo. The other fields are those of `SETTINGS`;
    `augmentation` is what is done to the pictures while it learns. Raises `UnsuitableRecipe`.
    """

    data: str = "shapes-new"
    model: str = "shapes_plain"
    regime: str = "frozen"
    per_class: int = 0
    epochs: int = 10
    seconds: float = 0.0
    seed: int = 0
    size: int = 0
    blocks: int = 1
    optimiser: str = "adamw"
    learning_rate: float = 1e-3
    schedule: str = "one-cycle"
    weight_decay: float = 0.01
    momentum: float = 0.9
    batch: int = 32
    smoothing: float = 0.0
    dropout: float = 0.0
    slower: float = 1.0
    patience: int = 0
    copies: int = 8
    augmentation: Policy = ()

    def __post_init__(self) -> None:
        if self.regime not in REGIMES:
            raise UnsuitableRecipe(
                f"There is no regime “{self.regime}”; choose one of: {', '.join(REGIMES)}."
            )
        for name, setting in SETTINGS.items():
            try:
                object.__setattr__(self, name, setting.checked(getattr(self, name)))
            except (UnsuitableSetting, TypeError) as problem:
                raise UnsuitableRecipe(str(problem)) from problem
        object.__setattr__(self, "augmentation", checked_policy(self.augmentation))

    def to_json(self) -> str:
        """Return it as JSON; `recipe_from_json` reads it again."""
        return json.dumps(asdict(self), indent=1)


_NAMES = {field.name for field in fields(Recipe)}


def recipe_from(values: dict[str, Any]) -> Recipe:
    """Return a recipe of what JSON held; what is missing has its default. Raises `UnsuitableRecipe`."""
    if unknown := sorted(set(values) - _NAMES):
        raise UnsuitableRecipe(f"A recipe has no “{unknown[0]}”; it has: {', '.join(sorted(_NAMES))}.")
    values = dict(values)
    if "augmentation" in values:
        values["augmentation"] = tuple((str(name), float(by)) for name, by in values["augmentation"])
    return Recipe(**values)


def recipe_from_json(text: str) -> Recipe:
    """Return the recipe that `Recipe.to_json` wrote.

    >>> recipe_from_json(Recipe(epochs=3).to_json()).epochs
    3
    """
    return recipe_from(json.loads(text))


def count_of_batches(pictures: int, size: int) -> int:
    """Return how many batches make an epoch: as few as may be of at most `size`, and none of one picture.

    >>> count_of_batches(66, 32), count_of_batches(33, 32), count_of_batches(3, 2)
    (3, 2, 1)
    """
    count = -(-pictures // size)
    return max(1, min(count, pictures // 2) if size > 1 else count)
