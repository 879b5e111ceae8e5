"""A recipe in a sentence, and what a run of it is called. It does not know runs."""

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.training import own_data
from cnnlab.training.data_sets import data_set
from cnnlab.training.policy import policy_text
from cnnlab.training.recipe import REGIMES, SETTINGS, Recipe
from cnnlab.ui.training.choice import PARAMETERS

TOLD = ("data", "model", "regime", "epochs", "augmentation", "per_class", "learning_rate")


def network_title(name: str) -> str:
    """Return what a network is called; its name where nobody knows it."""
    try:
        return zoo.facts(zoo.resolve(name)).title
    except CnnLabError:
        return name


def data_title(name: str) -> str:
    """Return what a data set is called; a word for one that is not there any more."""
    try:
        return data_set(name).title
    except CnnLabError:
        return "pictures that are gone" if name.startswith(own_data.PREFIX) else name


def usual_name(chosen: Recipe) -> str:
    """Return what a run of this recipe is called until it gets another name."""
    few = f", {chosen.per_class} of each class" if chosen.per_class else ""
    return f"{data_title(chosen.data)}, {REGIMES[chosen.regime].title.lower()}{few}"


def recipe_told(chosen: Recipe) -> str:
    """Return what is in a recipe, settings that are as usual left out."""
    usual = Recipe()
    others = [
        f"{SETTINGS[field].title.lower()} {getattr(chosen, field)}"
        for field in PARAMETERS.values()
        if field not in TOLD and getattr(chosen, field) != getattr(usual, field)
    ]
    few = [f"{chosen.per_class} pictures of each class"] if chosen.per_class else []
    changed = [f"augmentation {policy_text(chosen.augmentation)}"] if chosen.augmentation else []
    parts = [
        f"{network_title(chosen.model)} on {data_title(chosen.data)}",
        REGIMES[chosen.regime].title.lower(),
        *few,
        f"{chosen.epochs} epochs",
        f"learning rate {chosen.learning_rate:g}",
        *others,
        *changed,
    ]
    return ", ".join(parts) + "."
