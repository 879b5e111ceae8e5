"""What a learner chose on the page Fine-tune: the section, the recipe, the run that is looked at.

It is kept in the session and in the address, as short texts under short names. The recipe is told whole: a
link to it opens the same recipe whatever was chosen before. It does not know what a recipe does.
"""

import math
from collections.abc import Mapping
from time import monotonic

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.training.policy import policy_from_text, policy_text
from cnnlab.training.recipe import Recipe, recipe_from

KEPT = "remembered.finetune"
TOLD = "finetune.told"
LONGEST = 400
LONG = {"model": 6000, "runs": 4000}  # the text of a network that was built, the ids of many runs
NO_RUNS = "-"
# While the browser has not heard of a choice yet, the next one comes with the address of before.
LATE_SECONDS = 3.0
SECTIONS = {"data": "Pictures", "recipe": "Recipe", "run": "Run", "compare": "Compare"}
PARAMETERS = {
    "data": "data",
    "model": "model",
    "regime": "regime",
    "n": "per_class",
    "epochs": "epochs",
    "seconds": "seconds",
    "seed": "seed",
    "side": "size",
    "blocks": "blocks",
    "opt": "optimiser",
    "lr": "learning_rate",
    "schedule": "schedule",
    "decay": "weight_decay",
    "momentum": "momentum",
    "batch": "batch",
    "smooth": "smoothing",
    "dropout": "dropout",
    "slower": "slower",
    "patience": "patience",
    "copies": "copies",
    "policy": "augmentation",
}
_SHORT = {field: name for name, field in PARAMETERS.items()}
_ALWAYS = ("data", "model", "regime")  # so that an address with a recipe is known from one without
_NAMES = (*PARAMETERS, "section", "run", "runs")
_USUAL = Recipe()


def settle() -> None:
    """Take the choice from the address where it says one, and let the address say it; call it once a page."""
    asked = {
        name: st.query_params[name][: LONG.get(name, LONGEST)] for name in _NAMES if name in st.query_params
    }
    if asked and not _told_just_now(asked):
        kept = _texts()
        if any(name in asked for name in PARAMETERS):
            kept = {name: text for name, text in kept.items() if name not in PARAMETERS}
        st.session_state[KEPT] = kept | asked
    tell()


def begun() -> bool:
    """Return whether anything of a recipe is chosen yet."""
    return any(name in _texts() for name in PARAMETERS)


def section() -> str:
    """Return which section is open."""
    chosen = _texts().get("section", "")
    return chosen if chosen in SECTIONS else "data"


def run_id() -> str:
    """Return the id of the run that is looked at; "" where there is none."""
    return _texts().get("run", "")


def run_ids() -> list[str] | None:
    """Return the ids of the runs that are laid over each other; None where nobody has chosen yet."""
    text = _texts().get("runs")
    return None if text is None else [one for one in text.split(",") if one and one != NO_RUNS]


def beside(run: str) -> dict[str, str]:
    """Return the place of a new run: laid over those that are chosen, where some are."""
    ids = run_ids()
    return {"runs": ",".join([*ids, run])} if ids else {}


def recipe() -> tuple[Recipe, list[str]]:
    """Return the recipe that is chosen, and a sentence for each part of it that is not possible."""
    values, problems = {}, []
    for name, field in PARAMETERS.items():
        text = _texts().get(name)
        if text is None:
            continue
        try:
            values[field] = getattr(recipe_from({field: _read(field, text)}), field)
        except (CnnLabError, ValueError) as problem:
            problems.append(str(problem))
    return Recipe(**values), problems


def choose(**fields: object) -> None:
    """Choose parts of the recipe, named as in `Recipe`. Works in callbacks, too."""
    texts = {_SHORT[field]: _written(field, value) for field, value in fields.items()}
    usual = {_SHORT[field]: _written(field, getattr(_USUAL, field)) for field in fields}
    kept = {**_texts(), **texts}
    for name, text in usual.items():
        if kept[name] == text and name not in _ALWAYS:
            del kept[name]
    st.session_state[KEPT] = kept
    tell()


def choose_recipe(chosen: Recipe) -> None:
    """Choose a whole recipe."""
    choose(**{field: getattr(chosen, field) for field in _SHORT})


def go(**places: str) -> None:
    """Go to another `section` or `run`, or choose `runs`. Works in callbacks, too."""
    kept = {**_texts(), **places}
    st.session_state[KEPT] = {name: text for name, text in kept.items() if text}
    tell()


def query_of(chosen: Recipe, **places: str) -> dict[str, str]:
    """Return a recipe as it stands in an address; what is as by default is left out."""
    texts = {_SHORT[field]: _written(field, getattr(chosen, field)) for field in _SHORT}
    usual = {_SHORT[field]: _written(field, getattr(_USUAL, field)) for field in _SHORT}
    return {name: text for name, text in texts.items() if name in _ALWAYS or text != usual[name]} | places


def tell() -> None:
    """Let the address say what is chosen."""
    texts = _texts()
    chosen = {name: text for name, text in texts.items() if name in _NAMES}
    if any(name in texts for name in PARAMETERS):
        chosen |= {name: texts.get(name, str(getattr(_USUAL, name))) for name in _ALWAYS}
    _address(chosen)
    told, now = st.session_state.get(TOLD, []), monotonic()
    if told and told[-1][0] != chosen:
        told = [*told[:-1], (told[-1][0], now)]
    if not told or told[-1][0] != chosen:
        told = [*[one for one in told if now - one[1] < LATE_SECONDS][-20:], (chosen, math.inf)]
    st.session_state[TOLD] = told


def _address(chosen: Mapping[str, str]) -> None:
    """Change the address at once: a browser that hears of it in parts sends what is half told."""
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in _NAMES}
    if {name: st.query_params[name] for name in _NAMES if name in st.query_params} != chosen:
        st.query_params.from_dict({**others, **chosen})


def _told_just_now(asked: Mapping[str, str]) -> bool:
    """Return whether the address is what it was told to be, now or until a moment ago."""
    return any(
        texts == asked and monotonic() - until < LATE_SECONDS
        for texts, until in st.session_state.get(TOLD, [])
    )


def _read(field: str, text: str) -> object:
    return policy_from_text(text) if field == "augmentation" else text


def _written(field: str, value: object) -> str:
    if field == "augmentation":
        return policy_text(value)  # pyright: ignore[reportArgumentType]
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts() -> dict[str, str]:
    return dict(st.session_state.get(KEPT, {}))
