"""What the lesson on NASNet quotes, against the real network and PyTorch's gradients."""

import torch

from cnnlab.tracing import replay, trace_of
from cnnlab.zoo.networks.nasnet import NormalCell
from tests.course.oracles_of_nasnet import learned
from tests.running_app import ROOT

LESSON = (ROOT / "lessons/195-nasnet.md").read_text(encoding="utf-8")
SMALL, BY_HAND = (replay(trace_of(name), (3, 224, 224)) for name in ("nasnet_a_mobile", "mobilenetv1_100"))


def test_the_worked_step_of_learning_is_a_step_along_the_gradient():
    chosen, other, probability = learned(0.76, 0.70, 10)
    assert (f"{chosen:.1f}", f"{other:.1f}", f"{probability:.3f}") == ("0.3", "-0.3", "0.646")
    assert "$1/(1 + e^{-0.6}) = 0.646$" in LESSON


def test_a_normal_cell_makes_five_sums_and_puts_six_things_side_by_side():
    steps = [one for one in SMALL.steps if one.name.startswith("cells.1.")]
    sums = [one for one in steps if one.operation == "add"]
    assert len(sums) == 5
    assert steps[-1].operation == "cat"
    assert steps[-1].output_shape[0] == 6 * sums[0].output_shape[0] == 6 * 44
    reduction = [one for one in SMALL.steps if one.name.startswith("cells.4.")]
    assert reduction[-1].output_shape[0] == 4 * 88
    assert [one.output_shape[0] for one in SMALL.steps if one.name == "cells.13.cat"] == [1056]


def test_one_sum_is_the_same_average_twice():
    torch.manual_seed(0)
    cell = NormalCell((6, 6), 4, older_is_larger=False).eval()
    older, newer = torch.rand(2, 1, 6, 7, 7)
    with torch.no_grad():
        fourth = cell(older, newer)[:, 16:20]
        assert torch.allclose(fourth, 2 * cell.average(cell.fit_older(older)))


def test_the_step_that_the_hint_names_adds_two_averages():
    names = [one.name for one in SMALL.steps]
    at = names.index("cells.1.add_4")
    assert [one.operation for one in SMALL.steps[at - 2 : at]] == ["avg_pool2d", "avg_pool2d"]


def test_the_first_reduction_between_stages_is_where_the_lesson_says():
    sizes = {one.name: one.output_shape[-1] for one in SMALL.steps if one.operation == "cat"}
    cells = {name: size for name, size in sizes.items() if name.startswith("cells.") and name.count(".") == 2}
    assert [next(name for name in cells if cells[name] == size) for size in (28, 14, 7)] == [
        "cells.0.cat",
        "cells.4.cat",
        "cells.9.cat",
    ]


def test_the_two_networks_cost_as_much_in_very_different_pieces():
    for what, numbers in (
        ("multiply-adds", [f"{one.macs / 1e6:.0f} M" for one in (SMALL, BY_HAND)]),
        ("parameters", [f"{one.parameters / 1e6:.1f} M" for one in (SMALL, BY_HAND)]),
        (
            "convolutions",
            [sum(step.operation == "conv2d" for step in one.steps) for one in (SMALL, BY_HAND)],
        ),
    ):
        assert f"| {what} | {numbers[0]} | {numbers[1]} |" in LESSON
    assert round(356 / 27) == 13
