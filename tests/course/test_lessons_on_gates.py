"""What the lesson on squeeze and excitation quotes, against the real networks."""

from functools import cache
from typing import Any

import pytest
import timm
import torch
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import Replay, replay, trace_of
from tests.course.oracles_of_economy import count, on_meta, small_gate
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/180-squeeze-and-excitation.md").read_text(encoding="utf-8")


@cache
def gated(ratio: int = 16) -> nn.Module:
    """Return SE-ResNet-50 with gates of some reduction ratio."""
    return on_meta(timm.create_model, "legacy_seresnet50", reduction=ratio)


@cache
def walked(name: str) -> Replay:
    return replay(trace_of(name), (3, 224, 224))


def gates() -> dict[str, nn.Module]:
    return {name: one for name, one in gated().named_modules() if name.endswith("se_module")}


def test_the_worked_gate_is_what_a_real_one_computes():
    after, (averages, middle, both) = small_gate(
        torch.tensor([1, 5, 3, 7, 0, 4, 2, 2], dtype=torch.float64).reshape(1, 2, 2, 2)
    )
    assert (averages.tolist(), middle.tolist()) == ([4, 2], [2])
    assert [f"{one:.3f}" for one in both.tolist()] == ["0.731", "0.119"]
    rounded = [float(f"{one:.2f}") for one in after.flatten().tolist()]
    assert rounded == [0.73, 3.66, 2.19, 5.12, 0, 0.48, 0.24, 0.24]
    assert "A becomes 0.73, 3.66, 2.19, 5.12; B becomes 0, 0.48, 0.24, 0.24" in LESSON


def test_gates_add_many_parameters_and_hardly_any_work():
    plain, with_gates = zoo.build_on_meta("resnet50_v1"), walked("legacy_seresnet50")
    parameters = count(plain), count(gated())
    work = walked("resnet50_v1").macs, with_gates.macs
    for name, at in (("ResNet-50", 0), ("with gates", 1)):
        assert f"| {name} | {parameters[at]:,} | {work[at]:,} |" in LESSON
    more = [100 * (after / before - 1) for before, after in (parameters, work)]
    assert f"| more | {more[0]:.1f} % | {more[1]:.2f} % |" in LESSON
    inside = sum(one.numel() for part in gates().values() for one in part.parameters() if one.dim() > 1)
    assert work[1] - work[0] == inside == 2_514_944
    assert parameters[1] - parameters[0] == count(*gates().values()) == 2_530_992
    assert f"{2_530_992 - inside:,} of its 2,530,992" in LESSON
    assert len(gates()) == 16


def test_the_strides_of_the_two_networks_are_the_same():
    fields = [walked(name).receptive_field for name in ("resnet50_v1", "legacy_seresnet50")]
    assert [one.size for one in fields if one] == [(483, 483)] * 2
    usual = walked("resnet50").receptive_field
    assert usual
    assert usual.size != (483, 483)


@pytest.mark.parametrize("ratio", [2, 4, 8, 16, 32])
def test_a_ratio_gives_the_model_as_many_parameters_as_the_table_says(ratio: int):
    assert f"| {ratio} | {count(gated(ratio)) / 1e6:.1f} M |" in LESSON


def test_most_parameters_of_gates_are_in_the_last_stage():
    layers = [
        (f"{name}.{one}", part.get_submodule(one)) for name, part in gates().items() for one in ("fc1", "fc2")
    ]
    sizes = {name: count(layer) for name, layer in layers}
    most = max(sizes.values())
    largest = [name for name in sizes if sizes[name] == most]
    assert largest == [f"layer4.{at}.se_module.fc2" for at in range(3)]
    assert f"{sizes['layer4.0.se_module.fc1']:,}" in LESSON
    last = sum(size for name, size in sizes.items() if name.startswith("layer4."))
    assert f"have {last:,} of all {sum(sizes.values()):,} parameters in gates" in LESSON


def test_the_steps_of_a_gate_are_in_the_order_that_the_lesson_asks_for():
    steps = [one for one in walked("legacy_seresnet50").steps if one.name.startswith("layer1.0.")]
    behind = [one.operation for one in steps[[one.name for one in steps].index("layer1.0.conv3") + 1 :]]
    shortcut = ["conv2d", "batch_norm"]
    gate = ["mean", "conv2d", "relu", "conv2d", "sigmoid", "mul"]
    assert behind == ["batch_norm", *shortcut, *gate, "add", "relu"]
    names = [one.name for one in steps]
    assert names.index("layer1.0.se_module.mul") - names.index("layer1.0.se_module.mean") == 5


def test_through_the_gate_every_pixel_has_a_part_and_without_it_only_19_by_19():
    torch.manual_seed(3)
    model: Any = timm.create_model("legacy_seresnet50").eval()
    block = model.layer1[0]
    parts = nn.Sequential(model.layer0, model.pool0, block)
    seen = []
    for gate in (block.se_module, nn.Identity()):
        block.se_module = gate
        x = torch.rand(1, 3, 80, 80, requires_grad=True)
        parts(x)[0, :, 10, 10].sum().backward()
        assert x.grad is not None
        seen.append(x.grad.abs().sum((0, 1)) > 0)
    rows, columns = (seen[1].any(axis).nonzero().flatten() for axis in (1, 0))
    assert (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1) == (19, 19)
    assert seen[0].double().mean() > 0.95
    assert seen[0][70:, 70:].any()
