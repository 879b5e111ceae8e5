"""Maps that differ are not timed against each other. No timings."""

import numpy as np
import pytest
import torch

from benchmarks.attribution import agree, in_turn


def test_maps_that_differ_are_not_timed():
    ours = np.array([[[1.0, 2.0]]])
    agree(ours, torch.tensor([[[[1.0, 2.01]]]]))
    agree(ours, torch.tensor([[[[1.0, 2.0]], [[7.0, 7.0]]]]))  # only the channels that ours has
    with pytest.raises(RuntimeError, match=r"the maps differ by 50\.0% of the largest value"):
        agree(ours, torch.tensor([[[[1.0, 4.0]]]]))


def test_the_first_round_is_not_counted():
    order: list[str] = []
    ours, theirs = in_turn(lambda: order.append("ours"), lambda: order.append("peer"), 2)
    assert order == ["ours", "peer"] * 3
    assert len(ours.values) == len(theirs.values) == 2
