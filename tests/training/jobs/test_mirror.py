"""A run's folder in two places."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.training.jobs.mirror import Change, Mirror, OddPath, Telling, write


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


def test_a_folder_becomes_like_the_other_and_only_what_is_new_travels(here: Path, there: Path):
    mirror = Mirror(there)
    (there / "state.json").write_text("running")
    (there / "steps.jsonl").write_text("one\n")
    (there / "checkpoint").mkdir()
    (there / "checkpoint" / "last").write_bytes(b"12345")
    first = mirror.telling()
    assert first.changes[-1].path == "state.json"
    write(here, first)
    assert contents(here) == contents(there)
    assert mirror.telling().changes == ()
    with (there / "steps.jsonl").open("a") as file:
        file.write("two\n")
    second = mirror.telling()
    assert second.changes == (Change("steps.jsonl", 4, b"two\n"),)
    (there / "checkpoint" / "last").unlink()
    write(here, second)
    write(here, mirror.telling())
    assert contents(here) == contents(there)


def test_lines_that_were_taken_back_are_taken_back_here(here: Path, there: Path):
    mirror = Mirror(there)
    (there / "steps.jsonl").write_text("one\ntwo\nthree\n")
    write(here, mirror.telling())
    (there / ".steps.jsonl").write_text("one\n")
    (there / ".steps.jsonl").replace(there / "steps.jsonl")
    write(here, mirror.telling())
    assert contents(here) == {"steps.jsonl": b"one\n"}


def test_what_is_asked_of_a_run_and_files_with_a_dot_stay_where_they_are(here: Path, there: Path):
    (here / "command").write_text("stop")
    (here / ".ballast").write_text("0")
    for name in ("command", ".heard"):
        (there / name).touch()
    write(here, Mirror(there).telling())
    assert contents(here) == {"command": b"stop", ".ballast": b"0"}


def test_a_run_that_was_deleted_here_is_not_made_again(here: Path, there: Path):
    (there / "state.json").write_text("running")
    write(here / "gone", Mirror(there).telling())
    assert contents(here) == {}


@pytest.mark.parametrize("path", ["../above", "/etc/passwd", "a/../../b", "", ".hidden", "a/.b", "a\\b"])
def test_nothing_is_written_outside_the_folder(path: str, here: Path):
    with pytest.raises(OddPath, match="which is not in the run's folder"):
        write(here, Telling((Change(path, 0, b"x"),), frozenset()))
    assert contents(here.parent) == {}


@given(parts=st.lists(st.binary(max_size=5), max_size=8), told=st.sets(st.integers(0, 8)))
def test_a_growing_file_arrives_whole_however_often_it_is_told(
    parts: list[bytes], told: set[int], tmp_path_factory
):
    root = tmp_path_factory.mktemp("mirror")
    here, there = root / "here", root / "there"
    here.mkdir()
    there.mkdir()
    mirror = Mirror(there)
    for number, part in enumerate(parts):
        with (there / "steps.jsonl").open("ab") as file:
            file.write(part)
        if number in told:
            write(here, mirror.telling())
    write(here, mirror.telling())
    assert contents(here) == contents(there)
