"""What is chosen on the page Fine-tune, from an address or by hand, however wrong; what it will cost."""

import json
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.training.recipe import USUAL, Recipe, suggested
from cnnlab.ui.training import choice
from cnnlab.ui.training.choice import query_of
from cnnlab.ui.training.costs import cost
from cnnlab.ui.training.recipe_form import _more, _step
from cnnlab.ui.training.run_telling import recipe_told, usual_name
from cnnlab.ui.training.usual import counts, for_regime

ODD = Recipe(
    data="digits", model="shapes_plain", regime="partial", per_class=7, epochs=3, seconds=2.5, seed=4,
    size=48, blocks=2, optimiser="sgd", learning_rate=0.003, schedule="steps", weight_decay=0.2, momentum=0.5,
    batch=8, smoothing=0.1, dropout=0.25, slower=0.5, patience=6, copies=2,
    augmentation=(("flip", 0.5), ("rotate", 15.0)),
)  # fmt: skip


def show() -> None:
    import json
    from dataclasses import asdict

    import streamlit as st

    from cnnlab.ui.training.choice import choose, recipe, run_id, section, settle

    settle()
    if "now" in st.session_state:
        choose(**st.session_state["now"])
    chosen, problems = recipe()
    st.text(json.dumps([asdict(chosen), problems, section(), run_id()]))
    st.text(json.dumps(st.query_params.to_dict()))


def settled(query: dict[str, str], **now: Any) -> tuple[list[Any], dict[str, str]]:
    app = AppTest.from_function(show)
    for name, text in query.items():
        app.query_params[name] = text
    if now:
        app.session_state["now"] = now
    app.run()
    assert not app.exception
    return json.loads(app.text[0].value), json.loads(app.text[1].value)


def test_a_recipe_that_was_sent_is_the_same_recipe():
    sent = dict(parse_qsl(urlencode(query_of(ODD))))
    (recipe, problems, _, _), _ = settled(sent)
    assert (json.dumps(recipe), problems) == (json.dumps(asdict(ODD)), [])


def test_the_address_says_what_is_chosen_and_nothing_that_is_as_usual():
    _, told = settled({"section": "recipe"}, epochs=25, batch=32)
    assert told == {
        "section": "recipe",
        "data": "shapes-new",
        "model": "shapes_plain",
        "regime": "frozen",
        "epochs": "25",
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("lr", "abc", "Learning rate goes from 1e-06 to 10; abc was given."),
        ("epochs", "100000", "Epochs goes from 1 to 500; 100000 was given."),
        ("regime", "magic", "There is no regime “magic”"),
        ("policy", "flip:2", "Flip goes from 0 to 1"),
        ("policy", "explode:1", "There is no transform “explode”"),
        ("policy", "flip:x", "is no transform with its strength"),
        ("opt", "x" * 5000, "Optimiser cannot be"),
    ],
)
def test_what_is_not_possible_is_a_sentence_and_the_rest_of_the_recipe_stays(name: str, text: str, said: str):
    (recipe, problems, _, _), _ = settled({"dropout": "0.5", name: text})
    assert (len(problems), said in problems[0]) == (1, True)
    assert recipe == json.loads(json.dumps(asdict(Recipe(dropout=0.5))))


@pytest.mark.parametrize(("waited", "epochs"), [(0.5, 25), (60.0, 30)])
def test_an_address_from_a_moment_ago_is_a_late_browsers_an_older_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, waited: float, epochs: int
):
    """The browser has shown the old address for an hour when it is changed, and sends it once more."""
    clock = [1000.0]
    monkeypatch.setattr(choice, "monotonic", lambda: clock[0])
    app = AppTest.from_function(show)
    old = {"data": "shapes-new", "model": "shapes_plain", "regime": "frozen", "epochs": "30"}
    for name, text in old.items():
        app.query_params[name] = text
    app.run()
    clock[0] += 3600
    app.session_state["now"] = {"epochs": 25}
    app.run()
    del app.session_state["now"]
    clock[0] += waited
    for name, text in old.items():
        app.query_params[name] = text
    app.run()
    assert json.loads(app.text[0].value)[0]["epochs"] == epochs
    assert json.loads(app.text[1].value)["epochs"] == str(epochs)


