"""The convolution lab: mounts the browser component, and keeps its settings in the address.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). This module hears the settled
settings, writes them to the address, and hands over an uploaded picture. It knows no arithmetic.
"""

import base64
from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.ui.assets import browser_component, module_address
from cnnlab.ui.caching import cached_read_upload
from cnnlab.ui.problems import apologise
from cnnlab.ui.state import recall, remember

LONGEST_NAME = 20
LONGEST_VALUE = 4096
MOST_PARAMETERS = 60

component = browser_component("cnnlab.convolution")


@st.fragment
def convolution_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    reported = reported_settings(key)
    settings = reported if reported is not None else clean(st.query_params.to_dict()) or recall(key)
    remember(key, settings)
    if settings != st.query_params.to_dict():
        st.query_params.from_dict(settings)
    above = st.container()
    upload = ask_for_picture(key) if settings.get("src") == "upload" else None
    with above:
        component(
            key=key,
            data={"module": module_address("lab.js"), "settings": settings, "upload": upload},
            default={"settings": None},
            on_settings_change=lambda: None,
        )


def reported_settings(key: str) -> dict[str, str] | None:
    """Return the settings that the browser last reported, or None before it has."""
    settings = (st.session_state.get(key) or {}).get("settings")
    return clean(settings) if isinstance(settings, Mapping) else None


def clean(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Keep what can be settings: short texts under short names, and not too many of them."""
    texts = {str(name): str(value) for name, value in list(parameters.items())[:MOST_PARAMETERS]}
    return {n: v for n, v in texts.items() if len(n) <= LONGEST_NAME and len(v) <= LONGEST_VALUE}


def ask_for_picture(key: str) -> dict[str, Any] | None:
    """Offer an upload field and return its picture for the browser; say so where it cannot be read."""
    file = st.file_uploader(
        "Your picture", key=f"{key}.upload", help="Up to 20 MB. It is kept only while this page is open."
    )
    if file is None:
        return None
    try:
        picture = cached_read_upload(file.getvalue(), file.name)
    except CnnLabError as problem:
        apologise(problem)
        return None
    return {
        "png": base64.b64encode(picture.png()).decode(),
        "name": picture.name,
        "notes": list(picture.notes),
    }
