"""What Captum, torchvision and PyTorch say to the questions on trained networks, looking inside, and why.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from typing import Any

import torch
from captum.attr import (
    Deconvolution,
    GuidedBackprop,
    InputXGradient,
    IntegratedGradients,
    LayerGradCam,
    Saliency,
)
from sklearn.metrics import auc
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.transforms import functional

from cnnlab.inspection.attribution.truth import Completeness

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def given(*numbers: float, gradient: bool = True) -> Tensor:
    """Return numbers as one row, 1 × N, float64."""
    return torch.tensor([numbers], dtype=torch.float64, requires_grad=gradient)


def dense(*rows: tuple[float, ...], bias: float = 0) -> nn.Linear:
    """Return a dense layer with these weights, a row for each output."""
    layer = nn.Linear(len(rows[0]), len(rows), dtype=torch.float64)
    with torch.no_grad():
        layer.weight[:] = torch.tensor(rows, dtype=torch.float64)
        layer.bias.fill_(bias)
    return layer


def red(v: V) -> float:
    """Return what torchvision makes of a red value."""
    picture = torch.full((3, 1, 1), v.p, dtype=torch.uint8)
    scaled = functional.convert_image_dtype(picture, torch.float64)
    return functional.normalize(scaled, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])[0].item()


def decided(v: V) -> tuple[float, ...]:
    """Return the probability of the better of two scores, without and with a temperature."""
    scores = torch.tensor([5.0 + v.d * v.m, 5.0], dtype=torch.float64)
    return scores.softmax(0)[0].item(), (scores / v.t).softmax(0)[0].item()


def first_columns(v: V) -> tuple[float, ...]:
    """Return the first column of three of torchvision's five cuts of a picture of column numbers."""
    picture = torch.arange(v.h).expand(1, v.h, v.h)
    left, right, _, _, middle = functional.five_crop(picture, [v.n, v.n])
    return tuple(one[0, 0, 0].item() for one in (left, right, middle))


def three_networks(v: V) -> tuple[float, ...]:
    """Return the mean of three answers."""
    answers = torch.tensor([[one, 100.0 - one] for one in (v.a, v.b, v.c)], dtype=torch.float64)
    return tuple(answers.mean(0).tolist())


def mean_of_twins(v: V) -> int:
    """Return what a network with the mean weights of two others gives."""
    one = nn.Sequential(dense((1, 0), (0, 1)), dense((v.p, v.q)))
    other = nn.Sequential(dense((0, 1), (1, 0)), dense((v.q, v.p)))
    both = nn.Sequential(dense((0, 0), (0, 0)), dense((0, 0)))
    x = given(v.x, v.y, gradient=False)
    with torch.no_grad():
        assert one(x) == other(x) == v.p * v.x + v.q * v.y
        for mean, a, b in zip(both.parameters(), one.parameters(), other.parameters(), strict=True):
            mean[:] = (a + b) / 2
        return round(both(x).item())


def price(v: V) -> int:
    """Return what PyTorch counts for networks of m million multiply-adds each, in millions."""
    with FlopCounterMode(display=False) as counter:
        for _ in range(v.n):
            nn.Linear(v.m, 1, device="meta")(torch.empty(v.c, v.m, device="meta"))
    return counter.get_total_flops() // 2


def opponents(v: V) -> tuple[float, ...]:
    """Return what a 1 × 1 kernel makes of grey, orange, and its opposite."""
    layer = dense((2, -1, -1))
    pixels = [(v.g, v.g, v.g), (v.r, v.b + 50, v.b), (255 - v.r, 205 - v.b, 255 - v.b)]
    return tuple(layer(given(*one)).item() for one in pixels)


def apart(v: V) -> int:
    """Return how far apart two inputs are on which two outputs, r apart, depend alone."""
    layers = nn.Sequential(*(nn.Conv1d(1, 1, 1, stride, bias=False) for stride in (v.a, v.b, v.c)))
    seen = []
    for place in (0, v.r):
        x = torch.ones(1, 1, 200, requires_grad=True)
        layers(x)[0, 0, place].backward()
        assert x.grad is not None
        seen.append(int(x.grad[0, 0].nonzero().item()))
    return seen[1] - seen[0]


def favourite(v: V) -> tuple[float, ...]:
    """Return the picture of length 1 that climbing finds, its value, and that of another picture."""
    kernel = dense((3 * v.m, 4 * v.m))
    x = given(1, 0)
    for _ in range(60):
        (uphill,) = torch.autograd.grad(kernel(x).sum(), x)
        x = nn.functional.normalize(x.detach() + uphill).requires_grad_()
    return (*x.detach()[0].tolist(), kernel(x).item(), kernel(given(1, 0)).item())


