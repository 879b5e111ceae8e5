"""Which epoch's weights a run has: what is said of it, measured again with the weights themselves."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from cnnlab.training import data_sets, own_models
from cnnlab.training.kept_epoch import kept_epoch
from cnnlab.training.trained import network_of, written
from tests.training.finished import SMALL, finished

IMPATIENT = replace(SMALL, patience=1, epochs=6, learning_rate=0.12, optimiser="sgd", schedule="constant")


def test_what_is_said_of_a_run_that_stopped_early_is_what_its_weights_give(tmp_path: Path):
    run = finished(tmp_path / "run", IMPATIENT)
    epochs = run.epochs()
    kept = kept_epoch(IMPATIENT, "done", epochs)
    assert kept is not epochs[-1]
    validation = data_sets.split(SMALL.data, SMALL.seed, SMALL.per_class).validation
    pixels = torch.from_numpy(validation.pixels).float() / 255
    grey = (pixels @ torch.tensor([0.299, 0.587, 0.114]))[:, None]
    with torch.no_grad():
        scores = network_of(run)((grey - 0.5) / 0.5)
    labels = torch.from_numpy(validation.labels)
    assert functional.cross_entropy(scores, labels).item() == pytest.approx(kept["loss"], rel=1e-4)
    right = (scores.argmax(1) == labels).float().mean().item()
    assert right == pytest.approx(kept["accuracy"])
    assert f"{100 * right:.1f} % right" in own_models._loaded(run, written(run)).source


def test_a_run_that_goes_on_was_stopped_or_is_patient_has_its_last_weights():
    epochs = [{"epoch": 1, "loss": None}, {"epoch": 2, "loss": 0.5}, {"epoch": 3, "loss": 0.7}]
    assert kept_epoch(IMPATIENT, "done", epochs)["epoch"] == 2
    assert kept_epoch(IMPATIENT, "stopped", epochs)["epoch"] == 3
    assert kept_epoch(IMPATIENT, "running", epochs)["epoch"] == 3
    assert kept_epoch(SMALL, "done", epochs)["epoch"] == 3
    assert kept_epoch(IMPATIENT, "done", []) == {}
