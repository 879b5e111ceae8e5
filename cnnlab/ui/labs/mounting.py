"""How a lab of the browser stands on a page: its settings come from the address and go back to it.

A lab's module reports its settings as short texts under short names once they have settled. This module keeps
them in the address and, for when the learner comes back, in the session. It knows no lab.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from cnnlab.ui.languages import PARAMETER
from cnnlab.ui.state import recall, remember

LONGEST_NAME = 20
LONGEST_VALUE = 4096
MOST_PARAMETERS = 60


def current_settings(key: str) -> dict[str, str]:
    """Return the settings of the lab `key` and make the address say them too.

    They are what the browser last reported; before it has, what the address says; else what this session had.
    """
    reported = (st.session_state.get(key) or {}).get("settings")
    address = st.query_params.to_dict()
    language = {name: address.pop(name) for name in (PARAMETER,) if name in address}  # not the lab's matter
    given = clean(reported) if isinstance(reported, Mapping) else clean(address) or recall(key)
    remember(key, given)
    if given != address:
        st.query_params.from_dict({**given, **language})
    return given


def mount(component: Callable[..., Any], key: str, data: Mapping[str, Any]) -> None:
    """Draw a lab's component; `data` is what its module in the browser is handed."""
    component(
        key=key,
        data=dict(data),
        default={"settings": None},
        on_settings_change=lambda: None,
    )


def clean(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Keep what can be settings: short texts under short names, and not too many of them."""
    texts = {str(name): str(value) for name, value in list(parameters.items())[:MOST_PARAMETERS]}
    return {n: v for n, v in texts.items() if len(n) <= LONGEST_NAME and len(v) <= LONGEST_VALUE}
