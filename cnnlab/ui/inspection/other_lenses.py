"""Buttons that look at the same place through another lens: layer and channel stay.

A panel that runs by itself cannot make the whole page run, so it only notes what it shows (`note_shown`), and
the buttons stand outside of it. It knows which lenses there are, not what they show.
"""

import streamlit as st

from cnnlab.ui.inspection.lenses import offered
from cnnlab.ui.inspection.place import go_to, place, query_of
from cnnlab.ui.pages import PAGES

PLACED = ("filters", "maps", "exciting")  # lenses that look at one layer
TITLES = {"filters": "Its filter", "maps": "Its feature map", "exciting": "What excites it"}
WHY = "why"


def note_shown(key: str, layer: str, channel: int) -> None:
    """Note which layer and channel are shown now; they may be the usual ones, which nobody has chosen."""
    st.session_state[f"{key}.shown"] = layer, channel


def offer_other_lenses(key: str) -> None:
    """Draw the buttons; call it outside of fragments."""
    here = place().lens or next(iter(offered()))
    others = [lens for lens in PLACED if lens in offered() and lens != here]
    page = next((entry for entry in PAGES if entry.url_path == WHY), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("The same layer and channel under another lens:", width="content")
        for lens in others:
            st.button(TITLES[lens], key=f"{key}.to-{lens}", on_click=_look, args=(key, lens))
        if page is not None and st.button("Why?", key=f"{key}.to-why", on_click=_look, args=(key,)):
            st.switch_page(page.file, query_params=query_of("model", "layer", "channel", "picture"))


def _look(key: str, lens: str = "") -> None:
    shown = st.session_state.get(f"{key}.shown")
    there = {} if shown is None else {"layer": shown[0], "channel": shown[1]}
    go_to(**there, **({"lens": lens} if lens else {}))
