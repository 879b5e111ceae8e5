"""How a lesson's widgets are drawn: one entry for each lab, and the state that a question can be about.

`cnnlab.course.widgets` has the same names with their options; a test compares the two tables.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from cnnlab.course.lesson import Widget
from cnnlab.ui.addresses import address
from cnnlab.ui.labs.architectures import component as architecture_component
from cnnlab.ui.labs.augmentation import augmentation_in_a_lesson
from cnnlab.ui.labs.convolution import component as convolution_component
from cnnlab.ui.labs.layers import component as layers_component
from cnnlab.ui.labs.mounting import mount
from cnnlab.ui.labs.state_of_architecture import architecture_state
from cnnlab.ui.labs.state_of_augmentation import augmentation_state
from cnnlab.ui.labs.state_of_convolution import convolution_state
from cnnlab.ui.lessons.doors import door, recipe_in_words


@st.fragment
def _convolution(key: str, settings: Mapping[str, str]) -> None:
    mount(convolution_component, key, {"settings": dict(settings), "upload": None, "compact": True})


@st.fragment
def _layers(key: str, settings: Mapping[str, str]) -> None:
    mount(layers_component, key, {"settings": dict(settings), "compact": True})


@st.fragment
def _architecture(key: str, settings: Mapping[str, str]) -> None:
    data = {"settings": dict(settings), "networks": address("architectures"), "compact": True}
    mount(architecture_component, key, data)


@st.fragment
def _augmentation(key: str, settings: Mapping[str, str]) -> None:
    augmentation_in_a_lesson(key, settings)


def _no_state(_settings: Mapping[str, str]) -> dict[str, Any]:
    return {}


# name in a lesson → (how it is drawn, its settings → its state by readable names)
WIDGETS: dict[str, tuple[Callable[..., None], Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    "conv-lab": (_convolution, convolution_state),
    "layers-lab": (_layers, _no_state),
    "architecture-lab": (_architecture, architecture_state),
    "look-inside": (door("look-inside"), _no_state),
    "why": (door("why"), _no_state),
    "finetune": (door("finetune", recipe_in_words), _no_state),
    "augment-lab": (_augmentation, augmentation_state),
}


def draw_widget(lesson_key: str, widget: Widget) -> None:
    """Draw a lab inside a lesson, set as the author wrote."""
    draw, state = WIDGETS[widget.name]
    key = f"{lesson_key}.{widget.id}"
    draw(key, widget.settings)
    st.session_state[f"{key}.state"] = (state, dict(widget.settings))


def state_of(key: str) -> dict[str, Any] | None:
    """Return the state of a lesson's widget as a question may ask for it; None if there is no such widget."""
    known = st.session_state.get(f"{key}.state")
    if known is None:
        return None
    state, initial = known
    reported = (st.session_state.get(key) or {}).get("settings")
    return state(reported if isinstance(reported, Mapping) else initial)
