"""The page Look inside: which network and picture, and one lens on them; all of it is in the address."""

import streamlit as st

from cnnlab.ui.inspection.choosing import choose_model, choose_picture
from cnnlab.ui.inspection.lenses import choose_lens
from cnnlab.ui.inspection.place import settle_place


def look_inside(key: str) -> None:
    """Draw the page below its title."""
    settle_place("model", "layer", "channel", "unit", "picture", "lens")
    network, picture = st.columns(2)
    with network:
        model = choose_model(key)
    with picture:
        chosen = choose_picture(key)
    lens = choose_lens(key)
    if lens is not None:
        lens.panel()(f"{key}.{lens.name}", model, chosen)
