"""How pictures lie in memory while they are climbed: as is quicker, and never so that a network stops."""

import pytest
import torch
from torch import Tensor, nn

from cnnlab import zoo
from cnnlab.inspection.exciting_climb import quicker_layout
from cnnlab.inspection.exciting_network import Prefix
from cnnlab.tracing import trace_of

pytestmark = pytest.mark.usefixtures("one_core")
SIDE_BY_SIDE, APART = torch.channels_last, torch.contiguous_format


class Row(nn.Module):
    """Takes the pixels for a plain row of numbers, which they are not where channels lie side by side."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the same numbers as maps again."""
        return x.view(len(x), -1).unflatten(1, (3, 12, 12)).relu()


@pytest.mark.parametrize(
    ("layer", "layout"),
    [("features.3.cat", SIDE_BY_SIDE), ("features.12.cat", APART), ("flatten", APART)],
    ids=["large maps", "maps of 3 × 3", "scores"],
)
def test_channels_lie_side_by_side_as_long_as_maps_are_large(layer: str, layout: torch.memory_format):
    names = [step.name for step in trace_of("squeezenet1_1").steps]
    model, example = zoo.build("squeezenet1_1").eval().requires_grad_(False), torch.zeros(1, 3, 64, 64)
    assert quicker_layout(Prefix(model, names.index(layer), example), example) == layout


def test_depthwise_convolutions_keep_them_apart():
    names = [step.name for step in trace_of("mobilenet_v2").steps]
    model, example = zoo.build("mobilenet_v2").eval().requires_grad_(False), torch.zeros(1, 3, 64, 64)
    assert quicker_layout(Prefix(model, names.index("features.3.add"), example), example) == APART


def test_a_network_that_cannot_read_them_side_by_side_gets_them_apart():
    example = torch.rand(1, 3, 12, 12)
    prefix = Prefix(Row(), 2, example)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        prefix(example.contiguous(memory_format=SIDE_BY_SIDE))
    assert quicker_layout(prefix, example) == APART
    torch.testing.assert_close(prefix(example), example)
