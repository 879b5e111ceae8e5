"""What the lesson on ResNeXt and Xception quotes, against the real networks."""

import pytest
import torch
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.course.oracles_of_economy import count, macs
from tests.course.oracles_of_groups import block_of_paths, two_paths, weights_of_convolutions
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/165-resnext-and-xception.md").read_text(encoding="utf-8")
PAIRS = ((1, 64), (2, 40), (4, 24), (8, 14), (32, 4))


def test_a_sum_of_paths_is_the_same_function_as_one_grouped_convolution():
    torch.manual_seed(0)
    whole = [nn.Conv2d(*sizes, bias=False) for sizes in ((16, 8, 1), (8, 8, 3), (8, 16, 1))]
    first, _, last = whole
    middle = nn.Conv2d(8, 8, 3, padding=1, groups=4, bias=False)
    x = torch.rand(1, 16, 5, 5)
    together = last(middle(first(x).relu()).relu())
    paths = []
    for at in range(0, 8, 2):
        narrow = nn.functional.conv2d(x, first.weight[at : at + 2]).relu()
        narrow = nn.functional.conv2d(narrow, middle.weight[at : at + 2], padding=1).relu()
        paths.append(nn.functional.conv2d(narrow, last.weight[:, at : at + 2]))
    assert torch.allclose(torch.stack(paths).sum(0), together, atol=1e-6)


def test_the_worked_paths_are_what_layers_compute():
    class Pixel:
        u, v = 5, 4

    assert two_paths(Pixel) == (2, -1, -3, 3, -1, 2)
    assert all(one in LESSON for one in ("$(2, -1)$", "$(-3, 3)$", "Sum: $(-1, 2)$"))


@pytest.mark.parametrize(("paths", "width"), PAIRS)
def test_a_row_of_the_table_is_a_block_of_the_library(paths: int, width: int):
    weights = weights_of_convolutions(block_of_paths(paths, width))
    assert f"| {paths} × {width} | {paths * width} | {weights:,} |" in LESSON


def test_groups_make_the_middle_a_small_part():
    middles = [block_of_paths(*pair).get_submodule("conv2").get_parameter("weight").numel() for pair in PAIRS]
    assert (middles[0], middles[-1]) == (36_864, 4_608)
    assert "4,608 of 70,144 weights, instead of 36,864 of 69,632" in LESSON


def test_the_two_networks_of_fifty_layers_cost_nearly_the_same():
    nets = [zoo.build_on_meta(name) for name in ("resnet50", "resnext50_32x4d")]
    costs = [macs(one, 3, 224, 224) for one in nets]
    assert "{:,} and {:,} multiply-adds".format(*costs) in LESSON
    assert 0.03 < costs[1] / costs[0] - 1 < 0.04
    assert [round(count(one) / 1e6, 1) for one in nets] == [25.6, 25.0]


def test_groups_have_four_eight_sixteen_and_thirtytwo_channels():
    net = zoo.build_on_meta("resnext50_32x4d")
    layers = {
        name: one
        for name, one in net.named_modules()
        if isinstance(one, nn.Conv2d) and name.endswith("conv2")
    }
    assert {one.groups for one in layers.values()} == {32}
    widths = {name: one.out_channels // 32 for name, one in layers.items()}
    assert [widths[f"layer{at}.0.conv2"] for at in (1, 2, 3, 4)] == [4, 8, 16, 32]
    assert next(name for name, width in widths.items() if width == 16) == "layer3.0.conv2"


def test_most_of_its_work_is_in_the_layers_without_groups():
    steps = replay(trace_of("resnext50_32x4d"), (3, 224, 224)).steps
    work = {one.name: one.macs for one in steps if one.name.startswith("layer")}
    assert sum(cost for name, cost in work.items() if name.endswith("conv2")) < 0.1 * sum(work.values())


def separable_pairs() -> list[tuple[nn.Conv2d, nn.Conv2d, int]]:
    """Return depthwise and pointwise layers of Xception, and at how many places they work."""
    net, places = zoo.build_on_meta("legacy_xception"), {}
    for step in replay(trace_of("legacy_xception"), (3, 299, 299)).steps:
        places[step.name] = step.output_shape[-1] ** 2 if len(step.output_shape) == 3 else 1
    found = []
    for name, layer in net.named_modules():
        if name.endswith(".pointwise"):
            partner = net.get_submodule(name.replace("pointwise", "conv1"))
            assert isinstance(layer, nn.Conv2d)
            assert isinstance(partner, nn.Conv2d)
            found.append((partner, layer, places[name]))
    return found


def test_xception_has_fewer_parameters_and_works_more_than_inception():
    inception, xception = (
        replay(trace_of(name), (3, 299, 299)) for name in ("inception_v3", "legacy_xception")
    )
    assert f"| Inception v3 | {inception.parameters:,} | ? |" in LESSON
    assert f"| Xception | {xception.parameters:,} | {xception.macs:,} |" in LESSON
    assert f"{inception.macs:,}." in LESSON
    usual = sum(9 * one.weight.numel() * places for _, one, places in separable_pairs())
    separable = sum(
        (one.weight.numel() + two.weight.numel()) * places for one, two, places in separable_pairs()
    )
    assert round((xception.macs - separable + usual) / 1e9) == 69
    assert round((xception.macs - separable + usual) / xception.macs) == 8
    assert separable > 0.9 * xception.macs


def test_a_block_of_xception_has_no_relu_between_the_halves_of_a_layer():
    names = [one.name for one in replay(trace_of("legacy_xception"), (3, 299, 299)).steps]
    for first in (name for name in names if name.startswith("block") and name.endswith(".conv1")):
        assert names[names.index(first) + 1] == first.replace("conv1", "pointwise")
    pairs = separable_pairs()
    assert {one.groups == one.in_channels for one, _, _ in pairs} == {True}
    steps = [name for name in names if name.startswith("block4.")]
    assert [name for name in steps if "pointwise" in name][-1] == "block4.rep.7.pointwise"
