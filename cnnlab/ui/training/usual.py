"""What a recipe begins with for each regime, and which settings count for which; all can be changed.

It does not know how the values were found (docs/decisions.md) nor what they do.
"""

from typing import Any

from cnnlab.training.recipe import Recipe

# Where a new head alone learns, large steps are safe; steps through trained layers are small, so that what
# they know is not thrown away; from scratch there is nothing to lose and much to learn.
USUAL: dict[str, dict[str, Any]] = {
    "frozen": {"learning_rate": 0.01, "epochs": 20},
    "partial": {"learning_rate": 0.002, "epochs": 12},
    "full": {"learning_rate": 0.001, "epochs": 12},
    "probe-then-full": {"learning_rate": 0.001, "epochs": 12},
    "scratch": {"learning_rate": 0.004, "epochs": 30},
}
MAIN = ("per_class", "epochs", "learning_rate")
ONLY_FOR = {
    "blocks": ("partial",),
    "slower": ("partial", "full", "probe-then-full"),
    "copies": ("frozen",),
}


def usual(regime: str = Recipe().regime) -> dict[str, Any]:
    """Return what a recipe of a regime begins with, where it differs from the recipe's own defaults."""
    return {"regime": regime} | USUAL[regime]


def for_regime(chosen: Recipe, regime: str) -> dict[str, Any]:
    """Return what changes with another regime: what a learner has set by hand stays."""
    before = USUAL[chosen.regime]
    untouched = {
        name: value for name, value in USUAL[regime].items() if getattr(chosen, name) == before[name]
    }
    return {"regime": regime} | untouched


def counts(chosen: Recipe) -> list[str]:
    """Return the names of the settings that change something in this recipe, besides the main ones."""
    names = [
        "blocks", "slower", "copies", "optimiser", "momentum", "schedule", "batch", "weight_decay", "dropout",
        "smoothing", "patience", "size", "seconds", "seed",
    ]  # fmt: skip
    return [
        name
        for name in names
        if chosen.regime in ONLY_FOR.get(name, (chosen.regime,))
        and (name != "momentum" or chosen.optimiser == "sgd")
    ]
