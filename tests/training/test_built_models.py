"""A network that a learner built is the one that its exported source makes, and learns like any other."""

from pathlib import Path
from typing import Any

import pytest
import torch

from cnnlab import zoo
from cnnlab.building import build
from cnnlab.building.examples import EXAMPLES
from cnnlab.building.exporting import pytorch_source
from cnnlab.building.mistakes import NotationProblem
from cnnlab.training.built_models import NotTrainable, find, welcome_built
from cnnlab.training.built_modules import _leaf, made
from cnnlab.training.networks import NoTrainedWeights, network_for
from cnnlab.training.own_models import name_of
from cnnlab.training.places import new_run_id, run_path
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE
from cnnlab.training.trained import network_of
from tests.training.nets import few_shapes, ran

SMALL = "built:input 3x32x32; conv 8 k3 p1; bn; relu; maxpool 2; conv 12 k3 p1; relu; globalpool; dense 10"
FITTING = [one for one in EXAMPLES if build(one.text).misfit is None and build(one.text).replayed.macs < 2e9]


@pytest.mark.parametrize("example", FITTING, ids=lambda one: str(one.title))
def test_it_is_what_the_exported_source_makes(example: Any):
    built = build(example.text)
    space: dict[str, Any] = {"__name__": "exported"}
    exec(pytorch_source(built), space)  # our own source, which a learner may copy
    exported, own = space["Network"]().eval(), made(built.root).eval()
    own.load_state_dict(exported.state_dict())
    pictures = torch.rand(1, *built.replayed.input_shape)
    with torch.no_grad():
        torch.testing.assert_close(own(pictures), exported(pictures))


def test_it_learns_from_scratch_and_is_a_network_of_the_app(tmp_path: Path):
    recipe = Recipe(model=SMALL, regime="scratch", epochs=2, batch=4)
    folder = ran(tmp_path / "run", recipe)
    assert folder.state()["state"] == DONE
    assert folder.about()["blocks"] == [
        ["conv1", "bn1", "relu1", "pool1"],
        ["conv2", "relu2", "pool2", "flatten1"],
    ]
    assert network_of(folder)(torch.rand(1, 3, 32, 32)).shape == (1, 3)


def test_it_has_nothing_to_go_on_from():
    with pytest.raises(NoTrainedWeights, match="Nobody has trained the network that you built"):
        network_for(Recipe(model=SMALL), ("a", "b"))


def test_a_run_can_be_gone_on_from_with_other_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CNNLAB_RUNS", str(tmp_path))
    first = new_run_id()
    ran(run_path(first), Recipe(size=32, epochs=1, batch=4))
    recipe = Recipe(model=name_of(first), regime="full", epochs=1, batch=4)
    folder = ran(run_path(new_run_id()), recipe, few_shapes(4, 6))
    assert folder.about()["classes"] == list(few_shapes(4, 6).classes)
    assert network_of(folder)(torch.rand(1, 3, 32, 32)).shape == (1, 4)


def test_it_is_found_by_its_name():
    welcome_built()
    assert zoo.input_shape(SMALL) == (3, 32, 32)
    assert find(SMALL).stamp == ""
    assert find(SMALL).trained().kind == "random"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("input 3x8x8; conv 4 k9; globalpool; dense 2", "does not fit"),
        ("input 2x8x8; conv 4 k3; globalpool; dense 2", "reads 2 × 8 × 8; pictures to learn from are square"),
        ("input 3x8x9; conv 4 k3; globalpool; dense 2", "reads 3 × 8 × 9"),
        ("input 3x64x64; flatten; dense 9000; dense 2", "has 110,619,002 parameters; at most 50,000,000"),
    ],
)
def test_what_cannot_learn_is_said_so(text: str, sentence: str):
    with pytest.raises(NotTrainable, match=sentence):
        find(f"built:{text}")


def test_what_is_no_network_is_said_so():
    with pytest.raises(NotationProblem, match="convv"):
        find("built:input 3x8x8; convv 4")


def test_nothing_but_modules_is_made():
    with pytest.raises(TypeError, match="no call of a module"):
        _leaf("print(1)")
    with pytest.raises(ValueError, match="malformed node"):
        _leaf("nn.ReLU(open('x'))")
