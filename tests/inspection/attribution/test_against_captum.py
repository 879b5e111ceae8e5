"""Every map equals Captum's own, called directly on the network, where Captum is right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from torch import Tensor, nn

from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.flow_input import IMAGENET
from tests.inspection.attribution.nets import ask, picture, plain, tensor

pytestmark = pytest.mark.usefixtures("one_core")
TARGET = 2


def x() -> Tensor:
    return tensor(picture()).requires_grad_()


def black() -> Tensor:
    return baseline("black", picture(), IMAGENET)


def same(ours: np.ndarray, captums: Any, tolerance: float = 1e-5) -> None:
    wanted = captums.detach()[0].numpy()
    assert np.abs(wanted).max() > 0
    np.testing.assert_allclose(ours, wanted, rtol=0, atol=tolerance * np.abs(wanted).max())


@pytest.mark.parametrize(
    ("method", "captums"),
    [
        ("saliency", lambda net: attr.Saliency(net).attribute(x(), target=TARGET)),
        ("input_x_gradient", lambda net: attr.InputXGradient(net).attribute(x(), target=TARGET)),
        (
            "integrated_gradients",
            lambda net: attr.IntegratedGradients(net).attribute(x(), black(), target=TARGET, n_steps=20),
        ),
    ],
)
def test_gradients_are_captums(method: str, captums: Callable[[nn.Module], Any]):
    same(ask(plain(), method).values, captums(plain()))


def test_smoothgrad_is_captums_noise_tunnel_with_the_same_noise():
    span = float(tensor(picture()).max() - tensor(picture()).min())
    tunnel = attr.NoiseTunnel(attr.Saliency(plain()))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        wanted = tunnel.attribute(x(), nt_samples=16, stdevs=0.1 * span, target=TARGET)
    same(ask(plain(), "smoothgrad", sigma=0.1, seed=7).values, wanted)


def test_occlusion_is_captums():
    wanted: Any = attr.Occlusion(plain()).attribute(
        x(), (3, 6, 6), strides=(3, 3, 3), baselines=black(), target=TARGET
    )
    same(ask(plain(), "occlusion", window=25, stride=50).values, wanted[:, :1])


@pytest.mark.parametrize("layer", ["0", "1", "3", "4"])
def test_grad_cam_is_captums_at_any_layer_enlarged(layer: str):
    net = plain()
    cam: Any = attr.LayerGradCam(net, net[int(layer)]).attribute(x(), target=TARGET, relu_attributions=True)
    wanted = attr.LayerAttribution.interpolate(cam, (24, 24), "bilinear")
    same(ask(net, "grad_cam", layer=layer).values, wanted)


def test_conductance_is_captums_summed_over_channels():
    net = plain()
    wanted: Any = attr.LayerConductance(net, net[1]).attribute(
        x(), black(), target=TARGET, n_steps=20, method="riemann_trapezoid"
    )
    same(ask(net, "conductance", layer="1").values, wanted.sum(1, keepdim=True))
