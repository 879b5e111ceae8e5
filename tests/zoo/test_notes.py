"""Every teaching note stands at a module that its networks really have, and every family has some."""

import re

import pytest
import torch

from cnnlab import zoo
from cnnlab.tracing import trace_of
from cnnlab.zoo.notes import NOTES, Note, notes_at, notes_of
from tests.zoo.measuring import on_meta


def modules(network: str) -> set[str]:
    return {path for path, _ in on_meta(network).named_modules()}


@pytest.mark.parametrize("note", NOTES, ids=lambda note: f"{note.networks.split()[0]}-{note.module}")
def test_a_note_stands_at_a_module_of_each_of_its_networks(note: Note):
    networks = [name for name in zoo.names() if note.belongs_to(name)]
    assert networks
    for network in networks:
        assert any(note.stands_at(path) for path in modules(network)), network


@pytest.mark.parametrize("pattern", sorted({one for note in NOTES for one in note.networks.split()}))
def test_a_note_names_networks_that_there_are(pattern: str):
    assert any(Note(pattern, "", "").belongs_to(name) for name in zoo.names())


@pytest.mark.parametrize("name", zoo.names())
def test_every_network_has_three_notes_or_more(name: str):
    assert len(notes_of(name)) >= 3


def test_notes_are_short_and_end_like_sentences():
    for note in NOTES:
        assert note.text.endswith(".")
        assert len(note.text) <= 240, note.text
        assert not re.search(r"\s\s", note.text)


def test_no_two_notes_of_a_network_stand_at_the_same_module_pattern():
    for name in zoo.names():
        places = [note.module for note in notes_of(name)]
        assert len(places) == len(set(places)), name


def test_notes_are_found_by_network_and_module():
    (note,) = notes_at("densenet121", "features.transition1")
    assert "halved" in note
    assert notes_at("densenet121", "features.transition1.conv") == ()
    assert notes_of("torchvision:convnext_tiny") == ()


@pytest.mark.parametrize("name", zoo.names())
def test_there_is_a_step_in_the_module_of_every_note(name: str):
    paths = {step.path for step in trace_of(name).steps}
    entered = {path.rsplit(".", cut)[0] for path in paths for cut in range(path.count(".") + 1)}
    for note in notes_of(name):
        assert any(map(note.stands_at, entered)), note.module


# Network and module → the shape that comes out of it.
SHAPES = {
    ("lenet5", "c1"): (6, 28, 28),
    ("alexnet_2012", "features.0"): (96, 55, 55),
    ("googlenet_2014", "inception3a"): (256, 28, 28),
    ("googlenet", "inception3a"): (256, 28, 28),
    ("resnet50", "maxpool"): (64, 56, 56),
    ("densenet121", "features.denseblock1.denselayer1"): (32, 56, 56),
    ("densenet121", "features.denseblock1.denselayer6.conv1"): (128, 56, 56),
    ("legacy_xception", "block4"): (728, 19, 19),
    ("legacy_xception", "act4"): (2048, 10, 10),
    ("nasnet_a_mobile", "stem"): (32, 111, 111),
    ("squeezenet1_0", "features.3.squeeze"): (16, 54, 54),
    ("squeezenet1_1", "features.3.squeeze"): (16, 55, 55),
    ("mobilenet_v3_large", "features.0"): (16, 112, 112),
    ("mobilenet_v3_small", "features.0"): (16, 112, 112),
    ("rfcn_resnet101", "class_maps"): (1029, 38, 50),
    ("ssd300_vgg16", "backbone.features"): (512, 38, 38),
    ("ssd300_vgg16", "backbone.extra.4"): (256, 1, 1),
    ("unet", "down1"): (64, 568, 568),
    ("unet", "bottom"): (1024, 28, 28),
    ("fcn_resnet50", "backbone.layer3.1.conv2"): (256, 65, 65),
}


@pytest.mark.parametrize(("network", "module"), SHAPES)
def test_the_shapes_that_notes_speak_of_are_the_real_ones(network: str, module: str):
    model, seen = on_meta(network), []
    handle = model.get_submodule(module).register_forward_hook(
        lambda _m, _i, output: seen.append(output.shape)
    )
    try:
        model(torch.empty(1, *zoo.input_shape(network), device="meta"))
    finally:
        handle.remove()
    assert tuple(seen[0][1:]) == SHAPES[network, module]


@pytest.mark.parametrize(
    ("network", "module", "parameters"),
    [
        ("lenet5", "c1", 156),
        ("lenet5", "c3", 2_416),
        ("lenet5", "f5", 48_120),
        ("alexnet_2012", "classifier.1", 37_752_832),
        ("vgg16", "classifier.0", 102_764_544),
        ("mobilenetv1_100", "classifier", 1_025_000),
    ],
)
def test_the_parameters_that_notes_speak_of_are_the_real_ones(network: str, module: str, parameters: int):
    assert sum(one.numel() for one in on_meta(network).get_submodule(module).parameters()) == parameters


@pytest.mark.parametrize(
    ("network", "module", "attribute", "value"),
    [
        ("alexnet_2012", "features.4", "groups", 2),
        ("resnet50", "layer2.0.conv2", "stride", (2, 2)),
        ("resnet50_v1", "layer2.0.conv1", "stride", (2, 2)),
        ("resnext101_32x8d", "layer1.0.conv2", "groups", 32),
        ("resnext50_32x4d", "layer1.0.conv1", "out_channels", 128),
        ("dpn98", "features.conv2_2.c3x3_b.conv", "groups", 40),
        ("mobilenetv1_100", "blocks.1.0.conv_dw", "stride", (2, 2)),
        ("mobilenet_v2", "features.2.conv.0.0", "out_channels", 6 * 16),
        ("efficientnet_b0", "features.2.0.block.0.0", "out_channels", 6 * 16),
        ("efficientnet_b0", "features.3.0.block.1.0", "kernel_size", (5, 5)),
        ("shufflenet_v1_g3", "stage2.0.conv1", "groups", 1),
        ("shufflenet_v1_g3", "stage2.1.conv1", "groups", 3),
        ("fcn_resnet50", "backbone.layer3.1.conv2", "dilation", (2, 2)),
        ("fcn_resnet50", "backbone.layer4.1.conv2", "dilation", (4, 4)),
        ("deeplabv3_resnet50", "classifier.0.convs.1.0", "dilation", (12, 12)),
        ("fasterrcnn_resnet50_fpn", "backbone.fpn.inner_blocks.3.0", "in_channels", 2048),
    ],
)
def test_the_settings_that_notes_speak_of_are_the_real_ones(network, module, attribute, value):
    assert getattr(on_meta(network).get_submodule(module), attribute) == value
