"""What is asked of a run through its folder."""

from pathlib import Path

import pytest

from cnnlab.training import control
from cnnlab.training.control import (
    CONTINUE,
    GO,
    PAUSE,
    STOP,
    FileControl,
    command_of,
    forget_commands,
    give_command,
    heard_stop,
)


def test_a_run_is_told_what_was_asked_last(tmp_path: Path):
    asked = []
    for command in (PAUSE, CONTINUE, GO):
        give_command(tmp_path, command)
        asked.append((command_of(tmp_path), FileControl(tmp_path).command()))
    assert asked == [(PAUSE, PAUSE), (CONTINUE, PAUSE), (GO, GO)]
    assert [path.name for path in tmp_path.iterdir()] == ["command"]


def test_a_run_that_hears_of_its_end_says_so_until_it_begins_again(tmp_path: Path):
    give_command(tmp_path, STOP)
    assert not heard_stop(tmp_path)
    assert FileControl(tmp_path).command() == STOP
    assert heard_stop(tmp_path)
    assert forget_commands(tmp_path) == STOP
    assert list(tmp_path.iterdir()) == []
    assert forget_commands(tmp_path) == GO


@pytest.mark.parametrize("content", [b"", b"something", b"\xff\xfe", b"STOP"])
def test_where_nothing_sensible_was_asked_it_goes_on(content: bytes, tmp_path: Path):
    assert command_of(tmp_path) == GO
    (tmp_path / "command").write_bytes(content)
    assert FileControl(tmp_path).command() == GO


def test_the_folder_of_a_deleted_run_is_not_made_again(tmp_path: Path):
    give_command(tmp_path / "gone", STOP)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_not_read_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = [100.0]
    monkeypatch.setattr(control.time, "monotonic", lambda: now[0])
    asked = FileControl(tmp_path)
    assert asked.command() == GO
    give_command(tmp_path, STOP)
    assert asked.command() == GO
    now[0] += 0.06
    assert asked.command() == STOP
