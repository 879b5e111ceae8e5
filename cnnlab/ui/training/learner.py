"""Whose runs and pictures these are: a name that a browser keeps, drawn when it first comes.

Nobody guesses another's name, so who knows it may pause a run or delete it. It does not know runs.
"""

import re
import uuid

import streamlit as st

from cnnlab.ui.assets import browser_component

COOKIE = "cnnlab_learner"
KEPT = "remembered.learner"
_NAME = re.compile(r"[0-9a-f]{32}")
component = browser_component("cnnlab.learner", "learner-name.js")


def learner() -> str:
    """Return this browser's learner: 32 hexadecimal digits."""
    if KEPT not in st.session_state:
        known = str(st.context.cookies.get(COOKIE, ""))
        st.session_state[KEPT] = known if _NAME.fullmatch(known) else uuid.uuid4().hex
    return st.session_state[KEPT]


def keep_learner() -> None:
    """Draw nothing; the browser keeps the learner's name for a year."""
    component(key="learner", data={"cookie": COOKIE, "name": learner()}, height=0)
