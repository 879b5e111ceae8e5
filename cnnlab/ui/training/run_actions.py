"""What can be done with a run: open it, change its recipe, name, delete and share it.

Only the learner whose run it is may name and delete it; the broker's client does both.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.training.changes import told_change
from cnnlab.training.jobs import client
from cnnlab.ui.addresses import address
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import NO_RUNS, choose_recipe, go, run_ids
from cnnlab.ui.training.plain_text import plain
from cnnlab.ui.training.run_list import Row, named, row_of

PROBLEM = "finetune.actions.problem"
PAGE = "finetune"


def shared_runs(asked: Sequence[str], mine: Sequence[Row]) -> list[Row]:
    """Return runs of an address that are not one's own; those that are gone are left out, and it is said."""
    own, found, gone = {row.run for row in mine}, [], 0
    for run_id in asked:
        if run_id in own:
            continue
        row = None
        with suppress(CnnLabError):
            row = row_of(client.folder(run_id))
        found += [row] if row else []
        gone += row is None
    if gone:
        many = "A run of this link is" if gone == 1 else f"{gone} runs of this link are"
        st.info(f"{many} not there any more, or never was: it may have been deleted.", icon=":material/info:")
    return found


def run_actions(key: str, learner: str, rows: Mapping[str, Row], chosen: Sequence[str]) -> None:
    """Draw what can be done with one run, and the link to those that are chosen."""
    if problem := st.session_state.pop(PROBLEM, None):
        apologise(problem)
    options = [
        *chosen,
        *(row.run for row in rows.values() if row.run not in chosen and row.kind != "pictures"),
    ]
    if not options:
        return
    with st.container(border=True, key=f"{key}.box".replace(".", "-")):
        labels = {row.run: name for name, row in named([*rows.values()]).items()}
        row = rows[_picked(key, options, labels)]
        with st.container(horizontal=True):
            _open(key, row)
            if row.learner == learner:
                _rename(key, row)
                _delete(key, row, chosen)
            if chosen:
                _share(chosen)
        if changed := told_change(row.recipe.data, row.digest):
            remark(changed)
        if row.learner != learner:
            remark(
                "This run belongs to another learner; here it can be looked at, and its recipe taken over."
            )


def _picked(key: str, options: Sequence[str], labels: Mapping[str, str]) -> str:
    """Let a run be chosen; a box goes on showing the names it was made with, so new names get a new one."""
    kept = f"{key}.picked"
    chosen = st.session_state.get(kept)
    names = [labels[one] for one in options]
    picked = st.selectbox(
        "A run, to do something with",
        options,
        index=options.index(chosen) if chosen in options else 0,
        format_func=labels.__getitem__,
        key=f"{key}.run.{zlib.crc32(json.dumps(names).encode())}",
    )
    st.session_state[kept] = picked
    return picked


def _open(key: str, row: Row) -> None:
    def change() -> None:
        choose_recipe(row.recipe)
        go(section="recipe")

    st.button(
        "Open",
        key=f"{key}.open",
        icon=":material/open_in_full:",
        on_click=lambda: go(section="run", run=row.run),
    )
    st.button(
        "Run again with one change",
        key=f"{key}.change",
        icon=":material/edit:",
        on_click=change,
        help="Opens its recipe; change one thing there and press Start.",
    )


def _rename(key: str, row: Row) -> None:
    field = f"{key}.name.{row.run}"

    def rename() -> None:
        try:
            client.rename(row.run, st.session_state[field])
        except CnnLabError as problem:
            st.session_state[PROBLEM] = problem

    with st.popover("Rename", icon=":material/label:"):
        st.text_input("Name", value=row.name, key=field, max_chars=client.MOST_OF_A_NAME, on_change=rename)
        remark("Press Enter to keep it.")


def _delete(key: str, row: Row, chosen: Sequence[str]) -> None:
    def delete() -> None:
        try:
            client.delete(row.run)
        except CnnLabError as problem:
            st.session_state[PROBLEM] = problem
        if run_ids() is not None:
            go(runs=",".join(one for one in chosen if one != row.run) or NO_RUNS)

    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(
            f"**{plain(row.name)}** with its weights, curves and exports will be gone for good"
            f"{'; it is stopped first' if not row.over else ''}. Links to it will lead nowhere."
        )
        st.button("Delete it", key=f"{key}.delete.{row.run}", on_click=delete)


def _share(chosen: Sequence[str]) -> None:
    place = urlsplit(st.context.url or "")
    query = urlencode({"section": "compare", "runs": ",".join(chosen)}, safe=",")
    with st.popover("Share", icon=":material/link:"):
        st.markdown(
            "Who has this link sees these runs beside each other, can open them and take their recipes over. "
            "Only you can rename or delete them."
        )
        st.code(f"{place.scheme}://{place.netloc}{address(PAGE)}?{query}", language=None, wrap_lines=True)
