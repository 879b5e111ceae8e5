"""The table of facts is complete, in order, and says what the libraries publish."""

import math
import re

import pytest
import timm
import torchvision

from cnnlab import zoo
from cnnlab.arithmetic import Convolution, analyse
from cnnlab.tracing import replay, trace_of

ALL = [zoo.facts(name) for name in zoo.names()]
BY_NAME = {one.name: one for one in ALL}
ROWS_OF_THE_CURRICULUM = [
    *("lenet", "alexnet", "vgg", "inception", "resnet", "squeezenet", "preact_resnet", "densenet", "resnext"),
    *(
        "xception",
        "dpn",
        "nasnet",
        "senet",
        "mobilenet",
        "shufflenet",
        "efficientnet",
        "detection",
        "segmentation",
        "small",  # those that come trained with CNN Lab, after history
    ),
]
ACCURACIES = [(facts.name, one) for facts in ALL for one in facts.accuracies]


def test_the_rows_are_those_of_the_curriculum_in_its_order():
    assert [family.name for family in zoo.families()] == ROWS_OF_THE_CURRICULUM
    assert [one.name for family in zoo.families() for one in family.networks] == list(zoo.names())
    assert all(len(family.idea) > 40 for family in zoo.families())
    assert {one.family for one in ALL} == set(ROWS_OF_THE_CURRICULUM)


def test_no_two_networks_share_a_name_or_a_title():
    assert len(set(zoo.names())) == len(zoo.names()) == len({one.title for one in ALL})


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.name)
def test_facts_are_complete(facts: zoo.Facts):
    assert facts.paper is not None
    assert 1998 <= facts.paper.year <= 2019
    assert re.fullmatch(r"https://(arxiv\.org/abs/\d{4}\.\d{4,5}|doi\.org/10\.\d+/\S+)", facts.paper.link)
    assert all((facts.paper.authors, facts.paper.title, facts.paper.venue, facts.title))
    assert len(facts.introduced) > 40
    assert facts.before or facts.after
    assert not facts.ilsvrc or re.match(r"201\d: ", facts.ilsvrc)


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.name)
def test_an_arxiv_number_is_of_the_year_of_the_paper(facts: zoo.Facts):
    assert facts.paper is not None
    number = re.search(r"abs/(\d\d)", facts.paper.link)
    assert number is None or 2000 + int(number[1]) == facts.paper.year


@pytest.mark.parametrize("facts", ALL, ids=lambda facts: facts.name)
def test_what_came_before_is_not_later_and_what_came_after_is_not_earlier(facts: zoo.Facts):
    assert facts.year is not None
    assert all((BY_NAME[name].year or 0) <= facts.year for name in facts.before)
    assert all((BY_NAME[name].year or 9999) >= facts.year for name in facts.after)
    assert facts.name not in {*facts.before, *facts.after}


def published() -> list[zoo.Published]:
    return [number for facts in ALL for number in (facts.parameters, facts.macs) if number is not None]


def test_the_text_of_a_published_number_says_its_value():
    units = {"× 10⁶": 1e6, "× 10⁹": 1e9, "million": 1e6, "billion": 1e9}
    for number in published():
        match = re.match(r"([\d,.]+)(?: (× 10⁶|× 10⁹|million|billion))?\b", number.text)
        assert match is not None, number.text
        value = float(match[1].replace(",", "")) * units.get(match[2] or "", 1)
        assert math.isclose(value, number.value, rel_tol=1e-9), number.text
        assert number.source


def test_it_is_said_which_numbers_are_from_memory_and_they_are_few():
    assert 0 < sum(number.recalled for number in published()) < len(published()) / 4


@pytest.mark.parametrize("facts", [one for one in ALL if one.disagreements], ids=lambda facts: facts.name)
def test_a_disagreement_has_at_least_two_sides_and_a_reason(facts: zoo.Facts):
    for one in facts.disagreements:
        assert one.about
        assert one.why
        assert len(one.sides) >= 2
        assert len({side.what for side in one.sides}) >= 2


@pytest.mark.parametrize(
    "about",
    [
        *("the layer with 120", "the output of the first convolution", "the side of the input", "neurons"),
        *("parameters of VGG-16", "the 5 × 5 branch", "normalisation", "operations of ResNet-50", "year"),
        *(
            "cost of a bottleneck",
            "who proposes the networks",
            "what is replaced",
            "what α · β² · γ² ≈ 2 doubles",
        ),
        *(
            'what "separable" means',
            "the net with few parameters",
            "the layers with 4,096",
            "comparison with LeNet-5",
        ),
    ],
)
def test_the_errata_of_the_notes_are_told(about: str):
    assert any(one.about.startswith(about) for facts in ALL for one in facts.disagreements)


@pytest.mark.parametrize(("name", "pixels"), [("resnet50", 427), ("resnet50_v1", 483)])
def test_the_receptive_fields_are_those_of_the_recorded_networks(name: str, pixels: int):
    (told,) = (one for one in BY_NAME[name].disagreements if one.about.startswith("receptive field"))
    assert any(f"{pixels} pixels" in side.what for side in told.sides)
    trace = trace_of(name)
    before_the_average = next(
        step for step in reversed(replay(trace, trace.input_shape).steps) if "layer4" in step.path
    )
    assert before_the_average.receptive_field is not None
    assert before_the_average.receptive_field.size == (pixels, pixels)


def test_the_cost_of_the_bottleneck_is_right():
    def cost(before: int, after: int, kernel: int) -> int:
        layer = Convolution(before, after, (kernel, kernel), padding=(kernel // 2, kernel // 2))
        return analyse(layer, (before, 28, 28)).macs

    assert round(cost(192, 32, 5) / 1e6, 1) == 120.4
    assert round(cost(192, 16, 1) / 1e6, 1) == 2.4
    assert round((cost(192, 16, 1) + cost(16, 32, 5)) / 1e6, 1) == 12.4


@pytest.mark.parametrize(
    ("name", "accuracy"), ACCURACIES, ids=[f"{name}-{one.weights}" for name, one in ACCURACIES]
)
def test_accuracies_are_those_of_weights_that_the_library_has(name: str, accuracy: zoo.Accuracy):
    assert accuracy.library == BY_NAME[name].builder.library
    if accuracy.library == "torchvision":
        weights = torchvision.models.get_model_weights(name)[accuracy.weights]
        assert weights.meta["_metrics"]["ImageNet-1K"]["acc@1"] == accuracy.top1_percent
        assert weights.transforms().crop_size == [accuracy.resolution]
    else:
        config = timm.get_pretrained_cfg(f"{name}.{accuracy.weights}")
        assert config is not None
        assert accuracy.resolution in {config.input_size[1], (config.test_input_size or (0, 0))[1]}
        assert 70 < accuracy.top1_percent < 84


@pytest.mark.parametrize("name", [one.name for one in ALL if one.builder.library in {"torchvision", "timm"}])
def test_the_input_is_the_one_that_the_librarys_weights_were_made_for(name: str):
    facts = BY_NAME[name]
    if facts.family == "detection":
        return
    if facts.builder.library == "timm":
        config = timm.get_pretrained_cfg(name)
        assert config is not None
        assert config.input_size == facts.input_shape
    elif facts.family != "segmentation":
        weights = next(iter(torchvision.models.get_model_weights(name)))
        assert weights.transforms().crop_size == [facts.input_shape[1]] == [facts.input_shape[2]]
    else:
        weights = next(iter(torchvision.models.get_model_weights(name)))
        assert weights.transforms().resize_size == [facts.input_shape[1]]
