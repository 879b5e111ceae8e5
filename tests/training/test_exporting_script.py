"""The script of a run trains it again.

Losses are compared with the run's to 0.1 %, accuracies to one picture in a hundred: frozen layers are asked
in another form, and small differences grow from step to step.
"""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cnnlab.training import learning, standalone
from cnnlab.training.exporting import CannotExport, export, script_archive
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import RunFolder
from cnnlab.training.trained import network_of
from tests.training.exported_scripts import printed_by_the_script
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


def compare(told: list[dict], run: RunFolder) -> None:
    epochs = run.epochs()
    assert len(told) == len(epochs)
    for one, epoch in zip(told, epochs, strict=True):
        assert one["loss"] == pytest.approx(epoch["loss"], rel=1e-3)
        assert one["train_loss"] == pytest.approx(epoch["train_loss"], rel=1e-3)
        assert one["accuracy"] == pytest.approx(epoch["accuracy"], abs=0.01)


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
