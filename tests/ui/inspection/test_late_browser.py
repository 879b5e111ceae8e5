"""A press that was made before the page was drawn anew: words that no field has any more change nothing."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from cnnlab.ui.inspection.choosing import choose_layer, choose_model, layers_of
    from cnnlab.ui.inspection.place import settle_place

    settle_place("model", "layer", "channel")
    layer = choose_layer("try", layers_of(choose_model("try")), lambda layers: layers[0])
    st.markdown(f"shown: {layer.name}")


def press_late(app: AppTest, label: str, words: str) -> AppTest:
    """Send what the browser had on the screen before, as it does: by its words."""
    box = next(one for one in app.selectbox if one.label == label)
    box.options.append(words)  # so that AppTest sends it
    box.set_value(words)
    return app.run()


def test_words_of_another_network_or_of_weights_that_came_meanwhile_change_nothing():
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update({"model": "shapes_plain", "layer": "block1.0.conv", "ch": "3"})
    app.run()
    for label, words in (
        ("Network", "ResNet-18 (weights on the moon)"),
        ("Layer", "2 · features.1: relu → 64 × 111 × 111"),
    ):
        press_late(app, label, words)
        assert not app.exception
        assert not app.error
        assert [one.value for one in app.markdown][-1] == "shown: block1.0.conv"
        assert {name: app.query_params[name] for name in ("model", "layer", "ch")} == {
            "model": "shapes_plain",
            "layer": "block1.0.conv",
            "ch": "3",
        }
