"""What the lesson on SqueezeNet quotes, against the real networks."""

import torch
from torch import nn
from torchvision.models.squeezenet import Fire

from cnnlab import zoo
from tests.course.oracles_of_economy import count, macs, on_meta
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/170-squeezenet.md").read_text(encoding="utf-8")
OLD, NEW = zoo.build_on_meta("squeezenet1_0"), zoo.build_on_meta("squeezenet1_1")
ALEXNET = zoo.build_on_meta("alexnet_2012")


def convolutions(model: nn.Module) -> list[nn.Conv2d]:
    return [one for one in model.modules() if isinstance(one, nn.Conv2d)]


def kinds(model: nn.Module) -> list[str]:
    """Return what stands in the first part of a network, in order, without activations."""
    parts = model.get_submodule("features").children()
    return [type(one).__name__ for one in parts if not isinstance(one, nn.ReLU)]


def fires_before_poolings(model: nn.Module) -> list[int]:
    """Return how many fire modules stand before each pooling."""
    found = kinds(model)
    return [found[:at].count("Fire") for at, one in enumerate(found) if one == "MaxPool2d"]


def behind(model: nn.Module, until: str, side: int = 224) -> tuple[int, ...]:
    """Return the shape behind a part of the convolutions."""
    x = torch.empty(1, 3, side, side, device="meta")
    for name, part in model.get_submodule("features").named_children():
        x = part(x)
        if name == until:
            break
    return tuple(x.shape[1:])


def test_the_two_bills_are_those_of_the_real_networks():
    small, large = macs(OLD, 3, 224, 224), macs(ALEXNET, 3, 227, 227)
    dense = sum(count(one) for one in ALEXNET.modules() if isinstance(one, nn.Linear))
    quoted = (count(ALEXNET), count(OLD), small, dense)
    assert all(f"{number:,}" in LESSON for number in quoted)
    assert (round(large / 1e6), round(small / 1e6, -1)) == (724, 820)
    assert round(100 * dense / count(ALEXNET)) == 96
    assert round(count(ALEXNET) / count(OLD), 1) == 48.8
    assert (round(4 * count(ALEXNET) / 1e6), round(4 * count(ALEXNET) / 2**20)) == (244, 233)
    assert (round(4 * count(OLD) / 1e6, 1), round(4 * count(OLD) / 2**20, 1)) == (5.0, 4.8)


def test_the_table_of_versions_tells_the_difference():
    for numbers in ([count(OLD), count(NEW)], [macs(one, 3, 224, 224) for one in (OLD, NEW)]):
        assert f"| {numbers[0]:,} | {numbers[1]:,} |" in LESSON
    assert round(macs(OLD, 3, 224, 224) / macs(NEW, 3, 224, 224), 2) == 2.35
    assert (fires_before_poolings(OLD), fires_before_poolings(NEW)) == ([0, 3, 7], [0, 2, 4])
    firsts = [convolutions(one)[0] for one in (OLD, NEW)]
    assert [(one.out_channels, one.kernel_size) for one in firsts] == [(96, (7, 7)), (64, (3, 3))]
    shapes = [
        [
            [one.weight.shape for one in convolutions(part)]
            for part in model.modules()
            if isinstance(part, Fire)
        ]
        for model in (OLD, NEW)
    ]
    assert shapes[0][1:] == shapes[1][1:]
    best = [
        {one.top1_percent for one in zoo.facts(name).accuracies}
        for name in ("squeezenet1_0", "squeezenet1_1")
    ]
    assert [round(max(one), 1) for one in best] == [58.1, 58.2]


def test_every_fire_module_squeezes_by_an_eighth():
    fires = [one for model in (OLD, NEW) for one in model.modules() if isinstance(one, Fire)]
    ratios = [
        one.squeeze.out_channels / (one.expand1x1.out_channels + one.expand3x3.out_channels) for one in fires
    ]
    assert ratios == [0.125] * 16


def test_the_worked_fire_module_is_the_first_of_the_network():
    fire = OLD.get_submodule("features.3")
    one_layer = on_meta(nn.Conv2d, 96, 128, 3)
    layers = [fire.get_submodule(name) for name in ("squeeze", "expand1x1", "expand3x3")]
    quoted = (*map(count, layers), count(fire), count(one_layer))
    assert quoted == (1_552, 1_088, 9_280, 11_920, 110_720)
    assert all(f"{number:,}" in LESSON for number in quoted)


def test_the_largest_layer_is_the_last_and_the_dearest_the_first():
    named = {name: one for name, one in OLD.named_modules() if isinstance(one, nn.Conv2d)}
    sizes = {name: count(one) for name, one in named.items()}
    assert max(sizes, key=lambda name: sizes[name]) == "classifier.1"
    assert (sizes["classifier.1"], sizes["features.0"]) == (513_000, 14_208)
    assert sizes["features.12.expand3x3"] == sizes["features.10.expand3x3"] == 147_712
    assert sorted(sizes.values())[-2] == 147_712
    assert round(100 * 513_000 / count(OLD)) == 41
    side = behind(OLD, "0")[-1]
    assert macs(named["features.0"], 3, 224, 224) == 14_112 * side**2 > 107_495_424
    fires = [one for one in OLD.modules() if isinstance(one, Fire)]
    assert (len(fires), len(named) - len(fires)) == (8, 18)  # in a fire module two layers are side by side


def test_alexnet_with_the_small_ending_would_have_24_times_fewer():
    layers = count(*convolutions(ALEXNET))
    ending = on_meta(nn.Conv2d, convolutions(ALEXNET)[-1].out_channels, 1000, 1)
    assert (layers, layers + count(ending)) == (2_334_080, 2_591_080)
    assert round(count(ALEXNET) / 2_591_080) == 24
    assert all(one in LESSON for one in ("2,334,080", "2,591,080", "24 times fewer"))


def test_the_third_fire_module_costs_a_quarter_behind_an_earlier_pooling():
    old, new = OLD.get_submodule("features.5.expand3x3"), NEW.get_submodule("features.6.expand3x3")
    before, after = behind(OLD, "5")[-1], behind(NEW, "6")[-1]
    costs = macs(old, 32, before, before), macs(new, 32, after, after)
    assert (before, after, costs[0] / costs[1]) == (54, 27, 4)
    assert count(old) == count(new) == count(NEW.get_submodule("features.7.expand3x3")) == 36_992
    assert all(f"{number:,}" in LESSON for number in costs)


def test_the_first_maps_are_as_large_as_the_errata_say():
    assert (behind(OLD, "0")[-1], behind(OLD, "0", 227)[-1]) == (109, 111)
