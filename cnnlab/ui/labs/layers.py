"""The Layers lab: the browser component of `layers-lab.js`, with a picture that a learner uploads for it.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). It knows no arithmetic.
"""

import streamlit as st

from cnnlab.ui.assets import browser_component
from cnnlab.ui.labs.convolution import ask_for_picture
from cnnlab.ui.labs.mounting import current_settings, mount

component = browser_component("cnnlab.layers")


@st.fragment
def layers_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    settings = current_settings(key)
    above = st.container()
    upload = ask_for_picture(key) if settings.get("src") == "upload" else None
    with above:
        mount(component, key, "layers-lab.js", {"settings": settings, "upload": upload})
