"""What the lesson on dual path networks quotes, against the real networks."""

from types import SimpleNamespace

import pytest
import timm
import torch
from timm.models.dpn import DualPathBlock
from torch import nn

from cnnlab.tracing import replay, trace_of
from tests.course.oracles_of_economy import count, macs, on_meta
from tests.course.oracles_of_groups import dual_by_hand, weights_of_convolutions
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/185-dual-path.md").read_text(encoding="utf-8")


def shapes(name: str) -> dict[str, tuple[int, ...]]:
    return {one.name: one.output_shape for one in replay(trace_of(name), (3, 224, 224)).steps}


def test_the_worked_block_is_what_a_real_one_hands_on():
    given = SimpleNamespace(a=5, b=4, c=1, p=-1, q=2, r=3)
    assert dual_by_hand(given) == (4, 6, 1, 3)
    assert "Four numbers go on: $(4, 6, 1, 3)$" in LESSON


def test_the_larger_one_is_a_quarter_smaller_than_the_largest_resnext():
    nets = [on_meta(timm.create_model, name) for name in ("resnext101_64x4d", "dpn98")]
    before, after = (count(one) for one in nets)
    assert (round(before / 1e6), f"{after:,}") == (83, "61,570,728")
    assert f"{after:,} parameters" in LESSON
    less = [
        100 - 100 * new / old
        for old, new in zip(*((macs(one, 3, 224, 224), count(one)) for one in nets), strict=True)
    ]
    assert f"it is {less[1]:.1f} % and {less[0]:.1f} %" in LESSON


@pytest.mark.parametrize("name", ["dpn68", "dpn92", "dpn98"])
def test_a_row_of_the_table_is_what_the_network_has(name: str):
    whole = replay(trace_of(name), (3, 224, 224))
    row = f"| {name[3:]} | {whole.parameters / 1e6:.1f} M | {whole.macs / 1e9:.1f} G |"
    assert row in LESSON


def test_the_dense_path_grows_and_the_residual_path_does_not():
    found = shapes("dpn92")
    stage = [found[f"features.conv4_{at}.cat"] for at in range(1, 21)]
    sums = {found[f"features.conv4_{at}.add"] for at in range(1, 21)}
    assert sums == {(1024, 14, 14)}
    assert [one[0] - 1024 for one in stage] == [48 + 24 * at for at in range(1, 21)]
    assert max(one[0] for one in found.values() if one[-1] == 14) == stage[-1][0] == 1552
    assert "from 48 to 528 channels, beside 1,024" in LESSON
    assert found["features.conv2_1.cat"][0] == 256 + 2 * 16 + 16


def test_the_first_block_of_a_stage_makes_both_paths_anew():
    found = shapes("dpn92")
    assert found["features.conv2_1.c1x1_w_s1.conv"][0] == 256 + 2 * 16
    assert "features.conv2_2.c1x1_w_s1.conv" not in found


def test_without_a_dense_path_it_is_a_bottleneck_with_groups_and_a_sum():
    torch.manual_seed(0)
    block = DualPathBlock(16, 8, 8, 16, 0, 4).eval()
    x = torch.rand(1, 16, 5, 5)
    with torch.no_grad():
        assert torch.equal(block(x), x + block.c1x1_c(block.c3x3_b(block.c1x1_a(x))))
    groups = [one.groups for one in block.modules() if isinstance(one, nn.Conv2d)]
    assert groups == [1, 4, 1]


def test_a_batch_norm_and_a_relu_stand_before_each_convolution():
    steps = replay(trace_of("dpn92"), (3, 224, 224)).steps
    inside = [one.operation for one in steps if one.name.startswith("features.conv2_2.c")]
    assert inside == [*3 * ["batch_norm", "relu", "conv2d"], "cat"]
    block = on_meta(DualPathBlock, 320, 96, 96, 256, 16, 32)
    assert weights_of_convolutions(block) == 320 * 96 + 9 * 96 * 3 + 96 * 272
