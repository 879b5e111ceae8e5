"""What the lesson on detection quotes, against torchvision's operations and the real nets."""

import torch
from torchvision.ops import box_iou, nms

from cnnlab import zoo
from cnnlab.tracing import Replay, replay, trace_of
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/210-detection.md").read_text(encoding="utf-8")


def walked(name: str) -> Replay:
    trace = trace_of(name)
    return replay(trace, trace.input_shape)


def test_the_worked_boxes_overlap_by_a_third():
    boxes = torch.tensor([[0, 0, 6, 4], [2, 1, 8, 5]], dtype=torch.float64)
    assert box_iou(boxes, boxes)[0, 1].item() == 12 / 36
    assert "The IoU is $12/36 = 0.33$" in LESSON


def test_of_four_boxes_in_a_row_the_first_and_the_third_are_kept():
    boxes = torch.tensor([[at, 0, at + 100, 50] for at in (0, 20, 45, 70)], dtype=torch.float64)
    agree = box_iou(boxes, boxes)
    scores = (0.9, 0.8, 0.7, 0.6)
    for at, name in enumerate("ABCD"):
        cells = [f"{agree[at, other]:.2f}" if other < at else "–" for other in range(3)]
        assert f"| {name} | {scores[at]} | {' | '.join(cells)} |\n" in LESSON
    kept = nms(boxes, torch.tensor(scores, dtype=torch.float64), 0.5)
    assert kept.tolist() == [0, 2]
    assert "- [x] A\n" in LESSON
    assert "- [x] C\n" in LESSON


def test_the_first_look_judges_16650_boxes():
    shapes = {one.name: one.output_shape for one in walked("fasterrcnn_vgg16").steps}
    scores, moves = shapes["proposals.objectness"], shapes["proposals.moves"]
    assert scores == (18, 37, 50)
    assert moves == (36, 37, 50)
    assert 9 * 37 * 50 == 16_650
    assert "16,650: nine at each of 37 × 50 positions" in LESSON


def test_dense_layers_are_done_for_each_box_and_the_first_is_the_dearest():
    whole = walked("fasterrcnn_vgg16")
    names = [one.name for one in whole.steps]
    proposing = [one for one in whole.steps if one.name.startswith("proposals")]
    behind = [one for one in whole.steps[names.index("roi_pool") :] if one not in proposing]
    assert [one.name for one in behind if one.macs] == ["fc6", "fc7", "classes", "boxes"]
    assert max(behind, key=lambda one: one.macs).name == "fc6"
    each = sum(one.macs for one in behind)
    assert (round(each / 1e6), round(whole.macs / 1e9), round(300 * each / 1e9)) == (120, 151, 36)
    assert round(behind[2].macs / next(one.macs for one in behind if one.name == "fc7")) == 6
    assert "120 million multiply-adds for a box" in LESSON
    assert "beside 151 billion for the whole picture. But with 300 boxes it is 36 billion" in LESSON


def test_behind_the_cut_of_rfcn_nothing_is_multiplied():
    steps = walked("rfcn_resnet101").steps
    names = [one.name for one in steps]
    behind = [one for one in steps[names.index("ps_roi_pool") :] if one.operation in ("ps_roi_pool", "mean")]
    assert len(behind) == 4
    assert {one.macs for one in behind} == {0}
    maps = zoo.build_on_meta("rfcn_resnet101").get_submodule("class_maps").get_parameter("weight").shape[0]
    assert maps == 7 * 7 * 21


def test_ssd_guesses_8732_boxes_on_six_maps():
    shapes = {one.name: one.output_shape for one in walked("ssd300_vgg16").steps}
    assert shapes["head.classification_head.cat"][0] == 8_732
    sides = [shapes[f"head.classification_head.module_list.{at}"][-1] for at in range(6)]
    assert (sides[0], sides[-1], len(sides)) == (38, 1, 6)
    assert "SSD300, with its six maps, guesses 8,732" in LESSON
