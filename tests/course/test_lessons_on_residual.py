"""What the lesson on ResNet quotes, against the real networks."""

import torch
import torchvision
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.course.lesson_oracles import macs
from tests.course.oracles_of_residual import KERNELS, depth_of, given_kernels, on_meta, one_pixel, parts
from tests.course.oracles_of_residual import weights_of_convolutions as weights
from tests.running_app import ROOT

RESNET = (ROOT / "lessons/140-resnet.md").read_text(encoding="utf-8")


def projections(name: str) -> list[str]:
    """Return the names of the convolutions on shortcuts."""
    modules = zoo.build_on_meta(name).named_modules()
    return [one for one, module in modules if isinstance(module, nn.Conv2d) and "downsample" in one]


def test_the_worked_block_is_what_a_real_one_computes():
    block = given_kernels(BasicBlock(2, 2), KERNELS)
    with torch.no_grad():
        assert block(one_pixel(5, 4)).flatten().tolist() == [4, 6]
    assert "g(-1 + 5, 2 + 4) = (4, 6)" in RESNET


def test_a_block_without_weights_is_the_identity_and_so_is_one_whose_last_gamma_is_zero():
    block = given_kernels(BasicBlock(3, 3), [3 * [[0, 0, 0]]] * 2)
    started = torchvision.models.resnet18(zero_init_residual=True).layer1[0].double().eval()
    picture = torch.rand(1, 64, 5, 5, dtype=torch.float64)
    with torch.no_grad():
        assert block(one_pixel(4, 0, 7)).flatten().tolist() == [4, 0, 7]
        assert torch.equal(started(picture), picture)


def test_projections_are_where_the_lesson_says():
    of_18, of_50 = projections("resnet18"), projections("resnet50")
    assert of_18 == [f"layer{at}.0.downsample.0" for at in (2, 3, 4)]
    assert "ResNet-18 has three such projections" in RESNET
    assert sorted({*of_50} - {*of_18}) == ["layer1.0.downsample.0"]
    first = zoo.build_on_meta("resnet50").get_submodule("layer1.0.downsample.0")
    assert isinstance(first, nn.Conv2d)
    assert (first.in_channels, first.out_channels, first.stride) == (64, 256, (1, 1))


def test_the_quoted_weights_of_blocks_are_those_of_real_blocks():
    quoted = weights(on_meta(lambda: Bottleneck(256, 64))), weights(on_meta(lambda: BasicBlock(64, 64)))
    assert quoted == (69_632, 73_728)
    assert all(f"{number:,}" in RESNET for number in quoted)


def test_the_two_networks_with_one_name_differ_as_the_table_says():
    older, newer = zoo.build_on_meta("resnet50_v1"), zoo.build_on_meta("resnet50")
    costs = [int(macs(one, 3, 224, 224)) for one in (older, newer)]
    fields = []
    for name in ("resnet50_v1", "resnet50"):
        steps = replay(trace_of(name), (3, 224, 224)).steps
        fields.append(next(one for one in steps if one.name == "layer4.2.add").receptive_field)
    assert f"| multiply-adds | {costs[0]:,} | {costs[1]:,} |" in RESNET
    assert [one.size[0] for one in fields if one] == [483, 427]
    assert "| receptive field at the end of layer4 | 483 | 427 |" in RESNET
    assert round(100 * (costs[1] / costs[0] - 1)) == 6
    strides = [
        [one.stride[0] for one in parts(model.get_submodule("layer2.0"), nn.Conv2d)][:3]  # type: ignore[index]
        for model in (older, newer)
    ]
    assert strides == [[2, 1, 1], [1, 2, 1]]
    shapes = [[one.shape for one in model.parameters()] for model in (older, newer)]
    assert shapes[0] == shapes[1]


def test_depths_are_those_of_the_names_and_the_deepest_costs_less_than_vgg_19():
    names = ("resnet18", "resnet50", "resnet152", "plain34")
    assert [depth_of(zoo.build_on_meta(name)) for name in names] == [18, 50, 152, 34]
    stages = [zoo.build_on_meta("resnet152").get_submodule(f"layer{at}") for at in (1, 2, 3, 4)]
    assert [len(parts(one, Bottleneck)) for one in stages] == [3, 8, 36, 3]
    deepest, vgg = (macs(zoo.build_on_meta(one), 3, 224, 224) for one in ("resnet152_v1", "vgg19"))
    assert f"with {deepest / 1e9:.1f} billion multiply-adds instead of {vgg / 1e9:.1f}" in RESNET


def test_the_net_of_1202_layers_has_as_many_parameters_as_quoted():
    def stage(before: int, after: int, blocks: int) -> list[nn.Module]:
        return [BasicBlock(before, after), *(BasicBlock(after, after) for _ in range(blocks - 1))]

    def small_pictures(depth: int) -> nn.Module:
        """Return the paper's net for CIFAR-10, of 6n + 2 layers; its shortcuts have no weights."""
        n = (depth - 2) // 6
        blocks = [*stage(16, 16, n), *stage(16, 32, n), *stage(32, 64, n)]
        return nn.Sequential(nn.Conv2d(3, 16, 3, bias=False), nn.BatchNorm2d(16), *blocks, nn.Linear(64, 10))

    sizes = []
    for depth in (110, 1202):
        model = on_meta(lambda depth=depth: small_pictures(depth))
        assert depth_of(model) == depth
        sizes.append(sum(one.numel() for one in model.parameters()))
    assert f"{sizes[1] / 1e6:.1f} million parameters" in RESNET
    assert sizes[1] > 10 * sizes[0]


def test_nothing_follows_the_sum_before_activation():
    steps = replay(trace_of("resnetv2_50"), (3, 224, 224)).steps
    inside = [one.operation for one in steps if one.name.startswith("stages.0.blocks.1.")]
    assert inside[:3] == ["batch_norm", "relu", "conv2d"]
    assert inside[-1] == "add"
    usual = replay(trace_of("resnet18"), (3, 224, 224)).steps
    assert [one.operation for one in usual if one.name.startswith("layer1.1.")][-2:] == ["add", "relu"]
