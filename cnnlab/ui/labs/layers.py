"""The Layers lab: the browser component of `layers-lab.js`.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). It knows no arithmetic.
"""

import streamlit as st

from cnnlab.ui.assets import browser_component
from cnnlab.ui.labs.mounting import current_settings, mount

component = browser_component("cnnlab.layers")


@st.fragment
def layers_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    mount(component, key, "layers-lab.js", {"settings": current_settings(key)})
