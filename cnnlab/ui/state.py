"""What outlives a rerun or a change of page, within one learner's session.

All of it goes through these two functions; nothing here reaches another session.
"""

from collections.abc import Mapping

import streamlit as st

PREFIX = "remembered."


def remember(key: str, settings: Mapping[str, str]) -> None:
    """Keep a lab's settings for when the learner comes back to its page."""
    st.session_state[PREFIX + key] = dict(settings)


def recall(key: str) -> dict[str, str]:
    """Return the settings kept under a key; empty where there are none."""
    return dict(st.session_state.get(PREFIX + key, {}))
