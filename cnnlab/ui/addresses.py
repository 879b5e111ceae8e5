"""Where things are on this server, below the path that it is served under.

It does not know which pages or routes there are.
"""

import streamlit as st


def root() -> str:
    """Return the path that everything is served under (`server.baseUrlPath`): "" or such as `/cnnlab`."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def address(path: str) -> str:
    """Return the address of a page or route on this server, such as `/convolution`."""
    return f"{root()}/{path.lstrip('/')}"
