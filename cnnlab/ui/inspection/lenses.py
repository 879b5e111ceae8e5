"""The lenses of Look inside: one open at a time, on the place that the learner looks at.

Only the open one computes. A panel whose module is not there is not offered. It knows the panels' names only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import streamlit as st

from cnnlab.inspection.pictures import Picture
from cnnlab.ui.inspection.place import go_to, place

PACKAGE = "cnnlab.ui.inspection"
Panel = Callable[[str, str, tuple[str, Picture]], None]


@dataclass(frozen=True, slots=True)
class Lens:
    """One way to look: `name` stands in the address, `function` of `module` draws it."""

    name: str
    title: str
    module: str
    function: str

    @property
    def there(self) -> bool:
        """Whether its module is there."""
        return find_spec(f"{PACKAGE}.{self.module}") is not None

    def panel(self) -> Panel:
        """Return the function that draws it."""
        return getattr(import_module(f"{PACKAGE}.{self.module}"), self.function)


LENSES = (
    Lens("predict", "Predict", "predict_panel", "predict_panel"),
    Lens("filters", "Filters", "filters_panel", "filters_panel"),
    Lens("maps", "Feature maps", "maps_panel", "maps_panel"),
    Lens("exciting", "What excites it", "exciting_panel", "exciting_panel"),
)


def offered() -> dict[str, Lens]:
    """Return the lenses that there are, by name."""
    return {lens.name: lens for lens in LENSES if lens.there}


def choose_lens(key: str) -> Lens | None:
    """Let the learner choose a lens; return the open one, None where there is none at all."""
    lenses = offered()
    if not lenses:
        return None
    field = f"{key}.lens"
    name = place().lens if place().lens in lenses else next(iter(lenses))
    st.session_state[field] = name
    st.segmented_control(
        "Lens",
        list(lenses),
        format_func=lambda one: lenses[one].title,
        key=field,
        required=True,
        on_change=lambda: go_to(lens=st.session_state[field]),
    )
    return lenses[name]
