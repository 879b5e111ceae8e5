"""Are the pixels that a map marks those that count? Two tests on the maps that were made above.

Pixels are taken away and put back in the map's order; squares are covered. `why_tests` computes it.
"""

from collections.abc import Sequence

import streamlit as st

from cnnlab.figures.attribution import pixel_curves
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Attribution, Question
from cnnlab.ui.inspection.why_asking import Scene, cost_of
from cnnlab.ui.inspection.why_pressing import started
from cnnlab.ui.inspection.why_telling import percent
from cnnlab.ui.inspection.why_tests import fidelity, pixel_game
from cnnlab.ui.inspection.why_words import remark

Made = Sequence[tuple[Question, Attribution]]
NO_MAPS = "Make maps above first: this test takes them as they are."
PIXELS = (
    "Take the picture's pixels away, beginning with those that the map calls most important; each is "
    "replaced by a blurred version of itself. If the map is right, the category's probability falls at "
    "once (**deletion**). Or start with the blurred picture and put them back: then it should rise at once "
    "(**insertion**). Would you bet that every method beats the picture's edges, which know nothing of the "
    "network?"
)
FORETELL = (
    "Cover 40 random squares, one after the other. The map foretells how far the score falls: by its sum "
    "under the square. How much of the real falls did it **not** foretell (infidelity, as a share)? And "
    "how much does the map itself change when the picture gets noise that hardly anybody sees "
    "(sensitivity)?"
)
STEPS = 21


def pixels_test(key: str, scene: Scene, maps: Made) -> None:
    """Draw the curves of deletion and insertion of all maps, and of those that know nothing."""
    st.markdown(PIXELS)
    if not maps:
        st.info(NO_MAPS)
        return
    asked = tuple(one for one, _ in maps)
    passes = 2 * STEPS * (len(maps) + 3)
    if not started(key, "Take pixels away", ("pixels", asked), f"{passes} forward passes."):
        return
    titled = {METHODS[one.method].title: made.values for one, made in maps}
    found = pixel_game(asked, scene.picture, titled)
    if found is None:
        return
    for column, which, title in zip(
        st.columns(2),
        ("deletion", "insertion"),
        ("Deletion: low is good", "Insertion: high is good"),
        strict=True,
    ):
        words = ", ".join(f"{name} {getattr(one, f'{which}_area'):.2f}" for name, one in found.items())
        with column:
            figure = pixel_curves(found, which, title)
            st.plotly_chart(figure, key=f"{key}.{which}", alt=f"Areas under the curves of {which}: {words}.")
    lines = [
        f"| {name} | {one.deletion_area:.2f} | {one.insertion_area:.2f} |"
        for name, one in sorted(
            found.items(), key=lambda pair: pair[1].deletion_area - pair[1].insertion_area
        )
    ]
    st.markdown("\n".join(["| Map | Area, deletion | Area, insertion |", "|:--|--:|--:|", *lines]))
    remark(
        "The best ones, insertion less deletion, come first. Where a control comes early, be careful with "
        "all."
    )


def fidelity_test(key: str, scene: Scene, maps: Made) -> None:
    """Tell of each map how much it did not foretell, and how much it changes under noise."""
    st.markdown(FORETELL)
    if not maps:
        st.info(NO_MAPS)
        return
    asked = tuple(one for one, _ in maps)
    passes = 41 * len(asked) + 10 * sum(cost_of(one).forward + cost_of(one).backward for one in asked)
    if not started(key, "Cover and shake", ("foretell", asked), f"About {passes} passes."):
        return
    lines = []
    for one, made in maps:
        found = fidelity(one, scene.picture, made.values)
        if found is not None:
            missed = "–" if found.unexplained is None else percent(found.unexplained)
            lines.append(f"| {METHODS[one.method].title} | {missed} | {found.sensitivity:.2f} |")
    if lines:
        head = ["| Map | Not foretold | Change under noise |", "|:--|--:|--:|"]
        st.markdown("\n".join([*head, *lines]))
        remark(
            "0 % would be a map that foretells every fall, 100 % one that foretells none. A change of 0 is "
            "a map that stays the same, 1 one that changes as much as it is strong. Guided backpropagation "
            "often does well here, and fails elsewhere: no number decides alone."
        )
