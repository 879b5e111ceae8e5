"""Does a map point at the thing? The pointing game, on pictures of which it is known where the shape is.

What is computed is in `why_tests`. Only networks that know these shapes can play.
"""

from typing import Any

import numpy as np
import streamlit as st

from cnnlab.figures.attribution import pointing_hits
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Question
from cnnlab.inspection.attribution.truth_pointing import Played
from cnnlab.inspection.attribution.verdicts import verdict
from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.ui.inspection.why_asking import Scene, cost_of, question
from cnnlab.ui.inspection.why_choice import choice
from cnnlab.ui.inspection.why_pressing import started
from cnnlab.ui.inspection.why_telling import percent
from cnnlab.ui.inspection.why_tests import blind_game, game
from cnnlab.ui.inspection.why_words import remark

PICTURES = 2 * len(TRAINED)
MOST_MARGIN = 4
MOST_SHOWN = 6
TIMES = 2  # pictures are shown so many times as large
IDEA = (
    f"For this game, {PICTURES} pictures are drawn of which it is known which pixels are the shape. Each "
    "chosen method explains the true category, and one asks: does the strongest pixel of its map lie on the "
    "shape (Zhang and others, 2016)?"
)
ELSEWHERE = (
    "The pictures show shapes, so only a network that has learned them can play: choose *Shapes, plain* or "
    "*Shapes, residual* as the network, at the top of the page."
)
CAUTION = (
    "A miss need not be the map's fault: just outside of an outline there is as much to learn about a shape "
    "as inside, and a network may really look at the background. And pointing is little: a hill in the "
    "middle hits often, since shapes tend to lie there."
)


def pointing_test(key: str, scene: Scene, _maps: Any) -> None:
    """Let the learner play with the methods that are chosen above."""
    st.markdown(IDEA)
    if not scene.model.startswith("shapes_"):
        st.info(ELSEWHERE)
        return
    names = [one for one in choice().methods if verdict(one, scene.model).kind != "refused"]
    if not names:
        st.info("Choose one or more methods above.")
        return
    game_of = Scene(scene.model, "", scene.picture, -1, scene.layer)  # whatever picture is looked at
    asked = tuple(question(game_of, choice(), name) for name in names)
    passes = PICTURES * sum(cost_of(one).forward + cost_of(one).backward for one in asked)
    if not started(
        key, "Play", ("point", asked), f"{PICTURES} maps by each method, about {passes:,} passes."
    ):
        return
    played = {METHODS[one.method].title: made for one in asked if (made := _bring(one)) is not None}
    blind = blind_game() if played else None
    if blind is None:
        return
    margin = st.slider(
        "Pixels beside the shape that still count as a hit", 0, MOST_MARGIN, key=f"{key}.margin"
    )
    _tell(key, played | blind, margin)
    _where(key, played, margin)


def _bring(asked: Question) -> Played | None:
    """Return a method's game; as long as there is none, show whose it is and how far."""
    place = st.empty()
    with place.container(gap="small"):
        st.markdown(f"**{METHODS[asked.method].title}**")
        made = game(asked)
    if made is not None:
        place.empty()
    return made


def _tell(key: str, played: dict[str, Played], margin: int) -> None:
    tallies = {name: one.tally(margin) for name, one in played.items()}
    shares = {name: one.hits / one.pictures for name, one in tallies.items()}
    chance = next(iter(tallies.values())).area
    words = ", ".join(f"{name} {one.hits} of {one.pictures}" for name, one in tallies.items())
    st.plotly_chart(
        pointing_hits(shares, chance),
        key=f"{key}.hits",
        config={"displayModeBar": False},
        alt=f"Pictures in which the strongest pixel is a hit: {words}; by chance {percent(chance)}.",
    )
    lines = [
        f"| {name} | {one.hits} | {'–' if one.mass is None else percent(one.mass)} |"
        for name, one in sorted(tallies.items(), key=lambda pair: -pair[1].hits)
    ]
    st.markdown(
        "\n".join([f"| Map | Hits, of {PICTURES} | Of what is positive, inside |", "|:--|--:|--:|", *lines])
    )
    beside = f", and {percent(chance)} with what lies beside and counts" if margin else ""
    area = next(iter(played.values())).tally().area
    remark(f"The shape covers {percent(area)} of a picture on average{beside}: so often one hits by chance.")
    remark(CAUTION)


def _where(key: str, played: dict[str, Played], margin: int) -> None:
    """Show the first pictures in which a method misses, with its strongest pixel."""
    name = next(iter(played))
    if len(played) > 1:
        name = st.selectbox("Look at the misses of", list(played), key=f"{key}.whose")
    one = played[name]
    misses = [at for at, hit in enumerate(one.hit(margin)) if not hit]
    if not misses:
        remark(f"{name} misses none.")
        return
    remark(f"The first of {len(misses)} misses of {name}; the frame is around the strongest pixel.")
    with st.container(horizontal=True):
        for at in misses[:MOST_SHOWN]:
            pointed = one.pointed[at]
            shape = TRAINED[at % len(TRAINED)]
            place = f"row {pointed.row}, column {pointed.column}"
            alt = f"A picture of a {shape}; the strongest pixel is at {place}."
            with st.container(width=TIMES * one.pixels.shape[2], gap="small"):
                st.image(framed(one.pixels[at], pointed.row, pointed.column), alt=alt)
                remark(shape)


def framed(pixels: np.ndarray, row: int, column: int) -> np.ndarray:
    """Return a picture, enlarged, with a black and white frame around a pixel."""
    large = pixels.repeat(TIMES, 0).repeat(TIMES, 1).copy()
    rows, columns = np.mgrid[: large.shape[0], : large.shape[1]]
    middle = TIMES // 2
    away = np.maximum(abs(rows - TIMES * row - middle), abs(columns - TIMES * column - middle))
    large[(away == 5) | (away == 6)] = 255
    large[(away == 4) | (away == 7)] = 0
    return large
