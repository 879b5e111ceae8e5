"""The section Run: one run, followed by the browser; its name, and what can be taken along once it is over.

It does not know how a run is drawn (`browser/finetune-run.js`) nor how it is done.
"""

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.training.changes import digest_of, told_change
from cnnlab.training.run_folder import OVER, RunFolder
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose_recipe, go, run_id
from cnnlab.ui.training.learner import learner
from cnnlab.ui.training.panels import panel
from cnnlab.ui.training.plain_text import plain
from cnnlab.ui.training.run_telling import recipe_told
from cnnlab.ui.training.runs import folder

component = browser_component("cnnlab.finetune-run", "finetune-run.js", "finetune.css", "finetune-views.css")


def run_panel(key: str) -> None:
    """Draw the run of the address."""
    name = run_id()
    if not name:
        st.info("No run yet: choose pictures and a recipe, and press Start there.", icon=":material/info:")
        st.button("Go to the recipe", key=f"{key}.to-recipe", on_click=lambda: go(section="recipe"))
        return
    try:
        run = folder(name)
        about = run.about()
    except CnnLabError as problem:
        apologise(problem)
        st.button("Go to the recipe", key=f"{key}.to-recipe", on_click=lambda: go(section="recipe", run=""))
        return
    _head(key, run, str(about.get("name", "")))
    over = run.state().get("state") in OVER
    component(
        key=f"{key}.live",
        data={
            "run": name,
            "address": address(f"run/{name}"),
            "learner": learner(),
            "own": about.get("learner") == learner(),
            "over": over,
        },
        on_over_change=lambda: None,  # the page runs again, with what there is to take along
    )
    if over and (draw := panel("export_panel", "export_panel")):
        draw(f"{key}.export", name)


def _head(key: str, run: RunFolder, title: str) -> None:
    chosen = run.recipe()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(title) or "Run", anchor=False)
        right = st.container(width="content")
    st.markdown(f":small[{plain(recipe_told(chosen))}]")
    if changed := told_change(chosen.data, digest_of(run.about())):
        remark(changed)

    def again() -> None:
        choose_recipe(chosen)
        go(section="recipe")

    right.button("Change this recipe", key=f"{key}.again", on_click=again, icon=":material/edit:")
