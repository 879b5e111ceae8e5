"""A run knows which pictures it began with: a set that was changed since is told, wherever it matters."""

import struct
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from cnnlab.training import data_sets, engine, own_data
from cnnlab.training.changes import ChangedPictures, digest_of, told_change
from cnnlab.training.devices import PLAIN_CPU
from cnnlab.training.exporting import export
from cnnlab.training.picture_set import PictureSet, SplitSet
from cnnlab.training.places import DATA
from cnnlab.training.recipe import Recipe
from cnnlab.training.run_folder import DONE, RunFolder
from tests.training.finished import Go, StopAfter, finished

ANN = "a" * 32


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "data"))


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)


@pytest.fixture
def recipe() -> Recipe:
    pictures = PictureSet(noise(8), np.arange(8) // 4, ("cup", "spoon"))
    name = own_data.keep(ANN, "Mine", pictures).name
    return Recipe(data=name, model="digits_lenet", regime="full", epochs=2, batch=4)


def told(run: RunFolder) -> str:
    return told_change(run.recipe().data, digest_of(run.about()))


def learned(run: RunFolder) -> dict[str, bytes]:
    """Return all weights to the bit."""
    return {name: one.numpy().tobytes() for name, one in load_file(run.weights).items()}


def run_on(folder: RunFolder, data: SplitSet) -> None:
    engine.run(folder, data, Go(), PLAIN_CPU)


def test_a_digest_is_that_of_shape_labels_and_pixels():
    given = PictureSet(noise(3), np.array([1, 0, 1]), ("a", "b"))
    by_hand = struct.pack("<7q", 3, 32, 32, 3, 1, 0, 1) + bytes(given.pixels.ravel().tolist())
    assert given.digest == blake2b(by_hand, digest_size=16).hexdigest()


def test_the_digest_of_a_set_follows_its_pictures_and_not_its_names(recipe: Recipe):
    name = recipe.data
    first = own_data.digest(name)
    assert data_sets.split(name, 3, 1).digest == own_data.pictures(name).digest == first
    own_data.rename(ANN, name, "Other")
    own_data.rename_class(ANN, name, 0, "mug")
    assert own_data.digest(name) == first
    own_data.add_pictures(ANN, name, 1, list(noise(1, seed=1)))
    assert own_data.digest(name) != first
    own_data.take_out(ANN, name, 1, 4)
    assert own_data.digest(name) == first
    own_data.take_out(ANN, name, 0, 0)
    assert own_data.digest(name) != first
    assert data_sets.split("digits", 0, 1).digest == ""


def test_a_run_says_when_its_set_has_changed_and_the_same_set_gives_the_same_run(
    recipe: Recipe, tmp_path: Path
):
    first, again = (finished(tmp_path / name, recipe) for name in ("first", "again"))
    assert learned(first) == learned(again)
    assert told(first) == told(again) == ""
    own_data.add_pictures(ANN, recipe.data, 1, list(noise(1, seed=1)))
    assert told(first).startswith("The pictures of this run have been changed since it began. Another run")
    other = finished(tmp_path / "other", recipe)
    assert learned(other) != learned(first)
    assert told(other) == ""
    own_data.take_out(ANN, recipe.data, 1, 4)  # as it was
    assert told(first) == ""
    assert told(other) != ""


def test_a_set_with_too_few_pictures_has_changed_and_one_that_is_gone_is_told_elsewhere(recipe: Recipe):
    before = own_data.digest(recipe.data)
    own_data.drop_class(ANN, recipe.data, 0)
    assert told_change(recipe.data, before) != ""
    own_data.delete(ANN, recipe.data)
    assert told_change(recipe.data, before) == ""
    assert told_change(recipe.data, "") == told_change("digits", before) == ""


def test_a_stopped_run_does_not_go_on_with_other_pictures(recipe: Recipe, tmp_path: Path):
    recipe = replace(recipe, epochs=4)
    stopped = finished(tmp_path / "run", recipe, StopAfter(3))
    measured = learned(stopped)
    own_data.add_pictures(ANN, recipe.data, 1, list(noise(1, seed=1)))
    data = data_sets.split(recipe.data, recipe.seed)
    with pytest.raises(
        ChangedPictures, match=r"have been changed since it began\. It cannot go on with others"
    ):
        run_on(stopped, data)
    assert learned(stopped) == measured
    own_data.take_out(ANN, recipe.data, 1, 4)
    run_on(stopped, data_sets.split(recipe.data, recipe.seed))
    assert stopped.state()["state"] == DONE


def test_a_script_never_trains_on_other_pictures_than_the_run(recipe: Recipe, tmp_path: Path):
    run = finished(tmp_path / "run", recipe)
    own_data.add_pictures(ANN, recipe.data, 1, list(noise(1, seed=1)))
    with pytest.raises(ChangedPictures, match="A script would train on others than it did"):
        export(run, "script")
    assert export(run, "weights").is_file()
    own_data.take_out(ANN, recipe.data, 1, 4)
    assert export(run, "script").is_file()
