"""Pictures on their way: started and stopped by the learner, each as far as it is, with its curve.

The climbs are done by the hands of `cnnlab.inspection.work`; while one goes on the browser asks for the
picture so far, and the page runs again once it is done. It does not know how they are made.
"""

from base64 import b64encode
from collections.abc import Callable

import numpy as np
import streamlit as st

from cnnlab.figures.exciting import climbing
from cnnlab.inspection.exciting import Excited, Wish, excitements
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.work import GivenUp, Job, desk
from cnnlab.ui.inspection.progress_bar import Shown, Watched, learner, progress_bar
from cnnlab.ui.problems import apologise

PICTURE_PX = 320
SMALL = 64  # pixels a side; smaller pictures are drawn with square pixels
Wishes = dict[str, Wish]


def watch(key: str, wishes: Wishes) -> None:
    """Draw the buttons and the pictures of all wishes, by what stands above them.

    Call it outside of fragments: the buttons run the whole page.
    """
    if st.session_state.pop(f"{key}.pressed", False):
        st.session_state[f"{key}.started"] = tuple(wishes.values())
        st.session_state.pop(f"{key}.problem", None)
    jobs = _jobs(key, wishes) if st.session_state.get(f"{key}.started") == tuple(wishes.values()) else {}
    _buttons(key, wishes, bool(jobs))
    problem = st.session_state.get(f"{key}.problem")
    if problem is not None and problem[0] == tuple(wishes.values()):
        apologise(problem[1])
    for place, (title, column) in enumerate(zip(wishes, st.columns(len(wishes)), strict=True)):
        with column:
            if title:
                st.markdown(f"**{title}**")
            if title in jobs:
                _follow(f"{key}.{place}", jobs[title], wishes[title], lambda: _stop(key, wishes))
            else:
                _draw(f"{key}.{place}", excitements().latest(wishes[title]), wishes[title], len(wishes) == 1)
    if len(wishes) > 1 and _finished(wishes):
        _compare(wishes)


def _finished(wishes: Wishes) -> bool:
    return all((found := excitements().latest(wish)) and found.done for wish in wishes.values())


def _buttons(key: str, wishes: Wishes, going: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Make the picture",
            key=f"{key}.start",
            on_click=_press,
            args=(key,),
            disabled=going or _finished(wishes),
        )
        st.markdown(_standing(wishes, going), width="content")


def _standing(wishes: Wishes, going: bool) -> str:
    found = [excitements().latest(wish) for wish in wishes.values()]
    if going:
        return ""
    if _finished(wishes):
        return "Done. Another start number in the settings gives another picture."
    if any(found):
        return "Stopped on the way. The button goes on from there."
    return "Nothing has been made with these settings yet."


def _press(key: str) -> None:
    """Remember the press: what it starts are the settings of the run to come, which may just have changed."""
    st.session_state[f"{key}.pressed"] = True


def _stop(key: str, wishes: Wishes) -> None:
    st.session_state.pop(f"{key}.started", None)
    for wish in wishes.values():
        desk().stop(("excite", wish), learner())


def _jobs(key: str, wishes: Wishes) -> dict[str, Job]:
    """Ask for what is not done; a problem ends it for this learner, and is told."""
    jobs = {}
    try:
        for title, wish in wishes.items():
            found = excitements().latest(wish)
            if found is not None and found.done:
                continue
            job = desk().ask(
                ("excite", wish), lambda progress, wish=wish: excitements().make(wish, progress), learner()
            )
            if job.problem is not None and not isinstance(job.problem, GivenUp):
                raise job.problem
            jobs[title] = job
    except Exception as problem:  # whatever a network does; `apologise` tells what was expected
        _stop(key, wishes)
        st.session_state[f"{key}.problem"] = (tuple(wishes.values()), problem)
        return {}
    return jobs


def _follow(key: str, job: Job, wish: Wish, on_stop: Callable[[], None]) -> None:
    """Show a picture that is being made, as far as it is; the browser asks for it."""

    def shown() -> Shown | None:
        found = excitements().latest(wish)
        if found is None:
            return None
        alt, words = _told(found, wish)
        png = b64encode(Picture(_enlarged(found.pixels), "so far").png()).decode()
        return {"source": f"data:image/png;base64,{png}", "alt": alt, "words": words}

    progress_bar(f"{key}.bar", Watched(desk(), job, shown=shown), on_stop)


def _told(found: Excited, wish: Wish) -> tuple[str, str]:
    """Return the alternative text of a picture, and the words below it."""
    what = f"channel {wish.channel} of {wish.layer}" + (f", “{found.category}”" if found.category else "")
    values = f"the value is {found.plain[-1]:.3g}, and {found.under[-1]:.3g} under moves"
    steps = f"after {found.step} of {wish.recipe.steps} steps"
    return (
        f"The picture that excites {what}, {steps}; {values}.",
        f"{what[0].upper()}{what[1:]}: {steps}, {values}.",
    )


def _draw(key: str, found: Excited | None, wish: Wish, wide: bool) -> None:
    if found is None:
        return
    alt, told = _told(found, wish)
    words = f"The value grew from {found.plain[0]:.3g} to {found.plain[-1]:.3g} in {found.step} steps."
    left, right = st.columns([2, 3]) if wide else (st.container(), st.container())
    with left:
        st.image(_enlarged(found.pixels), width=PICTURE_PX, alt=alt)
        st.markdown(f":small[{told}]")
    with right:
        figure = climbing(found, wish.recipe.steps)
        st.plotly_chart(figure, key=f"{key}.curve", config={"displayModeBar": False}, alt=words)


def _enlarged(pixels: np.ndarray) -> np.ndarray:
    times = PICTURE_PX // len(pixels) if len(pixels) < SMALL else 1
    return pixels.repeat(times, 0).repeat(times, 1)


def _compare(wishes: Wishes) -> None:
    """Say in numbers what the experiment gave."""
    rows = ["| | the picture itself | moved a little | what is left |", "|---|---|---|---|"]
    for title, wish in wishes.items():
        found = excitements().latest(wish)
        if found is not None:
            plain, under = found.plain[-1], found.under[-1]
            left = f"{100 * under / plain:.0f} %" if plain > 0 else "–"
            rows.append(f"| {title} | {plain:.3g} | {under:.3g} | {left} |")
    st.markdown("\n".join(rows))
