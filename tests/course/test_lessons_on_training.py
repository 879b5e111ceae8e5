"""What the lessons on transfer learning and overfitting quote, measured again with the same recipes."""

import re
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from cnnlab.tracing import replay, trace_of
from cnnlab.training import data_sets, engine
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.policy import PRESETS
from cnnlab.training.recipe import USUAL, Recipe, suggested
from cnnlab.training.run_folder import RunFolder
from tests.running_app import ROOT

TRANSFER, OVERFITTING = (
    (ROOT / f"lessons/{name}.md").read_text(encoding="utf-8")
    for name in ("330-transfer-learning", "360-overfitting")
)
REGIMES = ("scratch", "frozen", "partial", "full", "probe-then-full")  # the columns of the table
FROM_SCRATCH = {"epochs": 30, "learning_rate": 0.004}  # the others as the page suggests


class Going:
    def command(self) -> str:
        return "go"


pytestmark = pytest.mark.usefixtures("one_core")


def accuracy(folder: Path, recipe: Recipe) -> float:
    """Return the last epoch's accuracy on the validation pictures, in per cent."""
    run = RunFolder.create(folder, recipe)
    data = data_sets.split(recipe.data, recipe.seed, recipe.per_class)
    engine.run(run, data, Going(), PLAIN_CPU)
    return 100 * run.epochs()[-1]["accuracy"]


def measured(folder: Path, regime: str, count: int, seeds: int, data: str = "shapes-new") -> float:
    settings = suggested(regime) | (FROM_SCRATCH if regime == "scratch" else {})
    recipes = [Recipe(data=data, per_class=count, seed=seed, **settings) for seed in range(seeds)]
    return fmean(accuracy(folder / f"{one.seed}", one) for one in recipes)


def quoted(count: int) -> dict[str, int]:
    (row,) = re.findall(rf"^\| {count} \|(.*)\|$", TRANSFER, re.MULTILINE)
    return dict(zip(REGIMES, map(int, re.findall(r"(\d+) %", row)), strict=True))


# Rounding differs from processor to processor, and grows in the course of a training.
@pytest.mark.parametrize(
    ("regime", "count", "near"),
    [
        pytest.param("frozen", 5, 2, marks=pytest.mark.every_run),
        ("frozen", 10, 2),
        pytest.param("frozen", 20, 2, marks=pytest.mark.every_run),
        pytest.param("partial", 10, 3, marks=pytest.mark.every_run),
        pytest.param("partial", 50, 3, marks=pytest.mark.every_run),
        pytest.param("full", 10, 4, marks=pytest.mark.every_run),
        pytest.param("probe-then-full", 10, 3, marks=pytest.mark.every_run),
        pytest.param("scratch", 10, 6, marks=pytest.mark.every_run),
        pytest.param("scratch", 20, 8, marks=pytest.mark.every_run),
    ],
)
def test_regimes_are_right_as_often_as_the_table_says(tmp_path: Path, regime: str, count: int, near: int):
    assert measured(tmp_path, regime, count, 2) == pytest.approx(quoted(count)[regime], abs=near)


def test_a_head_on_frozen_layers_of_shapes_is_worse_on_digits(tmp_path: Path):
    (head,) = re.findall(r"^\| head only \| (\d+) % \|$", TRANSFER, re.MULTILINE)
    (scratch,) = re.findall(r"^\| from scratch \| (\d+) % \|$", TRANSFER, re.MULTILINE)
    assert measured(tmp_path, "frozen", 10, 1, "digits") == pytest.approx(int(head), abs=3)
    assert int(scratch) - int(head) >= 5


@pytest.mark.every_run
@pytest.mark.parametrize(("regime", "title"), [("scratch", "from scratch"), ("full", "everything")])
def test_where_more_than_the_head_learns_digits_are_told_apart(tmp_path: Path, regime: str, title: str):
    (said,) = re.findall(rf"^\| {title} \| (\d+) % \|$", TRANSFER, re.MULTILINE)
    assert measured(tmp_path, regime, 10, 1, "digits") == pytest.approx(int(said), abs=3)


def test_the_page_lets_earlier_blocks_learn_as_slowly_as_is_said():
    (said,) = re.findall(r"The page suggests (\S+) for", TRANSFER)
    assert {USUAL[name]["slower"] for name in ("partial", "full", "probe-then-full")} == {float(said)}


MEMORISING = Recipe(
    regime="scratch", per_class=20, epochs=60, learning_rate=0.003, schedule="constant", weight_decay=0.0
)  # fmt: skip
REMEDIES = {
    "none": MEMORISING,
    "weight decay 0.5": replace(MEMORISING, weight_decay=0.5),
    "early stopping, patience 8": replace(MEMORISING, patience=8),
    "augmentation, light": replace(MEMORISING, augmentation=PRESETS["light"]),
    "begin with trained layers, head only": replace(MEMORISING, regime="frozen", learning_rate=0.01),
}


@pytest.mark.every_run
@pytest.mark.parametrize(
    ("remedy", "near"),
    [
        ("none", 8),
        ("weight decay 0.5", 8),
        ("early stopping, patience 8", 6),
        ("augmentation, light", 8),
        ("begin with trained layers, head only", 2),
    ],
)
def test_a_remedy_does_what_the_table_says(tmp_path: Path, remedy: str, near: int):
    (row,) = re.findall(rf"^\| {remedy} \|(.*)\|$", OVERFITTING, re.MULTILINE)
    others = int(re.findall(r"(\d+) %", row)[1])
    assert accuracy(tmp_path / "run", REMEDIES[remedy]) == pytest.approx(others, abs=near)


def test_the_network_has_as_many_weights_as_is_said():
    steps = replay(trace_of("shapes_plain"), (3, 64, 64)).steps
    assert sum(one.parameters for one in steps) == pytest.approx(300_000, rel=0.01)
    assert "nearly 300,000 weights" in OVERFITTING
    assert "1,500 weights for every picture" in OVERFITTING
    assert 300_000 / (10 * 20) == 1500
