"""Recording a model: what is seen, what is left behind (nothing), and what it refuses."""

import threading
from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from cnnlab.tracing import ImpossibleSize, TraceProblem, record, replay, replay_as_far_as_possible, trace_of
from cnnlab.tracing.files import written
from tests.tracing.small_networks import Branches, Residual, UShaped


def test_functional_steps_and_their_edges_are_seen():
    steps = record(Residual(), (2, 8, 8), "block").steps
    assert [(step.name, step.operation, step.inputs) for step in steps] == [
        ("first", "conv2d", (-1,)),
        ("norm", "batch_norm", (0,)),
        ("relu", "relu", (1,)),
        ("second", "conv2d", (2,)),
        ("shortcut", "conv2d", (-1,)),
        ("add", "add", (3, 4)),
        ("relu_2", "relu", (5,)),
    ]
    assert [step.in_place for step in steps] == [False, False, True, False, False, True, True]


def test_every_module_on_the_way_is_known_by_its_class():
    trace = trace_of("resnet50")
    assert trace.modules["layer1.0"] == "Bottleneck"
    assert {step.path for step in trace.steps} <= set(trace.modules)
    step = next(one for one in replay(trace, (3, 224, 224)).steps if one.name == "layer1.0.conv2")
    assert trace.modules[step.block] == "Bottleneck"


def state_of(model: nn.Module) -> list[object]:
    """Everything that a recording could leave behind in a model."""
    hooks = [
        (module._forward_hooks, module._forward_pre_hooks, module.training) for module in model.modules()
    ]
    tensors = [(name, id(one), one.device.type) for name, one in model.state_dict(keep_vars=True).items()]
    return [[(list(a), list(b), c) for a, b, c in hooks], tensors]


def test_a_recorded_model_is_as_it_was():
    model = Residual().train()
    weights = deepcopy(model.state_dict())
    heard: list[str] = []
    model.first.register_forward_hook(lambda *_: heard.append("heard"))
    before = state_of(model)
    record(model, (2, 8, 8), "block")
    assert state_of(model) == before
    assert all(torch.equal(one, weights[name]) for name, one in model.state_dict().items())
    assert heard == []


def test_threads_that_record_one_model_do_not_disturb_each_other():
    models = [Residual(), Branches(), UShaped(2, 2)]
    expected = [written(record(model, (2, 16, 16), "net")) for model in models]
    found: list[tuple[int, str]] = []

    def work(place: int) -> None:
        for turn in range(8):
            which = (place + turn) % len(models)
            found.append((which, written(record(models[which], (2, 16, 16), "net"))))
            if models[which](torch.ones(1, 2, 16, 16)).is_meta:
                found.append((which, "the model has lost its numbers"))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 32
    assert all(text == expected[which] for which, text in found)


class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.unused = nn.Conv2d(2, 2, 3, padding=1), nn.Linear(5, 7)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(self.conv(self.conv(x)))


def test_shared_weights_are_counted_once_and_unused_ones_apart():
    trace = record(Shared(), (2, 8, 8), "shared")
    result = replay(trace, (2, 8, 8))
    assert [step.name for step in result.steps] == ["conv", "conv_2", "conv_3"]
    assert [step.parameters for step in result.steps] == [2 * 2 * 9 + 2, 0, 0]
    assert result.macs == 3 * 2 * 8 * 8 * 2 * 9
    assert trace.unused_parameters == 5 * 7 + 7


class Deciding(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.relu() if x.shape[-1] % 2 else x.sigmoid()


def test_a_network_that_decides_by_sizes_is_not_replayed_where_it_would_decide_otherwise():
    trace = record(Deciding(), (2, 8, 8), "deciding")
    assert replay(trace, (2, 8, 12)).steps[0].operation == "sigmoid"
    with pytest.raises(
        ImpossibleSize, match=r"the network decides by its sizes.*width of the input % 2 != 0 was false"
    ):
        replay(trace, (2, 8, 9))


class Strange(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cumsum(x, 3) + torch.sort(x, dim=2).values


def test_what_no_rule_knows_is_kept_at_the_size_at_which_it_was_seen():
    trace = record(Strange(), (2, 8, 8), "strange")
    assert [step.output_shape for step in replay(trace, (2, 8, 8)).steps] == [(2, 8, 8)] * 3
    with pytest.raises(ImpossibleSize, match="height of the input == 8 was true"):
        replay(trace, (2, 9, 9))


class Broken(nn.Module):
    def forward(self, _: Tensor) -> Tensor:
        raise KeyError("nothing here")


def test_a_model_that_fails_is_named_with_its_problem():
    with pytest.raises(
        TraceProblem, match=r"broken could not be recorded .* in the network itself, KeyError"
    ):
        record(Broken(), (2, 8, 8), "broken")


def test_an_impossible_size_names_the_step_and_the_smallest_that_works():
    with pytest.raises(ImpossibleSize, match=r"step 31, features\.30") as refusal:
        replay(trace_of("vgg16"), (3, 20, 20))
    assert (refusal.value.index, refusal.value.input_shapes) == (30, ((512, 1, 1),))
    assert refusal.value.smallest == (3, 32, 32)
    assert replay(trace_of("vgg16"), (3, 32, 32)).problem is None
    with pytest.raises(ImpossibleSize, match="The smallest square input that works is 3×32×32"):
        replay(trace_of("vgg16"), (3, 31, 31))


def test_an_impossible_network_is_replayed_up_to_the_step_that_fails():
    result = replay_as_far_as_possible(trace_of("vgg16"), (3, 20, 20))
    assert len(result.steps) == 30
    assert result.problem is not None
    assert result.problem.index == 30


@pytest.mark.parametrize("shape", [(), (3, 224), (3, 224, 224, 224), (3, 0, 224), (3, -1, 4), (3, 20_000, 3)])
def test_what_is_no_input_is_refused(shape: tuple[int, ...]):
    with pytest.raises(ImpossibleSize, match="takes an input of 3 whole numbers between 1 and 16,384"):
        replay(trace_of("resnet18"), shape)


def test_memory_counts_new_tensors_only():
    steps = replay(record(Residual(), (2, 8, 8), "block"), (2, 8, 8)).steps
    assert [step.memory for step in steps] == [4 * 4 * 16, 4 * 4 * 16, 0, 4 * 4 * 16, 4 * 4 * 16, 0, 0]
