"""What the lesson on EfficientNet quotes, against torchvision's networks and its B0 with other settings."""

from functools import cache

import torch
from torch import nn
from torchvision.models.efficientnet import EfficientNet, MBConv, MBConvConfig

from cnnlab import zoo
from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.questions import ReachQuestion
from cnnlab.course.reading import read_file
from cnnlab.tracing import replay, trace_of
from cnnlab.ui.labs.state_of_architecture import architecture_state
from tests.course.oracles_of_economy import count, macs, on_meta
from tests.running_app import ROOT

PATH = ROOT / "lessons/200-efficientnet.md"
LESSON = PATH.read_text(encoding="utf-8")
# kernel, stride, channels in and out, blocks, how many times as wide inside: table 1 of the paper
STAGES = (
    (1, 3, 1, 32, 16, 1),
    (6, 3, 2, 16, 24, 2),
    (6, 5, 2, 24, 40, 2),
    (6, 3, 2, 40, 80, 3),
    (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4),
    (6, 3, 1, 192, 320, 1),
)


@cache
def scaled(depth: float = 1, width: float = 1) -> nn.Module:
    """Return B0, so many times as deep and wide."""
    stages = [MBConvConfig(*one, width_mult=width, depth_mult=depth) for one in STAGES]
    return on_meta(EfficientNet, stages, 0.2)


@cache
def work(model: nn.Module, side: int = 224) -> int:
    """Return the multiply-adds for pictures of a side."""
    return macs(model, 3, side, side)


def times(model: nn.Module, side: int = 224) -> tuple[str, str]:
    """Return how many times as many parameters and multiply-adds as those of B0 a network has."""
    parameters = count(model) / count(scaled())
    return f"{parameters:.2f}", f"{work(model, side) / work(scaled()):.2f}"


def test_the_small_network_of_these_tests_is_that_of_torchvision():
    real = zoo.build_on_meta("efficientnet_b0")
    assert [one.shape for one in real.parameters()] == [one.shape for one in scaled().parameters()]
    assert sum(isinstance(one, MBConv) for one in real.modules()) == 16


def test_doubling_one_thing_costs_what_the_table_says():
    found = {
        "depth": times(scaled(depth=2)),
        "width": times(scaled(width=2)),
        "resolution": times(scaled(), 448),
    }
    for name, (parameters, work) in found.items():
        assert f"| {name} | {parameters} times | {work} times |" in LESSON


def test_the_four_larger_networks_cost_what_the_errata_say():
    cases = ((scaled(depth=4), 224), (scaled(width=2), 224), (scaled(), 448), (scaled(1.4, 1.2), 291))
    found = [f"{work(model, side) / 1e9:.2f}" for model, side in cases]
    assert found == ["1.58", "1.45", "1.54", "1.80"]
    assert (
        "1.58 billion, the wider one 1.45, the sharper one 1.54, and the one with a bit of each 1.80"
        in LESSON
    )


def test_the_family_is_as_large_as_the_table_says():
    found = {}
    for number in (0, 1, 4, 7):
        facts, trace = zoo.facts(f"efficientnet_b{number}"), trace_of(f"efficientnet_b{number}")
        side = facts.input_shape[1]
        replayed = replay(trace, facts.input_shape)
        found[number] = replayed.parameters, replayed.macs
        top1 = facts.accuracies[0].top1_percent
        millions = [one / 1e6 for one in found[number]]
        row = f"| B{number} | {side} | {millions[0]:.1f} M | {millions[1]:,.0f} M | {top1:.1f} % |"
        assert row in LESSON
    growth = [f"{new / old:.1f}" for old, new in zip(found[0], found[7], strict=True)]
    assert f"{growth[0]} times the parameters of B0 and {growth[1]} times its multiply-adds" in LESSON
    step = 1.2 * 1.1**2 * 1.15**2
    assert (f"{step:.2f}", round(step**7), f"{1.2 * 1.1**2:.2f}") == ("1.92", 96, "1.45")


def test_the_second_network_is_deeper_and_not_wider():
    first, second = (zoo.build_on_meta(f"efficientnet_b{number}") for number in (0, 1))
    widths = [
        [one.out_channels for one in model.modules() if isinstance(one, MBConv)] for model in (first, second)
    ]
    assert sorted({*widths[0]}) == sorted({*widths[1]})
    assert len(widths[0]) < len(widths[1])
    assert [one.shape for one in second.parameters()] == [one.shape for one in scaled(1.1).parameters()]


def test_the_block_of_the_lesson_is_in_the_order_that_it_asks_for():
    steps = replay(trace_of("efficientnet_b0"), (3, 224, 224)).steps
    block = [one for one in steps if one.name.startswith("features.2.1.")]
    kept = [one for one in block if one.operation not in ("batch_norm", "silu", "dropout")]
    assert [one.operation for one in kept] == [
        *("conv2d", "conv2d", "adaptive_avg_pool2d", "conv2d", "conv2d", "sigmoid"),
        *("mul", "conv2d", "add"),
    ]
    assert [one.output_shape[0] for one in kept] == [144, 144, 144, 6, 144, 144, 144, 24, 24]
    assert block[-2].operation == "batch_norm"  # and no activation behind the last 1 × 1


def test_only_some_sizes_of_the_input_double_the_work_and_the_parameters_stay():
    lesson = read_file(PATH, PATH.name).lesson
    assert lesson is not None
    (question,) = (one for one in lesson.questions if isinstance(one, ReachQuestion))
    right = []
    for side in (224, 300, 301, 320, 321, 448):
        state = architecture_state({"net": "efficientnet_b0", "input": f"3x{side}x{side}", "step": "0"})
        as_many = work(scaled(), side) / work(scaled())
        verdict = grade(question, state, Setting())
        assert (verdict.outcome is Outcome.RIGHT) == (1.9 < as_many < 2.1)
        assert verdict.outcome is Outcome.RIGHT or verdict.feedback
        assert state["network_parameters"] == count(scaled())
        right += [side] * (verdict.outcome is Outcome.RIGHT)
    assert right == [301, 320]


def test_twice_the_work_costs_about_five_percent_in_the_rating():
    assert f"{torch.tensor(2.0).pow(-0.07).item():.3f}" == "0.953"
    assert "$2^{-0.07} = 0.953$" in LESSON
