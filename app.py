"""The ASGI app: which script runs, which extra routes there are, what starts and stops with the server.

`streamlit run app.py` and `uvicorn app:app` both serve it. The pages are in `pages/`, the menu around them is
`cnnlab/ui/shell.py`.
"""

from pathlib import Path

import streamlit as st

from cnnlab.ui.problems import apologise
from cnnlab.ui.server import lifespan, routes

app = st.App(
    Path(__file__).parent / "cnnlab" / "ui" / "shell.py",
    lifespan=lifespan,
    routes=routes(),
    on_script_error=apologise,
)
