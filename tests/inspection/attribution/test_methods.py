"""What is told of methods before anything runs: settings in bounds, costs, formulas, no PyTorch."""

import subprocess
import sys

import pytest

from cnnlab.course.formulas import formula_fault
from cnnlab.inspection.attribution.method import BASELINES, Setting
from cnnlab.inspection.attribution.methods import METHODS, UnknownMethod, UnsuitableSetting, method

LIGHT = ("methods", "verdicts", "running", "drawing", "layers")


@pytest.mark.parametrize("name", METHODS)
def test_every_method_tells_its_idea_in_two_sentences_with_formula_and_source(name: str):
    one = method(name)
    assert one.name == name
    assert one.idea.rstrip().endswith((".", "?"))
    assert 2 <= sum(one.idea.count(mark) for mark in ".?;:") <= 4
    assert formula_fault(f"$${one.formula}$$") is None
    assert one.paper
    assert one.group in ("gradient", "rules", "layer", "masking")


@pytest.mark.parametrize("name", METHODS)
def test_every_default_is_allowed_and_every_setting_explained(name: str):
    for setting in method(name).settings:
        assert setting.checked(setting.default) == setting.default
        assert setting.explanation.endswith(".")
        assert bool(setting.choices) != (setting.least < setting.most)


def test_more_steps_cost_more():
    assert method("integrated_gradients").cost({"steps": 50}).forward == 52
    assert method("occlusion").cost({"window": 10, "stride": 50}).forward > method("occlusion").cost().forward
    assert method("saliency").cost().backward == 1
    assert not method("shapley").cost().exact


def test_settings_are_read_from_texts_too():
    given = method("smoothgrad").full_settings({"sigma": "0.2", "samples": "8"})
    assert given == {"samples": 8, "sigma": 0.2, "seed": 0}


def test_what_is_not_allowed_is_told():
    with pytest.raises(UnknownMethod, match="no method “magic”; choose one of: saliency, input_x_gradient"):
        method("magic")
    with pytest.raises(UnsuitableSetting, match=r"Integrated gradients has no setting “step”; .*: baseline"):
        method("integrated_gradients").cost({"step": 3})
    with pytest.raises(UnsuitableSetting, match="Saliency has no setting “steps”; its settings are: none"):
        method("saliency").full_settings({"steps": 3})
    with pytest.raises(
        UnsuitableSetting, match=f"Baseline cannot be “red”; choose one of: {', '.join(BASELINES)}"
    ):
        method("deeplift").full_settings({"baseline": "red"})
    for value in (1, 201, "many", float("nan")):
        with pytest.raises(UnsuitableSetting, match=f"Steps goes from 2 to 200; {value} was given"):
            method("integrated_gradients").full_settings({"steps": value})


def test_a_number_keeps_its_kind():
    assert Setting("n", "N", "Explained.", 3, 0, 9).checked(4.0) == 4
    assert isinstance(Setting("n", "N", "Explained.", 3, 0, 9).checked(4.0), int)
    assert isinstance(Setting("n", "N", "Explained.", 0.5, 0, 9).checked(4), float)


@pytest.mark.parametrize("module", LIGHT)
def test_what_a_page_loads_first_loads_neither_pytorch_nor_captum(module: str):
    code = (
        f"import sys, cnnlab.inspection.attribution.{module}\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'captum')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
