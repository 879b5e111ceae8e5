"""What the lesson on segmentation quotes, against PyTorch's layers and the real nets."""

import torch
import torchvision
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.course.oracles_of_beyond import vgg_convolutions
from tests.course.oracles_of_economy import macs, on_meta
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/220-segmentation.md").read_text(encoding="utf-8")


def test_a_dense_layer_is_a_convolution_with_one_place():
    torch.manual_seed(0)
    dense, convolution = nn.Linear(6 * 7 * 7, 5), nn.Conv2d(6, 5, 7)
    convolution.load_state_dict({"weight": dense.weight.reshape(5, 6, 7, 7), "bias": dense.bias})
    maps = torch.rand(2, 6, 7, 7)
    with torch.no_grad():
        assert torch.allclose(dense(maps.flatten(1)), convolution(maps).flatten(1), atol=1e-5)


def test_a_picture_twice_as_large_gives_eight_by_eight_answers():
    maps = vgg_convolutions()(torch.empty(1, 3, 448, 448, device="meta"))
    assert maps.shape == (1, 512, 14, 14)
    assert on_meta(nn.Conv2d, 512, 1000, 7)(maps).shape == (1, 1000, 8, 8)
    assert "A map of 8 × 8 answers" in LESSON


def test_the_lab_on_transposed_convolutions_starts_at_ten():
    assert nn.ConvTranspose2d(1, 1, 4, 2)(torch.zeros(1, 1, 4, 4)).shape[-1] == 10
    assert nn.ConvTranspose2d(1, 1, 4, 2, padding=1)(torch.zeros(1, 1, 4, 4)).shape[-1] == 8
    assert "4 × 4 become 10 × 10" in LESSON


def test_a_transposed_convolution_does_not_undo_a_convolution():
    torch.manual_seed(0)
    x, kernel = torch.rand(1, 1, 8, 8), torch.rand(1, 1, 3, 3)
    for stride, cut in ((1, 0), (2, 1)):
        less = nn.functional.conv2d(x, kernel, stride=stride)
        back = nn.functional.conv_transpose2d(less, kernel, stride=stride, output_padding=cut)
        assert back.shape == x.shape
        assert not torch.allclose(back, x, atol=0.1)


def test_kernel_three_with_stride_two_overlaps_unevenly_and_kernel_four_does_not():
    for kernel, even in ((3, False), (4, True)):
        laid = nn.functional.conv_transpose1d(torch.ones(1, 1, 20), torch.ones(1, 1, kernel), stride=2)
        inside = laid.flatten()[4:-4]
        assert (inside.min() == inside.max()).item() is even


def test_dilation_computes_the_same_at_the_old_places():
    nets = []
    for dilated in ([False, False, False], [False, True, True]):
        torch.manual_seed(0)
        nets.append(torchvision.models.resnet50(replace_stride_with_dilation=dilated).eval())
    found = []
    for net in nets:
        parts = list(net.children())[:-2]
        with torch.no_grad():
            torch.manual_seed(1)
            found.append(nn.Sequential(*parts)(torch.rand(1, 3, 64, 64)))
    assert [one.shape[-1] for one in found] == [2, 8]
    assert torch.allclose(
        found[1][..., ::4, ::4], found[0], rtol=1e-3, atol=1e-4 * found[0].abs().max().item()
    )


def test_the_large_maps_cost_what_the_lesson_says():
    dilated = replay(trace_of("fcn_resnet50"), (3, 520, 520))
    classifier = macs(zoo.build_on_meta("resnet50"), 3, 520, 520)
    assert (round(dilated.macs / 1e9), round(classifier / 1e9)) == (143, 23)
    assert "needs 143 billion for 520 × 520; the classifier alone would need 23" in LESSON
    assert dilated.steps[-1].operation == "interpolate"


def test_deeplab_looks_with_three_dilations_and_an_average():
    branches = zoo.build_on_meta("deeplabv3_resnet50").get_submodule("classifier.0.convs")
    first = [
        next(one for one in branch.modules() if isinstance(one, nn.Conv2d)) for branch in branches.children()
    ]
    assert [one.dilation[0] for one in first] == [1, 12, 24, 36, 1]
    assert any(isinstance(one, nn.AdaptiveAvgPool2d) for one in branches.modules())
    steps = {one.name: one for one in replay(trace_of("deeplabv3_resnet50"), (3, 520, 520)).steps}
    assert steps["backbone.layer4.2.add"].output_shape[-1] * 8 == 520


def test_the_finest_maps_of_the_way_down_come_in_last():
    shapes = {one.name: one.output_shape for one in replay(trace_of("unet"), (1, 572, 572)).steps}
    joined = [shapes[f"up{at}.cat"] for at in (4, 3, 2, 1)]
    assert [one[0] for one in joined] == [1024, 512, 256, 128]
    assert shapes["down1.relu2"][-1] > shapes["up1.getitem"][-1] == joined[-1][-1]
