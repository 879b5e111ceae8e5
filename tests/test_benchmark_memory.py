"""Twenty networks are opened in a process of their own, and what it held is told. No large networks here."""

import json
import sys

import pytest

from benchmarks import memory, opened
from benchmarks.effort import QUICK
from benchmarks.servers import Servers
from cnnlab.inspection.weight_files import FILES
from cnnlab.inspection.weights import MOST_BYTES


def test_twenty_different_networks_are_opened_that_are_larger_than_what_is_kept():
    assert len(set(opened.NETWORKS)) == len(opened.NETWORKS) == 20
    weights = sum(FILES[name][0].mebibytes * 2**20 for name in opened.NETWORKS)
    assert weights > 1.5 * MOST_BYTES


def test_what_was_held_is_told_after_each_network(monkeypatch, capsys):
    monkeypatch.setattr(opened, "NETWORKS", ("digits_lenet", "shapes_plain"))
    opened.main()
    found = json.loads(capsys.readouterr().out)
    assert len(found["after"]) == 2
    assert 4 * 61_706 < found["weights"] < 3_000_000


def test_the_end_and_the_highest_are_held_against_what_all_weights_take():
    end, highest = memory.rows({"after": [5_000_000, 9_000_000, 7_000_000], "weights": 12_000_000})
    assert (end.ours.value, highest.ours.value, end.ratio, end.met) == (7, 9, pytest.approx(7 / 12), True)
    assert end.target is not None
    assert end.target.limit == 1800


def test_networks_that_cannot_be_opened_are_told(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="the networks could not be opened"):
        memory.run(QUICK, Servers())
