"""The bar of work as elements that AppTest can read and press; the real one is drawn by the browser."""

from collections.abc import Callable

import streamlit as st

from cnnlab.ui.inspection.progress_bar import Watched


def plain_bar(
    key: str, watched: Watched, on_stop: Callable[[], None] | None = None, frames: bool = False
) -> None:
    """Tell the same; whether it would run again at every step is told, too."""
    told = watched.told()
    st.progress(told["share"], text=told["text"] + (" at every step" if frames else ""))
    if on_stop:
        st.button("Stop", key=f"{key}.stop", on_click=on_stop)
