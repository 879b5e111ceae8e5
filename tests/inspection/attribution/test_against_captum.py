"""Every map equals Captum's own, called directly on the network, where Captum is right."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from captum.attr._utils import lrp_rules
from skimage.segmentation import slic
from sklearn.linear_model import Ridge
from torch import Tensor, nn

from cnnlab.inspection.attribution.baselines import baseline
from cnnlab.inspection.attribution.running import Question, attribute_pixels
from cnnlab.inspection.flow_input import IMAGENET, cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import load
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


@pytest.mark.parametrize(
    ("method", "captums"),
    [
        ("deeplift", lambda net: attr.DeepLift(net).attribute(x(), black(), target=TARGET)),
        ("guided_backprop", lambda net: attr.GuidedBackprop(net).attribute(x(), target=TARGET)),
        ("deconvolution", lambda net: attr.Deconvolution(net).attribute(x(), target=TARGET)),
    ],
)
def test_rules_are_captums(method: str, captums: Callable[[nn.Module], Any]):
    same(ask(plain(), method).values, captums(plain()))


def test_guided_grad_cam_is_captums():
    net = plain()
    wanted = attr.GuidedGradCam(net, net[4]).attribute(x(), target=TARGET, interpolate_mode="bilinear")
    same(ask(net, "guided_grad_cam", layer="4").values, wanted)


@pytest.mark.parametrize(
    ("rule", "captums"),
    [
        ("epsilon", lrp_rules.EpsilonRule),
        ("gamma", lrp_rules.GammaRule),
        ("alpha-beta", lambda: lrp_rules.Alpha1_Beta0_Rule(set_bias_to_zero=True)),
    ],
)
def test_relevance_is_captums(rule: str, captums: Callable[[], Any]):
    net = plain()
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.rule = captums()
    same(ask(plain(), "lrp", rule=rule).values, attr.LRP(net).attribute(x(), target=TARGET))


def mask() -> Tensor:
    """Return the superpixels as scikit-image cuts them."""
    return torch.from_numpy(slic(picture(), n_segments=9, start_label=0))[None, None]


def test_ablation_is_captums_on_scikit_images_superpixels():
    wanted: Any = attr.FeatureAblation(plain()).attribute(x(), black(), target=TARGET, feature_mask=mask())
    assert len(wanted.unique()) > 4
    same(ask(plain(), "ablation", segments=9).values, wanted[:, :1])


def test_shapley_values_are_captums_with_the_same_orders():
    sampling = attr.ShapleyValueSampling(plain())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        wanted: Any = sampling.attribute(x(), black(), target=TARGET, feature_mask=mask(), n_samples=4)
    same(ask(plain(), "shapley", segments=9, orders=4, seed=3).values, wanted[:, :1])


def test_lime_finds_the_coefficients_of_a_weighted_ridge_regression():
    ours = ask(plain(), "lime", segments=9, samples=200, seed=5).values
    net, parts, count = plain(), mask(), int(mask().max()) + 1
    draw = torch.Generator().manual_seed(5)
    present = torch.cat([torch.randint(2, (1, count), generator=draw) for _ in range(200)])
    picture_, nothing = tensor(picture()), black()
    masked = torch.where(present[:, parts[0, 0]][:, None] > 0, picture_, nothing)
    with torch.no_grad():
        scores = net(masked)[:, TARGET]
    near = torch.cosine_similarity(masked.flatten(1), picture_.flatten(1))
    fitted = Ridge(alpha=1.0).fit(present, scores, sample_weight=torch.exp(-((1 - near) ** 2) / 2))
    same(ours, torch.as_tensor(fitted.coef_, dtype=torch.float32)[parts[0]][None], 1e-4)


@pytest.mark.parametrize(
    ("method", "captums"),
    [
        ("input_x_gradient", lambda net, one, _: attr.InputXGradient(net).attribute(one, 3)),
        (
            "integrated_gradients",
            lambda net, one, none: attr.IntegratedGradients(net).attribute(one, none, 3, n_steps=20),
        ),
        ("guided_backprop", lambda net, one, _: attr.GuidedBackprop(net).attribute(one, 3)),
    ],
)
def test_on_a_bundled_network_too_maps_are_captums(method: str, captums: Callable[..., Any]):
    found = load("shapes_plain")
    pixels = cut(sample_picture("coffee"), (3, 64, 64), found.preparing)
    one = torch.from_numpy(numbers(pixels, found.preparing)).requires_grad_()
    wanted = captums(copy.deepcopy(found.model), one, baseline("black", pixels, found.preparing))
    same(attribute_pixels(found, pixels, Question("", "", method, 3)).values, wanted, 1e-4)
