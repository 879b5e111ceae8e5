"""The page Why?: which network and picture, and why it said what it said; all of it is in the address."""

from urllib.parse import urlencode

import streamlit as st

from cnnlab.ui.addresses import address
from cnnlab.ui.inspection.choosing import choose_model, choose_picture
from cnnlab.ui.inspection.place import query_of, settle_place
from cnnlab.ui.inspection.why_choice import settle_choice
from cnnlab.ui.inspection.why_panel import why_panel
from cnnlab.ui.inspection.why_words import remark


def why(key: str) -> None:
    """Draw the page below its title."""
    settle_place("model", "layer", "picture")
    settle_choice()
    network, picture = st.columns(2)
    with network:
        model = choose_model(key)
        below = st.container()
    with picture:
        chosen = choose_picture(key)
    with below:
        inside = f"{address('look-inside')}?{urlencode(query_of('model', 'layer', 'picture'))}"
        remark(f"[Look inside this network]({inside}): predictions, filters, feature maps, what excites it.")
    why_panel(key, model, chosen)
