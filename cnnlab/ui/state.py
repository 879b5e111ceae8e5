"""What outlives a rerun or a change of page, within one learner's session.

All of it goes through these functions; nothing here reaches another session.
"""

from collections.abc import Mapping

import streamlit as st

PREFIX = "remembered."
OPEN_LESSON = "open lesson"


def remember(key: str, settings: Mapping[str, str]) -> None:
    """Keep a lab's settings for when the learner comes back to its page."""
    st.session_state[PREFIX + key] = dict(settings)


def recall(key: str) -> dict[str, str]:
    """Return the settings kept under a key; empty where there are none."""
    return dict(st.session_state.get(PREFIX + key, {}))


def open_lesson_named(url_path: str) -> None:
    """Remember which address the page that now runs was opened at; all lessons share one script."""
    st.session_state[OPEN_LESSON] = url_path


def opened_lesson() -> str:
    """Return the address of the lesson that is open."""
    return str(st.session_state.get(OPEN_LESSON, ""))


def forget(prefix: str) -> None:
    """Drop all state whose key begins with `prefix` and a dot, so that its fields begin anew."""
    for key in [key for key in st.session_state if str(key).startswith(f"{prefix}.")]:
        del st.session_state[key]
