"""A learning rate is looked for, on request: its curve, and a press that takes it over.

The work is a run of its own (`training.finder`), deleted as soon as its curve is here. It does not know how a
rate is found.
"""

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, OVER, STOPPED
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.progress_bar import progress_bar
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose
from cnnlab.ui.training.learner import learner
from cnnlab.ui.training.runs import delete, folder, place, try_rates

MOST_KEPT = 32
KEPT = "rate"  # the arrays of the run that hold the curve
ASKED = "finetune.rate asked for"  # the recipe, and the run that tries rates for it
PROBLEM = "finetune.rate.problem"
component = browser_component("cnnlab.finetune-rate", "finetune-rate.js", "finetune.css")
_found: OrderedDict[Recipe, dict[str, Any]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Trying:
    """A run that tries learning rates."""

    run: str

    def state(self) -> dict[str, Any]:
        """Return where it stands; one that is gone has been stopped."""
        try:
            return folder(self.run).state()
        except CnnLabError:
            return {"state": STOPPED}

    def told(self) -> dict[str, Any]:
        """Tell how far it is."""
        state, step, steps = self.state(), 0, 1
        over = state.get("state") in OVER
        text = "Getting the pictures and the network ready …"
        if not over and (before := place(self.run)):
            text = "Waiting: next in the queue." if before == 1 else f"Waiting: {before - 1} before this."
        elif state.get("steps"):
            step, steps = state.get("step", 0), state["steps"]
            text = f"Trying learning rates: {step} of {steps} …"
        return {"text": text, "share": 1.0 if over else step / steps, "over": over, "shown": None}


def finder_panel(key: str, chosen: Recipe) -> None:
    """Offer to look for a learning rate; draw what was found."""
    wanted = replace(chosen, learning_rate=Recipe().learning_rate, epochs=Recipe().epochs)
    remark(
        "Which rate fits? A short try on a copy: the rate grows at every step, and the loss tells when it is "
        "too large."
    )
    asked, run = st.session_state.get(ASKED, (None, ""))
    if asked not in (None, wanted):
        _forget(run)  # nobody waits for it any more
        del st.session_state[ASKED]
    curve = _curve(key, wanted, Trying(run)) if asked == wanted else _offer(key, wanted)
    if curve is None:
        return
    rate = float(f"{curve['suggestion']:.1e}")
    component(key=f"{key}.curve", data=curve | {"suggestion": rate})
    st.button(
        f"Use {rate:g}",
        key=f"{key}.use",
        on_click=lambda: choose(learning_rate=rate),
        disabled=chosen.learning_rate == rate,
    )


def _offer(key: str, wanted: Recipe, label: str = "Find a learning rate") -> None:
    def ask() -> None:
        if st.session_state.get(ASKED, (None, ""))[0] == wanted and label != "Try again":
            return  # the second press of a double click
        try:
            st.session_state[ASKED] = (wanted, "" if _known(wanted) else try_rates(wanted, learner()))
        except CnnLabError as problem:
            st.session_state[PROBLEM] = problem

    if problem := st.session_state.pop(PROBLEM, None):
        apologise(problem)
    st.button(label, key=f"{key}.find", on_click=ask, icon=":material/search:")


def _curve(key: str, wanted: Recipe, trying: Trying) -> dict[str, Any] | None:
    """Return the curve; where there is none yet, draw how far it is, or why there is none."""
    if curve := _known(wanted):
        return curve
    state = trying.state()
    if state.get("state") == DONE and (curve := _take(wanted, trying.run)):
        return curve
    if state.get("state") in OVER:
        st.info(state.get("message") or "This was stopped.", icon=":material/info:")
        _offer(key, wanted, "Try again")
        return None
    progress_bar(f"{key}.trying", trying, lambda: _forget(trying.run))
    return None


def _known(wanted: Recipe) -> dict[str, Any] | None:
    with _lock:
        return _found.get(wanted)


def _take(wanted: Recipe, run: str) -> dict[str, Any]:
    """Keep the curve of a run, which is needed no more; nothing where it is not there."""
    curve = {name: one.tolist() for name, one in (folder(run).arrays(0, KEPT) or {}).items()}
    _forget(run)
    with _lock:
        if curve:
            _found[wanted] = curve
        while len(_found) > MOST_KEPT:
            _found.popitem(last=False)
    return curve


def _forget(run: str) -> None:
    with suppress(CnnLabError):
        delete(run)
