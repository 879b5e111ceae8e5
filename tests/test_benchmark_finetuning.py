"""Loops that do not get as good are not timed against each other. No timings."""

import pytest
import torch

from benchmarks import finetuning
from benchmarks.finetuning import Side, Task, in_turn


@pytest.fixture
def side(monkeypatch: pytest.MonkeyPatch) -> Side:
    monkeypatch.setattr(finetuning, "MEASURED_OF_A_CLASS", 4)
    return Side(Task("shapes_plain", "frozen", 32, 8, 4))


def test_both_sides_learn_the_same(side: Side):
    _, _, apart = in_turn(side)
    assert apart <= 0.06


def test_sides_that_differ_are_not_timed(side: Side, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Side, "ours", lambda _side: 0.9)
    monkeypatch.setattr(Side, "plain", lambda _side, _ready: 0.4)
    with pytest.raises(RuntimeError, match=r"50\.0% of the pictures away"):
        in_turn(side)


def test_the_peer_leaves_frozen_layers_alone(side: Side):
    ready = side.ready()
    before = {key: one.clone() for key, one in ready[0].state_dict().items()}
    side.plain(ready)
    changed = {key for key, one in ready[0].state_dict().items() if not torch.equal(one, before[key])}
    assert changed == {"fc.1.weight", "fc.1.bias"}
