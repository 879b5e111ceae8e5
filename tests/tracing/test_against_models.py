"""Are the shapes, parameters and multiply-adds of a replayed network those of the real one?

`pytest tests/tracing/test_against_models.py --every-network` asks for the whole zoo and for all
classification models of torchvision; a usual run takes a sample of each.
"""

import pytest

from cnnlab import zoo
from cnnlab.tracing import Trace, record, replay, trace_of
from cnnlab.tracing.files import read, written
from tests.tracing.real_networks import Shape, measured, real_network

SAMPLE = (
    "lenet5", "alexnet_2012", "googlenet", "inception_v3", "resnet18", "squeezenet1_1", "resnext50_32x4d",
    "legacy_seresnet50", "mobilenet_v3_small", "shufflenet_v2_x0_5", "shufflenet_v1_g3", "unet",
)  # fmt: skip
LIBRARY_SAMPLE = ("regnet_y_400mf", "convnext_tiny", "vit_b_16", "swin_v2_t")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the networks."""
    every = metafunc.config.getoption("--every-network")
    if "zoo_name" in metafunc.fixturenames:
        metafunc.parametrize("zoo_name", zoo.names() if every else SAMPLE)
    if "library_name" in metafunc.fixturenames:
        metafunc.parametrize("library_name", zoo.library_names("torchvision") if every else LIBRARY_SAMPLE)


def batched(shape: Shape) -> Shape:
    """Put back the batch axis that our shapes leave out."""
    return (1, *shape)


def assert_same(trace: Trace, shape: Shape, name: str) -> None:
    model = real_network(name)
    real, ours = measured(model, shape), replay(trace, shape)
    assert ours.macs == real.macs
    assert ours.parameters + trace.unused_parameters == sum(one.numel() for one in model.parameters())
    assert [ours.steps[step].output_shape for step in trace.outputs] == [one[1:] for one in real.outputs]
    taken: dict[str, list[Shape]] = {}
    for step in ours.steps:
        taken.setdefault(step.path, []).append(step.output_shape)
    comparable = [path for path, shapes in real.modules.items() if len(taken.get(path, ())) == len(shapes)]
    for path in comparable:
        shapes = [one[1:] if one[0] == 1 and len(one) > 1 else one for one in real.modules[path]]
        assert taken[path] == shapes, path
    assert len(comparable) > 0.6 * len(taken.keys() & real.modules.keys())


def test_a_recorded_network_of_the_zoo_is_the_real_one(zoo_name: str):
    assert_same(trace_of(zoo_name), zoo.input_shape(zoo_name), zoo_name)


@pytest.mark.filterwarnings("ignore:The default weight initialization")
def test_any_classification_model_of_torchvision_is_the_real_one(library_name: str):
    name = f"torchvision:{library_name}"
    trace = trace_of(name)
    assert_same(trace, trace.input_shape, name)


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "timm:tf_efficientnet_b0"])
@pytest.mark.parametrize("shape", [(3, 192, 192), (3, 256, 256), (3, 320, 288), (3, 331, 331), (3, 127, 260)])
def test_a_replay_at_another_size_is_a_new_recording_at_that_size(name: str, shape: Shape):
    recorded, fresh = trace_of(name), record(real_network(name), shape, name)
    ours, theirs = replay(recorded, shape), replay(fresh, shape)
    assert measured(real_network(name), shape).macs == ours.macs
    assert [step.output_shape for step in ours.steps] == [step.output_shape for step in theirs.steps]


@pytest.mark.parametrize(
    "name", ["googlenet", "shufflenet_v2_x1_0", "torchvision:swin_t", "timm:ghostnet_100"]
)
def test_a_recording_survives_being_written_and_read(name: str):
    trace = trace_of(name)
    again = read(written(trace))
    assert written(again) == written(trace)
    assert replay(again, trace.input_shape).macs == replay(trace, trace.input_shape).macs
