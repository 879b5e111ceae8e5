"""What a learner sees when something goes wrong: a sentence, never a traceback.

An expected problem (`CnnLabError`) is shown as its own message. Anything else is written to the log under
an id, and the learner gets a short apology with that id.
"""

import logging
import secrets

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.language import translate

log = logging.getLogger("cnnlab")


def apologise(error: BaseException) -> bool:
    """Show an error in place and return True, so that Streamlit shows nothing of its own."""
    if isinstance(error, CnnLabError):
        st.error(str(error), icon=":material/info:")
        return True
    incident = secrets.token_hex(4)
    log.error("incident %s", incident, exc_info=error)
    st.error(
        translate(
            "Sorry, something went wrong on our side. Reload the page to go on; "
            "if it comes back, tell your instructor the number **{incident}**."
        ).format(incident=incident),
        icon=":material/report:",
    )
    return True
