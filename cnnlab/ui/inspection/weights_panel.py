"""Where a network has only random weights: how large its trained ones are, and a way to get them.

The download goes on in a queue of its own, whatever the learner looks at meanwhile; the browser asks how far
it is, and the page runs again once it is over. It does not know what is looked at.
"""

import streamlit as st

from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError
from cnnlab.inspection.downloads import download_desk, fetch, source
from cnnlab.inspection.models import Entry, entries
from cnnlab.inspection.work import GivenUp, Job, Progress
from cnnlab.ui.inspection.place import go_to
from cnnlab.ui.inspection.progress_bar import Watched, learner, progress_bar
from cnnlab.ui.problems import apologise

ASKED = "weights.asked."
PROBLEM = "weights.problem."
MOST_OFFERED = 4
KEPT = "They are kept on the computer that serves this page, for everybody who uses it."


def offer_weights(key: str, network: Entry) -> None:
    """Offer to download a network's trained weights where they are to be had; show how far a download is.

    Call it outside of fragments: once the weights are here, the whole page runs again.
    """
    if network.status != "download":
        _end(network.name, None)
        return
    if _asked(network.name) and _going(key, network.name):
        return
    problem = st.session_state.get(PROBLEM + network.name)
    if problem is not None:
        apologise(problem)
    st.button(
        "Try again" if problem else f"Download {network.megabytes or 0.0:,.1f} MiB",
        key=f"{key}.download",
        icon=":material/download:",
        help=KEPT,
        on_click=_ask,
        args=(network.name,),
    )


def tell_untrained(key: str, network: Entry) -> None:
    """Say that a network is not trained here, where its weights can be got, and offer networks that are."""
    if network.status == "download":
        st.markdown(
            f"**{network.title} is not trained here**: its weights are random, so what it would say means "
            "nothing. torchvision has trained ones: download them above, below the field *Network*."
        )
    else:
        st.markdown(
            f"**{network.title} is not trained**, and there are no trained weights of it to download. "
            "Its weights are random, so what it would say means nothing."
        )
    _offer_others(key)


def _asked(name: str) -> bool:
    """Whether this learner waits for a download: they pressed, or it goes on already, as after a reload."""
    asked = st.session_state.get(ASKED + name)
    return download_desk().going(("weights", name)) if asked is None else asked


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

    return download_desk().ask(("weights", name), work, learner())


def _going(key: str, name: str) -> bool:
    """Show how far the download is; return False if it has failed or was given up.

    A file that came since this run began is seen by the next one, which the bar asks for.
    """
    try:
        job = _job(name)
    except CnnLabError as problem:
        _end(name, problem)
        return False
    if job.over.is_set() and job.problem is not None:
        _end(name, None if isinstance(job.problem, GivenUp) else job.problem)
        return False
    watched = Watched(download_desk(), job, lambda job: f"{job.doing}: {_far(job)}")
    progress_bar(f"{key}.downloading", watched, lambda: _stop(name))
    return True


def _far(job: Job) -> str:
    return f"{written_bytes(job.done)} of {written_bytes(job.total)}" if job.total > 1 else "…"


def _stop(name: str) -> None:
    """Stop the download for this learner; others who want it go on to wait for it."""
    download_desk().stop(("weights", name), learner())
    _end(name, None)
    st.session_state[ASKED + name] = False


def _end(name: str, problem: BaseException | None) -> None:
    st.session_state.pop(ASKED + name, None)
    st.session_state.pop(PROBLEM + name, None)
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
