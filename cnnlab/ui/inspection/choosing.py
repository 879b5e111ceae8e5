"""How a learner chooses what to look at: a network, a layer of it, a picture.

The choices are the learner's place (`place`), so every page and lens shows the same. It does not know what is
shown of them, and loads no network.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.models import Entry, entries, entry
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import SAMPLES
from cnnlab.tracing import ReplayedStep, replay, trace_of
from cnnlab.ui.inspection.gallery import picture_named
from cnnlab.ui.inspection.picking import pick_picture, take_brought
from cnnlab.ui.inspection.place import go_to, place
from cnnlab.ui.inspection.weights_panel import offer_weights
from cnnlab.ui.problems import apologise

STANDING = {
    "bundled": "Trained weights that come with CNN Lab.",
    "here": "Trained weights, torchvision's, from this machine ({size:.1f} MiB).",
    "download": "**Random weights.** Trained ones ({size:.1f} MiB) are not on this machine.",
    "random": "**Random weights.** Nobody publishes trained ones of this network for CNN Lab.",
    "own": "Weights as your instructor's file makes them; they may be random.",
    "run": "Trained here, in a run of the page Fine-tune ({size:.1f} MiB).",
}
RANDOM = (
    " Random weights show how numbers flow through the architecture, not what training finds: filters are "
    "noise, and predictions are guesses. Networks that are marked as trained work here without a download."
)
SHORT = {
    "bundled": "trained, comes with CNN Lab",
    "here": "trained",
    "download": "random weights",
    "random": "random weights",
    "own": "instructor's",
    "run": "trained here",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A step of a network that can be looked at; `path` is the module that takes it, as PyTorch names it.

    `shape` is its output, without the batch axis.
    """

    name: str
    step: int
    path: str
    operation: str
    shape: tuple[int, ...]

    @property
    def channels(self) -> int:
        """How many channels come out."""
        return self.shape[0] if self.shape else 1


def choose_model(key: str) -> str:
    """Let the learner choose a network; return its name.

    What its weights are is said below the field; where they are random, trained ones are offered there.
    """
    known = {one.name: one for one in entries()}
    current = _known_model(known)
    field = f"{key}.model"
    st.session_state[field] = current.name

    def changed() -> None:
        chosen = st.session_state[field]
        if chosen in known:  # else it is a text that the browser still had: weights have come meanwhile
            go_to(model=chosen)

    st.selectbox(
        "Network",
        list(known),
        format_func=lambda name: f"{known[name].title} ({SHORT[known[name].status]})",
        key=field,
        on_change=changed,
    )
    _say_standing(current)
    offer_weights(key, current)
    return current.name


def _known_model(known: dict[str, Entry]) -> Entry:
    """Return the network of the place; where the address names one that is not offered, say so."""
    asked = place().model
    first = next((one for one in known.values() if one.trained), next(iter(known.values())))
    if not asked:
        go_to(model=first.name)
        return first
    if asked in known:
        return known[asked]
    try:
        found = entry(asked)
    except CnnLabError as problem:
        apologise(problem)
        found = first
    if found.name not in known:
        known[found.name] = found
    go_to(model=found.name)
    return found


def _say_standing(one: Entry) -> None:
    text = STANDING[one.status].format(size=one.megabytes or 0.0)
    st.markdown(f":small[{text if one.trained or one.status == 'own' else text + RANDOM}]")


def usual_picture(model: str) -> str:
    """Return the name of the picture that is looked at before one is chosen: one that fits the network."""
    channels, height, _ = entry(model).input_shape
    if channels == 1 and height <= 64:
        return "digit-5"
    fitting = [name for name in SAMPLES if name.startswith("shape")] if model.startswith("shapes") else []
    return fitting[0] if fitting else "cat"


def choose_picture(key: str) -> tuple[str, Picture]:
    """Let the learner choose a picture; return its name and the picture.

    It is a bundled one, an own one of this session, a file, a photograph of the camera, or a drawing.
    """
    take_brought(key)
    usual = usual_picture(place().model) if place().model else "cat"
    name = place().picture or usual
    try:
        picture = picture_named(name)
    except CnnLabError as problem:
        apologise(problem)
        go_to(picture="")
        name, picture = usual, picture_named(usual)
    pick_picture(key, name, picture)
    return name, picture


def layers_of(model: str, wanted: Callable[[ReplayedStep], bool] = lambda _step: True) -> tuple[Layer, ...]:
    """Return a network's steps that are wanted, in their order."""
    return tuple(
        Layer(step.name, index, step.path, step.operation, step.output_shape)
        for index, step in enumerate(replay(trace_of(model), trace_of(model).input_shape).steps)
        if wanted(step)
    )


def choose_layer(key: str, layers: Sequence[Layer], usual: Callable[[Sequence[Layer]], Layer]) -> Layer:
    """Let the learner choose a layer; return it.

    Where the place is a step that is not among these, the last one before it is shown; the place stays.
    """
    field = f"{key}.layer"
    current = nearest(layers, place()) or usual(layers)
    titles = {one.name: f"{one.step + 1} · {one.name}: {_short(one)}" for one in layers}
    st.session_state[field] = current.name

    def changed() -> None:
        chosen = st.session_state[field]
        if chosen in titles:  # else it is a text that the browser still had of another network
            go_to(layer=chosen, channel=0)

    st.selectbox(
        "Layer",
        list(titles),
        format_func=titles.__getitem__,
        key=field,
        on_change=changed,
    )
    return current


def nearest(layers: Sequence[Layer], at: object) -> Layer | None:
    """Return the layer that the place names, else the last of these before it."""
    name, model = getattr(at, "layer", ""), getattr(at, "model", "")
    if not name or not model:
        return None
    by_name = {one.name: one for one in layers}
    if name in by_name:
        return by_name[name]
    step = next((one.step for one in layers_of(model) if name in (one.name, one.path)), None)
    before = [one for one in layers if step is not None and one.step <= step]
    return before[-1] if before else (layers[0] if step is not None else None)


def _short(layer: Layer) -> str:
    return f"{layer.operation} → {' × '.join(map(str, layer.shape))}"
