"""Every step that is seen while a picture flows is what the network itself computes."""

import weakref

import pytest
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.inspection.flow_recorder import Enough, watch
from cnnlab.inspection.flow_summary import unbatched
from cnnlab.tracing import replay, trace_of
from tests.inspection.watched import expected

SHAPE = (3, 96, 96)
pytestmark = pytest.mark.usefixtures("one_core")
NETWORKS = ("resnet18", "googlenet", "squeezenet1_1", "mobilenet_v3_small", "densenet121")


def watched(model: nn.Module, x: Tensor) -> tuple[list[Tensor], list[tuple[int, ...]]]:
    outputs: list[Tensor] = []

    def look(step: int, output: Tensor) -> None:
        assert step == len(outputs)
        outputs.append(output.clone())

    return outputs, watch(model, x, look)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_step_gives_what_hooks_on_the_real_network_give(name: str):
    model, trace = zoo.build(name), trace_of(name)
    x = torch.randn(1, *SHAPE, generator=torch.Generator().manual_seed(1))
    outputs, read = watched(model, x)
    assert read == [step.inputs for step in trace.steps]
    assert [unbatched(tuple(one.shape)) for one in outputs] == [
        step.output_shape for step in replay(trace, SHAPE).steps
    ]
    wanted = expected(trace, model, x, outputs)
    for index, tensor in wanted.items():
        torch.testing.assert_close(outputs[index], tensor, rtol=1e-5, atol=1e-6, msg=trace.steps[index].name)
    assert len(wanted) == len(trace.steps)
    assert not any(module._forward_hooks for module in model.modules())


def test_what_a_later_step_overwrites_was_seen_before():
    model = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.ReLU(inplace=True))
    nn.init.constant_(model[0].weight, -1.0)  # pyright: ignore[reportArgumentType]
    outputs, _ = watched(model, torch.ones(1, 1, 2, 2))
    assert outputs[0].unique().tolist() == [-1.0]
    assert outputs[1].unique().tolist() == [0.0]


def test_outputs_that_the_network_is_done_with_are_not_kept():
    seen: list[weakref.ref[Tensor]] = []
    alive: list[int] = []

    def look(_step: int, output: Tensor) -> None:
        seen.append(weakref.ref(output))
        alive.append(sum(one() is not None for one in seen))

    watch(nn.Sequential(*(nn.Conv2d(1, 1, 3) for _ in range(9))), torch.zeros(1, 1, 30, 30), look)
    assert max(alive) <= 3


def test_whoever_looks_may_have_seen_enough():
    seen = []

    def look(step: int, _output: Tensor) -> None:
        seen.append(step)
        if step == 1:
            raise Enough

    watch(nn.Sequential(*(nn.ReLU() for _ in range(5))), torch.zeros(1, 1), look)
    assert seen == [0, 1]
