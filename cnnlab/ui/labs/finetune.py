"""The page Fine-tune: pictures, a recipe, the run, runs beside each other; all is in the address."""

import time

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.training.recipe import Recipe, suggested
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import SECTIONS, begun, beside, choose, go, recipe, run_id, section, settle
from cnnlab.ui.training.costs import cost
from cnnlab.ui.training.learner import keep_learner, learner
from cnnlab.ui.training.panels import panel
from cnnlab.ui.training.plain_text import plain
from cnnlab.ui.training.recipe_form import recipe_form
from cnnlab.ui.training.run_panel import run_panel
from cnnlab.ui.training.run_telling import data_title, recipe_told, usual_name
from cnnlab.ui.training.runs import start, warm_up

STARTED = "finetune.started"  # the recipe that was started last, its run, and when
PROBLEM = "finetune.problem"
AGAIN_SECONDS = 3.0  # a second press within them is a double click


def finetune(key: str) -> None:
    """Draw the page below its title."""
    settle()
    if not begun():
        choose(**suggested(Recipe().regime))
    keep_learner()
    opened = _sections(key)
    chosen, problems = recipe()
    for problem in problems:
        st.warning(f"{problem} The usual value stands in for it.", icon=":material/info:")
    draw = {"data": _data, "recipe": _recipe, "run": _run, "compare": _compare}[opened]
    draw(f"{key}.{opened}", chosen)


def _sections(key: str) -> str:
    field = f"{key}.section"
    st.session_state[field] = section()
    st.segmented_control(
        "Section",
        list(SECTIONS),
        format_func=lambda one: SECTIONS[one],
        key=field,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: _open(st.session_state[field]),
    )
    return section()


def _open(asked: str) -> None:
    """Open a section, unless a browser that has not heard of the start yet still says "recipe"."""
    if asked != "recipe" or not _just_started():
        go(section=asked)


def _just_started() -> bool:
    return time.monotonic() - st.session_state.get(STARTED, (None, "", float("-inf")))[2] < AGAIN_SECONDS


def _data(key: str, chosen: Recipe) -> None:
    draw = panel("data_panel", "data_panel")
    name = draw(key) if draw else chosen.data
    if name and name != chosen.data:
        choose(data=name)
    if not name:
        return
    st.button(
        f"Go on to the recipe, with {plain(data_title(name))}",
        key=f"{key}.on",
        icon=":material/arrow_forward:",
        on_click=lambda: go(section="recipe"),
    )


def _recipe(key: str, chosen: Recipe) -> None:
    warm_up()
    remark(f"On the pictures **{plain(data_title(chosen.data))}**; another set is chosen under Pictures.")
    recipe_form(key, chosen)
    chosen, _ = recipe()
    with st.container(border=True, key="finetune-start"):
        st.markdown(plain(recipe_told(chosen)))
        remark(f"What it computes: {cost(chosen)}")
        st.button("Start", key=f"{key}.start", icon=":material/play_arrow:", on_click=_start)
    if problem := st.session_state.pop(PROBLEM, None):
        apologise(problem)


def _start() -> None:
    """Start a run of the recipe, once; a callback, so that a press is never lost."""
    chosen, _ = recipe()
    if _just_started() and st.session_state[STARTED][0] == chosen:
        go(section="run", run=st.session_state[STARTED][1])
        return
    try:
        name = start(chosen, learner(), usual_name(chosen))
    except CnnLabError as problem:
        st.session_state[PROBLEM] = problem
        return
    st.session_state[STARTED] = (chosen, name, time.monotonic())
    go(section="run", run=name, **beside(name))


def _run(key: str, _chosen: Recipe) -> None:
    run_panel(key)


def _compare(key: str, _chosen: Recipe) -> None:
    draw = panel("compare_panel", "compare_panel")
    if draw:
        draw(key, learner())
    elif run_id():
        st.button("Back to the run", key=f"{key}.back", on_click=lambda: go(section="run"))
