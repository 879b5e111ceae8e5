"""Where runs lie, and what is no run's name."""

from pathlib import Path

import pytest

from cnnlab.folders import data_folder
from cnnlab.training.places import DATA, RUNS, data_root, new_run_id, run_path, runs_root
from cnnlab.training.run_folder import NoSuchRun


def test_runs_and_data_lie_beside_progress_unless_the_environment_names_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv(RUNS, str(tmp_path / "a"))
    monkeypatch.setenv(DATA, f" {tmp_path / 'b'} ")
    assert (runs_root(), data_root()) == (tmp_path / "a", tmp_path / "b")
    monkeypatch.setenv(RUNS, "")
    monkeypatch.delenv(DATA)
    assert (runs_root(), data_root()) == (data_folder() / "runs", data_folder() / "data")


def test_every_run_has_a_name_of_its_own_and_a_folder_below_the_root():
    names = {new_run_id() for _ in range(100)}
    assert len(names) == 100
    assert all(run_path(name) == runs_root() / name for name in names)


@pytest.mark.parametrize(
    "name", ["", "..", "../0123456789abcdef", "0123456789ABCDEF", "0123456789abcdef\n", "/etc"]
)
def test_what_is_no_name_of_a_run_leads_nowhere(name: str):
    with pytest.raises(NoSuchRun, match="not the name of a run"):
        run_path(name)
