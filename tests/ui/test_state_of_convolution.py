"""The lab's state as questions see it, against PyTorch, and against the names that the checker knows."""

import random

import pytest
import torch
from torch import nn

from cnnlab.course.widgets import WIDGETS as KNOWN
from cnnlab.ui.labs.state_of_convolution import convolution_state
from cnnlab.ui.lessons.widgets import WIDGETS as DRAWN


def test_every_widget_that_lessons_know_can_be_drawn_and_the_other_way_round():
    assert set(DRAWN) == set(KNOWN)


def test_the_state_has_the_names_that_the_checker_promises():
    assert set(convolution_state({})) == set(KNOWN["conv-lab"].state)
    assert convolution_state({}) == dict(KNOWN["conv-lab"].state)


@pytest.mark.parametrize("seed", range(40))
def test_sizes_and_costs_are_those_of_pytorch(seed: int):
    random_ = random.Random(seed)
    channels, groups = random_.choice([(4, 1), (4, 2), (6, 3)])
    height, width = random_.randint(9, 20), random_.randint(9, 20)
    kernel, stride = (random_.randint(1, 4), random_.randint(1, 4)), random_.randint(1, 3)
    settings = {
        "in": f"{height}x{width}",
        "cin": str(channels),
        "cout": str(2 * groups),
        "k": f"{kernel[0]}x{kernel[1]}",
        "s": str(stride),
        "p": "1",
        "g": str(groups),
        "bias": random_.choice("01"),
    }
    layer = nn.Conv2d(
        channels, 2 * groups, kernel, stride, padding=1, groups=groups, bias=settings["bias"] == "1"
    )
    state = convolution_state(settings)
    shape = layer(torch.zeros(1, channels, height, width)).shape[1:]
    assert (state["out_c"], state["out_h"], state["out_w"]) == tuple(shape)
    assert state["parameters"] == sum(p.numel() for p in layer.parameters())
    assert (state["kernel_h"], state["kernel_w"], state["stride"]) == (*kernel, stride)


@pytest.mark.parametrize(
    "settings", [{"k": "9"}, {"k": "banana"}, {"cin": "4", "g": "3"}, {"op": "nothing"}, {"in": ""}]
)
def test_a_state_that_cannot_be_is_empty(settings: dict[str, str]):
    assert convolution_state(settings) == {}


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({"op": "transposed", "in": "4", "s": "2", "op_pad": "1", "p": "1"}, (8, 8)),
        ({"op": "maxpool", "in": "7", "k": "2", "s": "2", "ceil": "1"}, (4, 4)),
        ({"op": "avgpool", "in": "8", "k": "2", "s": "2"}, (4, 4)),
        ({"dims": "1", "in": "20", "k": "3"}, (18, 18)),
        ({"p": "same", "in": "9", "k": "5"}, (9, 9)),
    ],
)
def test_each_operation_of_the_lab_has_a_state(settings: dict[str, str], sizes: tuple[int, int]):
    state = convolution_state(settings)
    assert (state["out_h"], state["out_w"]) == sizes
