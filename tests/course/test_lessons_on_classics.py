"""What the lessons on LeNet-5, AlexNet, VGG and GoogLeNet quote, against the networks themselves."""

import math
from collections.abc import Mapping
from functools import cache

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.tracing import trace_of
from cnnlab.zoo.networks.alexnet import AlexNet
from cnnlab.zoo.networks.googlenet import GoogLeNet
from cnnlab.zoo.networks.lenet import LeNet5, LeNet5Of1998
from tests.course.oracles_of_classics import built, count
from tests.running_app import ROOT

ALEXNET = (ROOT / "lessons/110-alexnet-and-lenet.md").read_text(encoding="utf-8")
VGG = (ROOT / "lessons/120-vgg.md").read_text(encoding="utf-8").replace("{,}", ",")
INCEPTION = (ROOT / "lessons/130-inception.md").read_text(encoding="utf-8")
WEIGHTED = (nn.Conv2d, nn.Linear)
NO_HELPERS = {"aux_logits": False, "init_weights": False}


@cache
def measured(model: nn.Module, *sizes: int) -> tuple[int, Mapping[str, int], Mapping[str, tuple[int, ...]]]:
    """Return the multiply-adds of a network, those of each part, and the shapes that the parts make."""
    made: dict[str, tuple[int, ...]] = {}
    hooks = [
        part.register_forward_hook(lambda _, __, y, name=name: made.update({name: tuple(y.shape[1:])}))
        for name, part in model.named_modules()
        if name
    ]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.eval()(torch.empty(1, *sizes, device="meta"))
    for hook in hooks:
        hook.remove()
    parts = {
        name.partition(".")[2]: sum(found.values()) // 2 for name, found in counter.get_flop_counts().items()
    }
    return counter.get_total_flops() // 2, parts, made


def alexnet() -> nn.Module:
    return built(AlexNet)


def neurons(model: nn.Module, *sizes: int) -> list[int]:
    """Return how many numbers each layer with weights makes."""
    made = measured(model, *sizes)[2]
    return [math.prod(made[name]) for name, part in model.named_modules() if isinstance(part, WEIGHTED)]


def test_lenet_is_as_the_lesson_says():
    model, old = built(LeNet5), built(LeNet5Of1998)
    total, parts, made = measured(model, 1, 32, 32)
    assert (count(model), count(model.get_submodule("f5")), total) == (61_706, 48_120, 416_520)
    assert parts["c1"] + parts["c3"] == 357_600
    assert (made["c1"], made["s4"], made["f5"]) == ((6, 28, 28), (16, 5, 5), (120,))
    assert (count(old), count(old.get_submodule("c3")), measured(old, 1, 32, 32)[0]) == (
        60_000,
        1_516,
        325_680,
    )
    assert max((count(part), name) for name, part in model.named_children())[1] == "f5"
    for number in ("48,120 of 61,706", "357,600 of 416,520", "60,000 parameters and 325,680", "1,516"):
        assert number in ALEXNET, number


def test_alexnet_is_as_the_lesson_says():
    model = alexnet()
    total, parts, made = measured(model, 3, 227, 227)
    dense, first = count(model.get_submodule("classifier")), count(model.get_submodule("classifier.1"))
    assert (count(model), dense, first, total) == (60_965_224, 58_631_144, 37_752_832, 724_406_816)
    assert (round(100 * first / count(model)), round(100 * dense / count(model))) == (62, 96)
    assert round(100 * parts["features"] / total) == 92
    assert made["features.0"] == (96, 55, 55)
    assert round(count(model) / count(built(LeNet5Of1998))) == 1_016
    assert round(total / measured(built(LeNet5Of1998), 1, 32, 32)[0], -2) == 2_200
    assert round(3 * 227**2 / 32**2, -1) == 150
    for number in ("60,965,224 |", "58,631,144, which is 96 %", "37,752,832 parameters, 62 %", "724,406,816"):
        assert number in ALEXNET, number


def test_the_neurons_of_alexnet_add_up():
    found = neurons(alexnet(), 3, 227, 227)
    grouped = (found[0], found[1], found[2] + found[3], found[4], sum(found[5:]), sum(found))
    assert grouped == (290_400, 186_624, 129_792, 43_264, 9_192, 659_272)
    assert all(f"{number:,}" in ALEXNET for number in grouped)
    assert 0.4 < found[0] / sum(found) < 0.5
    assert count(alexnet().get_submodule("features.0")) == 34_944