def test_a_section_that_there_is_not_is_the_first_one():
    (_, _, section, run), _ = settled({"section": "nowhere", "run": "0123"})
    assert (section, run) == ("data", "0123")


def test_another_regime_brings_its_usual_values_but_leaves_what_was_set_by_hand():
    chosen = Recipe(regime="frozen", learning_rate=USUAL["frozen"]["learning_rate"], epochs=7)
    assert for_regime(chosen, "full") == {
        "regime": "full",
        "learning_rate": USUAL["full"]["learning_rate"],
        "slower": USUAL["full"]["slower"],
    }
    by_hand = Recipe(regime="full", learning_rate=USUAL["full"]["learning_rate"], slower=0.3, epochs=7)
    assert "slower" not in for_regime(by_hand, "frozen")


def test_only_settings_that_change_something_are_offered():
    assert {"copies"} == {"copies", "blocks", "slower", "momentum"} & set(counts(Recipe(regime="frozen")))
    assert {"blocks", "slower", "momentum"} < set(counts(Recipe(regime="partial", optimiser="sgd")))


@pytest.mark.parametrize("regime", USUAL)
def test_what_is_usual_for_a_regime_is_not_called_changed(regime: str):
    usual = Recipe(**suggested(regime))
    assert _more(usual) == "More settings"
    assert _more(replace(usual, batch=7, learning_rate=0.5)) == "More settings (changed: Batch)"


@pytest.mark.parametrize(("value", "step"), [(0.004, 0.0001), (0.9, 0.01), (0.0, 0.01), (1.0, 0.1)])
def test_a_press_changes_a_tenth_of_the_first_digit(value: float, step: float):
    assert _step(value) == pytest.approx(step)


def test_the_cost_is_that_of_all_passes():
    from cnnlab.tracing import replay, trace_of

    macs = replay(trace_of("shapes_plain"), (3, 64, 64)).macs
    chosen = Recipe(regime="full", per_class=7, epochs=3)
    assert "70 pictures × 3 epochs = 210 passes" in cost(chosen)
    assert f"{3 * 210 * macs / 1e9:.1f} G multiply-adds" in cost(chosen)
    assert ", at most " in cost(replace(chosen, regime="partial"))
    head = Recipe(per_class=7, epochs=9, copies=2)
    assert "70 pictures go through the network once" in cost(
        head
    )  # copies are made of distorted pictures only
    head = replace(head, augmentation=(("flip", 0.5),))
    assert "140 pictures go through the network once" in cost(head)
    assert cost(Recipe(data="own-0123", epochs=4)) == "Every picture 4 times."


def test_few_steps_are_said_before_they_are_taken():
    few = Recipe(regime="probe-then-full", per_class=7, epochs=6)
    assert "in 18 steps, at most" in cost(few)
    assert "So few steps are rarely enough" in cost(few)
    assert "So few" not in cost(replace(few, epochs=30))


def test_a_recipe_and_its_run_are_named_in_words():
    assert usual_name(Recipe(per_class=10)) == "New shapes, head only, 10 of each class"
    told = recipe_told(ODD)
    for part in ("Digits", "last blocks", "7 pictures of each class", "dropout 0.25", "flip:0.5,rotate:15"):
        assert part in told


def test_the_cost_of_a_network_that_was_built_is_told_without_recording_it():
    model = "built:input 3x32x32\nconv 8 k3\nglobalpool\ndense 10"
    macs = 30 * 30 * 8 * 27 + 8 * 10
    chosen = Recipe(model=model, regime="scratch", per_class=1, epochs=1)
    assert f"about {3 * 10 * macs / 1e6:.1f} M multiply-adds" in cost(chosen)
    (recipe, problems, _, _), _ = settled({"model": model + "\n" * 1000, "regime": "scratch"})
    assert (recipe["model"], problems) == (model + "\n" * 1000, [])
