"""The maps on the page: a browser component that draws them, and how the learner wants to see them.

It does not know how maps are made.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.why_choice import VIEW, choose

component = browser_component("cnnlab.why-maps", "why-maps.js", "flow.css", "why.css")
LONGEST = 12


@st.fragment
def show_maps(key: str, told: Mapping[str, Any], opened: Mapping[str, str], kept: bool = True) -> None:
    """Draw maps that `told` describes; `opened` is how they are shown at first.

    A change of the view is in the address where it is to be `kept`; only this part of the page runs again.
    """

    def changed() -> None:
        settings = (st.session_state.get(key) or {}).get("settings") or {}
        if kept and isinstance(settings, Mapping):
            choose(**{name: str(settings.get(name, ""))[:LONGEST] for name in VIEW})

    component(
        key=key,
        data={"settings": dict(opened), "share": kept, **told},
        default={"settings": None},
        on_settings_change=changed,
    )
