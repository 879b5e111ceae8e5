"""The architectures lab: the browser component of `architectures-lab.js`, and a picture that is uploaded.

The browser asks for networks, and for what flows through them, by itself (`cnnlab.ui.architectures`).
It knows no network.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnlab.inspection.pictures import NETWORK_SIDE_PX
from cnnlab.language import translate
from cnnlab.ui.addresses import address
from cnnlab.ui.architectures.flowing import shared
from cnnlab.ui.assets import browser_component
from cnnlab.ui.labs.mounting import current_settings, mount
from cnnlab.ui.labs.uploading import uploaded_picture

component = browser_component("cnnlab.architectures", "architectures-lab.js")


def architectures_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    follow_changes(key, current_settings(key))


@st.fragment
def follow_changes(key: str, opened: Mapping[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    settings = current_settings(key)
    above = st.container()
    upload = ask_for_picture(key) if settings.get("pic") == "upload" else None
    with above:
        mount(
            component,
            key,
            {"settings": dict(opened), "networks": address("architectures"), "upload": upload},
        )


def ask_for_picture(key: str) -> dict[str, Any] | None:
    """Offer an upload field; return the name by which its picture can flow, and what was changed in it."""
    picture = uploaded_picture(
        key,
        translate("Up to 20 MB. The server keeps it in its memory for a while, never on disk."),
        NETWORK_SIDE_PX,
    )
    return picture and {
        "key": shared().pictures.keep(picture),
        "name": picture.name,
        "notes": list(picture.notes),
    }
