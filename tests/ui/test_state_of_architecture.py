"""The architectures lab's state as questions see it, against the real network and the checker's names."""

import torchvision

from cnnlab.course.widgets import WIDGETS as KNOWN
from cnnlab.ui.labs.state_of_architecture import architecture_state


def test_the_state_has_the_names_that_the_checker_promises():
    assert architecture_state({}) == dict(KNOWN["architecture-lab"].state)


def test_sizes_and_costs_are_those_of_the_real_network():
    model = torchvision.models.resnet18()
    said = {"net": "resnet18", "input": "3x96x128", "go": "layer2.0.conv1"}
    state = architecture_state(said)
    assert state["parameters"] == sum(
        one.numel() for one in model.get_submodule("layer2.0.conv1").parameters()
    )
    assert state["network_parameters"] == sum(one.numel() for one in model.parameters())
    assert (state["out_c"], state["out_h"], state["out_w"]) == (128, 96 // 8, 128 // 8)
    assert state["operation"] == "conv2d"
    assert architecture_state(said | {"step": "1"}) == state  # a step by name comes first


def test_what_cannot_be_shown_has_no_state():
    assert architecture_state({"net": "resnet_18"}) == {}
    assert architecture_state({"input": "3x0x0"}) == {}
    assert architecture_state({"step": "many"}) == {}
    assert architecture_state({"step": "-1"})["step"] == "input"
