"""A run that is taken along gives what it gave: weights, ONNX, event files."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from cnnlab.training import data_sets
from cnnlab.training.exporting import FORMS, CannotExport, export, exported
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.trained import NoTrainedNetwork, network_of, written
from tests.training.finished import SMALL, finished


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return finished(tmp_path_factory.mktemp("runs") / "0123456789abcdef")


def small_pictures(count: int = 8) -> np.ndarray:
    """Return pictures as the network reads them but for scaling: batch × 3 × 32 × 32, from 0 to 1."""
    pixels = data_sets.split("digits", 0, 4).validation.pixels[:count]
    return pixels.transpose(0, 3, 1, 2).astype(np.float32) / 255


def by_hand(run: RunFolder, pixels: np.ndarray) -> torch.Tensor:
    """Return the probabilities of pictures of 32 × 32 for the grey network that reads so many."""
    red, green, blue = torch.from_numpy(pixels).unbind(1)
    grey = (0.299 * red + 0.587 * green + 0.114 * blue)[:, None]
    with torch.no_grad():
        return network_of(run)((grey - 0.5) / 0.5).softmax(1)


def test_weights_are_read_back_with_what_they_need(run: RunFolder):
    file = export(run, "weights")
    with safe_open(file, "pt") as opened:
        facts = {name: json.loads(text) for name, text in opened.metadata().items()}
    assert facts["classes"] == [str(number) for number in range(10)]
    assert facts["recipe"]["per_class"] == 4
    assert (facts["mean"], facts["deviation"], facts["side"]) == ([0.5], [0.5], 32)
    said = written(run)
    assert said.recipe == SMALL
    assert said.input_shape == (1, 32, 32)


def test_the_network_answers_as_the_run_did(run: RunFolder):
    answers = run.arrays(2, "validation")
    assert answers is not None
    found = by_hand(run, small_pictures(20)).numpy()
    assert np.abs(found - answers["probabilities"][:20]).max() < 2e-3
    assert not any(one.requires_grad for one in network_of(run).parameters())


def test_onnx_gives_the_same_probabilities_for_batches_of_any_size(run: RunFolder):
    session = onnxruntime.InferenceSession(export(run, "onnx"))
    for count in (1, 5):
        pixels = small_pictures(count)
        (found,) = session.run(None, {"pixels": pixels})
        assert np.abs(np.asarray(found) - by_hand(run, pixels).numpy()).max() < 1e-5
    metadata = session.get_modelmeta().custom_metadata_map
    assert json.loads(metadata["classes"])[3] == "3"
    assert json.loads(metadata["recipe"])["model"] == "digits_lenet"


def test_onnx_of_a_colour_network_scales_inside(tmp_path: Path):
    recipe = replace(SMALL, model="shapes_plain", regime="frozen", per_class=2, epochs=1, size=32)
    run = finished(tmp_path / "run", recipe)
    session = onnxruntime.InferenceSession(export(run, "onnx"))
    pixels = small_pictures(3)
    (found,) = session.run(None, {"pixels": pixels})
    with torch.no_grad():
        expected = network_of(run)((torch.from_numpy(pixels) - 0.5) / 0.25).softmax(1).numpy()
    assert np.abs(np.asarray(found) - expected).max() < 1e-5


def test_an_event_file_holds_the_curves(run: RunFolder, tmp_path: Path):
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(export(run, "tensorboard").read_bytes())
    events = EventAccumulator(str(tmp_path))
    events.Reload()
    epochs, steps = run.epochs(), run.steps()
    for name, curve in (("loss", "loss/validation"), ("train_accuracy", "accuracy/training")):
        drawn = [(one.step, one.value) for one in events.Scalars(curve)]
        assert drawn == [(one["epoch"], pytest.approx(one[name], abs=1e-6)) for one in epochs]
    drawn = [(one.step, one.value) for one in events.Scalars("steps/loss")]
    assert drawn == [(one["step"], pytest.approx(one["loss"], abs=1e-6)) for one in steps]
    layers = {f"gradient norm/{name}" for name in epochs[0]["gradients"]}
    assert layers <= set(events.Tags()["scalars"])
    text = events.Tensors("recipe/text_summary")[0].tensor_proto.string_val[0].decode()
    assert '"digits_lenet"' in text


def test_what_was_made_is_kept_until_the_run_changes(run: RunFolder):
    first = export(run, "tensorboard")
    assert exported(run, "tensorboard") == first
    later = first.stat().st_mtime + 10
    os.utime(run.path / "epochs.jsonl", (later, later))
    assert exported(run, "tensorboard") is None
    assert exported(run, "weights") == run.weights


@pytest.mark.parametrize("name", FORMS)
def test_a_run_without_results_cannot_be_taken_along(name: str, tmp_path: Path):
    waiting = RunFolder.create(tmp_path / "run", SMALL)
    assert exported(waiting, name) is None
    with pytest.raises(CannotExport, match="wait until it has ended"):
        export(waiting, name)


def test_an_unknown_form_is_refused(run: RunFolder):
    with pytest.raises(CannotExport, match="as “excel”; choose one of: onnx, script, tensorboard, weights"):
        export(run, "excel")


def test_a_run_without_weights_says_so(tmp_path: Path):
    with pytest.raises(NoTrainedNetwork, match="no trained weights: they are written when it ends"):
        written(RunFolder.create(tmp_path / "run", SMALL))


@pytest.mark.parametrize("content", [b"", b"\x05\x00\x00\x00\x00\x00\x00\x00{}   ", b"x" * 100])
def test_damaged_weights_say_so(tmp_path: Path, content: bytes):
    folder = RunFolder.create(tmp_path / "run", SMALL)
    folder.weights.write_bytes(content)
    with pytest.raises(NoTrainedNetwork, match="cannot be read"):
        written(folder)


def test_weights_that_are_cut_off_say_so(run: RunFolder, tmp_path: Path):
    folder = RunFolder.create(tmp_path / "run", SMALL)
    folder.weights.write_bytes(run.weights.read_bytes()[:-1000])
    assert written(folder).classes[0] == "0"
    with pytest.raises(NoTrainedNetwork, match="cannot be read"):
        network_of(folder)
