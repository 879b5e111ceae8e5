"""Are the shapes, parameters and multiply-adds of a replayed network those of the real one?"""

import pytest
import torch
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.tracing import Trace, record, replay
from cnnlab.tracing.files import read, written


def real_model(name: str) -> nn.Module:
    with torch.device("meta"):
        return torchvision.models.get_model(name, weights=None).eval()


def measured(model: nn.Module, shape: tuple[int, ...]) -> tuple[int, dict[str, list[tuple[int, ...]]]]:
    """Run the model itself: its multiply-adds, and what each module without parts gave, call by call."""
    outputs: dict[str, list[tuple[int, ...]]] = {}

    def note(path: str):
        return lambda _module, _inputs, output: outputs.setdefault(path, []).append(tuple(output.shape))

    handles = [
        module.register_forward_hook(note(path))
        for path, module in model.named_modules()
        if not list(module.children())
    ]
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.empty(1, *shape, device="meta"))
    for handle in handles:
        handle.remove()
    return counter.get_total_flops() // 2, outputs


def assert_same(trace: Trace, model: nn.Module, shape: tuple[int, ...]) -> None:
    macs, outputs = measured(model, shape)
    result = replay(trace, shape)
    assert result.macs == macs
    assert result.parameters + trace.unused_parameters == sum(one.numel() for one in model.parameters())
    ours: dict[str, list[tuple[int, ...]]] = {}
    for step in result.steps:
        ours.setdefault(step.path, []).append(step.output_shape)
    for path, shapes in outputs.items():
        if path in ours and len(ours[path]) == len(shapes):
            assert ours[path] == [shape[1:] for shape in shapes], path


@pytest.mark.parametrize("name", ["resnet18", "vgg16"])
def test_a_replay_is_the_real_network(name: str):
    model = real_model(name)
    trace = read(written(record(model, (3, 224, 224), name)))
    assert_same(trace, model, (3, 224, 224))
    assert_same(trace, model, (3, 192, 256))
