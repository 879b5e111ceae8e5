"""What torchvision's operations and real nets say to the questions on detection and segmentation.

`lesson_oracles.py` has the table of all lessons; a question's numbers go in by their names.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import nn
from torchvision.models import vgg16
from torchvision.models.detection._utils import BoxCoder
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_iou, ps_roi_pool, roi_pool

from cnnlab import zoo
from cnnlab.zoo.networks.detection import RFCN
from cnnlab.zoo.networks.unet import DoubleConvolution, Up
from tests.course.oracles_of_economy import on_meta

Answer = float | tuple[float, ...]
V = Any  # a question's numbers, read as attributes


def overlap(v: V) -> tuple[float, ...]:
    """Return intersection and union by painting both boxes, and torchvision's IoU."""
    first, second = (torch.zeros(40, 40, dtype=torch.bool) for _ in range(2))
    first[: v.h, : v.w] = True
    second[v.y : v.y + v.h, v.x : v.x + v.w] = True
    boxes = torch.tensor([[0, 0, v.w, v.h], [v.x, v.y, v.x + v.w, v.y + v.h]], dtype=torch.float64)
    both, either = (first & second).sum().item(), (first | second).sum().item()
    return both, either, box_iou(boxes, boxes)[0, 1].item()


def anchors(v: V) -> int:
    """Return how many anchors the real first stage judges; two scores belong to each."""
    net = zoo.build_on_meta("fasterrcnn_vgg16")
    maps = net.get_submodule("backbone")(torch.empty(1, 3, 16 * v.a, 16 * v.b, device="meta"))
    scores, moves = net.get_submodule("proposals")(maps)
    assert 2 * moves.numel() == 4 * scores.numel()
    return scores.numel() // 2


def moved(v: V) -> tuple[float, ...]:
    """Return the middle and the size of an anchor that torchvision has moved."""
    anchor = torch.tensor([v.x - v.w / 2, v.y - v.h / 2, v.x + v.w / 2, v.y + v.h / 2], dtype=torch.float64)
    said = torch.tensor([v.p / 8, v.q / 8, v.r / 10, v.s / 10], dtype=torch.float64)
    coder = BoxCoder((1.0, 1.0, 1.0, 1.0))
    left, top, right, bottom = coder.decode_single(said[None], anchor[None])[0].tolist()
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def pooled_region(v: V) -> tuple[int, ...]:
    """Return the shape that torchvision's RoI pooling makes of a region."""
    region = torch.tensor([[0.0, 0, 0, v.w - 1, v.h - 1]])
    return tuple(roi_pool(torch.zeros(1, v.c, 40, 40), region, v.k).shape[1:])


@cache
def score_maps(classes: int, parts: int) -> int:
    """Return how many score maps a real R-FCN computes."""
    return on_meta(RFCN, classes, parts).get_submodule("class_maps").get_parameter("weight").shape[0]


def vote(v: V) -> float:
    """Return what four maps vote, pooled by torchvision's position-sensitive pooling."""
    quarters = [[v.a, 1, 0, 2], [2, v.b, 1, 0], [0, 2, v.c, 1], [1, 0, 2, v.d]]
    maps = torch.tensor(quarters, dtype=torch.float32).reshape(1, 4, 2, 2)
    maps = maps.repeat_interleave(4, 2).repeat_interleave(4, 3)  # each quarter has 4 × 4 positions
    parts = ps_roi_pool(maps, torch.tensor([[0.0, 0, 0, 8, 8]]), 2)
    return parts.mean().double().item()


def default_boxes(v: V) -> int:
    """Return how many boxes torchvision's SSD lays on three maps."""
    maps = [torch.zeros(1, 1, side, side) for side in (v.a, v.b, v.c)]
    (boxes,) = DefaultBoxGenerator([[2], [2, 3], [2]])(
        ImageList(torch.zeros(1, 3, 300, 300), [(300, 300)]), maps
    )
    return len(boxes)


@cache
def vgg_convolutions() -> nn.Module:
    return on_meta(vgg16).get_submodule("features")


