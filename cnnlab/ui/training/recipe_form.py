"""The section Recipe: a network, what of it learns, and every setting with its explanation.

What is chosen is kept by `choice`; it does not know how a network is trained.
"""

from typing import Any

import streamlit as st

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.models import Entry, entries
from cnnlab.training.built_models import PREFIX as BUILT
from cnnlab.training.recipe import REGIMES, SETTINGS, Recipe, suggested
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose
from cnnlab.ui.training.finder_panel import finder_panel
from cnnlab.ui.training.panels import panel
from cnnlab.ui.training.run_telling import network_title
from cnnlab.ui.training.usual import MAIN, counts, for_regime

SHORT = {
    "bundled": "trained, comes with CNN Lab",
    "here": "trained",
    "download": "its trained weights are not here",
    "random": "never trained",
    "own": "instructor's",
    "run": "trained here",
}
CHOICES = {
    "adamw": "AdamW",
    "sgd": "SGD with momentum",
    "one-cycle": "One cycle",
    "cosine": "Cosine",
    "steps": "In steps",
    "constant": "Always the same",
}


def recipe_form(key: str, chosen: Recipe) -> None:
    """Draw all fields of the recipe but its pictures."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        _network(key, chosen)
        for name in MAIN:
            _setting(key, name, chosen)
    with right:
        _regime(key, chosen)
        finder_panel(f"{key}.finder", chosen)
    with st.expander(_more(chosen), icon=":material/tune:"):
        columns = st.columns(2, gap="large")
        for index, name in enumerate(counts(chosen)):
            with columns[index % 2]:
                _setting(key, name, chosen)
    _augmentation(key, chosen)


def _more(chosen: Recipe) -> str:
    usual = Recipe(**suggested(chosen.regime))
    changed = [
        SETTINGS[name].title for name in counts(chosen) if getattr(chosen, name) != getattr(usual, name)
    ]
    return f"More settings (changed: {', '.join(changed)})" if changed else "More settings"


def _network(key: str, chosen: Recipe) -> None:
    known = {one.name: one for one in entries()}
    names = list(known) if chosen.model in known else [chosen.model, *known]
    field = f"{key}.model"
    st.session_state[field] = chosen.model
    st.selectbox(
        "Network",
        names,
        format_func=lambda name: _title(known.get(name), name),
        key=field,
        on_change=lambda: choose(model=st.session_state[field]),
    )
    if chosen.model not in known:
        _say_of_others(chosen)
    one = known.get(chosen.model)
    if one is not None and not one.trained and chosen.regime != "scratch":
        remark(
            "No trained weights of this network are on this machine, so there is nothing to go on from. "
            "Train it from scratch, or choose one that is marked as trained."
        )


def _say_of_others(chosen: Recipe) -> None:
    """Say what keeps a network that is not listed from being trained so: one that was built, or of a run."""
    try:
        zoo.facts(zoo.resolve(chosen.model))
    except CnnLabError as problem:
        apologise(problem)
        return
    if chosen.model.startswith(BUILT) and chosen.regime != "scratch":
        remark("Nobody has trained the network that you built: train it from scratch.")


def _title(one: Entry | None, name: str) -> str:
    return f"{one.title} ({SHORT[one.status]})" if one else network_title(name)


def _regime(key: str, chosen: Recipe) -> None:
    field = f"{key}.regime"
    st.session_state[field] = chosen.regime
    st.radio(
        "What learns",
        list(REGIMES),
        format_func=lambda name: f"**{REGIMES[name].title}.** {REGIMES[name].idea}",
        key=field,
        on_change=lambda: choose(**for_regime(chosen, st.session_state[field])),
    )


def _setting(key: str, name: str, chosen: Recipe) -> None:
    """Draw the field of one setting; its explanation stands below it."""
    setting = SETTINGS[name]
    field = f"{key}.{chosen.regime}.{name}"  # what a late browser shows was of the regime before
    value = getattr(chosen, name)
    st.session_state[field] = value

    def changed() -> None:
        given = st.session_state[field]
        choose(**{name: value if given is None else given})

    shared: dict[str, Any] = {"key": field, "on_change": changed}
    if setting.choices:
        st.selectbox(setting.title, setting.choices, format_func=CHOICES.__getitem__, **shared)
    elif isinstance(setting.default, int):
        st.number_input(setting.title, int(setting.least), int(setting.most), step=1, **shared)
    else:
        st.number_input(
            setting.title,
            float(setting.least),
            float(setting.most),
            step=_step(float(value)),
            format="%g",
            **shared,
        )
    remark(setting.explanation)


def _step(value: float) -> float:
    """Return what a press of + or − changes: a tenth of the first digit's place, 0.01 at 0."""
    return float(f"1e{int(f'{value:e}'.partition('e')[2]) - 1}") if value else 0.01


def _augmentation(key: str, chosen: Recipe) -> None:
    draw = panel("augment_panel", "policy_panel")
    if draw is None:
        return
    with st.expander("Augmentation: change the pictures while it learns", icon=":material/auto_fix_high:"):
        policy = draw(f"{key}.policy")
    if policy != chosen.augmentation:
        choose(augmentation=policy)
