"""Which weights are fetched for a network, and into which folder."""

import hashlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet50_Weights

from cnnlab import zoo
from cnnlab.fetching import FetchFailed
from cnnlab.inspection.downloads import NothingToFetch, Source, download_desk, fetch, source
from cnnlab.inspection.weight_files import FILES
from cnnlab.inspection.work import Stopped
from tests.serving import sending, serving

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for weights; it does not exist yet."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "checkpoints"


def weights_at(address: str) -> Source:
    return Source("toy", "V1", f"{address}/models/toy-{DIGEST}.pth", len(CONTENT), DIGEST)


def test_a_file_arrives_whole_where_torchvision_looks_and_is_asked_for_once(checkpoints: Path):
    asked, heard = [], []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        sending(CONTENT)(handler)

    with serving(answer) as address:
        wanted = weights_at(address)
        file = fetch(wanted, lambda *progress: heard.append(progress))
        assert fetch(wanted) == file == checkpoints / f"toy-{DIGEST}.pth"
    assert file.read_bytes() == CONTENT
    assert asked == [f"/models/toy-{DIGEST}.pth"]
    assert heard[0] == ("Asking for the file", 0, len(CONTENT))
    assert heard[-1] == ("Downloading", len(CONTENT), len(CONTENT))


def test_another_file_is_thrown_away_and_the_way_on_names_the_folder(checkpoints: Path):
    with (
        serving(sending(CONTENT[::-1])) as address,
        pytest.raises(FetchFailed, match=f"copy the file into {checkpoints}; or take a network that comes"),
    ):
        fetch(weights_at(address))
    assert list(checkpoints.iterdir()) == []


def test_a_download_is_stopped(checkpoints: Path):
    desk = download_desk()

    def work(progress):
        def and_stop(*heard) -> None:
            if heard[1]:
                desk.stop("toy")
            progress(*heard)

        return fetch(wanted, and_stop)

    with serving(sending(CONTENT)) as address:
        wanted = weights_at(address)
        job = desk.ask("toy", work)
        assert job.over.wait(20)
    assert isinstance(job.problem, Stopped)
    assert list(checkpoints.iterdir()) == []


def test_the_source_is_what_torchvision_recommends():
    best = ResNet50_Weights.DEFAULT
    found = source("resnet50")
    assert (found.weights, found.url, found.digest) == ("IMAGENET1K_V2", best.url, "11ad3fa6")
    assert found.size == pytest.approx(best.meta["_file_size"] * 2**20, abs=1)
    assert found.file.name == "resnet50-11ad3fa6.pth"


@pytest.mark.parametrize("name", FILES)
def test_every_network_with_weights_can_be_asked_for_by_its_hash(name: str):
    found = source(name)
    assert found.file.name == FILES[name][0].file
    assert found.url.startswith("https://download.pytorch.org/")
    assert len(found.digest) >= 8
    assert found.digest in found.file.name


@pytest.mark.parametrize("name", ["lenet5", "resnetv2_50", "unet", "fcn_resnet50"])
def test_a_network_without_such_weights_is_told(name: str):
    assert zoo.facts(name).name not in FILES
    with pytest.raises(NothingToFetch, match=f"no trained weights for {name} to download"):
        source(name)


def test_downloads_wait_in_a_queue_of_their_own():
    assert download_desk() is download_desk()
    assert download_desk().ask("nothing", lambda _progress: None).over.wait(10)
