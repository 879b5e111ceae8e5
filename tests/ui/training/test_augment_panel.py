"""The policy of a recipe as fields: presets, transforms, strengths, and the address that says the same."""

from streamlit.testing.v1 import AppTest

from cnnlab.training.policy import PRESETS, Policy, policy_from_text, policy_text
from cnnlab.training.transforms import TRANSFORMS


def show() -> None:
    import streamlit as st

    from cnnlab.training.policy import policy_text
    from cnnlab.ui.training.augment_panel import policy_panel
    from cnnlab.ui.training.choice import settle

    settle()
    st.text(policy_text(policy_panel("try")))


def panel(policy: str = "") -> AppTest:
    app = AppTest.from_function(show)
    if policy:
        app.query_params["policy"] = policy
    return app.run()


def chosen(app: AppTest) -> Policy:
    assert not app.exception
    policy = policy_from_text(app.text[0].value)
    said = app.query_params.get("policy", [""])
    assert policy_from_text(said[0] if isinstance(said, list) else said) == policy
    return policy


def test_a_policy_of_the_address_is_shown_and_each_strength_can_be_changed():
    app = panel("flip:0.5,rotate:20,pca:0.3")
    assert app.multiselect[0].value == ["flip", "rotate", "pca"]
    assert [(one.label, one.value) for one in app.slider] == [
        ("Flip", 50),
        ("Rotate", 20),
        ("PCA colour", 0.3),
    ]
    app.slider[0].set_value(25).run()
    app.slider[1].set_value(90).run()
    assert chosen(app) == (("flip", 0.25), ("rotate", 90.0), ("pca", 0.3))


def test_the_lab_opens_with_a_picture_of_the_learner_s_own_set():
    app = AppTest.from_function(show)
    app.query_params["data"] = "own-" + "1" * 24
    assert f"?pic=own-{'1' * 24}.0.0&policy=none" in app.run().markdown[-1].value
    assert "pic=" not in panel("flip:0.5").markdown[-1].value


def test_a_transform_comes_with_its_usual_strength_and_can_go_again():
    app = panel("rotate:20")
    app.multiselect[0].set_value(["shear", "rotate"]).run()
    assert chosen(app) == (("shear", TRANSFORMS["shear"].default), ("rotate", 20.0))
    app.multiselect[0].set_value([]).run()
    assert chosen(app) == ()


def test_a_preset_replaces_the_policy_and_says_which_it_is():
    app = panel("rotate:20")
    field = app.button_group(key="try.preset")
    assert field.value is None or field.value == []
    for name in ("strong", "none", "light"):
        app.button_group(key="try.preset").set_value(name).run()
        assert chosen(app) == PRESETS[name]
        assert app.button_group(key="try.preset").value in (name, [name])


def test_every_transform_can_be_as_strong_and_as_weak_as_its_slider_goes():
    most = tuple((name, one.most) for name, one in TRANSFORMS.items())
    least = tuple((name, one.step) for name, one in TRANSFORMS.items())
    for policy in (most, least):
        app = panel(policy_text(policy))
        assert chosen(app) == policy
        assert len(app.slider) == len(TRANSFORMS)


def test_a_policy_that_there_is_not_leaves_none():
    assert chosen_text(panel("spin:4")) == ""


def chosen_text(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value
