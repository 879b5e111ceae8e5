"""The page Why? without a browser: what is chosen, what it costs, what is refused, what the address says."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from cnnlab.inspection.attribution import verdicts
from cnnlab.inspection.attribution.methods import METHODS, Cost
from cnnlab.ui.inspection.why_choice import MOST_METHODS, read_settings, written_settings
from cnnlab.ui.inspection.why_methods import cost_text
from cnnlab.ui.inspection.why_telling import percent
from tests.running_app import ROOT

PAGE = """
from cnnlab.ui.labs.why import why
why("why")
"""
REFUSED = "These activations have no rule."


def page(**address: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, text in address.items():
        app.query_params[name] = text
    return app.run()


def expanders(app: AppTest) -> list[str]:
    return [one.label for one in app.expander if one.label != "Choose the picture"]


def test_the_page_opens_with_ideas_formulas_and_costs_and_computes_nothing():
    app = page(model="digits_lenet")
    assert not app.exception
    assert [label.partition(" · ")[0] for label in expanders(app)] == [
        "Saliency",
        "Integrated gradients",
        "Grad-CAM",
    ]
    assert "22 forward, 20 backward passes" in expanders(app)[1]
    assert [one.value for one in app.latex][:3] == [
        f"$$\n{METHODS[name].formula}\n$$" for name in ("saliency", "integrated_gradients", "grad_cam")
    ]
    assert any("24 forward, 22 backward passes" in one.value for one in app.markdown)
    assert not app.button(key="why.go").disabled


def test_opening_the_page_does_not_load_pytorch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"app = AppTest.from_string({PAGE!r}, default_timeout=60); "
        "app.query_params['model'] = 'digits_lenet'; app.run(); assert not app.exception, app.exception; "
        "assert app.expander; assert not {'torch', 'captum'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, timeout=120)


def test_a_setting_changes_the_cost_and_stands_in_the_address():
    app = page(model="digits_lenet", by="integrated_gradients")
    app.slider(key="why.integrated_gradients.steps").set_value(50).run()
    assert "52 forward, 50 backward passes" in expanders(app)[0]
    assert app.query_params["set"] == "integrated_gradients.steps.50"
    again = page(model="digits_lenet", by="integrated_gradients", set="integrated_gradients.steps.50")
    assert again.slider(key="why.integrated_gradients.steps").value == 50


@pytest.mark.parametrize(
    "address",
    [
        {"by": "nobody.saliency.saliency"},
        {"by": "saliency", "set": "saliency.x.1~~integrated_gradients.steps.1e9~.."},
        {"by": "saliency", "target": "99999999999", "go": "<script>", "view": "?", "at": "x"},
        {"by": "saliency", "test": "none", "try": "..", "eps": "1e9", "shift": "-3", "ran": "x"},
        {"by": "saliency", "layer": "nowhere"},
    ],
)
def test_an_address_that_says_nonsense_still_opens_the_page(address: dict[str, str]):
    app = page(model="digits_lenet", **address)
    assert not app.exception
    assert [label.partition(" · ")[0] for label in expanders(app)] == ["Saliency"]


def test_no_method_is_a_sentence_and_eight_are_the_most():
    none = page(model="digits_lenet", by="")
    assert any("Choose one or more methods" in one.value for one in none.info)
    many = page(model="digits_lenet", by=".".join(METHODS))
    assert len(expanders(many)) == MOST_METHODS


def test_a_refused_method_says_why_before_it_runs_and_what_works_instead(monkeypatch: pytest.MonkeyPatch):
    found = {name: {"verdict": "holds"} for name in METHODS}
    found["guided_backprop"] = {"verdict": "refused", "reason": REFUSED}
    found["deeplift"] = {"verdict": "approximate", "reason": "The gates have no rule."}
    monkeypatch.setattr(verdicts, "measured", lambda: {"digits_lenet": {"methods": found}})
    app = page(model="digits_lenet", by="guided_backprop.deeplift")
    (warning,) = [one.value for one in app.warning]
    assert REFUSED in warning
    assert "These hold there: Deconvolution, Layer-wise relevance propagation" in warning
    assert expanders(app) == [
        "Guided backpropagation · not on this network",
        "DeepLift · 2 forward, 1 backward pass · approximate here",
    ]
    assert app.button(key="why.go").label == "Make the map: DeepLift"


def test_random_weights_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    app = page(model="resnet18")
    assert any("a map of it explains nothing" in one.value for one in app.warning)


def test_settings_go_to_the_address_and_come_back():
    settings = {"smoothgrad": {"samples": 30, "sigma": 0.2}, "occlusion": {"baseline": "blur", "window": 14}}
    text = written_settings(settings)
    assert text == "smoothgrad.samples.30~smoothgrad.sigma.0.2~occlusion.baseline.blur"
    assert read_settings(text) == {
        "smoothgrad": {"samples": 30, "sigma": 0.2},
        "occlusion": {"baseline": "blur"},
    }


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (Cost(22, 20), "22 forward, 20 backward passes"),
        (Cost(1, 1), "1 forward, 1 backward pass"),
        (Cost(50, 0, exact=False), "about 50 forward passes"),
    ],
)
def test_a_cost_in_words(cost: Cost, words: str):
    assert cost_text(cost) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (3.2e-7, "under 0.01 %"),
        (0.0123, "1.2 %"),
        (0.305, "30 %"),
        (1.0, "100 %"),
        (50.0, "over 1,000 %"),
    ],
)
def test_a_share_in_words(share: float, words: str):
    assert percent(share) == words
