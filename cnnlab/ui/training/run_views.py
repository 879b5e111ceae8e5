"""What a run learned, for the browser: which pictures it took for what, and which epochs can be looked at.

From the arrays that `cnnlab.training.snapshots` kept. It does not know how they are drawn.
"""

from typing import Any

import numpy as np

from cnnlab.training.mistakes import (
    Answers,
    confusion,
    pictures_of_cell,
    precision,
    recall,
    worst_mistakes,
)
from cnnlab.training.run_folder import NoSuchRun, RunFolder
from cnnlab.ui.training.run_lines import sendable

KINDS = ("validation", "filters", "probes")
MOST_TOLD = 3  # of a picture's most probable classes
PLACES = ("early", "middle", "late")
NOT_KEPT = "Nothing was kept of epoch {epoch} of this run."


def kept_epochs(run: RunFolder) -> dict[str, list[int]]:
    """Return of which epochs there is something to look at, by kind."""
    return {kind: list(run.kept_epochs(kind)) for kind in KINDS}


def matrix_told(run: RunFolder, epoch: int) -> dict[str, Any]:
    """Return how many pictures of each class were taken for each class, and the worst mistakes."""
    answers = answers_of(run, epoch)
    cells = confusion(answers)
    worst = [int(one.picture) for one in worst_mistakes(answers)]
    return sendable(
        {
            "epoch": epoch,
            "classes": classes_of(run, answers),
            "cells": cells.tolist(),
            "recall": recall(cells).tolist(),
            "precision": precision(cells).tolist(),
            "accuracy": answers.accuracy,
            "worst": [_picture_told(answers, row) for row in worst],
        }
    )


def cell_told(run: RunFolder, epoch: int, label: int, predicted: int) -> dict[str, Any]:
    """Return the pictures of a class that were taken for a class, those it was surest of first."""
    answers = answers_of(run, epoch)
    rows = pictures_of_cell(answers, label, predicted)
    return sendable({"pictures": [_picture_told(answers, int(row)) for row in rows]})


def answers_of(run: RunFolder, epoch: int) -> Answers:
    """Return what the network said about the validation pictures after an epoch; raises `NoSuchRun`."""
    pictures, kept = run.arrays(0, "pictures"), run.arrays(epoch, "validation")
    if pictures is None or kept is None:
        raise NoSuchRun(NOT_KEPT.format(epoch=epoch))
    return Answers(pictures["labels"], kept["predicted"].astype(np.int64), kept["probabilities"])


def classes_of(run: RunFolder, answers: Answers) -> list[str]:
    """Return the names of the classes."""
    named = [str(one) for one in run.about().get("classes", ())]
    count = answers.probabilities.shape[1]
    return named if len(named) == count else [f"class {number}" for number in range(count)]


def _picture_told(answers: Answers, row: int) -> dict[str, Any]:
    shares = np.nan_to_num(answers.probabilities[row].astype(np.float64))
    order = np.argsort(-shares, kind="stable")[:MOST_TOLD]
    return {
        "picture": row,
        "label": int(answers.labels[row]),
        "predicted": int(answers.predicted[row]),
        "top": [[int(number), float(shares[number])] for number in order],
        "right": float(shares[answers.labels[row]]),
    }


def epoch_told(run: RunFolder, epoch: int) -> dict[str, Any]:
    """Return what can be looked at of an epoch: the probes with what they were taken for, and gradients."""
    probes = run.arrays(epoch, "probes")
    told: dict[str, Any] = {"epoch": epoch, "gradients": gradients_of(run, epoch), "probes": None}
    told["classes"] = [str(one) for one in run.about().get("classes", ())]
    if probes is not None:
        told["probes"] = {
            "pictures": _probes_told(run, epoch, probes["rows"]),
            "places": [
                {
                    "name": place,
                    "layer": str(probes[f"{place}_name"]),
                    "channels": probes[f"{place}_channels"].tolist(),
                    "size": list(probes[place].shape[2:]),
                }
                for place in PLACES
                if place in probes
            ],
            "sides": {name: list(probes[name].shape[1:]) for name in ("cam", "saliency")},
        }
    return sendable(told)


def _probes_told(run: RunFolder, epoch: int, rows: np.ndarray) -> list[dict[str, Any]]:
    try:
        answers = answers_of(run, epoch)
    except NoSuchRun:
        return [{"picture": int(row)} for row in rows]
    return [_picture_told(answers, int(row)) for row in rows]


def gradients_of(run: RunFolder, epoch: int) -> list[list[Any]]:
    """Return the norm of the gradient of each layer in an epoch, in the network's order."""
    found = [one for one in run.epochs() if one.get("epoch") == epoch]
    return [[name, norm] for name, norm in (found[-1].get("gradients") or {}).items()] if found else []
