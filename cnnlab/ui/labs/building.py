"""The lab in which learners write networks: the browser component of `build-lab.js`.

The browser asks what a text means by itself (`cnnlab.ui.architectures.building`). It knows no notation.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

import streamlit as st

from cnnlab.building.examples import EXAMPLES, RULES
from cnnlab.building.reading import LONGEST_TEXT
from cnnlab.training.built_models import PREFIX
from cnnlab.training.recipe import Recipe, suggested
from cnnlab.ui.addresses import address
from cnnlab.ui.assets import browser_component
from cnnlab.ui.labs.mounting import current_settings, mount
from cnnlab.ui.training.choice import query_of

component = browser_component("cnnlab.build", "build-lab.js")


def building_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    follow_changes(key, current_settings(key))


@st.fragment
def follow_changes(key: str, opened: Mapping[str, str]) -> None:
    """Draw the component with the settings that it was opened with, and keep the address as it reports."""
    current_settings(key)
    mount(
        component,
        key,
        {"settings": dict(opened), "building": address("building"), "training": training(), **teaching()},
    )


@cache
def training() -> dict[str, Any]:
    """Return where a network that was built is trained: from scratch, for nobody has trained it."""
    chosen = query_of(Recipe(**suggested("scratch")), section="recipe")
    return {"address": address("finetune"), "recipe": chosen, "prefix": PREFIX}


@cache
def teaching() -> dict[str, Any]:
    """Return the notation explained, and the networks to start from."""
    return {
        "rules": [asdict(rule) for rule in RULES],
        "examples": [asdict(example) for example in EXAMPLES],
        "longest": LONGEST_TEXT,
    }
