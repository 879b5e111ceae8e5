"""Which settings change with the regime, and which count for it. It does not know what they do."""

from typing import Any

from cnnlab.training.recipe import USUAL, Recipe

MAIN = ("per_class", "epochs", "learning_rate")
ONLY_FOR = {
    "blocks": ("partial",),
    "slower": ("partial", "full", "probe-then-full"),
    "copies": ("frozen",),
}


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
