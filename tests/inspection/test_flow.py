"""A picture flows through a network: exactly, in bounds, and without a trace of another's picture."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection import flow
from cnnlab.inspection.flow import Asked, FlowProblem, Flows, Run, possible
from cnnlab.inspection.flow_input import IMAGENET, cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Loaded
from cnnlab.tracing import trace_of
from tests.inspection.watched import hooked

SMALL = (3, 64, 64)
pytestmark = pytest.mark.usefixtures("one_core")


@pytest.fixture(scope="module")
def flows() -> Flows:
    """Return flows whose networks are loaded once for all tests here."""
    return Flows()


def run(flows: Flows, picture: str, name: str = "squeezenet1_1") -> Run:
    return flows.run(Asked(name, SMALL, picture), sample_picture(picture))


def test_the_exact_values_of_a_step_are_what_a_hook_on_the_network_sees(flows: Flows):
    asked = Asked("squeezenet1_1", SMALL, "coffee")
    model, preparing = flows.models.get(asked.name).model, flows.models.get(asked.name).preparing
    x = torch.from_numpy(numbers(cut(sample_picture("coffee"), SMALL, preparing), preparing))
    wanted = hooked(model, x)
    summaries = run(flows, "coffee").steps
    compared = 0
    for index, step in enumerate(trace_of(asked.name).steps):
        if step.operation == "conv2d":
            exact = flows.exact(asked, index, sample_picture("coffee"))
            tensor = wanted[step.path][0][0].numpy()
            np.testing.assert_allclose(exact, tensor, rtol=1e-5, atol=1e-6)
            assert summaries[index].mean == pytest.approx(tensor.mean(dtype=np.float64), rel=1e-4)
            compared += 1
    assert compared == 26


def test_learners_who_run_one_network_at_once_see_their_own_pictures_only(flows: Flows):
    pictures = ("cat", "coffee", "rocket", "text")
    alone = {one: [step.strengths for step in run(flows, one).steps] for one in pictures}
    model = flows.models

    def again(picture: str) -> tuple[str, Run]:
        return picture, run(Flows(model), picture)  # what was kept before is not asked

    with ThreadPoolExecutor(4) as learners:
        for picture, found in learners.map(again, pictures * 6):
            for step, strengths in zip(found.steps, alone[picture], strict=True):
                np.testing.assert_allclose(step.strengths, strengths, rtol=1e-4, atol=1e-6)
    differ = [np.abs(alone["cat"][0] - alone[one][0]).max() for one in pictures[1:]]
    assert min(differ) > 0.01  # so the comparison can fail


def test_what_was_computed_is_kept_for_the_next_but_not_without_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(flow, "MOST_RUNS", 2)
    monkeypatch.setattr(flow, "EXACT_BUDGET", 30_000)
    flows = Flows()
    pictures = [f"digit-{n}" for n in range(3)]
    asked = [Asked("lenet5", (1, 32, 32), one) for one in pictures]
    runs = [flows.run(one, sample_picture(one.picture)) for one in asked]
    assert flows.run(asked[2], sample_picture(pictures[2])) is runs[2]
    assert [flows.known_run(one) is not None for one in asked] == [False, True, True]
    for one in asked:
        flows.exact(one, 0, sample_picture(one.picture))  # 6 × 28 × 28 × 4 bytes
    assert [flows.known_exact(one, 0) is not None for one in asked] == [False, False, True]


def test_who_asks_for_too_much_is_told_what_is_possible():
    with pytest.raises(FlowProblem, match=r"On an input of 3 × 4096 × 4096, vgg16 takes .* choose a smaller"):
        possible("vgg16", (3, 4096, 4096))
    with pytest.raises(FlowProblem, match="choose a smaller input"):
        Flows().exact(Asked("resnet18", (3, 16000, 16000), "cat"), 0, sample_picture("cat"))
    with pytest.raises(CnnLabError, match="smallest square input that works"):
        possible("vgg16", (3, 8, 8))
    with pytest.raises(FlowProblem, match="lenet5 has no step 100"):
        Flows().exact(Asked("lenet5", (1, 32, 32), "digit-1"), 99, sample_picture("digit-1"))


def test_who_asks_for_too_large_a_network_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(flow, "MOST_PARAMETERS", 138_357_543)
    with pytest.raises(FlowProblem, match=r"vgg16 has 138,357,544 parameters. .* at most 138,357,543"):
        possible("vgg16", (3, 224, 224))


class _Other:
    """Stands for the store of networks: gives another network than the one that was recorded."""

    def __init__(self, model: torch.nn.Module) -> None:
        self.model = model

    def get(self, _name: str) -> Loaded:
        return Loaded(self.model, "random", IMAGENET)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (torch.nn.Conv2d(3, 4, 3), "takes other steps with a picture than those that were recorded"),
        (torch.nn.Conv2d(5, 4, 3), "stopped while the picture was flowing through: RuntimeError"),
    ],
)
def test_a_network_that_does_something_else_with_numbers_is_not_shown_wrongly(
    model: torch.nn.Module, says: str
):
    flows = Flows(_Other(model))  # pyright: ignore[reportArgumentType]
    with pytest.raises(FlowProblem, match=says):
        run(flows, "cat")


def test_a_library_s_models_run_as_well_as_the_zoo_s(flows: Flows):
    found = run(flows, "cat", zoo.resolve("timm:resnet10t"))
    assert len(found.steps) == len(trace_of("timm:resnet10t").steps)
