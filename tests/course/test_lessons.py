"""The lessons of the course: they read without mistakes, and PyTorch agrees with what they ask and quote."""

import re
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torchvision
from torch import nn

from cnnlab.course.filling import fill, value_of
from cnnlab.course.front_matter import Level
from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.lesson import Lesson, QuestionBlock, Widget, every
from cnnlab.course.parameters import Draw, draw
from cnnlab.course.questions import (
    KernelQuestion,
    MultipleQuestion,
    NumericQuestion,
    PredictQuestion,
    Question,
    ReachQuestion,
    ShapeQuestion,
    SingleQuestion,
    TableQuestion,
    TextQuestion,
)
from cnnlab.course.reading import read_file
from cnnlab.ui.labs.state_of_architecture import architecture_state
from cnnlab.ui.labs.state_of_augmentation import augmentation_state
from cnnlab.ui.labs.state_of_convolution import convolution_state
from tests.course import (
    oracles_of_augmentation,
    oracles_of_beyond,
    oracles_of_classics,
    oracles_of_densenet,
    oracles_of_economy,
    oracles_of_groups,
    oracles_of_looking,
    oracles_of_mobilenet,
    oracles_of_nasnet,
    oracles_of_residual,
)
from tests.course.lesson_oracles import NO_LAYER, ORACLES, count, field, macs, places
from tests.running_app import ROOT


def place(path: Path) -> int:
    """Return the number with which a lesson's file begins."""
    return int(path.name.partition("-")[0])


FILES = sorted((ROOT / "lessons").glob("*.md"), key=place)
VARIANTS = 20
Computed = NumericQuestion | ShapeQuestion | TableQuestion
# lesson, question → what a learner changes in the lab, by the names in its address
REACHED = {
    ("dense-and-1d", "five-outputs"): {"k": "3", "s": "2"},
    ("stride-and-padding", "reach-fourteen"): {"s": "2", "p": "2"},
    ("counting", "same-weights-less-work"): {"s": "2"},
    ("dilation-and-receptive-field", "field-of-nine"): {"d": "4"},
    ("one-by-one-grouped-depthwise", "by-groups"): {"g": "16"},
    ("pooling", "overlapping-windows"): {"k": "3"},
    **oracles_of_classics.REACHED,
    **oracles_of_residual.REACHED,
    **oracles_of_mobilenet.REACHED,
    **oracles_of_densenet.REACHED,
    **oracles_of_economy.REACHED,
    **oracles_of_groups.REACHED,
    **oracles_of_looking.REACHED,
    **oracles_of_augmentation.REACHED,
    **oracles_of_nasnet.REACHED,
    **oracles_of_beyond.REACHED,
}
STATES = {
    "conv-lab": convolution_state,
    "architecture-lab": architecture_state,
    "augment-lab": augmentation_state,
}


@lru_cache
def lesson_at(path: Path) -> Lesson:
    reading = read_file(path, path.name)
    assert [str(one) for one in reading.mistakes] == []
    assert reading.lesson is not None
    return reading.lesson


def asked(*kinds: type[Question]) -> list[Any]:
    """Return the questions of these kinds, or all, each with its lesson's id, as parameters of a test."""
    found = [(lesson_at(path).front.id, one) for path in FILES for one in lesson_at(path).questions]
    wanted = [(name, one) for name, one in found if isinstance(one, kinds or Question)]
    return [pytest.param(name, one, id=f"{name}/{one.id}") for name, one in wanted]


def about_layers() -> list[Any]:
    """Return the questions that a layer of PyTorch can answer."""
    found = asked(NumericQuestion, ShapeQuestion, TableQuestion)
    return [one for one in found if (one.values[0], getattr(one.values[1], "id", "")) not in NO_LAYER]


def numbers_of(lesson: str, question: Question) -> list[dict[str, Any]]:
    """Return the numbers of twenty learners, or of nobody where the question has none."""
    count = VARIANTS if question.params else 1
    return [draw(question, Draw(b"secret", f"learner {at}", lesson, question.id)) for at in range(count)]


def as_namespace(values: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**values)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return lesson_at(request.param)


def test_there_are_lessons_and_their_order_is_that_of_their_files():
    orders = [lesson_at(path).front.order for path in FILES]
    assert len(FILES) >= 8
    assert orders == sorted(set(orders)) == [place(path) for path in FILES]


