"""Maps are those of torchvision's own extractor; what the strongest units see is what reaches them."""

import numpy as np
import pytest
import torch
from torchvision.models.feature_extraction import create_feature_extractor

from cnnlab import zoo
from cnnlab.inspection.feature_maps import Box, seen_by, strongest_units
from cnnlab.inspection.flow import Asked, Flows
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.samples import sample_picture
from cnnlab.inspection.weights import Models
from cnnlab.tracing import ReplayedStep, replay, trace_of
from tests.inspection.watched import hooked

SHAPE = (3, 65, 65)  # no row at the edge is left over, on the way to the layer that is probed
PROBED = "features.3.expand3x3"
NODES = ("relu", "layer1.1.relu", "layer2.0.conv1", "layer3.1.bn2", "layer4.1.relu")


def steps(name: str, shape: tuple[int, ...] = SHAPE) -> dict[str, ReplayedStep]:
    return {step.name: step for step in replay(trace_of(name), shape).steps}


@pytest.fixture(scope="module")
def flows() -> Flows:
    return Flows(Models())


def test_maps_equal_those_of_torchvision_s_extractor(flows: Flows):
    loaded = flows.models.get("resnet18")
    extractor = create_feature_extractor(loaded.model, list(NODES))
    picture = sample_picture("cat")
    with torch.no_grad():
        expected = extractor(
            torch.from_numpy(numbers(cut(picture, SHAPE, loaded.preparing), loaded.preparing))
        )
    known = steps("resnet18")
    for node in NODES:
        step = known[node].index
        found = flows.exact(Asked("resnet18", SHAPE, "cat"), step, picture)
        torch.testing.assert_close(torch.from_numpy(found), expected[node][0], rtol=1e-5, atol=1e-6)


def reached(axis: int) -> np.ndarray:
    """Say which cell of the picture along an axis reaches which unit of a convolution: cells × units × units.

    A number that is none spreads to all that depends on it: of each picture of the batch one line holds none.
    """
    side = SHAPE[1]
    x = torch.ones(side, *SHAPE)
    x.transpose(2, axis)[torch.arange(side), :, torch.arange(side)] = float("nan")
    (output,) = hooked(zoo.build("squeezenet1_1"), x)[PROBED]
    return torch.isnan(output).any(1).numpy()


def test_the_part_that_the_strongest_units_see_is_what_reaches_them(flows: Flows):
    step = steps("squeezenet1_1")[PROBED]
    asked = Asked("squeezenet1_1", SHAPE, "cat")
    values = flows.exact(asked, step.index, sample_picture("cat"))[5]
    units = strongest_units(values, step, SHAPE[1:])
    assert len(units) == 6
    assert units[0].value == values.max()
    assert len({(unit.row, unit.column) for unit in units}) == 6
    corners = ((0, 0), (values.shape[0] - 1, values.shape[1] - 1))
    by_rows, by_columns = reached(2), reached(3)
    for unit in (*((one.row, one.column) for one in units), *corners):
        rows, columns = (np.flatnonzero(table[:, *unit]) for table in (by_rows, by_columns))
        seen = seen_by(step, unit, SHAPE[1:])
        assert seen == Box(rows[0], columns[0], len(rows), len(columns)), unit


def test_neighbours_of_a_strong_unit_are_left_out():
    values = np.zeros((16, 16))
    values[4, 4:6] = (9, 8)
    values[12, 3] = 5
    step = steps("squeezenet1_1")["features.0"]
    found = strongest_units(values, step, SHAPE[1:], most=2)
    assert [(unit.row, unit.column, unit.value) for unit in found] == [(4, 4, 9), (12, 3, 5)]
    odd = np.full((2, 2), np.nan)
    assert strongest_units(odd, step, SHAPE[1:]) == ()


def test_all_of_the_picture_is_seen_behind_a_dense_layer_and_nothing_is_said_of_what_is_not_known():
    known = steps("resnet18")
    assert seen_by(known["fc"], (0, 0), SHAPE[1:]) == Box(0, 0, 65, 65)
    assert seen_by(known["relu"], (0, 0), SHAPE[1:]) == Box(0, 0, 4, 4)
