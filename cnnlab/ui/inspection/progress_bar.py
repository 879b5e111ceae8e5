"""How far work is, asked for by the browser over HTTP; the page runs again only when there is something new.

`/progress/<token>.json` tells of one piece of work. No fragment polls: one that ends by `st.rerun()` takes
the place of whatever a learner has pressed at that moment, so that clicks were lost and a page that was just
opened stayed empty. It does not know what the work is.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from cnnlab.inspection.work import Desk, Job
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import browser_component

POLL_SECONDS = 0.4
MOST_WATCHED = 2048
Text = Callable[[Job], str]
# What the work has made so far: "source" of a picture, its "alt" text, and "words" below it.
Shown = dict[str, str]
component = browser_component("cnnlab.work_progress", "work-progress.js", "work.css")


def doing(job: Job) -> str:
    """Say what is being done."""
    return f"{job.doing} …"


def learner() -> Any:
    """Return what tells this learner's session from others."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


@dataclass(frozen=True, slots=True)
class Watched:
    """A piece of work that a learner's browser asks about."""

    desk: Desk
    job: Job
    text: Text = doing
    learner: Hashable = field(default_factory=learner)
    shown: Callable[[], Shown | None] = lambda: None

    def told(self) -> dict[str, Any]:
        """Tell how far it is, and keep it from being given up."""
        self.desk.wait_for(self.job, self.learner)
        ahead = self.desk.ahead(self.job)
        return {
            "text": f"Waiting: {ahead} before this." if ahead else self.text(self.job),
            "share": min(1.0, self.job.done / max(1, self.job.total)),
            "over": self.job.over.is_set(),
            "shown": self.shown(),
        }


class Told(Protocol):
    """Whatever tells how far it is: "text", "share" from 0 to 1, "over", and what is "shown"."""

    def told(self) -> dict[str, Any]:
        """Tell how far it is."""
        ...


_watched: OrderedDict[str, Told] = OrderedDict()
_lock = Lock()


def progress_bar(key: str, watched: Told, on_stop: Callable[[], None] | None = None) -> None:
    """Draw how far the work is and what it shows; what it stands in runs again once the work is over.

    `on_stop` is called when Stop is pressed, which is not offered without.
    """
    token = st.session_state.setdefault(f"{key}.token", secrets.token_urlsafe(16))
    with _lock:
        _watched[token] = watched
        _watched.move_to_end(token)
        while len(_watched) > MOST_WATCHED:
            _watched.popitem(last=False)
    component(
        key=key,
        data={
            **watched.told(),
            "address": address(f"progress/{token}.json"),
            "every": round(1000 * POLL_SECONDS),
            "stoppable": on_stop is not None,
        },
        on_new_change=lambda: None,
        on_stop_change=on_stop or (lambda: None),
    )


async def work_progress(request: Request) -> JSONResponse:
    """Answer how far a piece of work is; one that nobody knows is over, so that its page asks anew."""
    with _lock:
        watched = _watched.get(request.path_params["token"])
    told = watched.told() if watched else {"text": "", "share": 1.0, "over": True, "shown": None}
    return JSONResponse(told, headers={"cache-control": "no-store"})


def work_route() -> Route:
    """Return the route under which browsers ask how far work is."""
    return Route(address("progress/{token}.json"), work_progress)
