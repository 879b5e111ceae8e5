"""The section Pictures: which data set a network learns from, what is in it, and how to bring one's own.

What is chosen is kept by `choice`. It does not know how sets are made, kept or downloaded.
"""

from typing import Any

import streamlit as st

from cnnlab.arithmetic.units import grouped
from cnnlab.errors import CnnLabError
from cnnlab.training import own_data, public_sets
from cnnlab.training.data_sets import DATA_SETS, MOST_OF_A_CLASS, DataSet, data_set
from cnnlab.training.own_sets import OwnSet
from cnnlab.training.previews import (
    LEARNED,
    MEASURED,
    MOST_CLASSES,
    ClassCount,
    bundled_counts,
    own_counts,
)
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.why_words import remark
from cnnlab.ui.problems import apologise
from cnnlab.ui.training.choice import choose, recipe
from cnnlab.ui.training.data_serving import sheet_address
from cnnlab.ui.training.download_panel import download_panel
from cnnlab.ui.training.learner import learner
from cnnlab.ui.training.own_bringing import bring
from cnnlab.ui.training.own_editor import editor

cards = browser_component("cnnlab.data_cards", "data-cards.js", "data.css")
preview = browser_component("cnnlab.data_preview", "data-preview.js", "data.css")
COLUMNS = LEARNED + MEASURED
ON_A_CARD = 4


def data_panel(key: str) -> str:
    """Let a learner choose pictures; return the set's name, "" where nothing can be learned from it yet."""
    place = st.container()
    bring(f"{key}.bring")
    chosen, _ = recipe()
    one = _known(chosen.data)
    with place:
        _cards(key, one.name)
    return one.name if _shown(key, one, chosen.seed) else ""


def _known(name: str) -> DataSet:
    """Return what is told of the chosen set; where there is none, say so and take the first."""
    try:
        return data_set(name)
    except CnnLabError as problem:
        apologise(problem)
        first = next(iter(DATA_SETS.values()))
        choose(data=first.name)
        return first


def _cards(key: str, chosen: str) -> None:
    mine = [_own_card(one) for one in own_data.sets(learner())]
    if chosen.startswith(own_data.PREFIX) and chosen not in {one["name"] for one in mine}:
        mine.append(_own_card(own_data.own_set(chosen)))
    groups = [
        ("Yours", mine),
        ("Come with CNN Lab", [_card(one) for one in DATA_SETS.values() if one.megabytes is None]),
        (
            "Published by others",
            [_public_card(one) for one in DATA_SETS.values() if one.megabytes is not None],
        ),
    ]
    field = f"{key}.cards"

    def chose() -> None:
        choose(data=str(st.session_state[field].get("choice") or chosen))

    cards(
        key=field,
        data={
            "groups": [{"title": title, "sets": sets} for title, sets in groups if sets],
            "chosen": chosen,
        },
        on_choice_change=chose,
    )


def _card(one: DataSet) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "facts": f"{len(one.classes)} classes, {one.side} px",
        "sheet": _sheet(sheet_address(one.name, one.sentence), len(one.classes)),
        "examples": ON_A_CARD,
    }


def _public_card(one: DataSet) -> dict[str, Any]:
    if public_sets.ready(one.name):
        classes = len(public_sets.counts(one.name))
        facts = f"{classes} classes, {one.side} px"
        sheet = _sheet(sheet_address(one.name, one.sentence), classes)
        return {"name": one.name, "title": one.title, "facts": facts, "sheet": sheet, "examples": ON_A_CARD}
    here = public_sets.lies_here(one.name)
    return {
        "name": one.name,
        "title": one.title,
        "facts": "on this machine, not read yet" if here else f"{one.megabytes:,.0f} MB to download",
        "mark": "⤓",
        "examples": 0,
    }


def _own_card(one: OwnSet) -> dict[str, Any]:
    fewest = min((each.learned for each in own_counts(one)), default=0)
    return {
        "name": one.name,
        "title": one.title,
        "facts": f"{len(one.classes)} classes, {grouped(one.pictures)} pictures",
        "sheet": _sheet(sheet_address(one.name, one.classes), len(one.classes)),
        "examples": 0 if one.missing else min(ON_A_CARD, fewest * len(one.classes)),
        "mark": "…",
    }


def _sheet(address: str, classes: int) -> dict[str, Any]:
    return {"src": address, "columns": COLUMNS, "rows": min(MOST_CLASSES, classes)}


def _shown(key: str, one: DataSet, seed: int) -> bool:
    """Tell what is in a set; return whether a network can learn from it."""
    st.subheader(one.title, anchor=False)
    if one.name.startswith(own_data.PREFIX):
        return _own_shown(key, own_data.own_set(one.name), seed)
    st.markdown(one.sentence)
    if one.megabytes is not None and not public_sets.ready(one.name):
        remark(one.licence)
        if not download_panel(f"{key}.download", one):
            return False
    remark(f"{one.side} × {one.side} pixels; {_split(one)} {one.licence}")
    public = one.megabytes is not None
    counts = public_sets.counts(one.name) if public else bundled_counts()[one.name]
    _preview(key, sheet_address(one.name, one.sentence), counts)
    return True


def _split(one: DataSet) -> str:
    """Say how the pictures are split."""
    if one.endless:
        return (
            "those to learn from depend on the seed of the recipe, those to measure with are always the "
            f"same. Up to {grouped(MOST_OF_A_CLASS)} of each class can be made."
        )
    if one.megabytes is not None:
        return "those to measure with are always the same, from the part that its authors keep for that."
    return "which pictures those to measure with are depends on the seed of the recipe."


def _own_shown(key: str, one: OwnSet, seed: int) -> bool:
    if one.notes:
        remark(" ".join(one.notes))
    if one.missing:
        st.info(one.missing, icon=":material/info:")
    else:
        remark(
            f"{one.side} × {one.side} pixels. A quarter of each class is kept to measure with; which "
            f"pictures those are depends on the seed of the recipe, now {seed}."
        )
        _preview(key, sheet_address(one.name, one.classes, seed), own_counts(one))
    editor(f"{key}.own", one)
    return not one.missing


def _preview(key: str, address: str, counts: list[ClassCount]) -> None:
    """Draw examples and the number of each class."""
    uneven = max(one.learned for one in counts) > 3 * min(one.learned for one in counts)
    preview(
        key=f"{key}.preview",
        data={
            "sheet": _sheet(address, len(counts)),
            "learned": LEARNED,
            "measured": MEASURED,
            "most": max(one.learned + one.measured for one in counts),
            "classes": [
                {"name": one.name, "learned": one.learned, "measured": one.measured} for one in counts
            ],
        },
    )
    if uneven:
        st.info(
            "The classes are far from equally large: a network can be right often by naming the large ones. "
            "Look at the confusion matrix, not at the accuracy alone, or learn from as many of each.",
            icon=":material/balance:",
        )
