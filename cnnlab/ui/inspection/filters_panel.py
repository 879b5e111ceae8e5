"""The lens on weights: every kernel of a convolution, in an order, one of them enlarged, and what it does.

It lays out; `cnnlab.inspection.filters` measures, `inside-filters.js` draws.
"""

from functools import cache

import numpy as np
import streamlit as st

from cnnlab.inspection.filter_measures import SORTS
from cnnlab.inspection.filters import AskedFilters, FilterBanks, Filters, has_before
from cnnlab.inspection.flow import Asked
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.weight_files import weights_here
from cnnlab.tracing import trace_of
from cnnlab.ui.architectures.flowing import shared
from cnnlab.ui.assets import browser_component
from cnnlab.ui.inspection.choosing import Layer, choose_layer, layers_of
from cnnlab.ui.inspection.filters_telling import bank_told, filter_told, response_told
from cnnlab.ui.inspection.other_lenses import note_shown, offer_other_lenses
from cnnlab.ui.inspection.place import go_to, place
from cnnlab.ui.inspection.working import with_progress

component = browser_component(
    "cnnlab.inside-filters", "inside-filters.js", "grid.css", "flow.css", "inside.css"
)
TITLES = {"number": "Number", "norm": "Norm", "similarity": "Similarity", "direction": "Direction"}
EXPLANATION = """
**Order.** *Norm* is the square root of the sum of a filter's squared weights. *Similarity* puts beside each
filter the one that is most like it: the largest cosine between them, opposite ones included. *Direction* is
that in which a filter changes most, from the second moments of its frequency response; those without a clear
one come last.

**Gabor-like.** A Gabor function is a wave under a bell: an edge or stripes of one width and direction, here
and nowhere else. The best-fitting one is searched for by gradient descent. Where it explains at least three
quarters of a filter's variance (R² ≥ 0.75), and the filter has a clear direction, it is marked. Of random
kernels of the same size, none is. Kernels of 3 × 3 have too few weights for such a claim and are not fitted.

**Colour blob.** At least half of the squared weights are differences between red, green and blue, and the
response changes slowly: at most a fifth of a cycle a pixel.
"""
READING = {
    True: "Each tile is one filter as a picture: grey is 0; where it is brighter in red, green or blue, that "
    "colour in the picture adds to the response, and where it is darker, it subtracts.",
    False: "Each tile is one filter's kernel on one input channel: orange adds, blue subtracts, and "
    "the fainter the colour, the closer to 0.",
}


@cache
def banks() -> FilterBanks:
    """Return the one store of kernels that everybody shares."""
    return FilterBanks()


def filters_panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    """Draw the panel; choosing in it runs only itself again."""
    st.fragment(_panel)(key, model, picture)
    offer_other_lenses(key)


def _panel(key: str, model: str, picture: tuple[str, Picture]) -> None:
    layers = layers_of(model, lambda step: step.operation == "conv2d")
    if not layers:
        st.info(f"{model} has no convolution, so there are no kernels to look at.")
        return
    layer, before, sort = _controls(key, model, layers)
    asked = AskedFilters(model, layer.name, not before)
    filters = with_progress(
        ("filters", asked, weights_here(model)),
        lambda progress: banks().find(asked, progress),
        lambda: banks().known(asked),
    )
    if filters is None:
        return
    plane = _plane(key, filters)
    chosen = min(place().channel, len(filters.bank) - 1)
    st.markdown(_standing(filters))
    response = None if before else _response(model, layer, picture)
    told = None if response is None else response_told(response[min(chosen, len(response) - 1)])
    _draw(key, filters, (sort, plane, chosen), told)
    note_shown(key, layer.name, chosen)
    with st.expander("How these are ordered and marked"):
        st.markdown(EXPLANATION)


def _controls(key: str, model: str, layers: tuple[Layer, ...]) -> tuple[Layer, bool, str]:
    left, right = st.columns([3, 2])
    with left:
        layer = choose_layer(key, layers, lambda all_of_them: all_of_them[0])
    with right:
        sort = st.segmented_control(
            "Order",
            list(SORTS),
            format_func=TITLES.__getitem__,
            default="number",
            required=True,
            key="order",
            bind="query-params",
        )
    before = False
    if has_before(model):
        before = st.toggle("Before training", key="before", bind="query-params")
    return layer, before, sort or "number"


def _plane(key: str, filters: Filters) -> int:
    """Ask which input channel is drawn where a filter reads several that are no colours."""
    planes = filters.bank.shape[1]
    if filters.colour or planes == 1:
        return 0
    field = f"{key}.plane"
    st.session_state[field] = min(st.session_state.get(field, 0), planes - 1)
    label = "Input channel" if filters.groups == 1 else "Input channel of the filter's group"
    return st.number_input(f"{label}, 0 to {planes - 1}", 0, planes - 1, key=field, width=260)


def _standing(filters: Filters) -> str:
    reading = READING[filters.colour]
    if filters.depthwise:
        reading += " This convolution is depthwise: filter 5 reads channel 5, and no other."
    if filters.kind == "random":
        reading = f"**These are random numbers**, as before any training. {reading}"
    if filters.kind == "before":
        reading = f"**Before training**: the random numbers that this network began with. {reading}"
    return reading


def _draw(key: str, filters: Filters, shown: tuple[str, int, int], response: dict | None) -> None:
    sort, plane, chosen = shown
    field = f"{key}.bank"
    component(
        key=field,
        data={
            "bank": bank_told(filters, sort, plane, chosen),
            "filter": filter_told(filters, chosen),
            "response": response,
        },
        on_choice_change=lambda: _chosen(field, filters),
    )


def _chosen(field: str, filters: Filters) -> None:
    choice = st.session_state[field].get("choice")
    if isinstance(choice, int | float) and 0 <= choice < len(filters.bank):
        go_to(layer=filters.asked.step, channel=int(choice))


def _asked(model: str, picture: tuple[str, Picture]) -> Asked:
    return Asked(model, trace_of(model).input_shape, picture[0])


def _response(model: str, layer: Layer, picture: tuple[str, Picture]) -> np.ndarray | None:
    """Return what the layer makes of the picture; None, and how far it is, as long as that is not there."""
    flows, asked = shared().flows, _asked(model, picture)
    return with_progress(
        ("response", asked, layer.step, weights_here(model)),
        lambda _progress: flows.exact(asked, layer.step, picture[1]),
        lambda: flows.known_exact(asked, layer.step),
    )
