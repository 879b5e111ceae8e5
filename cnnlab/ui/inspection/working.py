"""Work that takes long, on a page: how far it is, a way to stop it, and its result once it is there.

The work itself is done by the hands of `cnnlab.inspection.work`; while it goes on only a small part of the
page asks again. It does not know what the work is.
"""

from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.errors import CnnLabError
from cnnlab.inspection.work import GivenUp, Job, Work, desk
from cnnlab.ui.problems import apologise

AT_ONCE_SECONDS = 0.25  # what is done by then shows no progress
POLL_SECONDS = 0.4
STOPPED = "work.stopped."

Found = TypeVar("Found")


def with_progress(key: Hashable, work: Work, find: Callable[[], Found | None]) -> Found | None:
    """Return what `find` finds; else have `work` done, show how far it is, and return None.

    `key` says what the work is and what it is done with: equal keys share one piece of work. `work` is handed
    a function `progress(doing, done, total)` and leaves its result where `find` looks. Once it is there, the
    page runs again. What ends with a problem says so and can be tried again.
    """
    found = find()
    if found is not None:
        return found
    name = _name(key)
    if st.session_state.get(STOPPED + name):
        _offer_again(name, key)
        return None
    try:
        job = desk().ask(key, work, learner())
    except CnnLabError as problem:
        _failed(name, key, problem)
        return None
    if job.over.wait(AT_ONCE_SECONDS):
        return _ended(name, key, job, find)
    st.fragment(_watch, run_every=POLL_SECONDS)(name, key, work, find)
    return None


def _watch(name: str, key: Hashable, work: Work, find: Callable[[], Any]) -> None:
    """Show how far the work is; runs again and again until it is over.

    Work that is over is soon forgotten by the desk, so the result is looked for before the work is asked for.
    """
    if st.session_state.get(STOPPED + name) or find() is not None:
        st.rerun()
    job = desk().ask(key, work, learner())
    if job.over.is_set():
        st.rerun()
    ahead = desk().ahead(job)
    text = f"Waiting: {ahead} before this." if ahead else f"{job.doing} …"
    columns = st.columns([5, 1], vertical_alignment="center")
    columns[0].progress(min(1.0, job.done / max(1, job.total)), text=text)
    columns[1].button("Stop", key=f"stop-{name}", on_click=_stop, args=(name, key))


def _stop(name: str, key: Hashable) -> None:
    st.session_state[STOPPED + name] = True
    desk().stop(key, learner())


def _ended(name: str, key: Hashable, job: Job, find: Callable[[], Found | None]) -> Found | None:
    if isinstance(job.problem, GivenUp):
        _offer_again(name, key)
        return None
    if job.problem is not None:
        _failed(name, key, job.problem)
        return None
    found = find()
    return job.result if found is None else found


def _failed(name: str, key: Hashable, problem: BaseException) -> None:
    apologise(problem)
    _again(name, key, "Try again")


def _offer_again(name: str, key: Hashable) -> None:
    st.info("This was stopped.")
    _again(name, key, "Go on")


def _again(name: str, key: Hashable, label: str) -> None:
    def begin() -> None:
        st.session_state.pop(STOPPED + name, None)
        desk().forget(key)  # otherwise it would only tell again how it failed

    st.button(label, key=f"again-{name}", on_click=begin)


def _name(key: Hashable) -> str:
    """Return a short name for widgets that belong to this work."""
    return blake2b(repr(key).encode(), digest_size=8).hexdigest()


def learner() -> Any:
    """Return what tells this learner's session from others."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
