"""The convolution lab: mounts the browser component, and keeps its settings in the address.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). This module hears the settled
settings, writes them to the address, and hands over an uploaded picture. It knows no arithmetic.
"""

import base64
from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnlab.inspection.uploads import read_upload
from cnnlab.errors import CnnLabError
from cnnlab.ui.assets import browser_component, module_address
from cnnlab.ui.problems import apologise
from cnnlab.ui.state import recall, remember

LONGEST_VALUE = 4096
MOST_PARAMETERS = 60

component = browser_component("cnnlab.convolution")


@st.fragment
def convolution_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    given = clean(st.query_params.to_dict()) or recall(key)
    settings = clean(component_settings(key)) if component_settings(key) is not None else given
    remember(key, settings)
    if settings != st.query_params.to_dict():
        st.query_params.from_dict(settings)
    component(
        key=key,
        data={"module": module_address("lab.js"), "settings": settings, "upload": uploaded(key, settings)},
        default={"settings": None},
        on_settings_change=lambda: None,
    )


def component_settings(key: str) -> Mapping[str, Any] | None:
    """Return the settings that the browser last reported, or None before it has."""
    state = st.session_state.get(key)
    return state.get("settings") if state else None


def clean(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Keep what can be settings: short texts under short names, and not too many of them."""
    kept = {str(name): str(value) for name, value in parameters.items() if len(str(name)) <= 20}
    return {name: value for name, value in list(kept.items())[:MOST_PARAMETERS] if len(value) <= LONGEST_VALUE}


def uploaded(key: str, settings: Mapping[str, str]) -> dict[str, Any] | None:
    """Ask for a picture where the lab is set to one, and return it ready for the browser."""
    if settings.get("src") != "upload":
        return None
    file = st.file_uploader("Your picture", key=f"{key}.upload", help="Up to 20 MB; it stays on this server and in this session.")
    if file is None:
        return None
    try:
        picture = read_upload(file.getvalue(), file.name)
    except CnnLabError as problem:
        apologise(problem)
        return None
    return {
        "png": base64.b64encode(picture.png()).decode(),
        "name": picture.name,
        "notes": list(picture.notes),
    }
