"""A learning rate is looked for, on request: its curve, and a press that takes it over.

The work is done by the hands of `cnnlab.inspection.work`. It does not know how a rate is found.
"""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from cnnlab.inspection.work import Progress
from cnnlab.training.recipe import Recipe
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.inspection.working import with_progress
from cnnlab.ui.training.choice import choose

if TYPE_CHECKING:
    from cnnlab.training.finder import Curve

MOST_KEPT = 32
ASKED = "finetune.rate asked for"
component = browser_component("cnnlab.finetune-rate", "finetune-rate.js", "finetune.css")
_found: OrderedDict[Recipe, "Curve"] = OrderedDict()
_lock = Lock()


def finder_panel(key: str, chosen: Recipe) -> None:
    """Offer to look for a learning rate; draw what was found."""
    wanted = replace(chosen, learning_rate=Recipe().learning_rate, epochs=Recipe().epochs)

    def ask() -> None:
        st.session_state[ASKED] = wanted

    remark(
        "Which rate fits? A short try on a copy: the rate grows at every step, and the loss tells when it is "
        "too large."
    )
    if st.session_state.get(ASKED) != wanted:
        st.button("Find a learning rate", key=f"{key}.find", on_click=ask, icon=":material/search:")
        return
    curve = with_progress(
        ("learning rate", wanted), lambda progress: _find(wanted, progress), lambda: _known(wanted)
    )
    if curve is None:
        return
    rate = float(f"{curve.suggestion:.1e}")
    component(
        key=f"{key}.curve",
        data={
            "rates": list(curve.rates),
            "losses": list(curve.losses),
            "smoothed": list(curve.smoothed),
            "suggestion": rate,
        },
    )
    st.button(
        f"Use {rate:g}",
        key=f"{key}.use",
        on_click=lambda: choose(learning_rate=rate),
        disabled=chosen.learning_rate == rate,
    )


def _known(wanted: Recipe) -> "Curve | None":
    with _lock:
        return _found.get(wanted)


def _find(wanted: Recipe, progress: Progress) -> "Curve":
    from cnnlab.training import data_sets
    from cnnlab.training.devices import PLAIN_CPU
    from cnnlab.training.finder import STEPS, find_rate

    class Telling:
        """Tells of every step, and is stopped by what `progress` raises."""

        step = 0

        def command(self) -> str:
            self.step += 1
            progress("Trying learning rates", self.step, STEPS)
            return "go"

    progress("Getting the pictures", 0, STEPS)
    data = data_sets.split(wanted.data, wanted.seed, wanted.per_class)
    curve = find_rate(wanted, data, Telling(), PLAIN_CPU)
    with _lock:
        _found[wanted] = curve
        while len(_found) > MOST_KEPT:
            _found.popitem(last=False)
    return curve
