"""The convolution lab: the browser component of `lab.js`, and the picture that a learner uploads for it.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). It knows no arithmetic.
"""

import base64
from typing import Any

import streamlit as st

from cnnlab.language import translate
from cnnlab.ui.assets import STYLES_OF_LAYERS, browser_component
from cnnlab.ui.labs.mounting import current_settings, mount
from cnnlab.ui.labs.uploading import uploaded_picture

component = browser_component(
    "cnnlab.convolution",
    "lab.js",
    *STYLES_OF_LAYERS,
)


def convolution_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    follow_changes(key, current_settings(key))


@st.fragment
def follow_changes(key: str, opened: dict[str, str]) -> None:
    """Draw the component, at every change anew.

    It is handed the settings that it was opened with, not those it has just reported: its message then stays
    the same, and Streamlit sends a reference in place of all its style sheets.
    """
    settings = current_settings(key)
    above = st.container()
    upload = ask_for_picture(key) if settings.get("src") == "upload" else None
    with above:
        mount(component, key, {"settings": opened, "upload": upload})


def ask_for_picture(key: str) -> dict[str, Any] | None:
    """Offer an upload field and return its picture for the browser; say so where it cannot be read."""
    picture = uploaded_picture(key, translate("Up to 20 MB. It is kept only while this page is open."))
    return picture and {
        "png": base64.b64encode(picture.png()).decode(),
        "name": picture.name,
        "notes": list(picture.notes),
    }
