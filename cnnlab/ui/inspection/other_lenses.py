"""Buttons that look at the same place through another lens: layer and channel stay.

It knows which lenses there are, not what they show.
"""

import streamlit as st

from cnnlab.ui.inspection.lenses import offered
from cnnlab.ui.inspection.place import go_to, place, query_of
from cnnlab.ui.pages import PAGES

PLACED = ("filters", "maps", "exciting")  # lenses that look at one layer
TITLES = {"filters": "Its filter", "maps": "Its feature map", "exciting": "What excites it"}
WHY = "why"


def offer_other_lenses(key: str, layer: str, channel: int) -> None:
    """Draw the buttons, for the layer and channel that are shown now."""
    here = place().lens or next(iter(offered()))
    others = [lens for lens in PLACED if lens in offered() and lens != here]
    page = next((entry for entry in PAGES if entry.url_path == WHY), None)
    if not others and page is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"The same place, **{layer}**, channel **{channel}**, under another lens:", width="content"
        )
        for lens in others:
            if st.button(TITLES[lens], key=f"{key}.to-{lens}"):
                go_to(lens=lens, layer=layer, channel=channel)
                st.rerun()  # the whole page: a panel alone cannot open another one
        if page is not None and st.button("Why?", key=f"{key}.to-why"):
            go_to(layer=layer, channel=channel)
            st.switch_page(page.file, query_params=query_of("model", "layer", "channel", "picture"))
