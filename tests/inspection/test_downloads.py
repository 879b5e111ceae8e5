"""Weights fetched from a server that is slow, breaks off, lies, refuses, or is not there."""

import hashlib
import os
import shutil
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import torch
from torchvision.models import ResNet50_Weights

from cnnlab import zoo
from cnnlab.inspection import downloads
from cnnlab.inspection.downloads import DownloadFailed, NothingToFetch, Source, download_desk, fetch, source
from cnnlab.inspection.weight_files import FILES
from cnnlab.inspection.work import Desk, Stopped
from tests.serving import Answer, serving

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for weights; it does not exist yet."""
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "checkpoints"


def weights_at(address: str, digest: str = DIGEST, size: int = len(CONTENT)) -> Source:
    return Source("toy", "V1", f"{address}/models/toy-{digest}.pth", size, digest)


def send(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, length: int | None = None):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content) if length is None else length))
    handler.end_headers()
    handler.wfile.write(content)


def left(checkpoints: Path) -> list[str]:
    return sorted(file.name for file in checkpoints.iterdir()) if checkpoints.is_dir() else []


def test_a_file_arrives_whole_under_its_own_name_and_is_asked_for_once(checkpoints: Path):
    asked, heard = [], []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        send(handler, CONTENT)

    with serving(answer) as address:
        wanted = weights_at(address)
        file = fetch(wanted, lambda *progress: heard.append(progress))
        assert fetch(wanted) == file == checkpoints / f"toy-{DIGEST}.pth"
    assert file.read_bytes() == CONTENT
    assert left(checkpoints) == [file.name]
    assert asked == [f"/models/toy-{DIGEST}.pth"]
    assert heard[0] == ("Asking for the file", 0, len(CONTENT))
    assert heard[-1] == ("Downloading", len(CONTENT), len(CONTENT))
    assert len(heard) > 4
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    send(handler, CONTENT[: 1 << 19], length=len(CONTENT))


def silent(_handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)


def endless(handler: BaseHTTPRequestHandler) -> None:
    send(handler, CONTENT * 3)


def refusing(status: int) -> Answer:
    return lambda handler: send(handler, b"<html>No.</html>", status)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (cut_off, "broke off in the middle, so what had come was thrown away"),
        (silent, r"was silent for 0 seconds\. Try again"),
        (endless, r"More came than the 1\.0 MiB that toy-\w+\.pth has"),
        (lambda handler: send(handler, CONTENT[:-1] + b"?"), r"its hash begins with \w{8}, not with"),
        (lambda handler: send(handler, b"<html>Please log in.</html>"), "log in to it and try again"),
        (refusing(403), r"refused \(HTTP 403\): this network lets"),
        (refusing(404), r"not where torchvision says that they are \(HTTP 404\)"),
        (refusing(503), r"cannot answer now \(HTTP 503\)\. Try again in a few minutes"),
    ],
)
def test_what_goes_wrong_is_a_sentence_with_a_way_on_and_leaves_nothing_behind(
    answer: Answer, says: str, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(downloads, "SECONDS_WITHOUT_AN_ANSWER", 0.2)
    with serving(answer) as address:
        wanted = weights_at(address)
        with pytest.raises(DownloadFailed, match=says) as caught:
            fetch(wanted)
    assert f"fetch {wanted.url} on another computer and copy the file into {checkpoints}" in str(caught.value)
    assert left(checkpoints) == []


def test_after_a_failure_the_next_try_starts_afresh(checkpoints: Path):
    answers = [cut_off, lambda handler: send(handler, CONTENT)]
    with serving(lambda handler: answers.pop(0)(handler)) as address:
        with pytest.raises(DownloadFailed, match="broke off"):
            fetch(weights_at(address))
        assert fetch(weights_at(address)).read_bytes() == CONTENT
    assert left(checkpoints) == [f"toy-{DIGEST}.pth"]


def test_a_server_that_tells_no_length_is_checked_by_the_hash():
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(CONTENT)

    with serving(answer) as address:
        assert fetch(weights_at(address)).read_bytes() == CONTENT


def test_a_slow_download_is_stopped(checkpoints: Path):
    gate = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            while not gate.wait(0.01):
                handler.wfile.write(CONTENT[:65536])

    desk = Desk()
    with serving(drip) as address:
        wanted = weights_at(address, size=2**30)
        job = desk.ask("weights", lambda progress: fetch(wanted, progress))
        while not job.done:
            assert not job.over.wait(0.01)
        assert [name.endswith(".partial") for name in left(checkpoints)] == [True]
        desk.stop("weights")
        assert job.over.wait(10)
        gate.set()
    assert isinstance(job.problem, Stopped)
    assert left(checkpoints) == []


def test_without_a_network_a_sentence_says_so():
    with serving(silent) as address:
        pass  # nobody listens there any more
    with pytest.raises(DownloadFailed, match=r"does not reach their server\. Is it offline\?"):
        fetch(weights_at(address))


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch):
    with serving(silent) as address:  # it knows no CONNECT, and refuses it
        monkeypatch.setenv("https_proxy", address)
        with pytest.raises(DownloadFailed, match=r"proxy of this network refused the download \(Tunnel"):
            fetch(weights_at("https://weights.example"))


def test_a_disk_without_space_is_told_before_and_on_the_way(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch
):
    usage = shutil.disk_usage("/")._replace(free=1000)
    with monkeypatch.context() as patch, serving(silent) as address:
        patch.setattr(shutil, "disk_usage", lambda _folder: usage)
        with pytest.raises(DownloadFailed, match=r"too little space for the 1\.0 MiB of toy-.*TORCH_HOME"):
            fetch(weights_at(address))

    def full(_what: str, done: int, _of: int) -> None:
        if done:
            raise OSError(28, "No space left on device")

    with (
        serving(lambda handler: send(handler, CONTENT)) as address,
        pytest.raises(DownloadFailed, match="too little space"),
    ):
        fetch(weights_at(address), full)
    assert left(checkpoints) == []


def test_a_folder_that_cannot_be_written_to_is_named(checkpoints: Path):
    checkpoints.write_text("a file is in the way")
    with pytest.raises(DownloadFailed, match=rf"cannot be written to {checkpoints} \(.*\)\. Allow it"):
        fetch(weights_at("http://127.0.0.1:9"))


def test_what_a_crash_left_behind_long_ago_is_cleared_away(checkpoints: Path):
    checkpoints.mkdir()
    old, new = checkpoints / "other.1.partial", checkpoints / "other.2.partial"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    with serving(lambda handler: send(handler, CONTENT)) as address:
        fetch(weights_at(address))
    assert left(checkpoints) == sorted([new.name, f"toy-{DIGEST}.pth"])


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
