"""Why did the network say that? Maps by several methods, and tests of whether they tell the truth.

It puts the parts together: what is asked (`why_target`, `why_methods`), the maps (`why_asking`, `why_maps`),
the tests (`why_truth`) and the push (`why_push`).
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnnlab.inspection.attribution.layers import usual_layer
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Attribution, Question
from cnnlab.inspection.attribution.truth_maps import controls
from cnnlab.inspection.models import Entry, entry
from cnnlab.inspection.pictures import Picture
from cnnlab.ui.inspection.choosing import choose_layer
from cnnlab.ui.inspection.why_asking import (
    Scene,
    bring,
    find,
    layers_to_look_at,
    press,
    pressed,
    questions,
    settle_pressed,
    stamp,
)
from cnnlab.ui.inspection.why_choice import PREDICTED, choice, choose, view
from cnnlab.ui.inspection.why_maps import show_maps
from cnnlab.ui.inspection.why_methods import choose_methods, explain_methods, total_text
from cnnlab.ui.inspection.why_push import push_panel
from cnnlab.ui.inspection.why_target import begin, begun, choose_target, forget_foreign_target
from cnnlab.ui.inspection.why_telling import attribution_told, common_picture, controls_told
from cnnlab.ui.inspection.why_truth import truth_panel
from cnnlab.ui.inspection.why_words import remark

WANTED = (
    "remembered.why.wanted"  # the button was pressed; what exactly is asked is known once there is a category
)
HOW_TO_READ = (
    "A map gives every pixel a number: how much it spoke for the category, says this method. The colour "
    "channels are added. Orange speaks for the category, blue against it; maps without a sign go from dark "
    "to yellow."
)
CONTROLS = "Beside them, maps that know nothing of the network: edges, the centre, chance"
LESSON = (
    "The last three maps never saw the network. A map that looks no better than the picture's edges may be "
    "pretty; that does not make it an explanation. The tests below tell them apart."
)


def why_panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    """Draw everything that is asked about a network and a picture, `(name, picture)`."""
    network = entry(model)
    forget_foreign_target(model)
    target, layer = st.columns(2)
    names = choose_methods(key)
    with target:
        found = choose_target(key, network, *picture)
    with layer:
        module = _layer(key, model, names)
    number, categories = found or (PREDICTED, ())
    scene = Scene(model, *picture, number, module, categories)
    asked = questions(scene, choice())
    explain_methods(key, names, network, asked)
    _ask(key, asked, waiting=found is None)
    if found is None:
        return
    maps = _maps(asked, picture[1])
    _show(key, scene, network, maps)
    truth_panel(key, scene, maps)
    push_panel(key, scene, maps)


def _layer(key: str, model: str, names: Sequence[str]) -> str:
    """Return the module that methods look at which need a layer; offer it where one of them is chosen."""
    if not any(METHODS[name].needs_layer for name in names):
        return usual_layer(model)
    needing = [METHODS[name].title for name in names if METHODS[name].needs_layer]
    layers = layers_to_look_at(model)
    usual = next(layer for layer in layers if layer.path == usual_layer(model))
    layer = choose_layer(key, layers, lambda _layers: usual)
    remark(f"For {', '.join(needing)}. Late layers know what things are, early ones where.")
    return layer.path


def _ask(key: str, asked: Sequence[Question], waiting: bool) -> None:
    """Offer to make the maps that nobody has asked for yet, with what they cost."""
    open_ends = [one for one in asked if not pressed(one) and find(one) is None]

    def go() -> None:
        begin()
        st.session_state[WANTED] = True

    if not asked:
        st.info("Choose one or more methods that hold on this network.")
        return
    columns = st.columns([2, 3], vertical_alignment="center")
    columns[0].button(
        "Make the maps" if len(open_ends) != 1 else f"Make the map: {METHODS[open_ends[0].method].title}",
        key=f"{key}.go",
        on_click=go,
        disabled=not open_ends or waiting,
        icon=":material/play_arrow:",
    )
    said = (
        f"Takes {total_text(open_ends)} through the network."
        if open_ends
        else "All chosen maps are made or under way."
    )
    remark(said if begun() else f"{said} The first time, the network is loaded as well.", columns[1])


def _maps(asked: tuple[Question, ...], picture: Picture) -> list[tuple[Question, Attribution]]:
    """Return the maps that there are; of those that are wanted and missing, show how far they are."""
    if st.session_state.pop(WANTED, False):
        press(asked)
    settle_pressed(asked, choice())
    maps = []
    for one in asked:
        made = bring(one, picture) if pressed(one) else find(one)
        if made is not None:
            maps.append((one, made))
    return maps


def _show(key: str, scene: Scene, network: Entry, maps: Sequence[tuple[Question, Attribution]]) -> None:
    """Draw the maps, and beside them, where wanted, those that know nothing."""
    if not maps:
        return
    first = maps[0][1]
    st.subheader("The maps", anchor="maps")
    about = f"{network.title}, {scene.category}"
    score = f"The score of **{scene.category}** before softmax is {first.score:.3g}."
    st.markdown(f"{score} {HOW_TO_READ}")
    told = [attribution_told(one.method, made, scene.model, about) for one, made in maps]
    if _with_controls(key):
        told += controls_told(controls(np.ascontiguousarray(first.pixels)))
    data = {
        "maps": told,
        "pictures": common_picture([made for _, made in maps]),
        "stamp": stamp(*(one for one, _ in maps), choice().controls),
    }
    show_maps(f"{key}.maps", data, view())
    if choice().controls:
        st.markdown(LESSON)


def _with_controls(key: str) -> bool:
    field = f"{key}.controls"
    st.session_state[field] = choice().controls

    def changed() -> None:
        choose(controls="1" if st.session_state[field] else "")

    return st.toggle(CONTROLS, key=field, on_change=changed)
