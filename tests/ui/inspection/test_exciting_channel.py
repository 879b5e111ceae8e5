"""The channel to excite: categories by name at the network's end, numbers elsewhere."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.inspection.bundled.shape_names import TRAINED
from cnnlab.tracing import trace_of
from cnnlab.ui.inspection import working


def page() -> None:
    import streamlit as st

    from cnnlab.ui.inspection.choosing import layers_of
    from cnnlab.ui.inspection.exciting_channel import choose_channel
    from cnnlab.ui.inspection.place import place, settle_place

    settle_place("model", "layer", "channel", "unit", "picture", "lens")
    layer = next(one for one in layers_of(place().model) if one.name == place().layer)
    st.markdown(f"channel {choose_channel('try', place().model, layer)}")


def shown(**address: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "AT_ONCE_SECONDS", 60)


def test_scores_are_chosen_by_the_categories_names():
    app = shown(model="shapes_plain", layer="fc", ch="5")
    (box,) = app.selectbox
    assert list(box.options) == list(TRAINED)
    assert app.markdown[0].value == "channel 5"
    assert box.value == TRAINED.index("star") == 5
    box.select_index(TRAINED.index("gear")).run()
    assert app.markdown[0].value == "channel 7"
    assert app.query_params["ch"] == "7"
    assert not app.number_input


def test_maps_are_chosen_by_number():
    app = shown(model="shapes_plain", layer="block1.0.conv", ch="9999")
    (field,) = app.number_input
    assert (field.label, field.value) == ("Channel, 0 to 31", 31)
    field.set_value(4).run()
    assert app.query_params["ch"] == "4"
    assert not app.selectbox


def test_random_scores_stand_for_no_category(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    name = "squeezenet1_1"
    layer = trace_of(name).steps[trace_of(name).outputs[0]].name
    app = shown(model=name, layer=layer, ch="3")
    assert app.number_input[0].label == "Channel, 0 to 999"
    assert not app.selectbox
