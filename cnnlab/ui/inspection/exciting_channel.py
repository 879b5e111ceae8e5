"""Choosing the channel that is to be excited: by its number, or by its name where it scores a category.

What the categories are called is known once the network is loaded, which happens on the hands of
`cnnlab.inspection.work`. It does not know what is done with the channel.
"""

import streamlit as st

from cnnlab.inspection.models import entry, shared_models
from cnnlab.inspection.results import Results
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.work import Progress
from cnnlab.tracing import trace_of
from cnnlab.ui.inspection.choosing import Layer
from cnnlab.ui.inspection.place import go_to, place
from cnnlab.ui.inspection.working import with_progress

known = Results(most_bytes=4_000_000)


def choose_channel(key: str, model: str, layer: Layer) -> int:
    """Let the learner choose a channel of a layer; return its number."""
    channel = min(place().channel, layer.channels - 1)
    field = f"{key}.channel"

    def changed() -> None:
        chosen = st.session_state[field]
        if isinstance(chosen, int):  # a name, where the browser still had those of another network
            go_to(layer=layer.name, channel=chosen)

    names = _categories(model, layer)
    if names is None:
        return channel
    if len(set(names)) == layer.channels:
        field = f"{key}.category"
        st.session_state[field] = channel
        st.selectbox(
            "Category (type to search)",
            range(layer.channels),
            format_func=names.__getitem__,
            key=field,
            on_change=changed,
        )
    else:
        last = layer.channels - 1
        st.session_state[field] = channel
        st.number_input(f"Channel, 0 to {last}", 0, last, key=field, on_change=changed)
    return channel


def _categories(model: str, layer: Layer) -> tuple[str, ...] | None:
    """Return what a layer's channels are called, () where nobody knows; None while the network is loaded."""
    if trace_of(model).outputs != (layer.step,) or not entry(model).trained:
        return ()
    key = "categories", model, weights_here(model)

    def work(progress: Progress) -> tuple[str, ...]:
        progress("Loading the network", 0, 1)
        names = shared_models().get(model).categories
        return known.keep(key, names, 100 * len(names))

    return with_progress(key, work, lambda: known.find(key))
