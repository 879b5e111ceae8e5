"""What the lesson on ShuffleNet quotes, against the real networks."""

from functools import partial

import pytest
import torch
from timm.models.efficientnet import _gen_mobilenet_v1
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from cnnlab.zoo.networks.shufflenet_v1 import CHANNELS_OF_STAGE_2, ChannelShuffle
from tests.course.oracles_of_economy import count, macs, on_meta
from tests.course.oracles_of_groups import seen_of, shuffled
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/190-shufflenet.md").read_text(encoding="utf-8")


def test_the_two_groups_of_three_are_read_by_columns():
    names = ["A₁", "A₂", "A₃", "B₁", "B₂", "B₃"]
    order = [names[one - 1] for one in shuffled(2, 6)]
    asked = "".join(f"{at}. {name}\n" for at, name in enumerate(order, start=1))
    assert asked in LESSON
    assert order[:3] == ["A₁", "B₁", "A₂"]


def test_one_group_shuffles_nothing():
    assert shuffled(1, 36) == list(range(1, 37))


def test_a_shuffle_is_a_permutation_that_learns_nothing():
    assert sorted(shuffled(3, 240)) == list(range(1, 241))
    assert count(ChannelShuffle(3)) == 0
    steps = replay(trace_of("shufflenet_v1_g3"), (3, 224, 224)).steps
    found = [one for one in steps if one.name.startswith("stage2.1.shuffle")]
    assert [one.operation for one in found] == ["reshape", "permute", "reshape"]
    assert {one.macs for one in found} == {0}


def test_without_a_shuffle_the_whole_network_falls_into_parts():
    first, second = (nn.Conv2d(6, 6, 1, groups=3, bias=False) for _ in range(2))
    x = torch.ones(1, 6, 1, 1, requires_grad=True)
    second(first(x))[0, :2].sum().backward()
    assert x.grad is not None
    assert x.grad[0, 2:].abs().sum() == 0


def test_the_quoted_layer_of_the_lab_is_that_of_the_network():
    layer = zoo.build_on_meta("shufflenet_v1_g3").get_submodule("stage2.1.conv1")
    assert isinstance(layer, nn.Conv2d)
    assert (layer.in_channels, layer.out_channels, layer.groups) == (240, 60, 3)
    assert (layer.weight.numel(), macs(layer, 240, 28, 28)) == (4_800, 3_763_200)
    assert macs(on_meta(nn.Conv2d, 240, 60, 1), 240, 28, 28) == 3 * 3_763_200


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 8])
def test_a_row_of_the_table_is_what_the_network_has(groups: int):
    model = zoo.build_on_meta(f"shufflenet_v1_g{groups}")
    cost = macs(model, 3, 224, 224)
    assert (
        f"| {groups} | {CHANNELS_OF_STAGE_2[groups]} | {cost / 1e6:.1f} M | {count(model) / 1e6:.2f} M |"
        in LESSON
    )
    assert abs(cost / 140e6 - 1) < 0.05


def test_the_quoted_mobilenets_cost_what_the_lesson_says():
    builds = [partial(_gen_mobilenet_v1, "mobilenetv1_100", width) for width in (1.0, 0.25)]
    costs = [macs(on_meta(build), 3, 224, 224) for build in builds]
    assert [round(one / 1e6) for one in costs] == [569, 41]
    assert "41 million multiply-adds for a picture, instead of 569 million" in LESSON


def test_stage_3_begins_where_two_times_240_channels_meet():
    steps = {one.name: one for one in replay(trace_of("shufflenet_v1_g3"), (3, 224, 224)).steps}
    made, pooled, beside = (steps[f"stage3.0.{name}"] for name in ("conv3", "shortcut", "cat"))
    assert (made.output_shape[0], pooled.output_shape[0], beside.output_shape[0]) == (240, 240, 480)


def test_a_unit_of_v2_differs_as_the_lesson_says():
    unit = zoo.build_on_meta("shufflenet_v2_x1_0").get_submodule("stage2.1")
    groups = [one.groups for one in unit.modules() if isinstance(one, nn.Conv2d)]
    assert groups == [1, 58, 1]
    found = seen_of(unit, ("branch2.0", "branch2.3", "branch2.5"), 116, 28, 28)
    assert [made[0] for made, _ in found] == [58, 58, 58]
    steps = replay(trace_of("shufflenet_v2_x1_0"), (3, 224, 224)).steps
    operations = [one.operation for one in steps if one.name.startswith("stage2.1.")]
    assert "add" not in operations
    assert {"chunk", "cat", "permute"} <= {*operations}
    first = zoo.build_on_meta("shufflenet_v1_g3").get_submodule("stage2.1")
    inside = [one.out_channels for one in first.modules() if isinstance(one, nn.Conv2d)]
    assert inside == [60, 60, 240]


def test_a_block_of_xception_has_no_narrow_place():
    block = zoo.build_on_meta("legacy_xception").get_submodule("block4")
    layers = [one for one in block.modules() if isinstance(one, nn.Conv2d)]
    assert {one.out_channels for one in layers} == {728}
