"""Both sides of the comparison distort the same pictures; sides that differ are not timed. No timings."""

import pytest
import torch

from benchmarks import distorting
from benchmarks.distorting import alike, distorted, ours_for, peer_for, pictures


def test_each_picture_of_a_batch_is_distorted_in_a_way_of_its_own_by_both():
    batch = pictures(32)[:1].expand(8, -1, -1, -1)
    torch.manual_seed(0)
    for side in (ours_for(batch), peer_for(batch)):
        made = side()
        assert made.shape == batch.shape
        assert len({one.numpy().tobytes() for one in made}) == 8


def test_both_do_alike_and_what_does_not_is_not_timed(monkeypatch: pytest.MonkeyPatch):
    row = distorted(32, 2)
    assert row.peer is not None
    assert "flip, rotate, translate, crop, brightness, contrast" in row.notes[0]
    monkeypatch.setattr(distorting, "peer_for", lambda batch: lambda: torch.ones(batch.shape))
    with pytest.raises(RuntimeError, match="the results differ in brightness"):
        distorted(32, 1)
    with pytest.raises(RuntimeError, match="the results differ in brightness"):
        alike([torch.ones(2, 3, 8, 8)], [torch.ones(2, 3, 9, 9)])
