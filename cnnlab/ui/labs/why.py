"""The page Why?: which network and picture, and why it said what it said; all of it is in the address."""

import streamlit as st

from cnnlab.ui.inspection.choosing import choose_model, choose_picture
from cnnlab.ui.inspection.place import settle_place
from cnnlab.ui.inspection.why_choice import settle_choice
from cnnlab.ui.inspection.why_panel import why_panel


def why(key: str) -> None:
    """Draw the page below its title."""
    settle_place("model", "layer", "picture")
    settle_choice()
    network, picture = st.columns(2)
    with network:
        model = choose_model(key)
    with picture:
        chosen = choose_picture(key)
    why_panel(key, model, chosen)
