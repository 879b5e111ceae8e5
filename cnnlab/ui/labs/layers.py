"""The Layers lab: the browser component of `layers-lab.js`.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). It knows no arithmetic.
"""

import streamlit as st

from cnnlab.ui.assets import STYLES_OF_LAYERS, browser_component
from cnnlab.ui.labs.mounting import current_settings, mount

component = browser_component(
    "cnnlab.layers",
    "layers-lab.js",
    *STYLES_OF_LAYERS,
)


def layers_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    follow_changes(key, current_settings(key))


@st.fragment
def follow_changes(key: str, opened: dict[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    current_settings(key)
    mount(component, key, {"settings": opened})
