"""Work that takes long, on a page: how far it is, a way to stop it, and its result once it is there.

The work itself is done by the hands of `cnnlab.inspection.work`; while it goes on the browser asks how far it
is, and the page runs again once it is over. It does not know what the work is.
"""

from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import TypeVar

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.work import GivenUp, Job, Work, desk
from cnnlab.ui.inspection.progress_bar import Watched, learner, progress_bar
from cnnlab.ui.problems import apologise

AT_ONCE_SECONDS = 0.25  # what is done by then shows no progress
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
    progress_bar(f"work-{name}", Watched(desk(), job), lambda: _stop(name, key))
    return None


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
