"""The lens on activations: every channel that a step makes of the picture, one of them with every value.

It lays out; `cnnlab.inspection.flow` computes, `inside-maps.js` draws.
"""

import re
from base64 import b64encode
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.inspection.feature_maps import strongest_units
from cnnlab.inspection.flow import Asked, Run
from cnnlab.inspection.flow_summary import SORTS, ordered
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weight_files import weights_here
from cnnlab.tracing import ReplayedStep, replay, trace_of
from cnnlab.ui.architectures.describing import described_step
from cnnlab.ui.architectures.flow_telling import Page, channel_told, run_told, step_told
from cnnlab.ui.architectures.flowing import shared
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.choosing import Layer, choose_layer, layers_of
from cnnlab.ui.inspection.other_lenses import note_shown, offer_other_lenses
from cnnlab.ui.inspection.place import go_to, place
from cnnlab.ui.inspection.working import with_progress

component = browser_component("cnnlab.inside-maps", "inside-maps.js", "grid.css", "flow.css", "inside.css")
PER_PAGE = 48
SORT = "sort"
UNIT = r"\d{1,6},\d{1,6}"
ACTIVATIONS = ("relu", "hardtanh", "silu", "hardswish", "gelu", "tanh", "sigmoid")


def maps_panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    """Draw the panel; choosing in it runs only itself again."""
    st.fragment(_panel)(key, model, picture)
    offer_other_lenses(key)


def _panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    layer = choose_layer(key, layers_of(model), _first_activation)
    asked = Asked(model, trace_of(model).input_shape, picture[0])
    flows, weights = shared().flows, weights_here(model)
    run = with_progress(
        ("flow", asked, weights),
        lambda progress: flows.run(asked, picture[1], progress),
        lambda: flows.known_run(asked),
    )
    if run is None:
        return
    channel = min(place().channel, run.steps[layer.step].channels - 1)
    exact = with_progress(
        ("response", asked, layer.step, weights),
        lambda _progress: flows.exact(asked, layer.step, picture[1]),
        lambda: flows.known_exact(asked, layer.step),
    )
    if exact is None:
        return
    st.markdown(_standing(run))
    _draw(key, run, layer, exact[channel])
    note_shown(key, layer.name, channel)


def _first_activation(layers: Any) -> Layer:
    return next((one for one in layers if one.operation in ACTIVATIONS), layers[0])


def _standing(run: Run) -> str:
    if run.loaded.kind == "random":
        return "**Random weights**: the maps show how sizes and edges flow, not what a trained network sees."
    return (
        "Each tile is what one channel makes of the picture: bright is a strong answer; where values can be "
        "negative, blue is below and orange above 0."
    )


def _draw(key: str, run: Run, layer: Layer, values: np.ndarray) -> None:
    sort = _sort()
    order = ordered(run.steps[layer.step], sort)
    channel = min(place().channel, len(order) - 1)
    position = int(np.flatnonzero(order == channel)[0])
    field = f"{key}.maps"
    component(
        key=field,
        data={
            "step": step_told(run, layer.step, Page(sort, position // PER_PAGE, PER_PAGE)),
            "perPage": PER_PAGE,
            "position": position,
            "run": run_told(run),
            "described": described_step(_replayed(run, layer)),
            "input": run.asked.shape,
            "picture": _data_address(run.pixels.tobytes(), run.pixels.shape),
            "exact": channel_told(values[None], 0),
            "unit": place().unit if re.fullmatch(UNIT, place().unit) else "",
            "units": [asdict(one) for one in _strongest(run, layer, values)],
        },
        on_position_change=lambda: _moved(field, layer, order),
        on_unit_change=lambda: _pointed(field, layer, channel),
        on_sort_change=lambda: _sorted(field, layer),
    )


def _replayed(run: Run, layer: Layer) -> ReplayedStep:
    return replay(trace_of(run.asked.name), run.asked.shape).steps[layer.step]


def _strongest(run: Run, layer: Layer, values: np.ndarray) -> tuple:
    if values.size == 1:
        return ()
    height, width = run.asked.shape[1:]
    return strongest_units(values, _replayed(run, layer), (height, width))


@lru_cache(maxsize=32)
def _data_address(data: bytes, shape: tuple[int, ...]) -> str:
    """Return what the network read as the address of a picture, made once: nothing here takes longer."""
    pixels = np.frombuffer(data, np.uint8).reshape(shape)
    colour = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
    return f"data:image/png;base64,{b64encode(Picture(colour, 'input').png()).decode()}"


def _sort() -> str:
    asked = st.query_params.get(SORT, "number")
    return asked if asked in SORTS else "number"


def _moved(field: str, layer: Layer, order: np.ndarray) -> None:
    position = st.session_state[field].get("position")
    if isinstance(position, int | float) and 0 <= position < len(order):
        go_to(layer=layer.name, channel=int(order[int(position)]))


def _pointed(field: str, layer: Layer, channel: int) -> None:
    unit = str(st.session_state[field].get("unit") or "")
    if re.fullmatch(UNIT, unit):
        go_to(layer=layer.name, channel=channel)
        go_to(unit=unit)


def _sorted(field: str, layer: Layer) -> None:
    """Order anew; the channel that was looked at stays."""
    st.query_params[SORT] = str(st.session_state[field].get("sort") or "number")
    go_to(layer=layer.name, channel=place().channel)
