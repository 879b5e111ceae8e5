"""Questions become maps: counted, stoppable, repeatable, and never mixed up between learners."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnlab.inspection.attribution.graphs import UnknownLayer
from cnnlab.inspection.attribution.methods import METHODS
from cnnlab.inspection.attribution.relevance import NoRule
from cnnlab.inspection.attribution.running import (
    FAR,
    Attribution,
    Question,
    attribute,
    attribute_pixels,
    attribute_tensor,
)
from cnnlab.inspection.attribution.scored import NoSuchCategory
from cnnlab.inspection.attribution.tasks import pixels_of
from cnnlab.inspection.flow_input import IMAGENET, cut
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models
from tests.inspection.attribution.nets import SIDE, ask, awkward, loaded, picture, plain, tensor

pytestmark = pytest.mark.usefixtures("one_core")
QUICKER = {
    "shapley": {"segments": 9, "orders": 2},
    "lime": {"samples": 50, "segments": 9},
    "ablation": {"segments": 9},
}
COMPLETE = [name for name, one in METHODS.items() if one.complete]


def quickly(model: nn.Module, method: str, **more) -> Attribution:
    layer = "3" if METHODS[method].needs_layer else ""
    return ask(model, method, layer=layer, **QUICKER.get(method, {}), **more)


@pytest.mark.parametrize("method", METHODS)
def test_the_passes_are_those_that_were_told_before(method: str):
    passed = {"forward": 0, "backward": 0}

    def count(_module: nn.Module, _inputs: tuple, output: torch.Tensor) -> None:
        passed["forward"] += len(output)
        if output.requires_grad:
            output.register_hook(lambda gradient: passed.update(backward=passed["backward"] + len(gradient)))

    model = plain()
    model.get_submodule("6.linear").register_forward_hook(count)
    found = quickly(model, method)
    assert passed == {"forward": found.forwards, "backward": found.backwards}
    cost = METHODS[method].cost(QUICKER.get(method, {}), SIDE)
    if cost.exact:
        assert (found.forwards, found.backwards) == (cost.forward, cost.backward)
    else:
        assert 0.5 * cost.forward < found.forwards <= 1.2 * cost.forward
        assert found.backwards == cost.backward


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_map_of_the_picture(method: str):
    found = quickly(awkward(), method)
    assert found.values.dtype == np.float32
    assert found.values.shape in {(3, SIDE, SIDE), (1, SIDE, SIDE)}
    assert np.isfinite(found.values).all()
    assert found.values.std() > 0
    assert (found.values.min() < 0) == METHODS[method].signed
    assert np.array_equal(found.pixels, picture())
    with torch.no_grad():
        assert found.score == pytest.approx(float(awkward()(tensor(picture()))[0, 2]), abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_map_about_the_likeliest_category_is_the_map_about_its_number(method: str):
    with torch.no_grad():
        likely = int(awkward()(tensor(picture())).argmax())
    left_open, named = quickly(awkward(), method, target=-1), quickly(awkward(), method, target=likely)
    assert left_open.target == named.target == likely
    np.testing.assert_array_equal(left_open.values, named.values)


@pytest.mark.parametrize("method", COMPLETE)
def test_methods_that_promise_it_add_up_to_the_difference_of_the_scores(method: str):
    found = quickly(awkward(), method)
    assert found.completeness_error is not None
    tolerance = {"integrated_gradients": 0.05, "conductance": 0.2}.get(method, 1e-4)  # 20 steps; exact ones
    assert found.completeness_error < tolerance


def test_more_steps_bring_integrated_gradients_closer():
    errors = [ask(awkward(), "integrated_gradients", steps=steps).completeness_error for steps in (5, 200)]
    assert errors[1] is not None
    assert errors[1] < 0.01
    assert errors[1] < (errors[0] or 0)


@pytest.mark.parametrize("method", METHODS)
def test_the_work_can_be_stopped_at_any_pass_and_leaves_nothing_behind(method: str):
    class Stopped(Exception):
        pass

    heard: list[int] = []

    def progress(_doing: str, done: int, _total: int) -> None:
        heard.append(done)
        if len(heard) > 1 or METHODS[method].cost(QUICKER.get(method, {})).forward < 3:
            raise Stopped("by the learner")

    model = awkward()
    with pytest.raises(Stopped, match="by the learner"):
        quickly(model, method, progress=progress)
    for module in model.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
        assert not module._backward_hooks
        assert {"input", "output", "activations", "rule"}.isdisjoint(vars(module))
    np.testing.assert_array_equal(quickly(model, method).values, quickly(awkward(), method).values)


@pytest.mark.parametrize("method", ["smoothgrad", "shapley", "lime", "occlusion"])
def test_a_draw_can_be_repeated_and_nobody_elses_random_numbers_are_touched(method: str):
    more = {"baseline": "random"} if method == "occlusion" else {}
    torch.manual_seed(1)
    wanted = torch.rand(3)
    torch.manual_seed(1)
    model = plain()
    torch.manual_seed(1)
    first = quickly(model, method, seed=4, **more)
    assert torch.equal(torch.rand(3), wanted)
    np.testing.assert_array_equal(quickly(plain(), method, seed=4, **more).values, first.values)
    assert np.abs(quickly(plain(), method, seed=5, **more).values - first.values).max() > 0


def test_learners_who_ask_one_network_at_once_get_their_own_maps_only():
    model = loaded(awkward())
    questions = [
        Question("tiny", "picture", method, target, tuple(QUICKER.get(method, {}).items()), "3")
        for method in METHODS
        for target in (0, 3)
    ]
    alone = [attribute_pixels(loaded(awkward()), picture(), one).values for one in questions]
    rounds = 3
    order = np.random.default_rng(0).permutation(len(questions) * rounds) % len(questions)
    with ThreadPoolExecutor(4) as learners:
        found = learners.map(lambda one: attribute_pixels(model, picture(), questions[one]).values, order)
    wrong = 0
    for one, values in zip(order, found, strict=True):
        wanted = alone[one]
        wrong += np.abs(values - wanted).max() > 1e-4 * np.abs(wanted).max()
    assert wrong == 0


def test_a_whole_question_is_answered_by_a_network_of_the_zoo():
    models, cat = Models(), sample_picture("cat")
    question = Question("squeezenet1_1", "cat", "saliency", 281)
    told: list[str] = []
    found = attribute(question, cat, models, lambda doing, _done, _total: told.append(doing))
    kept = models.get("squeezenet1_1")
    assert np.array_equal(found.pixels, cut(cat, (3, 224, 224), kept.preparing))
    assert found.values.shape == (3, 224, 224)
    assert told[0] == "Loading the network"
    assert told[-1] == "Computing"


def test_a_networks_own_numbers_may_lie_between_those_of_pixels():
    x = tensor(picture()) + 0.001
    np.testing.assert_array_equal(pixels_of(tensor(picture()), IMAGENET), picture())
    question = Question("tiny", "pushed", "saliency", 1)
    pushed = attribute_tensor(loaded(awkward()), x, question)
    with torch.no_grad():
        assert pushed.score == pytest.approx(float(awkward()(x)[0, 1]), abs=1e-6)


def test_a_category_a_layer_and_a_rule_that_there_are_not_are_told():
    with pytest.raises(NoSuchCategory, match="tells 5 categories, numbered from 0; 5 is none of them"):
        ask(plain(), "saliency", target=5)
    with pytest.raises(UnknownLayer, match="no layer “stem”"):
        ask(plain(), "grad_cam", layer="stem")
    with pytest.raises(UnknownLayer, match="gives 5 numbers, not maps"):
        ask(plain(), "grad_cam", layer="6")
    with pytest.raises(NoRule, match="no rule for SiLU"):
        ask(nn.Sequential(nn.Conv2d(3, 4, 3), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()), "lrp")


def test_a_sum_that_is_far_off_is_told():
    good, bad = ask(awkward(), "integrated_gradients"), ask(awkward(), "lrp", rule="gamma")
    assert "do not add up" not in good.note
    assert bad.completeness_error is not None
    assert bad.completeness_error > FAR
    assert "do not add up" in bad.note


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_nobody_uses_any_more_is_let_go(method: str):
    model = awkward()
    quickly(model, method)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_a_layer_that_only_speaks_against_the_category_gives_an_empty_map_with_a_word():
    model = plain()
    with torch.no_grad():
        model.get_parameter("6.linear.weight").abs_().neg_()
    found = ask(model, "grad_cam", layer="5")
    assert not found.values.any()
    assert "speaks against the category" in found.note