def test_a_lesson_takes_as_long_as_a_learner_can_attend_and_asks_before_it_tells(lesson: Lesson):
    blocks = list(every(lesson.blocks))
    first = next(one for one in blocks if isinstance(one, QuestionBlock))
    widget = next(at for at, one in enumerate(blocks) if isinstance(one, Widget))
    assert 10 <= lesson.front.minutes <= 25
    assert isinstance(first.question, PredictQuestion)
    assert widget <= 6
    assert lesson.front.objectives
    assert lesson.front.level in (Level.INTRO, Level.CORE)


def test_a_lesson_has_labs_and_questions_of_many_kinds(lesson: Lesson):
    assert len(lesson.widgets) >= 2
    assert len(lesson.questions) >= 6
    assert len({type(one) for one in lesson.questions}) >= 5
    assert any(one.params for one in lesson.questions)


def test_a_lesson_says_at_its_end_where_its_facts_come_from(lesson: Lesson):
    texts = [getattr(one, "text", "") for one in lesson.blocks]
    titles = [title for text in texts for title in re.findall(r"^## (.*)$", text, re.MULTILINE)]
    assert titles[-1] == "Sources and errata"
    assert titles.count("Sources and errata") == 1


@pytest.mark.parametrize(("name", "question"), asked())
def test_every_question_helps_whoever_is_wrong(name: str, question: Question):  # noqa: ARG001
    if isinstance(question, SingleQuestion | MultipleQuestion | PredictQuestion):
        assert all(choice.feedback for choice in question.choices)
        assert not any("$" in choice.text for choice in question.choices)
    if isinstance(question, NumericQuestion | ShapeQuestion | KernelQuestion | ReachQuestion):
        assert len(question.wrong) >= 3
        assert all(one.feedback for one in question.wrong)
    if isinstance(question, NumericQuestion | ShapeQuestion | TableQuestion | TextQuestion):
        assert question.solution
    assert isinstance(question, PredictQuestion) or question.hints


@pytest.mark.parametrize(("name", "question"), about_layers())
def test_pytorch_gives_the_same_answer_for_twenty_learners(name: str, question: Computed):
    oracle = ORACLES[name, question.id]
    for values in numbers_of(name, question):
        expected = oracle(as_namespace(values))
        if isinstance(question, TableQuestion):
            found = tuple(value_of(one.answer, values) for one in question.blanks)
            assert isinstance(expected, tuple)
            for one, wanted in zip(found, expected, strict=True):
                assert one == pytest.approx(wanted, rel=1e-12, abs=1e-12), values
        elif isinstance(expected, float):
            assert value_of(question.answer, values) == pytest.approx(expected, rel=1e-12), values
        else:
            assert value_of(question.answer, values) == expected, values


def test_no_oracle_is_left_without_its_question():
    known = {(lesson_at(path).front.id, one.id) for path in FILES for one in lesson_at(path).questions}
    assert known >= ORACLES.keys() | NO_LAYER | REACHED.keys()


@pytest.mark.parametrize(("name", "question"), asked(ReachQuestion))
def test_what_a_lab_shall_reach_is_not_there_yet_and_can_be_reached(name: str, question: ReachQuestion):
    widgets = [one for path in FILES for one in lesson_at(path).widgets if one.id == question.widget]
    start, state = widgets[0].settings, STATES[widgets[0].name]
    before = grade(question, state(start), Setting())
    after = grade(question, state(start | REACHED[name, question.id]), Setting())
    assert len(widgets) == 1
    assert (before.outcome, after.outcome) == (Outcome.WRONG, Outcome.RIGHT)
    assert before.feedback


@pytest.mark.parametrize(("name", "question"), asked(KernelQuestion))
def test_the_kernel_that_a_lesson_shows_does_what_it_asks_for(name: str, question: KernelQuestion):  # noqa: ARG001
    kernel = value_of(question.answer, {})
    assert grade(question, kernel, Setting()).outcome is Outcome.RIGHT
    for one in question.wrong:
        verdict = grade(question, value_of(one.answer, {}), Setting())
        assert (verdict.outcome, verdict.feedback) == (Outcome.WRONG, one.feedback)


@pytest.mark.parametrize(("name", "question"), asked(NumericQuestion, ShapeQuestion))
def test_whoever_makes_an_expected_mistake_is_told_about_this_one(
    name: str, question: NumericQuestion | ShapeQuestion
):
    for values in numbers_of(name, question):
        mistakes = [(value_of(one.answer, values), one.feedback) for one in question.wrong]
        typed = [(value, said) for value, said in mistakes if isinstance(value, int | tuple)]
        for value, said in typed:
            verdict = grade(question, str(value), Setting(values))
            assert (verdict.outcome, verdict.feedback) == (Outcome.WRONG, fill(said, values)), (value, values)


