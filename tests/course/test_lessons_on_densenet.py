"""What the lesson on DenseNet quotes, against the real networks."""

import torch
from torch import nn

from cnnlab import zoo
from cnnlab.tracing import replay, trace_of
from tests.course.lesson_oracles import count, macs
from tests.course.oracles_of_densenet import dense_block, run
from tests.running_app import ROOT

DENSENET = (ROOT / "lessons/160-densenet.md").read_text(encoding="utf-8")


def kept_in_training(model: nn.Module) -> float:
    """Return the MiB that autograd keeps for one picture, besides parameters and buffers."""
    own = [one.untyped_storage() for one in (*model.parameters(), *model.buffers())]
    known = {one._cdata for one in own}
    kept: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in known:
            kept[storage._cdata] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = model.train()(torch.empty(1, 3, 224, 224, device="meta"))
    assert result.requires_grad
    return sum(one.nbytes() for one in kept.values()) / 2**20


def test_parameters_work_and_kept_memory_are_the_measured_ones():
    models = [zoo.build_on_meta(name) for name in ("resnet50", "densenet121")]
    parameters, costs = map(count, models), (int(macs(one, 3, 224, 224)) for one in models)
    rows = {
        "parameters": [f"{one:,}" for one in parameters],
        "multiply-adds": [f"{one:,}" for one in costs],
        "kept for one picture, in training": [f"{kept_in_training(one):.0f} MiB" for one in models],
    }
    for title, (residual, dense) in rows.items():
        assert f"| {title} | {residual} | {dense} |" in DENSENET


def test_the_bottleneck_saves_from_231_channels_on_and_not_in_the_first_block():
    def weights(channels: int) -> tuple[int, int]:
        (layer,) = dense_block(1, channels, 32).children()
        with_bottleneck = sum(one.weight.numel() for one in layer.modules() if isinstance(one, nn.Conv2d))
        return with_bottleneck, nn.Conv2d(channels, 32, 3, bias=False, device="meta").weight.numel()

    saves = [channels for channels in range(220, 240) if weights(channels)[0] < weights(channels)[1]]
    assert f"only from {saves[0]} channels on" in DENSENET
    assert max(run(dense_block(6, 64, 32), 64)[2]) < saves[0]


def test_the_blocks_and_the_name_are_counted_right():
    model = zoo.build_on_meta("densenet121").get_submodule("features")
    layers = [len(list(model.get_submodule(f"denseblock{at}").children())) for at in (1, 2, 3, 4)]
    assert layers == [6, 12, 24, 16]
    convolutions = [one for one in model.modules() if isinstance(one, nn.Conv2d)]
    assert len(convolutions) + 1 == 121
    assert f"2 \\cdot {sum(layers)} + 3 + 1 = 121" in DENSENET
    first_of_second = model.get_submodule("denseblock2.denselayer5.conv1")
    last = model.get_submodule("denseblock3.denselayer24.conv1")
    assert isinstance(first_of_second, nn.Conv2d)
    assert isinstance(last, nn.Conv2d)
    assert (first_of_second.in_channels, last.in_channels + 32) == (256, 1024)


def test_the_compared_networks_have_the_quoted_sizes():
    dense, residual = (replay(trace_of(name), (3, 224, 224)) for name in ("densenet201", "resnet101"))
    quoted = (
        f"with {dense.parameters / 1e6:.0f} million parameters instead of {residual.parameters / 1e6:.1f}"
    )
    assert quoted in DENSENET
    assert 0.5 < dense.macs / residual.macs < 0.6