def test_two_hundred_and_twenty_four_does_not_fit_into_alexnet():
    features = alexnet().get_submodule("features")
    with pytest.raises(RuntimeError, match=r"6400.*9216"):
        alexnet()(torch.empty(1, 3, 224, 224, device="meta"))
    assert math.prod(features(torch.empty(1, 3, 224, 224, device="meta")).shape) == 6_400
    assert "6,400 numbers would reach a dense layer that wants 9,216" in ALEXNET


def test_the_errata_on_alexnet_are_measured():
    model, dense = alexnet(), built(AlexNet, groups=1)
    of_torchvision = built(torchvision.models.alexnet)
    shares = [100 * count(part) / count(model) for part in model.modules() if isinstance(part, nn.Conv2d)]
    assert [round(share, 1) for share in shares] == [0.1, 0.5, 1.5, 1.1, 0.7]
    assert f"{count(dense):,}" in ALEXNET
    assert f"{count(of_torchvision):,}" in ALEXNET
    grouped = [
        name for name, part in model.named_modules() if isinstance(part, nn.Conv2d) and part.groups == 2
    ]
    assert grouped == ["features.4", "features.10", "features.12"]


def vgg(depth: int = 16) -> nn.Module:
    return built(getattr(torchvision.models, f"vgg{depth}"))


def rows_seen(last: int) -> int:
    """Return how many rows of a picture one value of VGG-16's convolution depends on, by its gradient."""
    with torch.device("meta"):
        features = torchvision.models.vgg16().features
    layers = [
        nn.AvgPool2d(2) if isinstance(part, nn.MaxPool2d) else part  # a maximum passes one gradient only
        for part in list(features.children())[: last + 1]
    ]
    stack = nn.Sequential(*layers).to_empty(device="cpu")
    for one in stack.parameters():
        nn.init.constant_(one, 0.01)
    x = torch.ones(1, 3, 48, 48, requires_grad=True)
    stack(x)[0, 0, 12, 12].backward()
    assert x.grad is not None
    return int(x.grad[0, 0].any(dim=1).sum())


def test_vgg_16_sees_as_far_as_the_lesson_says():
    assert [rows_seen(last) for last in (0, 2, 5, 7)] == [3, 5, 10, 14]
    assert "a little further: 14 × 14" in VGG
    assert "10 × 10 after the third convolution" in VGG


def test_small_kernels_save_what_the_lesson_says():
    with torch.device("meta"):
        small, large = (nn.Conv2d(64, 64, side, bias=False) for side in (3, 5))
    assert f"{2 * count(small):,} weights in place of {count(large):,}" in VGG
    assert round(100 * (1 - 27 / 49)) == 45


def test_vgg_16_costs_what_the_lesson_says():
    model = vgg()
    total, parts, made = measured(model, 3, 224, 224)
    convolutions = [name for name, part in model.named_modules() if isinstance(part, nn.Conv2d)]
    features, dense = count(model.get_submodule("features")), count(model.get_submodule("classifier"))
    first = count(model.get_submodule("classifier.0"))
    assert [parts[name] for name in convolutions].count(1_849_688_064) == 6
    assert parts["features.0"] == 86_704_128
    assert (len(convolutions), made["features.7"]) == (13, (128, 112, 112))
    assert (round(100 * features / count(model)), round(100 * dense / count(model))) == (11, 89)
    assert (round(100 * parts["features"] / total), round(100 * parts["classifier"] / total)) == (99, 1)
    assert 0.74 < first / count(model) < 0.76
    assert max(count(model.get_submodule(name)) for name in convolutions) == 2_359_808 < 0.02 * count(model)
    assert measured(model, 3, 112, 112)[1]["features"] * 4 == parts["features"]
    for number in (count(model), features, total, first, 2_359_808, 1_849_688_064, 86_704_128):
        assert f"{number:,}" in VGG, number


def test_the_depths_of_vgg_differ_in_work_more_than_in_parameters():
    shallow, deep = vgg(11), vgg(19)
    work = [measured(model, 3, 224, 224)[0] for model in (shallow, deep)]
    assert [round(count(model) / 1e6) for model in (shallow, deep)] == [133, 144]
    assert [round(one / 1e9, 1) for one in work] == [7.6, 19.6]
    assert "144 million against 133 million; 19.6 against 7.6 thousand million" in VGG


