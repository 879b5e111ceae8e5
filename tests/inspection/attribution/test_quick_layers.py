"""What is computed quickly up to a layer is what the network itself computes, and follows its weights."""

import copy

import pytest
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.inspection.attribution.graphs import Extractor, extractor
from cnnlab.inspection.attribution.quick import fused, quick
from tests.inspection.attribution.nets import SIDE, awkward

pytestmark = pytest.mark.usefixtures("one_core")
LAYERS = {
    "resnet18": ("conv1", "bn1", "layer2.0.conv1", "layer2.0.downsample.1", "layer3.0", "layer4"),
    "mobilenet_v2": ("features.0.0", "features.3", "features.18"),
    "densenet121": ("features.denseblock2.denselayer1.norm2", "features.norm5"),
    "googlenet": ("inception4a.branch2.0.conv", "inception4a.branch2.0.bn", "inception4a"),
}


def calibrated(name: str) -> nn.Module:
    """Return a network whose batch normalisations have something to do."""
    torch.manual_seed(0)
    model = zoo.build(name)
    model.train()
    with torch.no_grad():
        model(torch.randn(8, 3, 64, 64))
        for one in model.modules():
            if isinstance(one, nn.BatchNorm2d):
                one.weight.uniform_(0.5, 1.5)
                one.bias.normal_(0, 0.2)
    return model.eval().requires_grad_(False)


def hooked(model: nn.Module, layer: str, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's output, the network's, and the slope of its first score, by a hook."""
    seen: list[Tensor] = []

    def keep(_module: nn.Module, _given: tuple, output: Tensor) -> Tensor:
        seen.append(output.detach().clone().requires_grad_())
        return seen[-1].clone()

    own = copy.deepcopy(model)
    own.get_submodule(layer).register_forward_hook(keep)
    outcome = own(x)
    (slope,) = torch.autograd.grad(outcome[:, 0].sum(), seen[-1])
    return seen[-1], outcome, slope


def close(ours: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(ours, wanted, rtol=0, atol=1e-3 * float(wanted.abs().max()))


@pytest.mark.parametrize(("name", "layer"), [(name, layer) for name in LAYERS for layer in LAYERS[name]])
def test_layer_outcome_and_slope_are_those_of_the_network_itself(name: str, layer: str):
    model = calibrated(name)
    with torch.no_grad():
        quicker = fused(model)
    x = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    through = Extractor(model, layer, quicker)
    activation, outcome = through(x.contiguous(memory_format=torch.channels_last))
    (slope,) = torch.autograd.grad(outcome[:, 0].sum(), activation)
    for ours, wanted in zip((activation, outcome, slope), hooked(model, layer, x), strict=True):
        close(ours.detach(), wanted.detach())


def test_normalisations_before_the_layer_are_folded_and_those_behind_it_are_not():
    model = awkward()
    steps = {
        layer: [str(one.target) for one in Extractor(model, layer, quick(model)).module.graph.nodes]
        for layer in ("3.bn1", "3.conv1", "0")
    }
    assert {layer: "3.bn1" in one for layer, one in steps.items()} == {
        "3.bn1": False, "3.conv1": True, "0": True
    }  # fmt: skip


def test_a_layer_is_looked_at_with_the_weights_that_the_network_has_now():
    model, x = awkward(), torch.randn(1, 3, SIDE, SIDE)
    first = extractor(model, "3.relu", quick(model))
    assert extractor(model, "3.relu", quick(model)) is first
    before = first(x)[0].detach()
    with torch.no_grad():
        model.get_parameter("3.conv1.weight").mul_(2)
    now = extractor(model, "3.relu", quick(model))(x)[0].detach()
    close(now, hooked(model, "3.relu", x)[0].detach())
    assert float((now - before).abs().max()) > 0.01