def three_pixels(v: V) -> tuple[float, ...]:
    """Return Captum's saliency and input × gradient of a linear score, their sum, and what was gained."""
    model = dense((v.a, -v.b, v.c), bias=7)
    x = given(v.x, v.y, v.z)
    sizes, parts = Saliency(model).attribute(x)[0], InputXGradient(model).attribute(x)[0].detach()
    gained = (model(x) - model(torch.zeros_like(x))).item()
    rows = zip(sizes.tolist(), parts.tolist(), strict=True)
    return (*(one for row in rows for one in row), parts.sum().item(), gained)


def saturated(v: V) -> float:
    """Return Captum's integrated gradients of a function that rises to c."""
    found = IntegratedGradients(lambda x: v.c - (v.c - x).relu()).attribute(
        given(v.c * v.m), given(0), n_steps=v.m, method="riemann_middle"
    )
    return round(found.item(), 5)  # Captum steps in float32


def rules(v: V) -> tuple[float, ...]:
    """Return what goes back through a ReLU by Captum's three rules."""
    model = nn.Sequential(nn.ReLU(), dense((v.p, v.q, -v.r)))
    z = (v.a, -v.b, v.c)  # fresh for each method: Captum leaves its hooks on an input of a ReLU
    plain = Saliency(model).attribute(given(*z), abs=False)
    others = [method(model).attribute(given(*z)) for method in (Deconvolution, GuidedBackprop)]
    return tuple(one for found in (plain, *others) for one in found[0].tolist())


def cam(v: V) -> tuple[float, ...]:
    """Return the weights of two maps, and Captum's Grad-CAM."""
    maps = torch.tensor([[[[v.a, v.c]], [[v.b, 0]]]], dtype=torch.float64, requires_grad=True)
    slopes = torch.tensor([[[[v.g - 1, v.g + 1]], [[-2.0 * v.h, 0]]]], dtype=torch.float64)
    layer = nn.Identity()
    found = LayerGradCam(lambda x: (layer(x) * slopes).sum((1, 2, 3)), layer).attribute(
        maps, relu_attributions=True
    )
    assert isinstance(found, Tensor)
    return (*slopes.mean((0, 2, 3)).tolist(), *found.flatten().tolist())


def passes(v: V) -> int:
    """Return how many windows PyTorch cuts, and one more."""
    windows = nn.functional.unfold(torch.empty(1, 1, v.n, v.n), v.w, stride=v.w // v.s)
    return windows.shape[-1] + 1


def pushed(v: V) -> float:
    """Return by how much a linear score rises when each pixel is pushed along its gradient's sign."""
    signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(v.n * v.n // 2)
    x = torch.zeros(v.n * v.n, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad((x * signs * v.k / 100).sum(), x)
    return ((v.e * slope.sign()) * signs * v.k / 100).sum().item()


# lesson, question → what a learner changes in the lab, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("use-what-is-there", "what-to-exchange"): {"go": "classifier.1"},
    ("look-inside", "whole-picture"): {"go": "layer4.0.conv1"},
    ("why", "where-places-end"): {"go": "avgpool"},
}
# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("use-what-is-there", "red-of-a-pixel"): red,
    ("use-what-is-there", "temperature"): decided,
    ("use-what-is-there", "crops"): first_columns,
    ("use-what-is-there", "three-networks"): three_networks,
    ("use-what-is-there", "swapped-twins"): mean_of_twins,
    ("use-what-is-there", "price"): price,
    ("look-inside", "colour-opponents"): opponents,
    ("look-inside", "weight-shape"): lambda v: tuple(nn.Conv2d(v.c, v.m, v.k, groups=v.g).weight.shape),
    ("look-inside", "one-step-in-a-map"): apart,
    ("look-inside", "favourite"): favourite,
    ("why", "three-pixels"): three_pixels,
    ("why", "saturated"): saturated,
    ("why", "completeness-error"): lambda v: 100 * (Completeness(v.s - v.t - v.d, v.s, v.t).error or 0),
    ("why", "three-rules"): rules,
    ("why", "cam-by-hand"): cam,
    ("why", "passes"): passes,
    ("why", "deletion-area"): lambda v: auc([0, 0.5, 1], [v.p / 100, v.q / 100, v.r / 100]),
    ("why", "many-small-ones"): pushed,
}
