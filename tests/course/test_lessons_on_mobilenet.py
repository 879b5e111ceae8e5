"""What the lesson on MobileNet quotes, against the real networks."""

from functools import cache

import torch
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.course.lesson_oracles import count
from tests.course.oracles_of_mobilenet import macs
from tests.running_app import ROOT

MOBILENET = (ROOT / "lessons/150-mobilenet.md").read_text(encoding="utf-8")


@cache
def layers() -> dict[str, tuple[tuple[int, ...], float]]:
    """Return what goes into each layer of the real MobileNet, and the multiply-adds that PyTorch counts."""
    model = zoo.build_on_meta("mobilenetv1_100")
    inputs: dict[str, tuple[int, ...]] = {}
    for name, one in model.named_modules():
        if isinstance(one, nn.Conv2d | nn.Linear):
            one.register_forward_hook(lambda _, x, __, name=name: inputs.update({name: tuple(x[0].shape)}))
    model(torch.empty(1, 3, 224, 224, device="meta"))
    return {name: (size[1:], macs(model.get_submodule(name), *size[1:])) for name, size in inputs.items()}


def work(*words: str) -> float:
    """Return the multiply-adds of the layers whose names have one of the words in them."""
    return sum(cost for name, (_, cost) in layers().items() if any(word in name for word in words))


def test_the_network_that_is_not_cut_in_two_has_the_quoted_cost_and_size():
    model = zoo.build_on_meta("mobilenetv1_100")
    more_work, parameters = work("conv_stem", "classifier"), count(model)
    for name, (size, _) in layers().items():
        if "conv_dw" in name:
            depthwise, point = (model.get_submodule(name.replace("dw", half)) for half in ("dw", "pw"))
            assert isinstance(depthwise, nn.Conv2d)
            assert isinstance(point, nn.Conv2d)
            wide = point.in_channels, point.out_channels
            whole = nn.Conv2d(*wide, 3, depthwise.stride[0], padding=1, bias=False, device="meta")
            more_work += macs(whole, *size)
            parameters += count(whole) - count(depthwise, point)
    assert f"{more_work / 1e9:.2f} billion multiply-adds" in MOBILENET
    assert f"falls to {work('') / 1e9:.2f} billion" in MOBILENET
    assert f"{parameters / 1e6:.1f} million parameters" in MOBILENET
    assert f"and 70.6 % with {count(model) / 1e6:.1f} million" in MOBILENET
    assert (round(more_work / work("")), round(parameters / count(model))) == (9, 7)


def test_the_measured_block_has_the_quoted_costs():
    depthwise, point = (layers()[f"blocks.1.1.conv_{half}"] for half in ("dw", "pw"))
    usual = macs(nn.Conv2d(128, 128, 3, padding=1), *depthwise[0])
    assert (depthwise[0], point[0]) == ((128, 56, 56), (128, 56, 56))
    for number in (depthwise[1], point[1], depthwise[1] + point[1], usual):
        assert f"{int(number):,}" in MOBILENET
    assert round((depthwise[1] + point[1]) / usual, 4) == 0.1189
    assert MOBILENET.count("= 0.1189$") == 2


def test_the_shares_of_the_work_are_the_measured_ones():
    parts = ("conv_pw", "conv_dw", "conv_stem", "classifier")
    shares = [f"{100 * work(part) / work(''):.1f} %" for part in parts]
    assert shares == ["94.9 %", "3.1 %", "1.9 %", "0.2 %"]
    assert (
        "94.9 % of all multiply-adds. The depthwise ones have 3.1 %, the first convolution 1.9 %, the dense "
        "layer 0.2 %" in MOBILENET
    )
    assert f"Measured, it is {100 * work('conv_stem') / work(''):.2f} %" in MOBILENET
    model = zoo.build_on_meta("mobilenetv1_100")
    assert round(100 * count(model.get_submodule("classifier")) / count(model)) == 24
    channels = [size[0] for name, (size, _) in layers().items() if "conv_pw" in name]
    assert (min(channels), max(channels)) == (32, 1024)
    assert f"{int(work('')):,}" in MOBILENET


def test_the_quoted_costs_of_version_two_are_those_of_the_real_network():
    whole, half = (zoo.build_on_meta("mobilenet_v2", width_mult=width) for width in (1.0, 0.5))
    costs = [macs(one, 3, 224, 224) for one in (half, whole)]
    assert f"{int(costs[0]):,} multiply-adds of {int(costs[1]):,}: a third" in MOBILENET
    assert round(costs[0] / costs[1], 2) == 0.32
    last = half.get_submodule("features.18.0")
    assert isinstance(last, nn.Conv2d)
    assert last.out_channels == 1280
    enough, too_much = (macs(whole, 3, side, side) for side in (128, 128 + 32))
    assert enough < 100e6 < too_much


def test_the_block_that_the_lab_opens_is_as_described():
    steps = {one.name: one for one in replay(trace_of("mobilenet_v2"), (3, 224, 224)).steps}
    inside = [one for name, one in steps.items() if name.startswith("features.3.")]
    assert [one.operation for one in inside[:3]] == ["conv2d", "batch_norm", "hardtanh"]
    assert [one.operation for one in inside[6:]] == ["conv2d", "batch_norm", "add"]
    assert [one.output_shape[0] for one in inside if one.operation == "conv2d"] == [144, 144, 24]
    assert "features.1.add" not in steps
    assert "features.2.add" not in steps
    first = [
        name for name, one in steps.items() if name.startswith("features.1.") and one.operation == "conv2d"
    ]
    assert len(first) == 2


def test_the_example_comes_back_through_relu():
    x = torch.tensor([-2.0])
    assert torch.relu(x).item() == 0
    assert (torch.relu(x) - torch.relu(-x)).item() == -2
