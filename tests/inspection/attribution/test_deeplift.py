"""DeepLift adds up exactly where Captum's own does not, on real architectures and with every activation."""

from pathlib import Path

import numpy as np
import pytest
import torch
from captum.attr import DeepLift
from torch import nn

from cnnlab import zoo
from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.running import Question, attribute_pixels
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded, load
from tests.inspection.attribution.nets import ask

pytestmark = pytest.mark.usefixtures("one_core")
SIDE = 80
# Architectures in which every step has a rule; Captum 0.9 is complete on one of them, MNASNet.
QUICK = ("resnet18", "squeezenet1_1", "mobilenet_v2", "shufflenet_v2_x1_0", "googlenet", "densenet121")
SLOW = ("alexnet", "vgg16", "resnet50", "resnext50_32x4d", "inception_v3", "torchvision:mnasnet1_0")


@pytest.fixture(autouse=True)
def _no_trained_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))


def pixels(name: str, loaded: Loaded) -> np.ndarray:
    return cut(sample_picture("cat"), (zoo.input_shape(name)[0], SIDE, SIDE), loaded.preparing)


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(one, marks=pytest.mark.slow) for one in SLOW)])
def test_deeplift_adds_up_on_architectures_whose_steps_all_have_rules(name: str):
    loaded = load(name)
    for kind in ("black", "random"):
        question = Question(name, "cat", "deeplift", 7, (("baseline", kind),))
        found = attribute_pixels(loaded, pixels(name, loaded), question)
        assert found.completeness_error is not None
        assert found.completeness_error < 2e-4, kind


def test_captums_own_is_still_wrong_there_so_that_ours_is_needed():
    loaded = load("squeezenet1_1")
    picture = pixels("squeezenet1_1", loaded)
    x = torch.from_numpy(numbers(picture, loaded.preparing)).requires_grad_()
    black = baseline("black", picture, loaded.preparing)
    found = DeepLift(loaded.model).attribute(x, black, target=7)
    with torch.no_grad():
        wanted = loaded.model(x)[0, 7] - loaded.model(black)[0, 7]
    assert abs(float(torch.as_tensor(found).detach().sum() / wanted) - 1) > 0.1


def test_where_signals_are_multiplied_the_sum_is_off_and_told():
    loaded = load("efficientnet_b0")
    question = Question("efficientnet_b0", "cat", "deeplift", 7)
    error = attribute_pixels(loaded, pixels("efficientnet_b0", loaded), question).completeness_error
    assert error is not None
    assert error > 0.02


@pytest.mark.parametrize(
    "activation",
    [
        nn.ReLU6(True),
        nn.SiLU(),
        nn.Hardswish(),
        nn.GELU(),
        nn.ELU(),
        nn.LeakyReLU(0.1),
        nn.Sigmoid(),
        nn.Tanh(),
    ],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.parametrize(
    "pool",
    [nn.MaxPool2d(3, 2), nn.MaxPool2d(3, 1, 1), nn.MaxPool2d(2, ceil_mode=True), nn.AdaptiveMaxPool2d(3)],
    ids=["overlapping", "dense", "ceil", "adaptive"],
)
def test_deeplift_adds_up_with_every_activation_and_pool(activation: nn.Module, pool: nn.Module):
    torch.manual_seed(1)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 5, 2), activation, pool, nn.Conv2d(8, 8, 2), activation, pool, nn.Flatten()
    )
    with torch.no_grad():
        features = net.eval()(torch.zeros(1, 3, 24, 24)).shape[1]
    net.append(nn.Linear(features, 4))
    found = ask(net, "deeplift")
    assert found.completeness_error is not None
    assert found.completeness_error < 2e-4
