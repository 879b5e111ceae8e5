"""Learners' own data sets: what was kept comes back, within bounds, and belongs to its learner."""

import json
from pathlib import Path

import numpy as np
import pytest

from cnnlab.training import own_data
from cnnlab.training.archives import read_archive
from cnnlab.training.own_sets import NoOwnSet, NoRoom
from cnnlab.training.picture_set import PictureSet, UnsuitablePictures
from cnnlab.training.places import DATA
from tests.training.made_archives import archive, usual

ANN, BOB = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA, str(tmp_path))
    return tmp_path


def noise(count: int, side: int = 20, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def given(counts: tuple[int, ...] = (3, 2)) -> PictureSet:
    labels = np.repeat(np.arange(len(counts)), counts)
    shuffled = np.random.default_rng(1).permutation(labels)
    return PictureSet(noise(sum(counts)), shuffled, tuple("abc"[: len(counts)]))


def test_what_is_kept_comes_back():
    first = given()
    kept = own_data.keep(ANN, "Mine.zip", first, ("A note.",))
    back = own_data.pictures(kept.name)
    assert (kept.title, kept.notes, kept.pictures, kept.missing) == ("Mine", ("A note.",), 5, "")
    assert back.classes == first.classes
    for number in range(2):
        assert np.array_equal(back.pixels[back.labels == number], first.pixels[first.labels == number])
    assert own_data.sets(ANN) == [kept]
    assert own_data.sets(BOB) == []


def test_an_archive_is_kept():
    unpacked = read_archive(archive(usual()), "z.zip")
    kept = own_data.keep(ANN, "z.zip", unpacked.pictures, unpacked.notes)
    assert own_data.pictures(kept.name).counts == (3, 3)


def test_a_set_grows_class_by_class():
    name = own_data.begin(ANN, "  ").name
    assert own_data.own_set(name).title == "My pictures"
    assert "add at least two" in own_data.own_set(name).missing
    own_data.add_class(ANN, name, "Cup")
    own_data.add_class(ANN, name, "Spoon")
    side = own_data.SIDE_PX
    own_data.add_pictures(ANN, name, 0, list(noise(3, side)))
    grown = own_data.add_pictures(ANN, name, 1, list(noise(1, side, 1)))
    assert grown.missing == "Each class needs at least 2 pictures; too few: “Spoon” (1)."
    with pytest.raises(UnsuitablePictures, match=r"Nothing can be learned from .* too few: “Spoon”"):
        own_data.pictures(name)
    own_data.add_pictures(ANN, name, 1, list(noise(2, side, 2)))
    assert own_data.pictures(name).counts == (3, 3)


def test_a_class_that_is_asked_for_twice_is_there_once_and_strokes_are_no_folders():
    name = own_data.begin(ANN, "cats/dogs").name
    own_data.add_class(ANN, name, "cats/dogs")
    grown = own_data.add_class(ANN, name, "cats/dogs")
    assert [grown.title, *(one.name for one in grown.classes)] == ["cats-dogs", "cats-dogs"]
    own_data.add_pictures(ANN, name, 0, list(noise(1, own_data.SIDE_PX)))
    with pytest.raises(UnsuitablePictures, match="There is a class “cats-dogs” already"):
        own_data.add_class(ANN, name, "cats/dogs")


def test_names_written_from_the_right_leave_their_numbers_where_they_are():
    name = own_data.begin(ANN, "x").name
    for title in ("cup", "قطة"):
        own_data.add_class(ANN, name, title)
    assert own_data.own_set(name).missing.endswith("too few: “cup” (0), “\u2068قطة\u2069” (0).")


def test_a_picture_is_added_once():
    name = own_data.keep(ANN, "x", given()).name
    again = [*own_data.pictures_of(own_data.own_set(name), 0)[:1], *noise(1, seed=7), *noise(1, seed=7)]
    assert [one.count for one in own_data.add_pictures(ANN, name, 0, again).classes] == [4, 2]


def test_pictures_and_classes_are_taken_out():
    name = own_data.keep(ANN, "x", given((3, 2, 2))).name
    before = own_data.pictures_of(own_data.own_set(name), 0).copy()
    own_data.take_out(ANN, name, 0, 1)
    left = own_data.pictures_of(own_data.own_set(name), 0)
    assert np.array_equal(left, before[[0, 2]])
    assert own_data.take_out(ANN, name, 0, 9).pictures == 6
    smaller = own_data.drop_class(ANN, name, 1)
    assert [one.name for one in smaller.classes] == ["a", "c"]
    assert own_data.pictures(name).counts == (2, 2)


def test_files_that_are_not_needed_any_more_are_deleted(data_folder: Path):
    name = own_data.keep(ANN, "x", given((3, 2, 2))).name
    own_data.take_out(ANN, name, 0, 0)
    own_data.drop_class(ANN, name, 2)
    assert len(list(data_folder.rglob("*.npy"))) == 2
    own_data.delete(ANN, name)
    assert [path for path in data_folder.rglob("*") if path.is_file()] == []


def test_names_are_changed_and_cleaned():
    name = own_data.keep(ANN, "x", given()).name
    assert own_data.rename(ANN, name, "My `best` set").title == "My -best- set"
    assert own_data.rename_class(ANN, name, 0, "  cup  ").classes[0].name == "cup"
    assert own_data.rename_class(ANN, name, 0, "CUP").classes[0].name == "CUP"
    with pytest.raises(UnsuitablePictures, match="There is a class “B” already"):
        own_data.rename_class(ANN, name, 0, "B")
    with pytest.raises(UnsuitablePictures, match="A class needs a name"):
        own_data.add_class(ANN, name, " ")


def test_nobody_changes_the_set_of_somebody_else():
    name = own_data.keep(ANN, "Anns", given()).name
    assert len(own_data.pictures(name)) == 5
    with pytest.raises(NoOwnSet, match="“Anns” was made by somebody else: you can learn from it"):
        own_data.delete(BOB, name)
    with pytest.raises(NoOwnSet, match="made by somebody else"):
        own_data.add_pictures(BOB, name, 0, [])


@pytest.mark.parametrize("name", ["", "own-", "own-../../etc", "own-" + "0" * 23, "own-" + "0" * 24 + "/.."])
def test_what_is_no_name(name: str):
    with pytest.raises(NoOwnSet, match="This is not the name of a set"):
        own_data.own_set(name)


def test_a_set_that_is_gone():
    with pytest.raises(NoOwnSet, match="are not on this server; they may have been deleted"):
        own_data.own_set("own-" + "0" * 24)


def test_a_set_whose_files_are_broken(data_folder: Path):
    kept = own_data.keep(ANN, "x", given())
    file = next(data_folder.rglob(kept.classes[0].file))
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(NoOwnSet, match="The pictures of “x” cannot be read any more"):
        own_data.pictures(kept.name)
    file.parent.joinpath("about.json").write_text("{")
    with pytest.raises(NoOwnSet, match="not on this server"):
        own_data.own_set(kept.name)
    assert own_data.sets(ANN) == []


def test_no_file_tells_who_the_learner_is(data_folder: Path):
    own_data.keep(ANN, "x", given())
    about = next(data_folder.rglob("about.json"))
    assert ANN not in about.read_text()
    assert ANN[:8] not in str(about.relative_to(data_folder))
    assert json.loads(about.read_text())["title"] == "x"


def test_there_are_bounds(monkeypatch: pytest.MonkeyPatch):
    name = own_data.keep(ANN, "x", given()).name
    monkeypatch.setattr(own_data, "MAX_KEPT_BYTES", 6 * 20 * 20 * 3)
    with pytest.raises(NoRoom, match="A set may have 6 pictures of this size; it has 5"):
        own_data.add_pictures(ANN, name, 0, list(noise(2, seed=5)))
    with pytest.raises(NoRoom, match="A set may have 7,200 bytes; this one has 8,400"):
        own_data.keep(ANN, "y", given((3, 4)))
    monkeypatch.setattr(own_data, "MAX_CLASSES", 2)
    with pytest.raises(NoRoom, match="A set may have 2 classes"):
        own_data.add_class(ANN, name, "more")
    monkeypatch.setattr(own_data, "MOST_SETS", 1)
    with pytest.raises(NoRoom, match="You have 1 sets of your own, which is the most"):
        own_data.begin(ANN, "z")
    own_data.begin(BOB, "z")
    monkeypatch.setattr(own_data, "MOST_BYTES_OF_ALL", 1)
    with pytest.raises(NoRoom, match="room for own pictures is used up"):
        own_data.begin("c" * 32, "z")


def test_what_cannot_be_written_leaves_nothing(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    name = own_data.begin(BOB, "y").name
    own_data.add_class(BOB, name, "cup")

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(NoRoom, match=r"server's disk \(No space left on device\); nothing was changed"):
        own_data.keep(ANN, "x", given())
    assert own_data.sets(ANN) == []
    assert [path.name for path in data_folder.rglob("*") if path.is_file()] == ["about.json"]  # Bob's
    with pytest.raises(NoRoom, match="nothing was changed"):
        own_data.add_pictures(BOB, name, 0, list(noise(1, own_data.SIDE_PX)))
    assert own_data.own_set(name).pictures == 0
