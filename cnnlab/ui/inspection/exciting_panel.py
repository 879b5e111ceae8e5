"""The lens on favourites: a picture made to excite a channel, and what excites it in the bundled pictures.

It lays out; `cnnlab.inspection.exciting` and `exciting_patches` compute on the hands of
`cnnlab.inspection.work`.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnnlab.inspection.exciting import Wish
from cnnlab.inspection.exciting_patches import Patch, patches
from cnnlab.inspection.models import entry
from cnnlab.inspection.pictures import Picture
from cnnlab.inspection.samples import SAMPLES
from cnnlab.inspection.weight_files import weights_here
from cnnlab.tracing.operations import IDLE
from cnnlab.ui.inspection.choosing import Layer, choose_layer, layers_of
from cnnlab.ui.inspection.exciting_channel import choose_channel
from cnnlab.ui.inspection.exciting_recipe import choose_recipes
from cnnlab.ui.inspection.exciting_watching import watch
from cnnlab.ui.inspection.other_lenses import note_shown, offer_other_lenses
from cnnlab.ui.inspection.working import with_progress

MOST_PATCHES = 9
PATCH_PX = 96
FIRING = ("relu", "relu6", "hardtanh", "silu", "hardswish", "gelu", "cat", "add")
RANDOM = (
    "**The weights of this network are random.** A picture is found all the same, since every channel has "
    "something that excites it. But nobody taught this channel anything: the picture shows how the "
    "architecture mixes pixels, not what a trained network looks for. Compare with a trained one."
)
CAUTION = (
    "The picture shows *one* thing that excites the channel most, not all that it answers to, and not what "
    "the network uses it for. Look at both: the picture and the patches."
)


def exciting_panel(key: str, model: str, picture: tuple[str, Picture]) -> None:  # noqa: ARG001 (as all panels)
    """Draw the panel; call it outside of fragments."""
    layers = layers_of(model, lambda step: len(step.output_shape) in (1, 3) and step.operation not in IDLE)
    if not layers:
        st.info(f"{model} has no layer of maps or scores, so there is no channel to excite.")
        return
    if not entry(model).trained:
        st.info(RANDOM)
    layer, channel = _choose(key, model, layers)
    recipes, idea = choose_recipes(key, model, layer.name)
    st.markdown(f":small[{idea}]")
    wishes = {title: Wish(model, layer.name, channel, recipe) for title, recipe in recipes.items()}
    watch(key, wishes)
    st.subheader("What excites it in the pictures")
    _patches(model, layer, channel)
    st.markdown(f":small[{CAUTION}]")
    note_shown(key, layer.name, channel)
    offer_other_lenses(key)


def _choose(key: str, model: str, layers: tuple[Layer, ...]) -> tuple[Layer, int]:
    left, right = st.columns([3, 2])
    with left:
        layer = choose_layer(key, layers, usual_layer)
    with right:
        return layer, choose_channel(key, model, layer)


def usual_layer(layers: Sequence[Layer]) -> Layer:
    """Return a layer to begin with: a late one of those that are about two thirds into the network."""
    early = layers[: max(1, len(layers) * 2 // 3)]
    return next((one for one in reversed(early) if one.operation in FIRING), early[-1])


def _patches(model: str, layer: Layer, channel: int) -> None:
    index = with_progress(
        ("patches", model, layer.name, weights_here(model)),
        lambda progress: patches().find(model, layer.name, progress),
        lambda: patches().known(model, layer.name),
    )
    if index is None:
        return
    strongest = patches().strongest(index, channel, MOST_PATCHES)
    if strongest[0].value <= 0 and len(layer.shape) == 3:
        st.markdown(":small[No unit of this channel fires in any of these; the least negative ones follow.]")
    st.markdown(
        f":small[The strongest unit of each of {len(index.pictures)} bundled pictures, the strongest first: "
        "what it sees of the picture, grey where it sees beyond the edge, and its value.]"
    )
    with st.container(horizontal=True):
        for patch in strongest:
            _draw(patch)


def _draw(patch: Patch) -> None:
    title = SAMPLES[patch.picture].title
    rows, columns = patch.rows, patch.columns
    alt = (
        f"Rows {rows[0]} to {rows[1] - 1} and columns {columns[0]} to {columns[1] - 1} of “{title}”, "
        f"value {patch.value:.3g}."
    )
    with st.container(width=PATCH_PX, gap="small"):
        st.image(_tile(patch.pixels), width=PATCH_PX, alt=alt)
        st.markdown(f":small[{title}: {patch.value:.3g}]")


def _tile(pixels: np.ndarray) -> np.ndarray:
    """Return a patch in colour; a small one with square pixels."""
    times = max(1, PATCH_PX // max(pixels.shape[:2]))
    grey = pixels.shape[2] == 1
    colour = pixels.repeat(3, 2) if grey else pixels
    return colour.repeat(times, 0).repeat(times, 1)
