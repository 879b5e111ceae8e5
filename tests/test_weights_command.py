"""The command that prepares a machine: what it lists, what it fetches, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

from cnnlab.fetching import FetchFailed
from cnnlab.inspection import downloads
from cnnlab.inspection.downloads import Source
from cnnlab.inspection.models import entries
from cnnlab.inspection.work import Progress
from cnnlab.weights_command import weights
from tests.source_files import ROOT


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder where weights are looked for."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    return tmp_path / "checkpoints"


def run(*words: str) -> Result:
    return CliRunner().invoke(weights, words)


def test_the_list_names_all_networks_with_their_sizes_and_the_folder(checkpoints: Path):
    (checkpoints / "squeezenet1_1-b8a52dc0.pth").touch()
    result = run("list")
    assert result.exit_code == 0
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in result.stdout.splitlines() if line}
    assert set(lines) >= {one.name for one in entries()}
    assert lines["squeezenet1_1"].split() == ["4.7", "MiB", "here"]
    assert lines["vgg16"] == "527.8 MiB  to be downloaded"
    assert result.stdout.endswith(f"The folder is {checkpoints}.\n")


def test_the_list_as_an_object_without_loading_torch():
    script = (
        "import sys; from cnnlab.__main__ import main; "
        "main(['weights', 'list', '--json'], standalone_mode=False); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed, loaded = done.stdout.splitlines()
    assert loaded == "False"
    found = {one["name"]: one for one in json.loads(listed)["networks"]}
    assert found["vgg16"]["title"] == "VGG-16"
    assert found["vgg16"]["mebibytes"] == 527.796


def test_fetched_files_are_named_and_those_that_are_here_are_left_alone(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch
):
    here = checkpoints / "squeezenet1_1-b8a52dc0.pth"
    here.write_text("as it was")

    def fetch(wanted: Source, progress: Progress) -> Path:
        progress("Asking for the file", 0, wanted.size)
        progress("Downloading", 5, 10)
        progress("Downloading", 10, 10)
        wanted.file.write_text(wanted.weights)
        return wanted.file

    monkeypatch.setattr(downloads, "fetch", fetch)
    result = run("fetch", "squeezenet1_1", "resnet18", "resnet18")
    assert result.exit_code == 0, result.output
    assert here.read_text() == "as it was"
    file = checkpoints / "resnet18-f37072fd.pth"
    assert file.read_text() == "IMAGENET1K_V1"
    assert result.stdout.splitlines()[0] == f"squeezenet1_1: {here} is here already."
    assert result.stdout.splitlines()[-1] == f"resnet18: {file}"
    assert result.stdout.count("resnet18: ") == 1


def test_what_cannot_be_had_is_told_and_the_rest_is_fetched(monkeypatch: pytest.MonkeyPatch):
    tried = []

    def fetch(wanted: Source, _progress: Progress) -> Path:
        tried.append(wanted.name)
        raise FetchFailed("This computer is offline.")

    monkeypatch.setattr(downloads, "fetch", fetch)
    result = run("fetch", "lenet5", "resnet19", "alexnet", "vgg16")
    assert result.exit_code == 2
    assert tried == ["alexnet", "vgg16"]
    assert "Error: lenet5: There are no trained weights for lenet5" in result.stderr
    assert "Error: resnet19: There is no network called `resnet19`" in result.stderr
    assert "Error: vgg16: This computer is offline." in result.stderr


def test_a_name_is_needed():
    result = run("fetch")
    assert result.exit_code == 2
    assert "Missing argument 'NAME…'" in result.stderr
