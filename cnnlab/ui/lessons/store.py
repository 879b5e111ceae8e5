"""The one store of progress of this process.

It does not know what is kept in it.
"""

import streamlit as st

from cnnlab.course.progress import LOCAL_LEARNER, Progress, open_progress


@st.cache_resource
def progress() -> Progress:
    """Return the one store of progress of this process."""
    opened = open_progress()
    opened.join(LOCAL_LEARNER)
    return opened
