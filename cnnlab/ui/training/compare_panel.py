"""The section Compare: runs laid over each other, what differs in their recipes, and what they came to.

Which runs are chosen stands in the address, so a link shows the same. What can be done with a single run is
in `run_actions`, series of runs in `series_panel`.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from cnnlab.figures.runs import COLOURS, curves
from cnnlab.training.jobs import client
from cnnlab.ui.inspection.progress_bar import progress_bar
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.training.choice import NO_RUNS, go, run_ids
from cnnlab.ui.training.following import Followed
from cnnlab.ui.training.plain_text import plain, table
from cnnlab.ui.training.run_actions import run_actions, shared_runs
from cnnlab.ui.training.run_list import (
    FIELDS,
    Row,
    changed_between,
    differing,
    named,
    results,
    rows_of,
    setting_told,
    went_back,
)
from cnnlab.ui.training.series_panel import series_panel

MOST = len(COLOURS)
FIRST = 3
OFFERED = 18
SERIES_ONLY = "pictures"  # runs of this kind of series are many, and drawn there
TITLES = {"accuracy": "Accuracy", "loss": "Loss"}


def compare_panel(key: str, learner: str) -> None:
    """Draw a learner's runs beside each other, and runs that the address names."""
    mine = rows_of(client.runs(learner))
    rows = {row.run: row for row in [*mine, *shared_runs(run_ids() or [], mine)]}
    if any(row.kind != SERIES_ONLY for row in rows.values()) or run_ids():
        chosen = _choose(f"{key}.chosen", rows)
        if chosen:
            _together(key, chosen)
        run_actions(f"{key}.actions", learner, rows, [row.run for row in chosen])
    elif not rows:
        st.info("No runs yet: choose pictures and a recipe, and press Start there.", icon=":material/info:")
        st.button("Go to the recipe", key=f"{key}.to-recipe", on_click=lambda: go(section="recipe"))
    series_panel(f"{key}.series", learner, mine)


def _choose(field: str, rows: Mapping[str, Row]) -> list[Row]:
    asked = run_ids()
    alone = [row.run for row in rows.values() if row.kind != SERIES_ONLY]
    chosen = alone[:FIRST] if asked is None else [one for one in asked if one in rows][-MOST:]
    labels = {row.run: name for name, row in named([*rows.values()]).items()}
    st.session_state[field] = chosen

    def changed() -> None:
        _show(st.session_state[field])

    st.pills(
        f"Runs to lay over each other, up to {MOST}",
        list(dict.fromkeys([*chosen, *alone[:OFFERED]])),
        selection_mode="multi",
        format_func=lambda one: plain(labels[one]),  # a label that changes would take presses with it
        key=field,
        on_change=changed,
    )
    older = {one: labels[one] for one in alone[OFFERED:] if one not in chosen}
    _older(field, older, chosen)
    return [rows[one] for one in chosen]


def _show(runs: Sequence[str]) -> None:
    """Lay runs over each other; of too many, those that were chosen last."""
    go(runs=",".join(runs[-MOST:]) or NO_RUNS)


def _older(field: str, older: Mapping[str, str], chosen: Sequence[str]) -> None:
    """Offer runs of longer ago, too, where there are many."""
    if not older:
        return

    def add() -> None:
        if st.session_state[f"{field}.older"]:
            _show([*chosen, st.session_state[f"{field}.older"]])

    st.selectbox(
        "An older run",
        list(older),
        index=None,
        format_func=older.__getitem__,
        key=f"{field}.older",
        placeholder=f"{len(older)} more",
        on_change=add,
    )


def _together(key: str, chosen: Sequence[Row]) -> None:
    runs = named(chosen)
    going = tuple(row.run for row in chosen)
    ended = sum(row.over for row in chosen)
    if ended < len(chosen):
        progress_bar(f"{key}.going", Followed(going, ended))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = st.segmented_control(
            "Curves", list(TITLES), format_func=TITLES.__getitem__, key=f"{key}.measure", default="accuracy"
        )
        training = st.toggle("Training pictures, too (thin lines)", key=f"{key}.training", value=True)
    if any(row.epochs for row in chosen):
        figure = curves({name: row.epochs for name, row in runs.items()}, measure or "accuracy", training)
        words = f"{TITLES[measure or 'accuracy']} over epochs of {', '.join(runs)}; numbers are below."
        st.plotly_chart(figure, key=f"{key}.curves", config={"displayModeBar": False}, alt=words)
    _table(runs)


def _escaped(field: str, told: str) -> str:
    return plain(told) if field in ("data", "model", "augmentation") else told


def _table(runs: Mapping[str, Row]) -> None:
    rows = [*runs.values()]
    fields = differing(rows)
    lines = [
        [FIELDS[field], *(_escaped(field, setting_told(row.recipe, field)) for row in rows)]
        for field in fields
    ]
    came = [results(row) for row in rows]
    lines += [[f"**{name}**", *(one[name] for one in came)] for name in came[0]]
    table(["", *map(plain, runs)], lines, f"What differs between {', '.join(runs)}, and what they came to")
    if len(rows) > 1:
        remark(_differences(rows, fields))
    if any(map(went_back, rows)):
        remark(
            "Early stopping goes back to the epoch of the least validation loss: a run ends as it was there."
        )
    for name, row in runs.items():
        if row.message and row.state in ("failed", "lost"):
            st.markdown(f":small[{plain(name)}: {plain(row.message)}]")


def _differences(rows: Sequence[Row], fields: Sequence[str]) -> str:
    """Say whether numbers can be expected to be the same."""
    settings = "one setting" if len(fields) == 1 else f"{len(fields)} settings"
    said = f"These recipes differ in {settings}, shown first" if fields else "These recipes are the same"
    if changed := changed_between(rows):
        titles = " and ".join(f"“{plain(one)}”" for one in changed)
        return f"{said}. But {titles} was changed in between: they did not learn from the same pictures."
    return f"{said}." if fields else f"{said}: on the CPU, so are their numbers, to the last bit."
