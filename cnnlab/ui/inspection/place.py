"""Where a learner looks: which network, layer, channel and picture, and through which lens.

It is kept in the session and in the address, under short names, so it stays when the lens or the page changes
and can be sent to somebody else. It does not know which networks or layers there are.
"""

from dataclasses import dataclass

import streamlit as st

KEPT = "remembered.place"
LONGEST = 120
MOST_CHANNELS = 100_000
NAMES = {
    "model": "model", "layer": "layer", "channel": "ch", "unit": "unit", "picture": "pic", "lens": "lens",
}  # fmt: skip
BEGINNING: dict[str, str | int] = {"layer": "", "channel": 0, "unit": ""}


@dataclass(frozen=True, slots=True)
class Place:
    """Texts are "" and `channel` is 0 where nothing was chosen yet.

    `layer` is the name of a step in the network's trace, `picture` that of a picture in
    `cnnlab.inspection.flow_pictures`; `unit` is a place in a map, as `flow-field.js` writes it.
    """

    model: str = ""
    layer: str = ""
    channel: int = 0
    unit: str = ""
    picture: str = ""
    lens: str = ""


def place() -> Place:
    """Return where the learner looks."""
    return Place(**st.session_state.get(KEPT, {}))


def settle_place(*shown: str) -> Place:
    """Take the place from the address if it says one, and let the address say it; call it once a page.

    `shown` are the fields that this page has. An address that says some of them says all: a link leads to the
    same sight whatever was looked at before. One that says none, such as the menu's, leads back.
    """
    asked = {field: st.query_params.get(NAMES[field], "")[:LONGEST] for field in shown}
    if any(asked.values()):
        another = asked.get("model", place().model) != place().model
        said = {field: _read(field, text) for field, text in asked.items()}
        _keep((BEGINNING if another else {}) | said)
    _tell(shown)
    return place()


def go_to(**fields: str | int) -> None:
    """Look somewhere else; another network is looked at from its beginning. Works in callbacks, too."""
    if "model" in fields and fields["model"] != place().model:
        fields = BEGINNING | fields
    elif any(fields.get(one, getattr(place(), one)) != getattr(place(), one) for one in ("layer", "channel")):
        fields = {"unit": ""} | fields
    _keep(fields)
    _tell(tuple(fields))


def query_of(*fields: str) -> dict[str, str]:
    """Return these fields as they stand in an address, those without a value left out."""
    texts = {NAMES[field]: str(getattr(place(), field) or "") for field in fields}
    return {name: text for name, text in texts.items() if text}


def _keep(fields: dict[str, str | int]) -> None:
    st.session_state[KEPT] = {**st.session_state.get(KEPT, {}), **fields}


def _tell(fields: tuple[str, ...]) -> None:
    told = query_of(*fields)
    for name in (NAMES[field] for field in fields):
        if name in told and st.query_params.get(name) != told[name]:
            st.query_params[name] = told[name]
        elif name not in told and name in st.query_params:
            del st.query_params[name]


def _read(field: str, text: str) -> str | int:
    if field != "channel":
        return text
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_CHANNELS)) else 0
    return min(number, MOST_CHANNELS)
