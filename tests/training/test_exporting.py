"""A run that is taken along gives what it gave: weights, ONNX, event files, a script that trains it again.

The script's losses are compared with the run's to 1 %, the accuracies to one picture in fifty: both compute
in float32, but not in the same order, and small differences grow from step to step.
"""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torchvision.transforms.functional import normalize

from cnnlab.training import data_sets, learning, standalone
from cnnlab.training.devices import Device
from cnnlab.training.exporting import FORMS, CannotExport, export, exported, script_archive
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.trained import NoTrainedNetwork, network_of, written
from tests.training.finished import SMALL, StopAfter, finished

RECIPES = {
    "everything": SMALL,
    "head, distorted copies": replace(
        SMALL,
        **{"regime": "frozen", "copies": 2, "dropout": 0.3, "smoothing": 0.1, "schedule": "cosine"},
        augmentation=(("rotate", 20.0), ("pca", 0.5), ("mixup", 0.4)),
    ),
    "last blocks": Recipe(
        data="digits",
        model="shapes_plain",
        **{"regime": "partial", "blocks": 2, "per_class": 3, "epochs": 2, "batch": 10, "slower": 0.5},
        augmentation=(("crop", 0.3), ("cutout", 0.2)),
    ),
    "two stages": replace(
        SMALL, regime="probe-then-full", epochs=4, optimiser="sgd", schedule="steps", learning_rate=0.02
    ),
    "a built network": Recipe(
        data="digits",
        model="built:input 1x16x16; conv 4 k3 p1; bn; relu; maxpool 2; globalpool; dense 10",
        **{"regime": "scratch", "per_class": 3, "epochs": 2, "batch": 10},
    ),
    "early stopping": replace(
        SMALL,
        **{"epochs": 6, "learning_rate": 0.12, "optimiser": "sgd", "schedule": "constant"},
        **{"batch": 40, "patience": 1},
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return finished(tmp_path_factory.mktemp("runs") / "0123456789abcdef")


@pytest.fixture(scope="module")
def torchvision_run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Return a run of a network of torchvision's, in bfloat16, as where the processor has it."""
    network = {"model": "shufflenet_v2_x0_5", "regime": "scratch", "size": 32}
    recipe = replace(SMALL, **network, batch=2, learning_rate=0.01, dropout=0.3)
    place = tmp_path_factory.mktemp("runs") / "run"
    return finished(place, recipe, device=Device("cpu", "CPU", bf16=True))


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


def test_onnx_of_a_network_of_torchvision_says_what_to_do_to_a_picture(torchvision_run: RunFolder):
    session = onnxruntime.InferenceSession(export(torchvision_run, "onnx"))
    known = session.get_modelmeta().custom_metadata_map
    assert json.loads(known["classes"]) == [str(number) for number in range(10)]
    preparing = json.loads(known["preprocessing"])
    assert preparing["picture"].startswith("middle square, resized to 32 × 32, bilinear")
    pixels = torch.from_numpy(small_pictures(3))
    (found,) = session.run(None, {"pixels": pixels.numpy()})
    numbers = normalize(pixels, preparing["mean"], preparing["deviation"])
    with torch.no_grad():
        expected = network_of(torchvision_run)(numbers).softmax(1).numpy()
    assert np.ptp(expected, axis=0).max() > 1e-3  # the pictures make a difference
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


def printed_by_the_script(run: RunFolder, place: Path) -> list[dict]:
    """Unpack a run's archive where nothing else is, run its script, and return what it printed."""
    with zipfile.ZipFile(export(run, "script")) as archive:
        archive.extractall(place)
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "train.py"],
        cwd=place,
        env={**environment, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(told: list[dict], run: RunFolder) -> None:
    epochs = run.epochs()
    assert len(told) == len(epochs)
    for one, epoch in zip(told, epochs, strict=True):
        assert one["loss"] == pytest.approx(epoch["loss"], rel=0.01)
        assert one["train_loss"] == pytest.approx(epoch["train_loss"], rel=0.01)
        assert one["accuracy"] == pytest.approx(epoch["accuracy"], abs=0.02)


def test_early_stopping_is_part_of_what_is_compared(tmp_path: Path):
    run = finished(tmp_path / "run", RECIPES["early stopping"])
    assert len(run.epochs()) < 6


@pytest.mark.parametrize(
    "name",
    [
        "head, distorted copies",
        *(pytest.param(name, marks=pytest.mark.slow) for name in RECIPES if "," not in name),
    ],
)
def test_the_script_trains_the_run_again(name: str, tmp_path: Path):
    run = finished(tmp_path / "run", RECIPES[name])
    compare(printed_by_the_script(run, tmp_path / "script"), run)
    state = torch.load(tmp_path / "script" / "trained.pt", weights_only=True)
    for key, one in network_of(run).state_dict().items():
        assert torch.allclose(state[key].float(), one.float(), rtol=0.05, atol=2e-3), key


def test_the_script_trains_a_network_of_torchvision_to_the_same_numbers(
    torchvision_run: RunFolder, tmp_path: Path
):
    """Steps through all layers are the same but for the last digits, in bfloat16, too: so is what is done."""
    told = printed_by_the_script(torchvision_run, tmp_path / "script")
    assert len(told) == len(torchvision_run.epochs()) == 2
    for one, epoch in zip(told, torchvision_run.epochs(), strict=True):
        for name in ("train_loss", "loss", "accuracy"):
            assert one[name] == pytest.approx(epoch[name], rel=1e-4), name


def test_the_script_cuts_a_loss_where_the_run_does(monkeypatch: pytest.MonkeyPatch):
    values = {"bf16": False, "side": 2, "channels": 3, "mean": [0.0] * 3, "deviation": [1.0] * 3}
    monkeypatch.setattr(standalone, "RUN", values)
    scores, labels = torch.tensor([[90.0, 0.0], [0.0, 1.0]]), torch.tensor([1, 1])
    pixels = torch.arange(24, dtype=torch.uint8).reshape(2, 3, 2, 2)

    class Sure(torch.nn.Module):
        def forward(self, numbers: torch.Tensor) -> torch.Tensor:
            return scores[: len(numbers)]

    data = {"validation_pixels": pixels, "validation_labels": labels}
    loss, accuracy = standalone.measured(Sure(), data)
    assert (loss, accuracy) == pytest.approx(learning.measured(scores.softmax(1), labels))
    assert loss < 20  # without a cut the first picture alone would add 45


def test_the_script_of_a_run_that_was_stopped_stops_there(tmp_path: Path):
    run = finished(tmp_path / "run", SMALL, StopAfter(5))
    assert run.state()["state"] == "stopped"
    script = printed_by_the_script(run, tmp_path / "script")
    assert len(script) == 2  # an epoch of three steps, and two more
    assert script[0]["loss"] == pytest.approx(run.epochs()[0]["loss"], rel=0.01)


def test_the_script_needs_nothing_of_cnn_lab(run: RunFolder):
    with zipfile.ZipFile(export(run, "script")) as archive:
        assert set(archive.namelist()) == {"train.py", "network.py", "pictures.npz", "start.npz"}
        texts = [archive.read(name).decode() for name in ("train.py", "network.py")]
    assert not any("cnnlab" in line for text in texts for line in text.splitlines() if "import " in line)


def test_a_network_of_torchvision_is_built_by_torchvision():
    how, source = script_archive._network("squeezenet1_1")
    assert how == {"module": "torchvision.models", "constructor": "squeezenet1_1", "options": {}}
    assert source == {}
    how, _ = script_archive._network("timm:resnet10t")
    assert how["options"]["model_name"] == "resnet10t"


def test_a_network_that_is_not_ours_is_not_written_into_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "mine.py").write_text('NAME = "mine"\nINPUT = (3, 8, 8)\ndef build():\n    return None\n')
    monkeypatch.setenv("CNNLAB_MODELS", str(tmp_path))
    with pytest.raises(CannotExport, match="A script for mine cannot be written"):
        script_archive._network("mine")


def test_too_many_pictures_are_not_packed(run: RunFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(script_archive, "MOST_BYTES", 1000)
    with pytest.raises(CannotExport, match="too much for an archive"):
        script_archive.write(run, tmp_path / "script.zip")


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
