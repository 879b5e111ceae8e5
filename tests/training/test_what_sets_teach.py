"""What the page says that a data set teaches, tried: trained networks and new ones of the same kind."""

from pathlib import Path

import pytest

from cnnlab.training.data_sets import split
from cnnlab.training.recipe import Recipe
from tests.training.nets import ran

pytestmark = pytest.mark.every_run

FROZEN = {"regime": "frozen", "learning_rate": 0.02}
SCRATCH = {"regime": "scratch", "learning_rate": 3e-3}


def accuracy(folder: Path, data: str, **settings: object) -> tuple[float, float]:
    """Return how often a run is right at its end, on what it learned from and on what it is measured with."""
    recipe = Recipe(data=data, per_class=15, epochs=10, **settings)  # pyright: ignore[reportArgumentType]
    last = ran(folder, recipe, split(data, 0, recipe.per_class)).epochs()[-1]
    return last["train_accuracy"], last["accuracy"]


def test_a_new_network_takes_the_shortcut_and_a_trained_one_does_not(tmp_path: Path):
    learned, measured = accuracy(tmp_path / "scratch", "shapes-cue", **SCRATCH)
    assert learned > 0.9
    assert measured < 0.5
    assert accuracy(tmp_path / "frozen", "shapes-cue", **FROZEN)[1] > 0.75


def test_a_network_that_learned_shapes_has_learned_to_overlook_colours(tmp_path: Path):
    assert accuracy(tmp_path / "frozen", "colours", **FROZEN)[1] < 0.5
    assert accuracy(tmp_path / "scratch", "colours", **SCRATCH)[1] > 0.8
