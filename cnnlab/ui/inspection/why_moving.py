"""Does a map move when the picture moves? One method, one shift, both maps beside each other.

What is computed is in `why_tests`.
"""

from typing import Any

import numpy as np
import streamlit as st

from cnnlab import zoo
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.ui.inspection.why_asking import Scene, cost_of, question, stamp
from cnnlab.ui.inspection.why_choice import choice, choose, text, view
from cnnlab.ui.inspection.why_maps import show_maps
from cnnlab.ui.inspection.why_pressing import started
from cnnlab.ui.inspection.why_target import written
from cnnlab.ui.inspection.why_telling import map_told, picture_told
from cnnlab.ui.inspection.why_tests import moved
from cnnlab.ui.inspection.why_words import remark

QUESTION = (
    "Move the whole picture by a few pixels. The thing in it is the same, and so is what the network "
    "should say. Does the map move along? Strides and pooling make networks jump a little, and coarse maps "
    "move in steps."
)
USUAL_SHARE = 28  # of the side: 8 pixels of 224


def moving_test(key: str, scene: Scene, _maps: Any) -> None:
    """Let the learner move the picture, and compare each chosen method's maps."""
    st.markdown(QUESTION)
    shift = _choose_shift(key, zoo.input_shape(scene.model)[2])
    asked = tuple(question(scene, choice(), name) for name in choice().methods)
    asked = tuple(one for one in asked if _holds(one.method, scene.model))
    if not asked:
        st.info("Choose one or more methods above.")
        return
    passes = 2 * sum(cost_of(one).forward + cost_of(one).backward for one in asked)
    if not started(
        key, "Move the picture", ("move", asked, shift), f"Two maps by each method, about {passes} passes."
    ):
        return
    found = {one.method: moved(one, scene.picture, (0, shift)) for one in asked}
    if any(made is None for made in found.values()):
        return
    maps = []
    for name, (_, stayed, there) in found.items():
        alike = "–" if there.correlation is None else f"{there.correlation:.2f}"
        maps.append(map_told(name, stayed, scene.category, badge="before", light=None))
        now = written(there.probability)
        words = f"Moved back, its correlation with the map before is {alike}; probability now {now}."
        maps.append(
            map_told(name, there.map, scene.category, badge="moved", light=None, picture=1, remarks=[words])
        )
    pixels, _, _ = next(iter(found.values()))
    pictures = [picture_told(pixels), picture_told(shifted_pixels(pixels, shift))]
    data = {"maps": maps, "group": 2, "pictures": pictures, "stamp": stamp(asked, shift)}
    show_maps(f"{key}.maps", data, view(), kept=False)
    remark("A correlation of 1 is a map that moved along exactly.")


def shifted_pixels(pixels: np.ndarray, right: int) -> np.ndarray:
    """Return a picture moved to the right; the column at the edge is repeated to fill up."""
    return pixels[:, (np.arange(pixels.shape[1]) - right).clip(0, pixels.shape[1] - 1)]


def _choose_shift(key: str, side: int) -> int:
    most = max(2, side // 4)
    said = text("shift")
    given = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else max(1, side // USUAL_SHARE)
    field = f"{key}.shift"
    st.session_state[field] = max(1, min(most, given))
    return st.slider(
        "Pixels to the right",
        1,
        most,
        key=field,
        on_change=lambda: choose(shift=str(st.session_state[field])),
    )


def _holds(name: str, model: str) -> bool:
    return name in METHODS and verdict(name, model).kind != "refused"
