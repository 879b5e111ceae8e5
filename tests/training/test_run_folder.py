"""A run's folder: what was written is read, by others at the same time, and after crashes."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from cnnlab.training.recipe import Recipe, UnsuitableRecipe
from cnnlab.training.run_folder import QUEUED, RUNNING, NoSuchRun, RunFolder
from tests.source_files import ROOT

RECIPE = Recipe(epochs=3, augmentation=(("flip", 0.25),))


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs" / "0123", RECIPE, name="First", learner="ada")


def test_a_new_run_waits_and_knows_its_recipe(folder: RunFolder):
    assert folder.recipe() == RECIPE
    assert folder.about()["name"] == "First"
    assert folder.about()["created"] > 0
    assert folder.state()["state"] == QUEUED
    assert folder.steps() == folder.epochs() == []


def test_a_run_cannot_take_the_place_of_another(folder: RunFolder):
    with pytest.raises(FileExistsError, match="0123"):
        RunFolder.create(folder.path, RECIPE)


def test_what_is_not_named_stays(folder: RunFolder):
    folder.stand(state=RUNNING, epoch=1)
    folder.stand(epoch=2)
    folder.describe(name="Second")
    assert folder.state()["state"] == RUNNING
    assert folder.state()["epoch"] == 2
    assert (folder.about()["name"], folder.about()["learner"]) == ("Second", "ada")


def test_what_was_measured_is_read_again(folder: RunFolder):
    folder.add_step(step=1, loss=0.5)
    folder.add_steps([{"step": 2, "loss": 0.25}, {"step": 3, "loss": 0.125}])
    folder.add_epoch(epoch=1, gradients={"a": 1.0})
    assert [(one["step"], one["loss"]) for one in folder.steps()] == [(1, 0.5), (2, 0.25), (3, 0.125)]
    assert folder.epochs() == [{"epoch": 1, "gradients": {"a": 1.0}}]


def test_only_new_steps_are_read(folder: RunFolder):
    folder.add_step(step=1)
    first, place = folder.steps_since(0)
    folder.add_step(step=2)
    second, place = folder.steps_since(place)
    assert (first, second) == ([{"step": 1}], [{"step": 2}])
    assert folder.steps_since(place) == ([], place)


def test_a_line_that_was_cut_off_is_left_out_and_breaks_no_other(folder: RunFolder):
    folder.add_step(step=1)
    with (folder.path / "steps.jsonl").open("a") as file:
        file.write('{"step": 2, "lo')
    steps, place = folder.steps_since(0)
    assert steps == [{"step": 1}]
    folder.add_step(step=3)
    assert folder.steps() == [{"step": 1}, {"step": 3}]
    assert folder.steps_since(place)[0] == [{"step": 3}]


def test_a_number_that_is_none_is_kept_as_null(folder: RunFolder):
    folder.add_epoch(loss=float("nan"), gradients={"a": float("inf")}, several=[1.0, -float("inf")])
    folder.stand(loss=float("nan"))
    text = (folder.path / "epochs.jsonl").read_text()

    def refuse(name: str) -> None:
        raise AssertionError(name)

    read = json.loads(text, parse_constant=refuse)
    assert read == {"loss": None, "gradients": {"a": None}, "several": [1.0, None]}
    assert folder.state()["loss"] is None


def test_arrays_are_read_again_and_none_where_there_are_none(folder: RunFolder):
    folder.keep_arrays(2, "maps", one=np.arange(3), two=np.asarray("name"))
    folder.keep_arrays(1, "maps", one=np.arange(2))
    read = folder.arrays(2, "maps")
    assert read is not None
    assert read["one"].tolist() == [0, 1, 2]
    assert str(read["two"]) == "name"
    assert folder.arrays(2, "others") is None
    assert folder.kept_epochs("maps") == (1, 2)
    assert folder.kept_epochs("others") == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_damaged_arrays_count_as_none(folder: RunFolder, content: bytes):
    folder.keep_arrays(1, "maps", one=np.arange(3))
    (folder.path / "epochs" / "0001" / "maps.npz").write_bytes(content)
    assert folder.arrays(1, "maps") is None


def test_nothing_that_could_run_is_read_from_arrays(folder: RunFolder):
    path = folder.path / "epochs" / "0001" / "maps.npz"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        np.savez(file, one=np.array([{}], dtype=object))
    assert folder.arrays(1, "maps") is None


@pytest.mark.parametrize("method", ["recipe", "about", "state"])
def test_what_is_missing_is_said_to_be_deleted(tmp_path: Path, method: str):
    with pytest.raises(NoSuchRun, match="no run “gone”; it may have been deleted"):
        getattr(RunFolder(tmp_path / "gone"), method)()


@pytest.mark.parametrize("method", ["stand", "describe", "add_step", "add_epoch"])
def test_nothing_is_written_where_a_run_was_deleted(tmp_path: Path, method: str):
    with pytest.raises(NoSuchRun, match="no run “gone”; it may have been deleted"):
        getattr(RunFolder(tmp_path / "gone"), method)(epoch=1)
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(("method", "name"), [("about", "about.json"), ("state", "state.json")])
def test_a_damaged_file_is_told(folder: RunFolder, method: str, name: str):
    (folder.path / name).write_text("{cut")
    with pytest.raises(NoSuchRun, match=f"damaged: {name} cannot be read"):
        getattr(folder, method)()


def test_a_damaged_state_can_be_set_right(folder: RunFolder):
    (folder.path / "state.json").write_bytes(b"\x00\x00")
    folder.stand(state="lost")
    assert folder.state()["state"] == "lost"


def test_a_recipe_of_another_version_is_told(folder: RunFolder):
    (folder.path / "recipe.json").write_text('{"warmth": 3}')
    with pytest.raises(UnsuitableRecipe, match="no “warmth”"):
        folder.recipe()


def test_two_who_change_a_run_undo_nothing_of_each_other(folder: RunFolder):
    def change(name: str) -> None:
        for count in range(60):
            RunFolder(folder.path).describe(**{f"{name}{count}": count})

    threads = [Thread(target=change, args=(name,)) for name in "abc"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {f"{name}{count}" for name in "abc" for count in range(60)} <= folder.about().keys()


WRITER = """
import sys
from pathlib import Path
import numpy as np
from cnnlab.training.run_folder import RunFolder
folder = RunFolder(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    folder.stand(step=number, text="long " * 500)
    folder.add_step(step=number, text="long " * 50)
    folder.keep_arrays(1, "maps", number=np.full(2000, number))
"""


def test_a_reader_in_another_process_sees_only_whole_things(folder: RunFolder):
    count = 120
    folder.stand(step=0, text="long " * 500)
    place, read = 0, []
    with subprocess.Popen([sys.executable, "-c", WRITER, folder.path, str(count)], cwd=ROOT) as writer:
        while writer.poll() is None:
            assert len(folder.state()["text"]) == 2500
            fresh, place = folder.steps_since(place)
            read += fresh
            arrays = folder.arrays(1, "maps")
            assert arrays is None or len(set(arrays["number"])) == 1
    read += folder.steps_since(place)[0]
    assert writer.returncode == 0
    assert [one["step"] for one in read] == list(range(count))
    assert folder.state()["step"] == count - 1


def test_where_weights_will_be_is_known_before(folder: RunFolder):
    assert folder.weights.parent == folder.path
    assert not folder.weights.exists()
