"""The architectures lab: the browser component of `architectures-lab.js`.

The browser asks for networks by itself (`cnnlab.ui.architectures.serving`). It knows no network.
"""

from collections.abc import Mapping

import streamlit as st

from cnnlab.ui.addresses import address
from cnnlab.ui.assets import browser_component
from cnnlab.ui.labs.mounting import current_settings, mount

component = browser_component("cnnlab.architectures")


def architectures_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    follow_changes(key, current_settings(key))


@st.fragment
def follow_changes(key: str, opened: Mapping[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    current_settings(key)
    mount(
        component,
        key,
        "architectures-lab.js",
        {"settings": dict(opened), "networks": address("architectures")},
    )
