"""The Augmentation lab: the browser component of `augment-lab.js`, and the picture that a learner uploads.

Sliders act in the browser (`cnnlab/ui/browser/`). This module tells it which transforms there are, which
pictures a learner has in sets of their own, and along which axes the colours of pictures vary; it distorts
nothing.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

import numpy as np
import streamlit as st

from cnnlab.errors import CnnLabError
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.training import own_data
from cnnlab.training.colour_axes import colour_axes
from cnnlab.training.own_sets import OwnSet
from cnnlab.training.policy import PRESETS
from cnnlab.training.transforms import TRANSFORMS
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import STYLES_OF_LAYERS, browser_component
from cnnlab.ui.labs.convolution import ask_for_picture
from cnnlab.ui.labs.mounting import current_settings, mount
from cnnlab.ui.labs.state_of_augmentation import FIRST
from cnnlab.ui.pages import PAGES
from cnnlab.ui.training.data_serving import FOLDER
from cnnlab.ui.training.learner import learner

_TOLD = ("name", "title", "explanation", "teaches", "breaks", "unit", "most", "default", "step", "geometric")
_RUNS = "finetune"
_SAMPLE = 64  # pictures of an own set whose colours are looked at, and every so many pixels of each axis
_EVERY = 2

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
    titles = ", ".join(SAMPLES[name].title for name in names)
    return _told_axes(np.concatenate(pixels)[None, None], f"these bundled pictures: {titles}")


def _told_axes(pixels: np.ndarray, of: str) -> dict[str, Any]:
    axes = colour_axes(pixels)
    return {"vectors": axes.vectors.tolist(), "variances": axes.variances.tolist(), "of": of}


def own_pictures(shown: str) -> dict[str, Any]:
    """Return what the browser is told of own sets: the learner's, and that of the picture that is shown."""
    names = [one.name for one in own_data.sets(learner()) if one.pictures]
    asked = shown.partition(".")[0]
    if asked.startswith(own_data.PREFIX) and asked not in names:
        names.append(asked)
    sets, axes = [], {}
    for name in names:
        with suppress(CnnLabError):  # it is gone or damaged; the browser says that a picture is not there
            one = own_data.own_set(name)
            axes[name] = _own_axes(one)
            sets.append({"name": name, "title": one.title, "classes": _classes(one)})
    return {"folder": address(FOLDER), "sets": sets, "axes": axes}


def _classes(one: OwnSet) -> list[dict[str, Any]]:
    return [{"name": each.name, "count": each.count, "version": each.file[:12]} for each in one.classes]


@lru_cache(maxsize=64)
def _own_axes(one: OwnSet) -> dict[str, Any]:
    """Return the axes of an own set: of the first pictures of each class, so that a large one is no wait."""
    each = max(1, _SAMPLE // max(1, len(one.classes)))
    some = [
        own_data.pictures_of(one, number)[:each, ::_EVERY, ::_EVERY] for number in range(len(one.classes))
    ]
    return _told_axes(np.concatenate(some), f"the first pictures of each class of “{one.title}”")


def augmentation_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    _follow_changes(key, current_settings(key))


@st.fragment
def _follow_changes(key: str, opened: dict[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    settings = current_settings(key)
    with st.container():  # the lab is long: below it, nobody would find the field
        upload = ask_for_picture(key) if settings.get("pic") == "upload" else None
    own = own_pictures(opened.get("pic", ""))
    mount(component, key, {**_handed_over(opened), "upload": upload, "own": own, "run": _run_address()})


def augmentation_in_a_lesson(key: str, settings: Mapping[str, str]) -> None:
    """Draw the lab inside a lesson, set as the author wrote."""
    mount(component, key, {**_handed_over(settings), "compact": True})


def _handed_over(settings: Mapping[str, str]) -> dict[str, Any]:
    return {"settings": dict(settings), "facts": augmentation_facts()}


def _run_address() -> str | None:
    """Return where runs are made, if this app has that page."""
    return address(_RUNS) if any(entry.url_path == _RUNS for entry in PAGES) else None