def text_of(stem: str) -> str:
    (path,) = (one for one in FILES if one.stem.endswith(stem))
    return path.read_text(encoding="utf-8").replace("{,}", ",")


def test_the_quoted_numbers_of_vgg_16_are_those_of_the_real_model():
    with torch.device("meta"):
        model = torchvision.models.vgg16()
    dense, convolutions = count(model.classifier), macs(model.features, 3, 224, 224)
    total = macs(model, 3, 224, 224)
    quoted = (count(model), dense, int(convolutions), int(total), 4 * count(model))
    assert all(f"{number:,}" in text_of("counting") for number in quoted)
    assert (round(100 * dense / count(model)), round(100 * convolutions / total)) == (89, 99)


def test_the_memory_of_vgg_16_is_what_its_parameters_take():
    (question,) = (one for path in FILES for one in lesson_at(path).questions if one.id == "vgg-memory")
    with torch.device("meta"):
        state = torchvision.models.vgg16().state_dict()
    size = sum(one.nbytes for one in state.values()) / 2**20
    assert grade(question, f"{size:.1f}", Setting()).outcome is Outcome.RIGHT
    assert "527.8" in question.solution


def test_the_quoted_costs_of_the_first_example_are_those_of_the_real_layer():
    layer = nn.Conv2d(3, 64, 5)
    assert (count(layer), macs(layer, 3, 32, 32)) == (4_864, 3_763_200)
    assert all(one in text_of("counting") for one in ("4,864", "3,763,200", "7,526,400"))


def test_the_quoted_costs_of_pair_and_bottleneck_are_those_of_real_layers():
    depthwise, pointwise = nn.Conv2d(3, 3, 5, groups=3), nn.Conv2d(3, 64, 1)
    squeeze, wide = nn.Conv2d(192, 16, 1), nn.Conv2d(16, 32, 5, padding=2)
    with torch.device("meta"):
        googlenet = torchvision.models.googlenet(aux_logits=False, init_weights=False)
    numbers = (
        count(depthwise, pointwise),
        macs(nn.Sequential(depthwise, pointwise), 3, 32, 32),
        macs(nn.Conv2d(192, 32, 5, padding=2), 192, 28, 28),
        macs(squeeze, 192, 28, 28),
        macs(wide, 16, 28, 28),
        macs(nn.Sequential(squeeze, wide), 192, 28, 28),
        count(googlenet),
        count(nn.Conv2d(16, 64, 3)),
    )
    assert numbers == (334, 209_328, 120_422_400, 2_408_448, 10_035_200, 12_443_648, 6_624_904, 9_280)
    text = text_of("depthwise")
    assert all(f"{int(number):,}" in text for number in numbers)
    assert f"{count(googlenet.fc):,} parameters" in text_of("pooling")


def test_the_predictions_of_the_lessons_come_true():
    sizes = [32]
    while sizes[-1] >= 5:
        sizes.append(nn.Conv2d(1, 1, 5)(torch.zeros(1, 1, sizes[-1], sizes[-1])).shape[-1])
    grey = nn.functional.conv2d(torch.full((1, 1, 8, 8), 100.0), torch.full((1, 1, 3, 3), 1 / 9), padding=1)
    holes = places([nn.Conv1d(1, 1, 3, dilation=2)])
    twice = places([nn.Conv1d(1, 1, 3, dilation=2), nn.Conv1d(1, 1, 3, dilation=2)])
    shifts = [nn.MaxPool1d(2)(torch.eye(6)[at].reshape(1, 1, 6)).argmax().item() for at in (2, 3, 4)]
    assert shifts == [1, 1, 2]
    assert ", ".join(map(str, sizes)) in text_of("padding")
    assert (round(grey[0, 0, 0, 3].item(), 1), round(grey[0, 0, 0, 0].item(), 1)) == (66.7, 44.4)
    assert field(*(nn.Conv1d(1, 1, 3) for _ in range(3))) == 7
    assert (holes[-1] - holes[0] + 1, 25 - len(holes) ** 2) == (5, 16)
    assert (twice[-1] - twice[0] + 1, len(twice) ** 2) == (9, 25)
