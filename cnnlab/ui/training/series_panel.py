"""Series of runs, started in one press: how many pictures are needed, and what helps against overfitting.

Which recipes there are is known by `cnnlab.training.study`. The runs of a series wait as one in the queue,
and what has come out of it is drawn as they end.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.figures.runs import accuracy_over_pictures
from cnnlab.training import study
from cnnlab.training.data_sets import data_set
from cnnlab.training.jobs import client
from cnnlab.training.recipe import REGIMES, Recipe
from cnnlab.ui.inspection.progress_bar import progress_bar
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import go, recipe, run_ids
from cnnlab.ui.training.following import Followed
from cnnlab.ui.training.plain_text import plain, table
from cnnlab.ui.training.run_list import UNKNOWN, Row
from cnnlab.ui.training.run_telling import data_title, network_title
from cnnlab.ui.training.usual import USUAL

PICTURES, OVERFITTING = "pictures", "overfitting"
STARTED = "finetune.series.started"
PROBLEM = "finetune.series.problem"
AGAIN_SECONDS = 3.0  # a second press within them is a double click
TITLES = {name: one.title for name, one in REGIMES.items()}


def series_panel(key: str, learner: str, mine: Sequence[Row]) -> None:
    """Draw both series: what each does, a button that starts it, and what came out of the last one."""
    if problem := st.session_state.pop(PROBLEM, None):
        apologise(problem)
    base, _ = recipe()
    on = f"{plain(network_title(base.model))} on {plain(data_title(base.data))}"
    st.subheader("How many pictures do I need?", anchor=False)
    _pictures(f"{key}.{PICTURES}", learner, base, on)
    _results(key, mine)
    st.subheader("Overfitting, and what helps", anchor=False)
    _overfitting(f"{key}.{OVERFITTING}", learner, base, on)
    _laid_over(f"{key}.{OVERFITTING}", mine)


def _pictures(key: str, learner: str, base: Recipe, on: str) -> None:
    counts = _counts(base)
    runs = len(counts) * len(study.SERIES_REGIMES) * study.SEEDS
    regimes = ", ".join(f"“{TITLES[one]}”" for one in study.SERIES_REGIMES)
    st.markdown(
        f"One press trains {on} {runs} times: {regimes}; each with {', '.join(map(str, counts))} pictures of "
        f"each class, from {study.SEEDS} seeds. All else is as in the recipe, but for the number of epochs: "
        f"however many pictures there are, a run takes {_steps()}. All this takes minutes, and goes on when "
        "you leave the page."
    )

    def start() -> None:
        recipes = study.pictures_needed(base, len(data_set(base.data).classes), USUAL, counts)
        names = [f"{TITLES[one.regime]}, {one.per_class} of each class" for one in recipes]
        _start(PICTURES, learner, dict(enumerate(zip(names, recipes, strict=True))))

    st.button(
        f"Start {runs} runs",
        key=f"{key}.start",
        icon=":material/play_arrow:",
        on_click=_once,
        args=(start,),
    )


def _steps() -> str:
    return ", ".join(f"{count} steps with “{TITLES[one]}”" for one, count in study.STEPS.items())


def _counts(base: Recipe) -> tuple[int, ...]:
    """Return numbers of pictures of a class, no more than there are."""
    try:
        known = data_set(base.data)
    except CnnLabError:
        return study.COUNTS
    if known.endless or not known.classes:
        return study.COUNTS
    most = known.pictures // len(known.classes)
    return tuple(count for count in study.COUNTS if count <= most) or study.COUNTS[:1]


def _overfitting(key: str, learner: str, base: Recipe, on: str) -> None:
    recipes = study.overfitting(base, USUAL["scratch"]["learning_rate"])
    cures = ", ".join(title.removeprefix("with ") for title in list(recipes)[1:])
    st.markdown(
        f"One press trains {on} from scratch with only {study.FEW} pictures of each class, for {study.LONG} "
        f"epochs: it will know its pictures by heart. Then the same with one cure at a time: {cures}. The "
        "curves are laid over each other above: see where the training loss falls and the validation loss "
        "does not. It is seen best, and within a minute or two, with *Digits, LeNet-5* on *Digits*."
    )

    def start() -> None:
        _start(OVERFITTING, learner, dict(enumerate(recipes.items())))

    st.button(
        f"Start {len(recipes)} runs",
        key=f"{key}.start",
        icon=":material/play_arrow:",
        on_click=_once,
        args=(start,),
    )


def _laid_over(key: str, mine: Sequence[Row]) -> None:
    """Say where the curves of the last such series are, beside the button that was pressed."""
    last = next((row.series for row in mine if row.kind == OVERFITTING), "")
    rows = [row for row in mine if row.series == last and row.kind == OVERFITTING]
    if not rows:
        return
    ended = sum(row.over for row in rows)
    if ended < len(rows):
        progress_bar(f"{key}.going", Followed(tuple(row.run for row in rows), ended))
    runs = [row.run for row in reversed(rows)]
    if set(runs) <= set(run_ids() or ()):
        remark("The curves of the last series are laid over each other at the top of this section.")
    else:
        st.button(
            "Lay the last series over each other",
            key=f"{key}.again",
            on_click=lambda: go(runs=",".join(runs)),
        )


def _once(start: Callable[[], None]) -> None:
    """Start a series, once; a callback, so that a press is never lost."""
    if time.monotonic() - st.session_state.get(STARTED, 0.0) >= AGAIN_SECONDS:
        st.session_state[STARTED] = time.monotonic()
        _safely(start)


def _safely(act: Callable[[], None]) -> None:
    """Do what a press asks for; what the runner refuses is said when the page is drawn."""
    try:
        act()
    except CnnLabError as problem:
        st.session_state[PROBLEM] = problem


def _start(kind: str, learner: str, recipes: Mapping[int, tuple[str, Recipe]]) -> None:
    runs = client.submit_series([one for _, one in recipes.values()], learner)
    for run_id, (name, _) in zip(runs, recipes.values(), strict=True):
        client.folder(run_id).describe(name=name, series=runs[0], kind=kind)
    if kind == OVERFITTING:
        go(runs=",".join(runs))


def _results(key: str, mine: Sequence[Row]) -> None:
    """Draw what came out of the last series on numbers of pictures, as far as it has come."""
    last = next((row.series for row in mine if row.kind == PICTURES), "")
    rows = [row for row in mine if row.series == last and row.kind == PICTURES]
    if not rows:
        return
    first = rows[-1].recipe
    st.markdown(f"**{plain(network_title(first.model))} on {plain(data_title(first.data))}:**")
    ended = sum(row.over for row in rows)
    if ended < len(rows):
        progress_bar(f"{key}.going", Followed(tuple(row.run for row in rows), ended))
    curves = study.points([client.folder(row.run) for row in rows])
    if curves:
        said = study.in_words(curves, TITLES)
        figure = accuracy_over_pictures({TITLES[one]: points for one, points in curves.items()})
        alt = f"Accuracy over the number of pictures of each class. {said} Numbers are below."
        st.plotly_chart(figure, key=f"{key}.figure", config={"displayModeBar": False}, alt=alt)
        _table(curves)
        remark(f"{said} Means over the seeds; bars in the drawing reach from the least to the largest.")
    _stop_or_delete(key, rows)


def _table(curves: Mapping[str, Sequence[study.Point]]) -> None:
    counts = sorted({one.per_class for points in curves.values() for one in points})
    lines = []
    for regime, points in curves.items():
        known = {one.per_class: one for one in points}
        cells = [f"{100 * known[one].mean:.1f} %" if one in known else UNKNOWN for one in counts]
        lines.append([TITLES[regime], *cells])
    table(["Pictures of each class", *map(str, counts)], lines, "Accuracy by number of pictures")


def _stop_or_delete(key: str, rows: Sequence[Row]) -> None:
    def delete() -> None:
        for row in rows:
            client.delete(row.run)

    def stop() -> None:
        for row in reversed(rows):
            client.stop(row.run)

    with st.container(horizontal=True):
        if any(not row.over for row in rows):
            st.button(
                "Stop this series", key=f"{key}.stop", icon=":material/stop:", on_click=_safely, args=(stop,)
            )
        with st.popover("Delete this series", icon=":material/delete:"):
            st.markdown(f"All {len(rows)} runs of it will be gone for good.")
            st.button("Delete them", key=f"{key}.delete", on_click=_safely, args=(delete,))
