"""On a photograph, with real weights, every map is Captum's own call's; where that is wrong, ours adds up."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr._utils import lrp_rules
from PIL import Image
from skimage.segmentation import slic
from torch import Tensor, nn
from torch.nn.functional import interpolate
from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1

from cnnlab.inspection.attribution.method import Value
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.running import Attribution, Question, attribute_pixels
from cnnlab.inspection.weights import Loaded, load

SIDE = 96
TENCH = 0
LAYER = "features.12"
WEIGHTS = SqueezeNet1_1_Weights.IMAGENET1K_V1
SMALL: dict[str, dict[str, Value]] = {
    "integrated_gradients": {"steps": 8},
    "smoothgrad": {"samples": 6, "sigma": 0.1, "seed": 7},
    "occlusion": {"window": 25, "stride": 75},
    "ablation": {"segments": 9},
    "shapley": {"segments": 9, "orders": 2, "seed": 3},
    "lime": {"segments": 9, "samples": 60, "seed": 5},
    "conductance": {"steps": 8},
}


class Scene:
    """A photograph, a plain torchvision network and what the app loads; all numbers are torchvision's."""

    def __init__(self, assets: Path) -> None:
        file = assets / "images" / "imagenet_sample" / "n01440764_tench.jpg"
        crop = WEIGHTS.transforms(crop_size=SIDE, resize_size=SIDE + 14)
        prepared = crop(Image.open(file).convert("RGB"))
        mean, deviation = (torch.tensor(one).view(-1, 1, 1) for one in (crop.mean, crop.std))
        self.pixels = ((prepared * deviation + mean) * 255).round().byte().permute(1, 2, 0).numpy()
        self.numbers = ((torch.from_numpy(self.pixels).permute(2, 0, 1) / 255 - mean) / deviation)[None]
        self.black = ((torch.zeros(3, 1, 1) - mean) / deviation).expand_as(self.numbers[0])[None].clone()
        self.plain = squeezenet1_1(weights=WEIGHTS).eval()
        self.loaded: Loaded = load("squeezenet1_1")
        self.parts = torch.from_numpy(slic(self.pixels, n_segments=9, start_label=0))[None, None]

    @property
    def difference(self) -> float:
        """What the photograph's score has more than that of black."""
        with torch.no_grad():
            photograph, black = self.plain(torch.cat([self.numbers, self.black]))[:, TENCH].tolist()
        return photograph - black

    @property
    def net(self) -> nn.Module:
        """A copy of torchvision's network that Captum may put hooks on."""
        return copy.deepcopy(self.plain)

    @property
    def x(self) -> Tensor:
        return self.numbers.clone().requires_grad_()

    @property
    def span(self) -> float:
        return float(self.numbers.max() - self.numbers.min())

    def ours(self, method: str, **settings: Value) -> Attribution:
        pairs = tuple((SMALL.get(method, {}) | settings).items())
        return attribute_pixels(self.loaded, self.pixels, Question("", "", method, TENCH, pairs, LAYER))


@pytest.fixture(scope="module")
def scene(shared_assets: Path) -> Iterator[Scene]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.hub, "_hub_dir", str(shared_assets / "torch_home" / "hub"))
        found = Scene(shared_assets)
    assert found.loaded.kind == "trained"
    yield found
    torch.set_num_threads(before)


def seeded(seed: int, call: Callable[[], Any]) -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return call()


def smoothgrad(one: Scene) -> Any:
    tunnel = attr.NoiseTunnel(attr.Saliency(one.net))
    return seeded(7, lambda: tunnel.attribute(one.x, nt_samples=6, stdevs=0.1 * one.span, target=TENCH))


def occlusion(one: Scene) -> Any:
    windows: Any = {"sliding_window_shapes": (3, 24, 24), "strides": (3, 18, 18)}
    found = attr.Occlusion(one.net).attribute(one.numbers, baselines=one.black, target=TENCH, **windows)
    return torch.as_tensor(found)[:, :1]


def ablation(one: Scene) -> Any:
    found = attr.FeatureAblation(one.net)
    return found.attribute(one.numbers, one.black, target=TENCH, feature_mask=one.parts)[:, :1]


def shapley(one: Scene) -> Any:
    masks = {"feature_mask": one.parts, "n_samples": 2}
    sampling = attr.ShapleyValueSampling(one.net)
    return seeded(3, lambda: sampling.attribute(one.numbers, one.black, target=TENCH, **masks))[:, :1]


