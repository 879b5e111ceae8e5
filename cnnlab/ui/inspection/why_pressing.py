"""A button that starts a test, once; what was started is in the address, so that a reload goes on with it.

It does not know the tests.
"""

from collections.abc import Hashable

import streamlit as st

from cnnlab.ui.inspection.why_asking import press, pressed, stamp
from cnnlab.ui.inspection.why_choice import choose, text
from cnnlab.ui.inspection.why_target import begin
from cnnlab.ui.inspection.why_words import remark


def started(key: str, label: str, asked: Hashable, cost: str) -> bool:
    """Offer to start a test, saying what it costs; return whether the learner wants it."""
    if text("ran") == stamp(asked) and not pressed(asked):
        press((asked,))
        begin()

    def go() -> None:
        begin()
        press((asked,))
        choose(ran=stamp(asked))

    wanted = pressed(asked)
    columns = st.columns([2, 3], vertical_alignment="center")
    columns[0].button(label, key=f"{key}.go", on_click=go, disabled=wanted, icon=":material/play_arrow:")
    remark(cost if not wanted else "This was asked for; what comes of it is below.", columns[1])
    return wanted
