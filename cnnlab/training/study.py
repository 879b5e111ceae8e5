"""Series of runs that answer a question: how many pictures are needed, and what helps against overfitting.

A series is a list of recipes with one thing changed from one to the next; what came out of it is read from
the runs as they end. It trains nothing and loads no PyTorch.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cnnlab.training.kept_epoch import kept_epoch
from cnnlab.training.policy import Policy
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import OVER, RunFolder

COUNTS = (2, 5, 10, 25, 50)
SERIES_REGIMES = ("frozen", "full", "scratch")
SEEDS = 2
# Steps of each run of a regime, whatever the number of pictures, so that none is cut short: one of a head
# alone costs next to nothing, and random weights have more to learn than trained ones.
STEPS = {"frozen": 300, "full": 120, "scratch": 240}
MOST_EPOCHS = 300

FEW = 4  # pictures of a class, far too few
LONG = 60  # epochs, so that it can be seen what happens to the validation loss
# Strong cures. On the digits with LeNet-5 each of them lowered the last validation loss, from two seeds:
# 1.22 and 2.42 without; augmentation 0.58 and 0.68, decay 0.70 and 1.28, dropout 0.79 and 1.36, stopping 1.00
# and 1.80. No flip: it makes another shape of many.
GENTLE: Policy = (("scale", 0.2), ("rotate", 15.0), ("translate", 0.1))
STRONG_DECAY = 1.0
STRONG_DROPOUT = 0.7
PATIENCE = 8


@dataclass(frozen=True, slots=True)
class Point:
    """What runs with so many pictures of a class came to: accuracies from 0 to 1, of `runs` seeds."""

    per_class: int
    mean: float
    least: float
    most: float
    runs: int


def pictures_needed(
    base: Recipe,
    classes: int,
    usual: Mapping[str, Mapping[str, Any]],
    counts: Sequence[int] = COUNTS,
    seeds: int = SEEDS,
) -> tuple[Recipe, ...]:
    """Return recipes: each regime with each number of pictures of a class, from several seeds.

    `usual` are settings of each regime. All else is as in `base`, but for the number of epochs: each run
    takes about as many steps as the others of its regime, for twice the pictures would else be twice the
    training. The quickest answers come first.
    """
    recipes = []
    for regime in SERIES_REGIMES:
        settings = replace(base, **{**usual.get(regime, {}), "regime": regime})
        for seed in range(seeds):
            for count in counts:
                epochs = _epochs(regime, count * classes, base.batch)
                recipes.append(replace(settings, per_class=count, seed=base.seed + seed, epochs=epochs))
    return tuple(recipes)


def _epochs(regime: str, pictures: int, batch: int) -> int:
    return min(MOST_EPOCHS, max(1, round(STEPS[regime] / math.ceil(pictures / batch))))


def points(runs: Iterable[RunFolder]) -> dict[str, list[Point]]:
    """Return for each regime what the runs that have ended came to, with ever more pictures.

    A run counts with the accuracy of the weights that it kept, on the validation pictures; one that failed is
    left out.
    """
    found: dict[tuple[str, int], list[float]] = {}
    for run in runs:
        accuracy = _accuracy(run)
        if accuracy is not None:
            recipe = run.recipe()
            found.setdefault((recipe.regime, recipe.per_class), []).append(accuracy)
    curves: dict[str, list[Point]] = {}
    for (regime, count), values in sorted(found.items()):
        point = Point(count, statistics.fmean(values), min(values), max(values), len(values))
        curves.setdefault(regime, []).append(point)
    return {regime: curves[regime] for regime in SERIES_REGIMES if regime in curves}


def _accuracy(run: RunFolder) -> float | None:
    state = run.state().get("state", "")
    return kept_epoch(run.recipe(), state, run.epochs()).get("accuracy") if state in OVER else None


def in_words(curves: Mapping[str, Sequence[Point]], titles: Mapping[str, str]) -> str:
    """Return what the curves say: who is ahead with the fewest pictures, and who with the most."""
    means = {regime: {one.per_class: one.mean for one in some} for regime, some in curves.items()}
    complete = sorted(set.intersection(*map(set, means.values()))) if len(means) > 1 else []
    if not complete:
        return ""
    first, last = complete[0], complete[-1]
    few, many = (max(means, key=lambda regime: means[regime][count]) for count in (first, last))
    said = f"With {first} pictures of each class, “{titles[few]}” is ahead ({100 * means[few][first]:.0f} %)"
    if first == last:
        return f"{said}."
    still = "still " if few == many else ""
    return f"{said}; with {last}, {still}“{titles[many]}” ({100 * means[many][last]:.0f} %)."


def overfitting(base: Recipe, learning_rate: float) -> dict[str, Recipe]:
    """Return recipes by their titles: one that memorises, and the same with one cure at a time.

    Too few pictures, all layers from scratch, no cure: it will know its pictures by heart. The network is
    that of `base`: any is too large for so few pictures.
    """
    ill = replace(
        base,
        **{"regime": "scratch", "per_class": FEW, "epochs": LONG, "learning_rate": learning_rate},
        **{"schedule": "constant", "weight_decay": 0.0, "dropout": 0.0, "smoothing": 0.0, "patience": 0},
        augmentation=(),
    )
    return {
        "Overfitting": ill,
        "with augmentation": replace(ill, augmentation=GENTLE),
        "with weight decay": replace(ill, weight_decay=STRONG_DECAY),
        "with dropout": replace(ill, dropout=STRONG_DROPOUT),
        "with early stopping": replace(ill, patience=PATIENCE),
    }
