"""Is a map telling the truth? Questions that a learner answers by trying: press, and see.

Each test has its own part here; what is computed is in `why_tests`.
"""

from collections.abc import Sequence

import streamlit as st

from cnnlab.inspection.attribution.running import Attribution, Question
from cnnlab.ui.inspection.why_asking import Scene
from cnnlab.ui.inspection.why_choice import choose, text
from cnnlab.ui.inspection.why_forgetting import forgetting_test
from cnnlab.ui.inspection.why_moving import moving_test
from cnnlab.ui.inspection.why_pixels import fidelity_test, pixels_test
from cnnlab.ui.inspection.why_pointing import pointing_test

Made = Sequence[tuple[Question, Attribution]]
TESTS = {
    "forget": ("Does it survive forgetting?", forgetting_test),
    "pixels": ("Are these the pixels that count?", pixels_test),
    "foretell": ("Does it foretell what covering does?", fidelity_test),
    "point": ("Does it point at the thing?", pointing_test),
    "move": ("Does it move with the picture?", moving_test),
}
INTRODUCTION = (
    "A map always looks like something. Whether it says anything about **this network** can be tested. No "
    "single test decides: each one catches another way of being wrong."
)


@st.fragment
def truth_panel(key: str, scene: Scene, maps: Made) -> None:
    """Offer the tests, and run the one that is open."""
    st.subheader("Is it telling the truth?", anchor="truth")
    st.markdown(INTRODUCTION)
    name = _choose_test(key)
    TESTS[name][1](f"{key}.{name}", scene, maps)


def _choose_test(key: str) -> str:
    field = f"{key}.test"
    st.session_state[field] = text("test") if text("test") in TESTS else next(iter(TESTS))
    st.segmented_control(
        "Test",
        list(TESTS),
        format_func=lambda name: TESTS[name][0],
        key=field,
        required=True,
        on_change=lambda: choose(test=str(st.session_state[field] or "")),
    )
    return st.session_state[field]
