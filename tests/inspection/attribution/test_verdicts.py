"""The verdicts that are kept are those that are measured, and a refused method is refused before it runs."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cnnlab.inspection.attribution import measure_verdicts, verdicts
from cnnlab.inspection.attribution.gates import activations, judge
from cnnlab.inspection.attribution.layers import NoMaps, map_layers, usual_layer
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Question, attribute
from cnnlab.inspection.attribution.verdicts import RefusedMethod, Verdict, verdict
from cnnlab.inspection.models import USUAL, entries
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models, load
from tests.inspection.attribution.nets import awkward, loaded, picture, plain

pytestmark = pytest.mark.usefixtures("one_core")
KNOWN = [one.name for one in entries() if one.status != "own"]
AGAIN = {
    "resnet18": ("deeplift", "guided_backprop", "lrp", "grad_cam"),
    "mobilenet_v3_small": ("deeplift", "guided_backprop", "lrp", "saliency"),
    "efficientnet_b0": ("deeplift", "deconvolution", "lrp"),
    "shufflenet_v2_x1_0": ("lrp", "guided_backprop"),
}


def test_every_method_has_a_verdict_on_the_bundled_networks_and_on_those_that_lessons_name():
    named = [*USUAL, *(one.name for one in entries() if one.status == "bundled")]
    missing = [(name, one) for name in named for one in METHODS if not verdict(one, name).measured]
    assert missing == []


def test_every_verdict_but_a_good_one_has_a_reason():
    for name in KNOWN:
        for one in METHODS:
            found = verdict(one, name)
            assert found.kind in ("holds", "approximate", "refused")
            assert (found.kind == "holds") == (not found.reason), (one, name)
            assert not found.reason or found.reason.endswith(".")


def test_at_least_ten_methods_hold_on_at_least_ten_networks():
    holding = {name: sum(verdict(one, name).kind == "holds" for one in METHODS) for name in KNOWN}
    assert sum(count >= 10 for count in holding.values()) >= 10


@pytest.mark.parametrize("name", AGAIN)
def test_what_is_measured_again_is_what_is_kept(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    monkeypatch.setattr(measure_verdicts, "METHODS", dict.fromkeys(AGAIN[name]))
    found = measure_verdicts.measure(name)
    assert found["weights"] == verdicts.measured()[name]["weights"] == "random"
    for one, now in found["methods"].items():
        kept = verdict(one, name)
        assert now["verdict"] == kept.kind, one
        assert without_numbers(now.get("reason", "")) == without_numbers(kept.reason), one


def without_numbers(reason: str) -> str:
    """Leave out what another processor rounds in another way."""
    return re.sub(r"[\d.e+]*\d", "#", reason)


def test_a_refused_method_says_why_before_the_network_is_loaded(monkeypatch: pytest.MonkeyPatch):
    models = Models()
    monkeypatch.setattr(models, "get", lambda _name: pytest.fail("the network was loaded"))
    question = Question("efficientnet_b0", "cat", "guided_backprop")
    with pytest.raises(RefusedMethod, match=r"this network has none \(its activations: SiLU\)"):
        attribute(question, sample_picture("cat"), models)


def test_a_network_that_nobody_measured_is_approximate():
    assert verdict("saliency", "my_net") == Verdict("approximate", verdicts.UNMEASURED, measured=False)


def pairs(net: nn.Module, name: str, layer: str = "") -> tuple[str, str]:
    found = judge(name, loaded(net), [picture(), picture(1)], layer)
    return found.verdict, found.reason


def gelu() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.GELU(), nn.Conv2d(6, 6, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )


def test_gates_let_good_maps_through():
    for name in METHODS:
        assert pairs(plain(), name, "4")[0] == "holds", name
    assert pairs(awkward(), "deeplift")[0] == "holds"


def test_maps_that_say_nothing_or_hold_no_numbers_are_refused():
    net = plain()
    with torch.no_grad():
        net.get_parameter("0.weight").zero_()
    assert pairs(net, "saliency") == ("refused", "Saliency gives the same value for every pixel here.")
    with torch.no_grad():
        net.get_parameter("0.weight").fill_(float("nan"))
    assert pairs(net, "saliency") == ("refused", "Saliency gives values here that are not numbers.")


def test_a_method_that_changes_relus_is_approximate_where_some_activations_are_others():
    kind, reason = pairs(gelu(), "guided_backprop")
    assert kind == "approximate"
    assert "only 1 of the 2 activations here are; at the others (GELU) the plain gradient passes" in reason
    assert activations(gelu()) == ["GELU", "ReLU"]


class Gated(nn.Module):
    """Two signals, multiplied: DeepLift has no rule for it."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.one, self.other = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return four scores."""
        return (self.one(x) * self.other(x) * self.other(x)).mean((2, 3))


def test_a_sum_that_is_far_off_is_refused_with_its_cause():
    kind, reason = pairs(Gated(), "deeplift")
    assert kind == "refused"
    assert reason.startswith("The parts should add up to the difference of the scores; here the sum was ")
    assert reason.endswith("with random weights, since signals are multiplied with each other, for which it "
                           "has no rule.")  # fmt: skip


def test_what_stops_with_an_error_is_refused():
    class Broken(nn.Module):
        """Works without gradients only."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Return the scores; stop where a gradient is asked for."""
            if x.requires_grad:
                raise RuntimeError("no gradients here")
            return x.mean((2, 3))

    assert pairs(Broken(), "saliency") == (
        "refused",
        "It stops with an error on this network (RuntimeError).",
    )


def test_the_usual_layer_gives_maps_and_comes_before_the_categories():
    assert usual_layer("vgg16") == "features.29"
    assert usual_layer("googlenet") == "inception5b"
    for name in KNOWN[:8]:
        shapes = {one.path: one.shape for one in map_layers(name)}
        assert min(shapes[usual_layer(name)][1:]) > 1


def test_a_network_without_maps_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cnnlab.inspection.attribution.layers.map_layers", lambda _model: ())
    with pytest.raises(NoMaps, match="No layer of resnet34 gives maps"):
        usual_layer.__wrapped__("resnet34")


def test_the_file_is_written_a_method_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
    file = tmp_path / "verdicts.json"
    monkeypatch.setattr(measure_verdicts, "FILE", file)
    monkeypatch.setattr(measure_verdicts, "METHODS", dict.fromkeys(("saliency", "grad_cam")))
    monkeypatch.setattr(measure_verdicts, "load", lambda _name: load("lenet5"))
    measure_verdicts.main(["lenet5"])
    assert "lenet5 (" in capsys.readouterr().out
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[2] == '  "saliency": {"verdict": "holds"},'
    assert np.array_equal([one.count("verdict") for one in lines[2:4]], [1, 1])
