"""A question about a real network of the zoo goes through every test; stopping works within a map."""

import gc
import weakref

import numpy as np
import pytest
import torch

from cnnlab.inspection.attribution.adversarial import Push, fgsm
from cnnlab.inspection.attribution.running import Question, attribute
from cnnlab.inspection.attribution.truth import completeness
from cnnlab.inspection.attribution.truth_asking import Examined, examined
from cnnlab.inspection.attribution.truth_curves import curves
from cnnlab.inspection.attribution.truth_maps import controls
from cnnlab.inspection.attribution.truth_metrics import Noise, sensitivity
from cnnlab.inspection.attribution.truth_randomisation import randomisation, randomised_from
from cnnlab.inspection.attribution.truth_shift import shifted
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models
from tests.inspection.attribution.test_truth import Enough

pytestmark = [
    pytest.mark.usefixtures("one_core"),
    pytest.mark.filterwarnings("ignore:Setting backward hooks on ReLU:UserWarning"),  # Captum announces it
]
MODEL = "lenet5"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models()


def ask(models: Models, method: str, **more) -> Examined:
    return examined(Question(MODEL, "coffee", method, **more), sample_picture("coffee"), models)


@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "guided_backprop", "occlusion"])
def test_the_map_is_the_one_that_the_question_gets(models: Models, method: str):
    found = ask(models, method)
    wanted = attribute(Question(MODEL, "coffee", method), sample_picture("coffee"), models)
    np.testing.assert_array_equal(found.map(), wanted.values)
    assert found.subject.target == wanted.target
    assert found.subject.score(found.subject.values) == pytest.approx(wanted.score, rel=1e-5)


def test_the_error_of_completeness_is_the_one_beside_the_map(models: Models):
    found = ask(models, "integrated_gradients", target=3, settings=(("steps", 4),))
    wanted = attribute(
        Question(MODEL, "coffee", "integrated_gradients", 3, (("steps", 4),)),
        sample_picture("coffee"),
        models,
    )
    error = completeness(found.subject, found.map(), found.without("black")).error
    assert error == pytest.approx(wanted.completeness_error, rel=1e-3)


def test_every_test_takes_what_a_question_gives(models: Models):
    found = ask(models, "guided_backprop")
    one, explain = found.subject, found.explain
    _, stages = randomisation(explain, one)
    assert [stage.layers for stage in stages] == [1, 2, 3, 4, 5]
    maps = {"map": found.map(), **controls(found.pixels)}
    assert set(curves(one, maps, found.without(), steps=4)) == set(maps)
    assert sensitivity(explain, one, Noise(samples=2)) > 0
    assert len(shifted(explain, one, ((0, 2),))[1]) == 1
    pushed = fgsm(one, Push(4))
    assert not np.array_equal(explain(one.model, pushed.values, one.target), found.map())


def test_a_test_can_be_stopped_within_a_map(models: Models):
    heard = []

    def progress(doing: str, done: int, total: int) -> None:
        heard.append((doing, done, total))
        if len(heard) > 8:
            raise Enough("enough")

    asked = Question(MODEL, "coffee", "integrated_gradients", 1, (("steps", 200),))
    found = examined(asked, sample_picture("coffee"), models, progress)
    with pytest.raises(Enough, match="enough"):
        randomisation(found.explain, found.subject, progress=found.progress)
    assert heard[-1] == ("The trained network", 0, 6)


@pytest.mark.parametrize("method", ["guided_backprop", "grad_cam"])
def test_a_network_that_forgot_is_forgotten_itself(models: Models, method: str):
    network = models.get(MODEL).model.named_modules()
    first = next(name for name, one in network if hasattr(one, "kernel_size"))
    found = ask(models, method, layer=first)
    copy = randomised_from(found.subject, first)
    found.explain(copy, found.subject.values, 0)
    gone = weakref.ref(copy)
    del copy
    gc.collect()
    assert gone() is None


def test_the_shared_network_keeps_its_weights(models: Models):
    before = {name: value.clone() for name, value in models.get(MODEL).model.state_dict().items()}
    found = ask(models, "saliency")
    randomisation(found.explain, found.subject)
    after = models.get(MODEL).model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