def lime(one: Scene) -> Any:
    draw = torch.Generator().manual_seed(5)

    def chosen(_x: Tensor, num_interp_features: int, **_: object) -> Tensor:
        return torch.randint(2, (1, num_interp_features), generator=draw)

    model = SkLearnRidge(alpha=1.0)
    found = attr.Lime(one.net, interpretable_model=model, perturb_func=chosen)
    masks = {"feature_mask": one.parts, "n_samples": 60}
    return found.attribute(one.numbers, one.black, target=TENCH, **masks)[:, :1]


def grad_cam(one: Scene) -> Any:
    net = one.net
    small = attr.LayerGradCam(net, net.get_submodule(LAYER)).attribute(one.x, TENCH, relu_attributions=True)
    return interpolate(torch.as_tensor(small), (SIDE, SIDE), mode="bilinear")


def guided_grad_cam(one: Scene) -> Any:
    net = one.net
    found = attr.GuidedGradCam(net, net.get_submodule(LAYER))
    return found.attribute(one.x, TENCH, interpolate_mode="bilinear")


def conductance(one: Scene) -> Any:
    net = one.net
    found = attr.LayerConductance(net, net.get_submodule(LAYER)).attribute(
        one.x, one.black, target=TENCH, n_steps=8, method="riemann_trapezoid"
    )
    return interpolate(torch.as_tensor(found).sum(1, keepdim=True), (SIDE, SIDE), mode="bilinear")


def relevance(one: Scene) -> Any:
    net = one.net
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            module.__dict__["rule"] = lrp_rules.Alpha1_Beta0_Rule(set_bias_to_zero=True)
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return attr.LRP(net).attribute(one.x, TENCH)


CAPTUMS: dict[str, Callable[[Scene], Any]] = {
    "saliency": lambda one: attr.Saliency(one.net).attribute(one.x, TENCH),
    "input_x_gradient": lambda one: attr.InputXGradient(one.net).attribute(one.x, TENCH),
    "integrated_gradients": lambda one: attr.IntegratedGradients(one.net).attribute(
        one.x, one.black, TENCH, n_steps=8
    ),
    "smoothgrad": smoothgrad,
    "guided_backprop": lambda one: attr.GuidedBackprop(one.net).attribute(one.x, TENCH),
    "deconvolution": lambda one: attr.Deconvolution(one.net).attribute(one.x, TENCH),
    "lrp": relevance,
    "occlusion": occlusion,
    "ablation": ablation,
    "shapley": shapley,
    "lime": lime,
    "grad_cam": grad_cam,
    "guided_grad_cam": guided_grad_cam,
    "conductance": conductance,
}
WRONG = {"deeplift"}


def test_every_method_is_compared():
    assert set(METHODS) == set(CAPTUMS) | WRONG


@pytest.mark.parametrize("method", CAPTUMS)
def test_a_map_of_a_photograph_is_captums(method: str, scene: Scene):
    ours, wanted = scene.ours(method).values, CAPTUMS[method](scene).detach()[0].numpy()
    largest = np.abs(wanted).max()
    assert largest > 0
    np.testing.assert_allclose(ours, wanted, rtol=0, atol=1e-4 * largest)


@pytest.mark.parametrize("baseline", ["black", "white", "blur"])
def test_deeplift_adds_up_where_captums_own_does_not(baseline: str, scene: Scene):
    ours = scene.ours("deeplift", baseline=baseline)
    assert ours.completeness_error is not None
    assert ours.completeness_error < 1e-4
    if baseline == "black":
        assert float(ours.values.sum(dtype=np.float64)) == pytest.approx(scene.difference, rel=1e-3)
        captums = torch.as_tensor(attr.DeepLift(scene.net).attribute(scene.x, scene.black, TENCH))
        assert abs(float(captums.detach().sum() / scene.difference) - 1) > 0.1


@pytest.mark.parametrize(("steps", "at_most"), [(5, 0.2), (20, 0.02), (100, 0.01)])
def test_integrated_gradients_miss_their_sum_by_no_more_than_their_steps_allow(
    steps: int, at_most: float, scene: Scene
):
    many: Any = {"n_steps": steps, "internal_batch_size": 10}
    captums = attr.IntegratedGradients(scene.net).attribute(scene.x, scene.black, TENCH, **many)
    missed = abs(float(torch.as_tensor(captums).detach().sum() / scene.difference) - 1)
    error = scene.ours("integrated_gradients", steps=steps).completeness_error
    assert error == pytest.approx(missed, abs=1e-4)
    assert missed < at_most
