"""The Augmentation lab: the browser component of `augment-lab.js`, and the picture that a learner uploads.

Sliders act in the browser (`cnnlab/ui/browser/`). This module tells it which transforms there are and along
which axes the colours of the bundled pictures vary; it distorts nothing.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.training.colour_axes import colour_axes
from cnnlab.training.policy import PRESETS
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import STYLES_OF_LAYERS, browser_component
from cnnlab.ui.labs.convolution import ask_for_picture
from cnnlab.ui.labs.mounting import current_settings, mount
from cnnlab.ui.labs.state_of_augmentation import FIRST
from cnnlab.ui.pages import PAGES

_TOLD = ("name", "title", "explanation", "teaches", "breaks", "unit", "most", "default", "step", "geometric")
_RUNS = "finetune"

component = browser_component("cnnlab.augmentation", "augment-lab.js", *STYLES_OF_LAYERS, "augment.css")


@cache
def augmentation_facts() -> dict[str, Any]:
    """Return what the browser is told: transforms, presets, axes of the colours of each kind of picture."""
    return {
        "transforms": [{name: getattr(one, name) for name in _TOLD} for one in TRANSFORMS.values()],
        "first": FIRST,
        "presets": {name: dict(policy) for name, policy in PRESETS.items()},
        "axes": {kind: _axes_of(names) for kind, names in _sets().items()},
    }


def _sets() -> dict[str, list[str]]:
    """Return the names of the bundled pictures by kind; of the photographs those in colour."""
    names = list(SAMPLES)
    photographs = [name for name in names if SAMPLES[name].file.startswith("skimage")]
    return {
        "photograph": [one for one in photographs if np.ptp(sample_picture(one).pixels, axis=2).any()],
        "shape": [name for name in names if name.startswith("shape-")],
        "digit": [name for name in names if name.startswith("digit-")],
    }


def _axes_of(names: list[str]) -> dict[str, Any]:
    pixels = [sample_picture(name).pixels.reshape(-1, 3) for name in names]
    axes = colour_axes(np.concatenate(pixels)[None, None])
    return {
        "vectors": axes.vectors.tolist(),
        "variances": axes.variances.tolist(),
        "of": ", ".join(SAMPLES[name].title for name in names),
    }


def augmentation_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    _follow_changes(key, current_settings(key))


@st.fragment
def _follow_changes(key: str, opened: dict[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    settings = current_settings(key)
    with st.container():  # the lab is long: below it, nobody would find the field
        upload = ask_for_picture(key) if settings.get("pic") == "upload" else None
    mount(component, key, {**_handed_over(opened), "upload": upload, "run": _run_address()})


def augmentation_in_a_lesson(key: str, settings: Mapping[str, str]) -> None:
    """Draw the lab inside a lesson, set as the author wrote."""
    mount(component, key, {**_handed_over(settings), "compact": True})


def _handed_over(settings: Mapping[str, str]) -> dict[str, Any]:
    return {"settings": dict(settings), "facts": augmentation_facts()}


def _run_address() -> str | None:
    """Return where runs are made, if this app has that page."""
    return address(_RUNS) if any(entry.url_path == _RUNS for entry in PAGES) else None