def map_of_scores(v: V) -> tuple[int, ...]:
    """Return the shape behind VGG-16's convolutions and a further one."""
    maps = vgg_convolutions()(torch.empty(1, 3, 32 * v.n, 32 * v.n, device="meta"))
    return tuple(on_meta(nn.Conv2d, 512, v.c, 7)(maps).shape[1:])


def pixels_in_common(v: V) -> float:
    """Return the intersection over union of two sets of pixels."""
    real = torch.arange(3000) < v.a + v.c
    called = (torch.arange(3000) >= v.c) & (torch.arange(3000) < v.a + v.b + v.c)
    return ((real & called).sum().double() / (real | called).sum()).item()


def laid(v: V) -> tuple[float, ...]:
    """Return what a real transposed convolution makes of two numbers."""
    given = torch.tensor([[[v.a, v.b]]], dtype=torch.float64)
    kernel = torch.tensor([[[v.p, v.q, v.r]]], dtype=torch.float64)
    return tuple(nn.functional.conv_transpose1d(given, kernel, stride=2).flatten().tolist())


def small_u(v: V) -> tuple[int, ...]:
    """Return sizes and channels in a U of two sizes, made of the parts of the real one."""
    picture = torch.empty(1, 1, v.n, v.n, device="meta")
    first = on_meta(DoubleConvolution, 1, v.w, 0)(picture)
    bottom = on_meta(DoubleConvolution, v.w, 2 * v.w, 0)(nn.MaxPool2d(2)(first))
    up = on_meta(Up, 2 * v.w, v.w, 0)
    seen: list[torch.Size] = []
    up.get_submodule("convolutions").register_forward_pre_hook(lambda *two: seen.append(two[1][0].shape))
    end = up(bottom, first)
    twice = up.get_submodule("up")(bottom)
    return first.shape[2], bottom.shape[2], twice.shape[2], seen[0][1], seen[0][2], end.shape[2]


def seen_pixels(dilation: int) -> tuple[int, int]:
    """Return how many pixels a kernel at an eighth of the size spans, with one weight and with three."""
    ends = []
    for kernel in (1, 3):
        x = torch.ones(1, 1, 1600, requires_grad=True)
        layer = nn.Conv1d(1, 1, kernel, dilation=dilation, bias=False)
        nn.init.ones_(layer.weight)
        y = layer(nn.functional.avg_pool1d(x, 8))
        y[0, 0, y.shape[-1] // 2].backward()
        assert x.grad is not None
        places = x.grad.flatten().nonzero().flatten()
        ends.append(int(places[-1] - places[0]) + 1)
    return ends[0], ends[1]


def reach_of_dilation(v: V) -> tuple[int, ...]:
    """Return span, weights and gain of a dilated kernel, from the pixels that have a gradient."""
    one, three = seen_pixels(v.d)
    weights = nn.Conv2d(1, 1, 3, dilation=v.d, bias=False).weight.numel()
    return three // 8, weights, three - one


# lesson, question → the answer, or the blanks of a table row by row
ORACLES: dict[tuple[str, str], Callable[[V], Answer]] = {
    ("detection", "overlap-by-hand"): overlap,
    ("detection", "count-anchors"): anchors,
    ("detection", "move-an-anchor"): moved,
    ("detection", "pool-a-region"): pooled_region,
    ("detection", "score-maps"): lambda v: score_maps(v.n + 1, v.k),
    ("detection", "vote"): vote,
    ("detection", "count-six-maps"): default_boxes,
    ("segmentation", "map-of-scores"): map_of_scores,
    ("segmentation", "pixels-in-common"): pixels_in_common,
    ("segmentation", "transposed-by-hand"): laid,
    ("segmentation", "a-small-u"): small_u,
    ("segmentation", "see-far"): reach_of_dilation,
}
# lesson, question → where a learner goes in the lab, or what is changed in it, by the names in its address
REACHED: dict[tuple[str, str], dict[str, str]] = {
    ("detection", "dearest-for-a-box"): {"go": "fc6"},
    ("segmentation", "exactly-twice"): {"p": "1"},
    ("segmentation", "finest-details"): {"go": "up1.cat"},
}
