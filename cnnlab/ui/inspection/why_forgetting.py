"""Does a map survive when the network forgets? A guess first, then the maps, layer by layer.

Adebayo et al. 2018 found that some do. What is computed is in `why_tests`.
"""

from typing import Any

import streamlit as st

from cnnlab.figures.attribution import survival
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Question
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.ui.inspection.why_asking import Scene, cost_of, question, stamp
from cnnlab.ui.inspection.why_choice import choice, choose, text, view
from cnnlab.ui.inspection.why_maps import show_maps
from cnnlab.ui.inspection.why_pressing import started
from cnnlab.ui.inspection.why_target import written
from cnnlab.ui.inspection.why_telling import map_told, picture_told
from cnnlab.ui.inspection.why_tests import STAGES, randomised
from cnnlab.ui.inspection.why_words import remark

USUAL = ("saliency", "guided_backprop", "grad_cam")
MOST = 4
QUESTION = (
    "Let the network **forget**: from the last layer to the first, its weights are replaced by random "
    "ones, until nothing that it learned is left. It then knows no category. What should happen to a map "
    "that explains what the network has learned? And what will happen?"
)
CAUTION = (
    "A map that changes has passed this test, no more: chance changes, too. One that stays the same shows "
    "the picture, whatever the network knows."
)


def forgetting_test(key: str, scene: Scene, _maps: Any) -> None:
    """Ask for a guess, let the network forget, and show what became of the maps."""
    st.markdown(QUESTION)
    names = _choose(key, scene)
    if not names:
        st.info("Choose one or more methods to test.")
        return
    guess = _guess(key, names)
    asked = tuple(question(scene, choice(), name) for name in names)
    passes = (STAGES + 1) * sum(cost_of(one).forward + cost_of(one).backward for one in asked)
    cost = f"{STAGES + 1} maps by each method, about {passes} passes."
    if not started(key, "Let it forget", ("forget", asked), cost):
        return
    found = {one.method: randomised(one, scene.picture) for one in asked}
    if any(made is None for made in found.values()):
        return
    _show(key, scene, found, asked)
    _compare(found, guess)


def _choose(key: str, scene: Scene) -> tuple[str, ...]:
    works = [name for name in METHODS if verdict(name, scene.model).kind != "refused"]
    field = f"{key}.try"
    wanted = text("try", ".".join(USUAL)).split(".")
    st.session_state[field] = [name for name in works if name in wanted][:MOST]
    st.pills(
        f"Methods to test, at most {MOST}",
        works,
        format_func=lambda name: METHODS[name].title,
        selection_mode="multi",
        key=field,
        on_change=lambda: choose(**{"try": ".".join(st.session_state[field][:MOST])}),
    )
    return tuple(st.session_state[field])


def _guess(key: str, names: tuple[str, ...]) -> str | None:
    if len(names) < 2:
        return None
    return st.radio(
        "Your guess: which map will change least?",
        names,
        format_func=lambda name: METHODS[name].title,
        index=None,
        horizontal=True,
        key=f"{key}.guess",
    )


def _show(key: str, scene: Scene, found: dict[str, Any], asked: tuple[Question, ...]) -> None:
    """Show the maps before, and after as many layers as the slider says have forgotten."""
    pixels, _, stages = next(iter(found.values()))
    titles = [_stage_title(stage.layers, stages[-1].layers) for stage in stages]
    place = st.select_slider(
        "How much has it forgotten?",
        range(len(stages)),
        len(stages) - 1,
        format_func=titles.__getitem__,
        key=f"{key}.stage",
    )
    now = written(stages[place].probability)
    remark(f"From {stages[place].first} on, all is forgotten; the network gives {scene.category} {now}.")
    maps = []
    for name, (_, trained, after) in found.items():
        alike = after[place].rank
        words = (
            "not comparable: a map is the same everywhere"
            if alike is None
            else f"likeness to the map before: {alike:.2f}"
        )
        maps.append(map_told(name, trained, scene.category, badge="before", light=None))
        maps.append(
            map_told(
                name, after[place].map, scene.category, badge="after", light=None, remarks=[f"Now {words}."]
            )
        )
    data = {"maps": maps, "group": 2, "pictures": [picture_told(pixels)], "stamp": stamp(asked, place)}
    show_maps(f"{key}.maps", data, view(), kept=False)


def _compare(found: dict[str, Any], guess: str | None) -> None:
    """Draw how alike the maps stay, and answer the guess."""
    _, _, stages = next(iter(found.values()))
    ranks = {METHODS[name].title: [stage.rank for stage in after] for name, (_, _, after) in found.items()}
    last = {name: values[-1] for name, values in ranks.items() if values[-1] is not None}
    words = "; ".join(f"{name} {value:.2f}" for name, value in last.items())
    st.plotly_chart(
        survival(ranks, [stage.layers for stage in stages]),
        key="why.survival",
        alt=f"Likeness with everything forgotten: {words}.",
    )
    remark(
        "Likeness is Spearman's rank correlation of the absolute values: 1 is the same order of pixels, 0 "
        "is chance."
    )
    if last:
        most = max(last, key=lambda name: last[name])
        answer = (
            ""
            if guess is None
            else (
                "You guessed right. "
                if METHODS[guess].title == most
                else f"You guessed {METHODS[guess].title}. "
            )
        )
        st.markdown(
            f"{answer}With everything forgotten, **{most}** is most like its map before ({last[most]:.2f}). "
            f"{CAUTION}"
        )


def _stage_title(layers: int, all_layers: int) -> str:
    if layers == all_layers:
        return f"all {all_layers} layers"
    return "the last layer" if layers == 1 else f"the last {layers} layers"
