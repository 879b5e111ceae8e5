"""Choosing the category that is explained: by its name, at first what the network takes the picture for.

The network is asked only after the learner has pressed something once. It knows no method.
"""

import streamlit as st

from cnnlab.inspection.models import Entry, shared_models
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.predicting import Prediction, predict
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.work import Progress
from cnnlab.ui.inspection.why_asking import results
from cnnlab.ui.inspection.why_choice import PREDICTED, choice, choose
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.inspection.working import with_progress

BEGUN = "remembered.why.begun"
OF_MODEL = "remembered.why.model"
RANDOM = (
    "**This network has random weights here.** It has learned nothing, so a map of it explains nothing: it "
    "shows what the architecture does to any picture. Choose a network that is marked as trained, or "
    "download the trained weights, to ask why."
)


def begin() -> None:
    """Remember that the network may be loaded: the learner has asked for something."""
    st.session_state[BEGUN] = True


def begun() -> bool:
    """Whether the learner has asked for something, now or in what the address says."""
    return bool(st.session_state.get(BEGUN) or choice().asked)


def forget_foreign_target(model: str) -> None:
    """A category belongs to a network: another network starts with what it predicts."""
    before = st.session_state.get(OF_MODEL, model)
    st.session_state[OF_MODEL] = model
    if before != model and choice().target != PREDICTED:
        choose(target="")


def choose_target(
    key: str, network: Entry, name: str, picture: Picture
) -> tuple[int, tuple[str, ...]] | None:
    """Let the learner choose a category; return its number and all names, None while the network is asked.

    The number is negative as long as nobody knows what the network predicts.
    """
    if not (network.trained or network.status == "own"):
        st.warning(RANDOM, icon=":material/casino:")
        return PREDICTED, ()
    if not begun():
        st.selectbox(
            "Category",
            ["What the network takes the picture for"],
            key=f"{key}.target.before",
            help="Once the network is loaded, all its categories are here.",
        )
        return PREDICTED, ()
    prediction = _predicted(network.name, name, picture)
    return None if prediction is None else (_choose_among(key, prediction), prediction.categories)


def _predicted(model: str, name: str, picture: Picture) -> Prediction | None:
    asked = ("why", "prediction", model, name, weights_here(model))

    def work(progress: Progress) -> Prediction:
        made = predict(model, picture, shared_models(), progress)
        return results().keep(asked, made, made.scores.nbytes + made.pixels.nbytes)

    return with_progress(asked, work, lambda: results().find(asked))


def _choose_among(key: str, prediction: Prediction) -> int:
    """Offer all categories, the most probable first; return the number of the chosen one."""
    likely = prediction.likely(len(prediction.categories))
    probabilities = {one.category: one.probability for one in likely}
    first = likely[0].category
    current = choice().target if choice().target in probabilities else first
    field = f"{key}.target"
    st.session_state[field] = current

    def changed() -> None:
        number = st.session_state[field]
        if isinstance(number, int):  # a text, where the browser still had what was said of another picture
            choose(target="" if number == first else str(number))

    st.selectbox(
        "Category to explain (type to search)",
        list(probabilities),
        format_func=lambda one: f"{prediction.categories[one]} ({written(probabilities[one])})",
        key=field,
        on_change=changed,
    )
    others = ", ".join(f"{one.title} ({written(one.probability)})" for one in likely[:3])
    remark(f"The network says: {others}.")
    return current


def written(probability: float) -> str:
    """Return a probability in per cent."""
    return f"{100 * probability:.1f} %" if probability >= 0.001 else "under 0.1 %"
