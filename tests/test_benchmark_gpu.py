"""The benchmark of GPUs, gone through on the CPU in the small: what it counts, and how little it needs."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import gpu
from benchmarks.__main__ import main
from benchmarks.gpu import Task, reached, speed, to_accuracy
from benchmarks.report import row_text
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.public_sets import PUBLIC
from tests.running_app import ROOT
from tests.training.nets import few_shapes

TINY = Task("resnet18", 32, 4, 3, epochs=3)
NOT_THERE = ("streamlit", "playwright", "psutil", "plotly", "captum", "timm")
pytestmark = pytest.mark.usefixtures("one_core")


def test_without_a_gpu_it_is_left_out_and_says_how_to_measure(
    capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert main(["gpu"]) == 0
    told = capsys.readouterr().out
    assert "gpu was left out: No NVIDIA GPU can be used here" in told
    assert "0 of 0 targets met" in told
    assert "not measured" not in told


def test_it_runs_where_there_is_neither_streamlit_nor_a_browser():
    absent = f"import sys; sys.modules.update(dict.fromkeys({NOT_THERE!r}))"
    work = (
        "import torch; torch.cuda.is_available = lambda: False; from benchmarks import __main__, gpu; "
        "from cnnlab.training import devices, engine, made_pictures, networks, public_sets; "
        "sys.exit(__main__.main(['gpu']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{absent}; {work}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "No NVIDIA GPU" in done.stdout


def test_both_sides_take_the_same_steps_on_any_device():
    row = speed(TINY, PLAIN_CPU)
    assert row.ours.value > 0
    assert row.peer is not None
    assert row.peer.value > 0
    ours, peer = (f"{1000 / one.value:,.0f}" for one in (row.ours, row.peer))
    assert row.notes[0] == f"CPU; a second: {ours}, the peer {peer}"
    assert row.notes[1] == "batches of 4, 2 epochs of 12 pictures after a first one"


def test_the_first_epoch_does_not_count_and_the_rest_is_divided_by_its_pictures(monkeypatch):
    lines = [{"seconds": 5.0}, {"seconds": 5.5}, {"seconds": 6.2}]
    monkeypatch.setattr(gpu, "learned", lambda *_: {"epochs": lines, "seconds": 9.0})
    monkeypatch.setattr(gpu, "plain", lambda *_: 0.9)
    row = speed(TINY, PLAIN_CPU)
    assert row.ours.value == pytest.approx(50.0)  # 24 pictures in 1.2 s
    assert row.peer is not None
    assert row.peer.value == pytest.approx(75.0)  # 12 in 0.9 s
    assert row.notes[0] == "CPU; a second: 20, the peer 13"
    assert row.met is True


def test_the_plain_loop_learns():
    recipe, data = gpu.recipe_of(TINY), gpu.noise(TINY)
    asked: list[tuple[int, ...]] = []
    usual = torch.nn.functional.cross_entropy

    def seen(scores: torch.Tensor, *others: Any) -> torch.Tensor:
        asked.append(tuple(scores.shape))
        assert scores.requires_grad
        return usual(scores, *others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.functional, "cross_entropy", seen)
        assert gpu.plain(recipe, data, "cpu") > 0
    assert asked == [(4, 10)] * 6
    assert (data.training.pixels.dtype, len(data.training)) == (np.uint8, 12)


def test_a_run_to_an_accuracy_uses_the_network_and_the_recipe_that_are_named():
    rows = to_accuracy("a few shapes", few_shapes(3, 6), PLAIN_CPU, epochs=1, batch=6)
    *_, whole = rows
    assert whole.name == "the whole run"
    assert whole.notes[0] == "CPU; a few shapes"
    assert "ResNet-9, 1 epochs, batches of 6; best accuracy" in whole.notes[1]
    assert "airbench94" in row_text(whole)


def test_the_seconds_to_an_accuracy_are_those_of_the_first_epoch_that_has_it():
    lines = [
        {"epoch": number, "seconds": 2.0 * number, "accuracy": right}
        for number, right in enumerate((0.5, 0.9, 0.89, 0.93), start=1)
    ]
    row = reached(lines, 0.9)
    assert row is not None
    assert (row.name, row.ours.value, row.notes) == ("to 90% right", 4.0, ("epoch 2",))
    assert reached(lines, 0.94) is None


def test_without_cifar_shapes_stand_in_and_it_is_said(monkeypatch):
    public = gpu.import_module("cnnlab.training.public_sets")
    made = gpu.import_module("cnnlab.training.made_pictures")
    monkeypatch.setattr(public, "ready", lambda _: False)
    monkeypatch.setattr(public, "lies_here", lambda _: False)
    split = made.Made.split
    monkeypatch.setattr(made.Made, "split", lambda self, seed, *_: split(self, seed, 2, 1))
    told, data = gpu.cifar_size()
    assert "published figures do not compare" in told
    assert (len(data.classes), len(data.training)) == (10, 20)


def test_cifar_is_taken_where_it_lies(monkeypatch):
    public = gpu.import_module("cnnlab.training.public_sets")
    there: list[str] = []
    monkeypatch.setattr(public, "ready", lambda name: name in there)
    monkeypatch.setattr(public, "lies_here", lambda name: name in PUBLIC)
    monkeypatch.setattr(public, "obtain", there.append)
    monkeypatch.setattr(public, "split", lambda *_: few_shapes())
    told, data = gpu.cifar_size()
    assert there == ["cifar-10"]
    assert told == "CIFAR-10; measured with 6 of its test pictures"
    assert data is few_shapes()
