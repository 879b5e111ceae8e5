"""The command that prepares a machine with data sets: what it lists, what it fetches, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cnnlab.data_command import data
from cnnlab.fetching import FetchFailed
from cnnlab.inspection.work import Progress
from cnnlab.training import public_sets
from cnnlab.training.data_sets import DATA_SETS
from tests.source_files import ROOT


@pytest.fixture(autouse=True)
def _no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path / "data"))
    monkeypatch.delenv(public_sets.FOLDER_SETTING, raising=False)


def run(*words: str) -> Result:
    return CliRunner().invoke(data, words)


def test_the_list_names_all_sets_with_their_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    raw = tmp_path / "sets" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for one in public_sets.PUBLIC["mnist"].files:
        (raw / one.name).touch()
    monkeypatch.setenv(public_sets.FOLDER_SETTING, str(tmp_path / "sets"))
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in run("list").stdout.splitlines()}
    assert set(lines) == set(DATA_SETS)
    assert lines["shapes-new"] == "–  comes with CNN Lab"
    assert lines["mnist"] == "11.6 MB  its files are here"
    assert lines["pets"] == "811.1 MB  to be downloaded"


def test_the_list_as_an_object_without_loading_torch():
    script = (
        "import sys; from cnnlab.__main__ import main; "
        "main(['data', 'list', '--json'], standalone_mode=False); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed, loaded = done.stdout.splitlines()
    assert loaded == "False"
    assert [one["name"] for one in json.loads(listed)["sets"]] == list(DATA_SETS)


def test_the_bar_goes_back_when_something_else_begins(monkeypatch: pytest.MonkeyPatch):
    places: list[tuple[int, int]] = []

    def render(bar: Any) -> None:
        places.append((bar.pos, bar.length or 0))

    def obtain(_name: str, progress: Progress) -> None:
        for done, total in ((0, 10), (10, 10), (0, 4), (1, 4), (4, 4)):
            progress("Working", done, total)

    monkeypatch.setattr(type(click.progressbar(length=1)), "render_progress", render)
    monkeypatch.setattr(public_sets, "obtain", obtain)
    assert run("fetch", "mnist").exit_code == 0
    assert list(dict.fromkeys(places)) == [(0, 10), (10, 10), (1, 4), (4, 4)]


def test_sets_are_fetched_once_and_failures_come_last(monkeypatch: pytest.MonkeyPatch):
    here: list[str] = []

    def obtain(name: str, progress: Progress) -> None:
        progress("Downloading", 1, 2)
        if name == "cifar-10":
            raise FetchFailed("Is it offline?")
        here.append(name)

    monkeypatch.setattr(public_sets, "obtain", obtain)
    monkeypatch.setattr(public_sets, "ready", here.__contains__)
    result = run("fetch", "cifar-10", "mnist", "mnist", "cats")
    assert result.exit_code == 2
    assert here == ["mnist"]
    assert "mnist: here." in result.stdout
    assert "Error: cifar-10: Is it offline?" in result.stderr
    assert (
        "Error: cats: there is nothing of that name to fetch; there are: mnist, fashion-mnist"
        in result.stderr
    )
    assert run("fetch", "mnist").exit_code == 0
    assert here == ["mnist"]
