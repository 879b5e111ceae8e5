"""The networks that are written here do what their papers say, on numbers."""

import pytest
import torch
import torchvision
from torch import nn

from cnnlab import zoo
from cnnlab.zoo.networks.alexnet import response_normalisation
from cnnlab.zoo.networks.lenet import READ_BY_C3, DistanceToCodes, LeNet5Of1998, Subsampling
from cnnlab.zoo.networks.nasnet import Average, SamePadding
from cnnlab.zoo.networks.preact_resnet import PreActBottleneck
from cnnlab.zoo.networks.resnet_v1 import ResNetV1
from cnnlab.zoo.networks.shufflenet_v1 import ChannelShuffle

QUICK = [
    *("lenet5_1998", "lenet5", "googlenet_2014", "preact_resnet164_cifar", "shufflenet_v1_g3"),
    *("nasnet_a_mobile", "squeezenet1_1", "mobilenetv1_100"),
]


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


@pytest.mark.parametrize("name", QUICK)
def test_a_network_answers_a_picture_with_numbers(name: str):
    model = zoo.build(name)
    assert not model.training
    with torch.inference_mode():
        scores = model(torch.rand(1, *zoo.input_shape(name)))
    assert scores.isfinite().all()
    assert scores.std() > 0


def test_response_normalisation_is_the_formula_of_the_paper():
    x = torch.randn(1, 7, 1, 1)
    values = x.flatten().tolist()
    expected = []
    for i, a in enumerate(values):
        total = sum(values[j] ** 2 for j in range(max(0, i - 2), min(6, i + 2) + 1))
        expected.append(a / (2 + 1e-4 * total) ** 0.75)
    assert response_normalisation()(x).flatten().tolist() == pytest.approx(expected, rel=1e-6)


def test_subsampling_is_a_weighted_sum_of_four_and_a_bias():
    layer = Subsampling(1)
    nn.init.constant_(layer.weight, 0.5)
    nn.init.constant_(layer.bias, 3)
    assert layer(torch.tensor([[[[1.0, 2], [3, 4]]]])).item() == (1 + 2 + 3 + 4) * 0.5 + 3


def test_a_map_of_c3_sees_only_the_maps_of_its_line():
    layer = LeNet5Of1998().c3
    maps = torch.zeros(1, 6, 14, 14, requires_grad=True)
    for number, inputs in enumerate(READ_BY_C3):
        (gradient,) = torch.autograd.grad(layer(maps)[:, number].sum(), maps)
        assert tuple(gradient.abs().sum(dim=(0, 2, 3)).nonzero().flatten().tolist()) == tuple(sorted(inputs))
    assert sum(map(len, READ_BY_C3)) == 60


def test_every_digit_is_nearest_to_its_own_code():
    layer = DistanceToCodes()
    assert layer.codes.unique().tolist() == [-1, 1]
    assert layer(layer.codes).argmax(dim=1).tolist() == list(range(10))
    assert layer(layer.codes).diagonal().tolist() == [0] * 10


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 8])
def test_channels_are_shuffled_as_pytorch_shuffles_them(groups: int):
    x = torch.arange(24.0).reshape(1, 24, 1, 1)
    assert torch.equal(ChannelShuffle(groups)(x), nn.ChannelShuffle(groups)(x))


def test_a_residual_block_whose_last_weights_are_zero_is_the_identity():
    block = PreActBottleneck(64, 16, 1).eval()
    nn.init.zeros_(block.conv3.weight)
    x = torch.randn(2, 64, 5, 5)
    assert torch.equal(block(x), x)


def test_v1_and_v15_take_the_same_weights_and_answer_differently():
    paper, today = ResNetV1(50).eval(), torchvision.models.resnet50(weights=None).eval()
    paper.load_state_dict(today.state_dict())
    x = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert not torch.allclose(paper(x), today(x))
    strides = [
        (block[0].conv1.stride, block[0].conv2.stride) for block in (paper.layer2, paper.layer3, paper.layer4)
    ]
    assert strides == [((2, 2), (1, 1))] * 3


@pytest.mark.parametrize("side", [7, 8, 111])
@pytest.mark.parametrize("stride", [1, 2])
def test_same_padding_gives_the_size_divided_by_the_stride_rounded_up(side: int, stride: int):
    x = torch.ones(1, 1, side, side)
    expected = -(-side // stride)
    padded = SamePadding(3, stride)(x)
    assert nn.functional.max_pool2d(padded, 3, stride).shape[-1] == expected
    averages = Average(stride)(x)
    assert averages.shape[-1] == expected
    assert torch.equal(averages, torch.ones_like(averages))  # what is outside is not counted


def test_auxiliary_classifiers_speak_in_training_only():
    with torch.device("meta"):
        model = zoo.build("googlenet_2014", auxiliary=True)
        picture = torch.empty(1, 3, 224, 224)
    assert model(picture).shape == (1, 1000)
    assert [scores.shape for scores in model.train()(picture)] == [(1, 1000)] * 3


@pytest.mark.parametrize(
    ("options", "side", "result"), [({}, 572, 388), ({}, 188, 4), ({"padding": 1}, 64, 64)]
)
def test_unet_gives_a_map_of_the_size_of_the_paper_or_of_the_picture(options: dict, side: int, result: int):
    model = zoo.build_on_meta("unet", **options)
    assert model(torch.empty(1, 1, side, side, device="meta")).shape == (1, 2, result, result)


@pytest.mark.parametrize("name", ["fasterrcnn_vgg16", "rfcn_resnet101"])
def test_a_detector_says_something_of_each_region(name: str):
    regions = torch.tensor([[0, 0, 0, 50, 50], [0, 10, 10, 90, 60], [0, 5, 5, 20, 20]], device="meta").float()
    objectness, moves, classes, boxes = zoo.build_on_meta(name)(
        torch.empty(1, 3, 96, 128, device="meta"), regions
    )
    assert (objectness.shape[1], moves.shape[1]) == (18, 36)
    assert (len(classes), len(boxes)) == (3, 3)
    assert classes.shape[1] == 21


def test_regions_vote_by_parts():
    model = zoo.build("rfcn_resnet101", parts=2, classes=1)
    maps = torch.zeros(1, 4, 8, 8)
    maps[0, 0, :4, :4] = 1  # the map of the part at the top left, where it says: here
    region = torch.tensor([[0.0, 0, 0, 127, 127]])
    with torch.inference_mode():
        assert model.get_submodule("class_maps").out_channels == 4
        vote = type(model).vote(model, maps, region)  # pyright: ignore[reportAttributeAccessIssue]
    assert vote.item() == pytest.approx(1 / 4)