def test_the_first_module_is_as_the_lesson_says():
    _, parts, made = measured(built(GoogLeNet), 3, 224, 224)
    of_module = {name: work for name, work in parts.items() if name.startswith("inception3a.")}
    steps = {name: work for name, work in of_module.items() if name.endswith("convolution")}
    with torch.device("meta"):
        at_once = nn.Conv2d(192, 32, 5, padding=2)
    dear = measured(at_once, 192, 28, 28)[0]
    bottleneck = steps["inception3a.five.0.convolution"], steps["inception3a.five.1.convolution"]
    assert (made["stem"], made["inception3a"]) == ((192, 28, 28), (256, 28, 28))
    assert max(steps, key=lambda name: steps[name]) == "inception3a.three.1.convolution"
    assert steps["inception3a.three.1.convolution"] > 80e6
    assert [round(steps[f"inception3a.{name}.convolution"] / 1e6) for name in ("one", "three.0")] == [10, 14]
    assert sum(bottleneck) == of_module["inception3a.five"]
    assert all(f"{number:,}" in INCEPTION for number in (dear, *bottleneck, sum(bottleneck)))
    assert (round(dear / 1e6, 1), round(sum(bottleneck) / 1e6, 1)) == (120.4, 12.4)


def test_the_first_module_has_the_steps_that_the_lesson_counts():
    steps = [step.name for step in trace_of("googlenet_2014").steps]
    inside = [number for number, name in enumerate(steps, 1) if name.startswith("inception3a.")]
    assert inside == list(range(11, 25))


def test_googlenet_is_as_the_lesson_says():
    model, training = built(GoogLeNet), built(GoogLeNet, auxiliary=True)
    made = measured(model, 3, 224, 224)[2]
    with torch.device("meta"):
        dense = nn.Linear(math.prod(made["inception5b"]), 4096)
    assert (made["inception5b"], made["average"]) == ((1024, 7, 7), (1024, 1, 1))
    assert made["inception5b"][0] == 2 * vgg().get_submodule("features.28").get_parameter("bias").numel()
    numbers = count(model), count(training), count(model.get_submodule("output")), count(dense)
    assert all(f"{number:,}" in INCEPTION for number in numbers), numbers
    assert sum(name.startswith("auxiliary") for name, _ in training.named_children()) == 2
    assert made["inception4a"][0] == training.get_parameter("auxiliary4a.reduce.convolution.weight").shape[1]


def test_googlenet_takes_another_size_and_alexnet_does_not():
    assert measured(built(GoogLeNet), 3, 288, 288)[2]["inception5b"] == (1024, 9, 9)
    with pytest.raises(RuntimeError, match="9216"):
        alexnet()(torch.empty(1, 3, 288, 288, device="meta"))


def test_googlenet_has_the_layers_that_the_lesson_counts():
    model, of_torchvision = built(GoogLeNet), built(torchvision.models.googlenet, **NO_HELPERS)
    branches = [part for name, part in model.named_children() if name.startswith("inception")]
    longest = [
        max(sum(isinstance(part, WEIGHTED) for part in branch.modules()) for branch in module.children())
        for module in branches
    ]
    start = sum(isinstance(part, WEIGHTED) for part in model.get_submodule("stem").modules())
    assert (start, longest, start + sum(longest) + 1) == (3, [2] * 9, 22)
    assert sum(isinstance(part, nn.LocalResponseNorm) for part in model.modules()) == 2
    assert not any(isinstance(part, nn.BatchNorm2d) for part in model.modules())
    assert sum(isinstance(part, nn.BatchNorm2d) for part in of_torchvision.modules()) == 57
    assert f"{count(of_torchvision):,}" in INCEPTION


def test_the_errata_on_googlenet_are_measured():
    _, parts, _ = measured(built(GoogLeNet), 3, 224, 224)
    with torch.device("meta"):
        printed = nn.Conv2d(192, 192, 1)
    assert round(measured(printed, 192, 28, 28)[0] / 1e6, 1) == 28.9
    assert round(parts["stem.0.convolution"] / 1e6) == 118
    assert round(count(alexnet()) / count(built(GoogLeNet)), 1) == 8.7
    assert "That product would be 28.9 million" in INCEPTION
    assert "places are 118 million" in INCEPTION
