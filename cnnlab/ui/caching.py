"""What is computed once and kept: thin wrappers around functions of the layers below.

It decides only for how long and for whom; the functions themselves know nothing of it.
"""

import streamlit as st

from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.uploads import read_upload


@st.cache_data(max_entries=2, scope="session", show_spinner=False)
def cached_read_upload(data: bytes, name: str, most: int) -> Picture:
    """Read an upload once for the session that sent it (wraps `read_upload`, and raises what it raises)."""
    return read_upload(data, name, most)
