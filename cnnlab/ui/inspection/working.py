"""Work that takes long, on a page: how far it is, a way to stop it, and its result once it is there.

The work itself is done by the hands of `cnnlab.inspection.work`; while it goes on the browser asks how far it
is, and the page runs again once it is over. It does not know what the work is.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.work import Desk, GivenUp, Work, desk
from cnnlab.ui.inspection.progress_bar import Text, Watched, doing, learner, progress_bar
from cnnlab.ui.problems import apologise

AT_ONCE_SECONDS = 0.25  # what is done by then shows no progress
STOPPED = "work.stopped."

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work, and how it is said how far they are."""

    desk: Callable[[], Desk] = desk
    text: Text = doing


USUAL = Hands()


def with_progress(
    key: Hashable, work: Work, find: Callable[[], Found | None], hands: Hands = USUAL
) -> Found | None:
    """Return what `find` finds; else have `work` done, show how far it is, and return None.

    `key` says what the work is and what it is done with: equal keys share one piece of work. `work` is handed
    a function `progress(doing, done, total)` and leaves its result where `find` looks. Once it is there, the
    page runs again. What ends with a problem says so and can be tried again. The usual hands load PyTorch.
    """
    found = find()
    if found is not None:
        return found
    name = _name(key)
    if st.session_state.get(STOPPED + name):
        _offer_again(name, key, hands)
        return None
    try:
        job = hands.desk().ask(key, work, learner())
    except CnnLabError as problem:
        _failed(name, key, problem, hands)
        return None
    if job.over.wait(AT_ONCE_SECONDS):
        if job.problem is not None:
            _ended_badly(name, key, job.problem, hands)
            return None
        found = find()
        return job.result if found is None else found
    progress_bar(f"work-{name}", Watched(hands.desk(), job, hands.text), lambda: _stop(name, key, hands))
    return None


def _stop(name: str, key: Hashable, hands: Hands) -> None:
    st.session_state[STOPPED + name] = True
    hands.desk().stop(key, learner())


def _ended_badly(name: str, key: Hashable, problem: BaseException, hands: Hands) -> None:
    if isinstance(problem, GivenUp):
        _offer_again(name, key, hands)
    else:
        _failed(name, key, problem, hands)


def _failed(name: str, key: Hashable, problem: BaseException, hands: Hands) -> None:
    apologise(problem)
    _again(name, key, "Try again", hands)


def _offer_again(name: str, key: Hashable, hands: Hands) -> None:
    st.info("This was stopped.")
    _again(name, key, "Go on", hands)


def _again(name: str, key: Hashable, label: str, hands: Hands) -> None:
    def begin() -> None:
        st.session_state.pop(STOPPED + name, None)
        hands.desk().forget(key)  # otherwise it would only tell again how it failed

    st.button(label, key=f"again-{name}", on_click=begin)


def _name(key: Hashable) -> str:
    """Return a short name for widgets that belong to this work."""
    return blake2b(repr(key).encode(), digest_size=8).hexdigest()
