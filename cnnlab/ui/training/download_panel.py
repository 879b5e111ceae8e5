"""A published data set that is not ready on this machine: how large it is, and a way to get it.

It does not know where its files come from.
"""

import streamlit as st

from cnnlab.arithmetic.units import written_bytes
from cnnlab.inspection.downloads import download_desk
from cnnlab.inspection.work import Job
from cnnlab.training import public_sets
from cnnlab.training.data_sets import DataSet
from cnnlab.ui.inspection.working import Hands, with_progress

ASKED = "data.asked."


def download_panel(key: str, one: DataSet) -> bool:
    """Offer to make a set ready, or show how far that is; return whether it has just become ready."""
    asked = ASKED + one.name
    here = public_sets.lies_here(one.name)
    if not st.session_state.get(asked):
        st.info(
            "Its files are on this machine, but its pictures have not been read yet."
            if here
            else f"It is not on this machine: {one.megabytes:,.1f} MB have to be downloaded, once.",
            icon=":material/download:",
        )
        st.button(
            "Read its pictures" if here else f"Download {one.megabytes:,.1f} MB",
            key=f"{key}.get",
            on_click=lambda: st.session_state.update({asked: True}),
        )
        return False
    done = with_progress(
        ("data set", one.name),
        lambda progress: public_sets.obtain(one.name, progress),
        lambda: public_sets.ready(one.name) or None,
        Hands(download_desk, _far),
    )
    return bool(done)


def _far(job: Job) -> str:
    if job.total < 1_000_000:
        return f"{job.doing} …"
    return f"{job.doing}: {written_bytes(job.done)} of {written_bytes(job.total)}"
