"""A finished run to take along, and its network to look into at once.

Files are made by the hands of `cnnlab.inspection.work`, only when a learner asks for one. What the forms are
is known by `cnnlab.training.exporting`.
"""

import re
from pathlib import Path

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.tracing.library import keep_trace_of_guest
from cnnlab.training.exporting import FORMS, Form, export, exported
from cnnlab.training.own_models import name_of, trace_of_run
from cnnlab.training.run_folder import OVER, RunFolder
from cnnlab.ui.addresses import address
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.inspection.working import with_progress
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.learner import learner
from cnnlab.ui.training.runs import folder

OWN_PICTURES = "own-"
ASKED = "finetune.export."


def export_panel(key: str, run_id: str) -> None:
    """Draw what can be done with a run once it is over; raises nothing."""
    try:
        run = folder(run_id)
        over = run.state().get("state") in OVER
    except CnnLabError as problem:
        apologise(problem)
        return
    if not over or not run.weights.exists():
        remark("There is nothing to take along yet: weights are written when the run ends.")
        return
    _look(run_id)
    _take_along(key, run)


def _look(run_id: str) -> None:
    st.subheader("Use the trained network", anchor=False)
    traced = with_progress(
        ("trace", run_id),
        lambda _progress: keep_trace_of_guest(name_of(run_id)),
        lambda: trace_of_run(run_id),
    )
    if traced is None:
        return
    inside, why = (f"{address(page)}?model={name_of(run_id)}" for page in ("look-inside", "why"))
    st.markdown(
        f"It is a network of this app like others: [look inside]({inside}) at its predictions, filters and "
        f"feature maps, or ask [why]({why}) it says what it says. Who gets these links can do so, too."
    )


def _take_along(key: str, run: RunFolder) -> None:
    st.subheader("Take it along", anchor=False)
    forms = [name for name in FORMS if name != "script" or _may_have_pictures(run)]
    field = f"{key}.form"
    chosen = st.radio(
        "Form",
        forms,
        format_func=lambda name: FORMS[name].title,
        horizontal=True,
        key=field,
    )
    form = FORMS[chosen or forms[0]]
    remark(form.sentence)
    try:
        file = exported(run, form.name) or _made(key, run, form)
    except CnnLabError as problem:
        apologise(problem)
        return
    if file is not None:
        st.download_button(
            f"Download “{form.title}” ({_size(file)})",
            data=lambda: file.read_bytes(),
            file_name=f"{_file_name(run)}{form.suffix}",
            mime="application/octet-stream",
            key=f"{key}.download.{form.name}",
            on_click="ignore",
            icon=":material/download:",
        )


def _made(key: str, run: RunFolder, form: Form) -> Path | None:
    """Let the file be made once it is asked for; return it when it is there."""
    asked = f"{ASKED}{run.path.name}.{form.name}"
    if not st.session_state.get(asked):
        st.button(
            f"Make “{form.title}”",
            key=f"{key}.make.{form.name}",
            on_click=lambda: st.session_state.update({asked: True}),
            icon=":material/inventory_2:",
        )
        return None
    return with_progress(
        ("export", run.path.name, form.name, run.state().get("at")),
        lambda progress: export(run, form.name, progress),
        lambda: exported(run, form.name),
    )


def _may_have_pictures(run: RunFolder) -> bool:
    """Whether the pictures may be given away: a learner's own ones only to that learner."""
    return not run.recipe().data.startswith(OWN_PICTURES) or run.about().get("learner") == learner()


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} kB"


def _file_name(run: RunFolder) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", str(run.about().get("name", "")).lower()).strip("-")
    return name[:60] or f"run-{run.path.name[:6]}"
