"""Where a network has only random weights: how large its trained ones are, and a way to get them.

The download goes on in a queue of its own; while it does, only this part of the page asks how far it is.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError
from cnnlab.inspection.downloads import download_desk, fetch, source
from cnnlab.inspection.models import Entry, entries, entry
from cnnlab.inspection.work import GivenUp, Job, Progress
from cnnlab.ui.inspection.place import go_to
from cnnlab.ui.inspection.progress_bar import Watched, progress_bar
from cnnlab.ui.problems import apologise

ASKED = "weights.asked."
PROBLEM = "weights.problem."
MOST_OFFERED = 4


def weights_panel(key: str, network: Entry) -> None:
    """Say that a network is not trained here, offer its weights, and offer networks that are."""
    if network.status == "download" and network.megabytes is not None:
        st.markdown(
            f"**{network.title} is not trained here**: its weights are random, so what it would say means "
            f"nothing. torchvision has trained ones: a file of {network.megabytes:,.1f} MiB."
        )
        _download(key, network)
    else:
        st.markdown(
            f"**{network.title} is not trained**, and there are no trained weights of it to download. "
            "Its weights are random, so what it would say means nothing."
        )
    _offer_others(key)


def _download(key: str, network: Entry) -> None:
    if st.session_state.get(ASKED + network.name):
        _watch(key, network)
        return
    problem = st.session_state.get(PROBLEM + network.name)
    if problem is not None:
        apologise(problem)
    st.button(
        "Try again" if problem else f"Download {network.megabytes:,.1f} MiB",
        key=f"{key}.download",
        icon=":material/download:",
        on_click=_ask,
        args=(network.name,),
    )
    st.markdown(":small[It is kept on the computer that serves this page, for everybody who uses it.]")


def _ask(name: str) -> None:
    st.session_state.pop(PROBLEM + name, None)
    st.session_state[ASKED + name] = True
    download_desk().forget(("weights", name))
    try:
        _job(name)
    except CnnLabError as problem:
        _end(name, problem)


def _job(name: str) -> Job:
    """Ask for the download, or how far it is."""

    def work(progress: Progress) -> None:
        progress("Looking where it is", 0, 1)
        fetch(source(name), progress)

    return download_desk().ask(("weights", name), work, _learner())


def _watch(key: str, network: Entry) -> None:
    """Show how far the download is; runs again and again until it is over."""
    name = network.name
    if not st.session_state.get(ASKED + name) or entry(name).trained:
        _end(name, None)
        st.rerun()
    job = _job(name)
    if job.over.is_set():
        _end(name, None if isinstance(job.problem, GivenUp) else job.problem)
        st.rerun()
    watched = Watched(download_desk(), job, lambda job: f"{job.doing}: {_far(job)}")
    progress_bar(f"{key}.downloading", watched, lambda: _stop(name))


def _far(job: Job) -> str:
    return f"{written_bytes(job.done)} of {written_bytes(job.total)}" if job.total > 1 else "…"


def _stop(name: str) -> None:
    download_desk().stop(("weights", name), _learner())
    _end(name, None)


def _end(name: str, problem: BaseException | None) -> None:
    st.session_state.pop(ASKED + name, None)
    if problem is not None:
        st.session_state[PROBLEM + name] = problem


def _offer_others(key: str) -> None:
    """Offer the first networks that are trained."""
    trained = [one for one in entries() if one.trained][:MOST_OFFERED]
    if not trained:
        return
    st.markdown("Or look at a network that is trained:")
    with st.container(horizontal=True):
        for one in trained:
            st.button(one.title, key=f"{key}.take-{one.name}", on_click=go_to, kwargs={"model": one.name})


def _learner() -> str | None:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
