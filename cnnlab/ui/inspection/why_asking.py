"""Asking for maps: what exactly is asked, what has been asked for, and the maps that there are.

A map is made by the process's queue and kept for whoever asks the same. Nothing starts before the learner
presses; what they pressed for is in the address, so a reload joins the work that goes on.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import streamlit as st

from cnnlab import zoo
from cnnlab.inspection.attribution.layers import map_layers
from cnnlab.inspection.attribution.methods import METHODS, Cost
from cnnlab.inspection.attribution.running import Attribution, Question, attribute
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.results import Results
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.work import Progress
from cnnlab.ui.inspection.choosing import Layer, layers_of
from cnnlab.ui.inspection.why_choice import Choice, choose
from cnnlab.ui.inspection.working import with_progress

PRESSED = "remembered.why.pressed"
MOST_PRESSED = 200


@dataclass(frozen=True, slots=True)
class Scene:
    """What maps are asked about: a network, a picture with its name, a category, a layer's module."""

    model: str
    name: str
    picture: Picture
    target: int
    layer: str = ""
    categories: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """What the category is called."""
        known = 0 <= self.target < len(self.categories)
        return self.categories[self.target] if known else "the most likely output"


@cache
def results() -> Results:
    """Return what was computed for this page, for all learners of this process."""
    return Results()


def layers_to_look_at(model: str) -> tuple[Layer, ...]:
    """Return the layers that a method can look at, each module where it is used last."""
    paths = {layer.path for layer in map_layers(model)}
    last = {layer.path: layer for layer in layers_of(model) if layer.path in paths}
    return tuple(sorted(last.values(), key=lambda layer: layer.step))


def question(scene: Scene, chosen: Choice, name: str) -> Question:
    """Return what is asked of one method; equal questions are equal, whatever was left as it is."""
    settings = tuple(sorted(chosen.of(name).items()))
    layer = scene.layer if METHODS[name].needs_layer else ""
    weights = weights_here(scene.model)
    return Question(scene.model, scene.name, name, scene.target, settings, layer, weights)


def questions(scene: Scene, chosen: Choice) -> tuple[Question, ...]:
    """Return what is asked of all chosen methods that hold on the network."""
    asked = (question(scene, chosen, name) for name in chosen.methods)
    return tuple(one for one in asked if verdict(one.method, scene.model).kind != "refused")


def cost_of(asked: Question) -> Cost:
    """Return what a question costs."""
    return METHODS[asked.method].cost(asked.settings, min(zoo.input_shape(asked.model)[1:]))


def find(asked: Question) -> Attribution | None:
    """Return a map that there is already."""
    return results().find(asked)


def stamp(*parts: Any) -> str:
    """Return a short text that stands for exactly these."""
    return blake2b(repr(parts).encode(), digest_size=5).hexdigest()


def press(asked: tuple[Any, ...]) -> None:
    """Remember that the learner wants these."""
    pressed = st.session_state.get(PRESSED, ())
    st.session_state[PRESSED] = (*pressed, *(stamp(one) for one in asked))[-MOST_PRESSED:]


def pressed(asked: Any) -> bool:
    """Whether the learner wants this: they pressed for it."""
    return stamp(asked) in st.session_state.get(PRESSED, ())


def settle_pressed(asked: tuple[Question, ...], chosen: Choice) -> None:
    """Take from the address what was pressed for; say it there as long as all of it is wanted."""
    whole = stamp(*asked)
    if chosen.asked == whole and not all(map(pressed, asked)):
        press(asked)
    wanted = whole if asked and all(pressed(one) or find(one) is not None for one in asked) else ""
    if wanted != chosen.asked:
        choose(go=wanted)


def bring(asked: Question, picture: Picture) -> Attribution | None:
    """Return a map; as long as there is none, have it made and show how far it is."""

    def work(progress: Progress) -> Attribution:
        made = attribute(asked, picture, shared_models(), progress)
        return results().keep(asked, made, made.values.nbytes + made.pixels.nbytes)

    place = st.empty()
    with place.container(gap="small"):
        st.markdown(f"**{METHODS[asked.method].title}**")
        made = with_progress(asked, work, lambda: find(asked))
    if made is not None:
        place.empty()
    return made
