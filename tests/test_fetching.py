"""Files from a server that is slow, breaks off, lies, refuses, or is not there: whole, or not at all."""

import hashlib
import os
import shutil
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from cnnlab import fetching
from cnnlab.errors import CnnLabError
from cnnlab.fetching import FetchFailed, Home, RemoteFile, fetch, is_right
from tests.serving import Answer, sending, serving

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several chunks
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a place for files; its folder does not exist yet."""
    return Home(tmp_path / "files", "FILES_HOME", "do without it")


def file_at(address: str, digest: str = DIGEST, size: int = len(CONTENT)) -> RemoteFile:
    return RemoteFile(f"{address}/some/toy.gz", size, digest)


def left(home: Home) -> list[str]:
    return sorted(file.name for file in home.folder.iterdir()) if home.folder.is_dir() else []


def test_a_file_arrives_whole_and_one_hears_how_far_it_is(home: Home):
    heard: list[tuple[int, int]] = []
    with serving(sending(CONTENT)) as address:
        file = fetch(file_at(address), home, lambda *progress: heard.append(progress))
    assert file == home.folder / "toy.gz"
    assert file.read_bytes() == CONTENT
    assert left(home) == [file.name]
    assert heard[-1] == (len(CONTENT), len(CONTENT))
    assert len(heard) > 3
    assert heard == sorted(heard)


@pytest.mark.parametrize(
    ("algorithm", "digits"), [("sha256", 8), ("sha256", 64), ("md5", 32)], ids=["part", "sha256", "md5"]
)
def test_the_hash_is_of_the_kind_that_the_publisher_gives(home: Home, algorithm: str, digits: int):
    digest = hashlib.new(algorithm, CONTENT).hexdigest()[:digits]
    with serving(sending(CONTENT)) as address:
        wanted = RemoteFile(f"{address}/toy.gz", len(CONTENT), digest, algorithm)
        path = fetch(wanted, home)
    assert is_right(path, wanted)
    path.write_bytes(CONTENT[:-1] + b"?")
    assert not is_right(path, wanted)
    path.write_bytes(CONTENT * 3)  # not even read
    assert not is_right(path, wanted)
    path.unlink()
    assert not is_right(path, wanted)


def test_another_file_of_the_same_name_is_replaced(home: Home):
    home.folder.mkdir()
    (home.folder / "toy.gz").write_bytes(b"something else")
    with serving(sending(CONTENT)) as address:
        assert fetch(file_at(address), home).read_bytes() == CONTENT


def silent(_request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)


CUT_OFF = sending(CONTENT[: 1 << 19], announced=len(CONTENT))


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (CUT_OFF, "broke off in the middle, so what had come was thrown away"),
        (silent, r"The server of toy\.gz was silent for 0 seconds\. Try again"),
        (sending(CONTENT * 3), r"More came than the 1\.0 MiB that toy\.gz has"),
        (sending(CONTENT[:-1] + b"?"), r"not toy\.gz: its hash begins with \w{8}, not with"),
        (sending(b"<html>Please log in.</html>"), "log in to it and try again"),
        (sending(b"", code=403), r"toy\.gz was refused \(HTTP 403\): this network lets"),
        (sending(b"", code=404), r"not where its publisher says that it is \(HTTP 404\)"),
        (sending(b"", code=503), r"cannot answer now \(HTTP 503\)\. Try again in a few minutes"),
    ],
)
def test_what_goes_wrong_is_a_sentence_with_a_way_on_and_leaves_nothing_behind(
    answer: Answer, says: str, home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "SECONDS_WITHOUT_AN_ANSWER", 0.2)
    with serving(answer) as address:
        wanted = file_at(address)
        with pytest.raises(FetchFailed, match=says) as caught:
            fetch(wanted, home)
    way_on = f"fetch {wanted.url} on another computer and copy the file into {home.folder}; or do without it."
    assert str(caught.value).endswith(way_on)
    assert left(home) == []


def test_after_a_failure_the_next_try_starts_afresh(home: Home):
    answers = [CUT_OFF, sending(CONTENT)]
    with serving(lambda handler: answers.pop(0)(handler)) as address:
        with pytest.raises(FetchFailed, match="broke off"):
            fetch(file_at(address), home)
        assert fetch(file_at(address), home).read_bytes() == CONTENT
    assert left(home) == ["toy.gz"]


def test_a_server_that_tells_no_length_is_checked_by_the_hash(home: Home):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(CONTENT)

    with serving(answer) as address:
        assert fetch(file_at(address), home).read_bytes() == CONTENT


def test_a_slow_download_is_stopped_from_where_it_is_watched(home: Home):
    gate = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CONTENT)))
        handler.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            while not gate.wait(0.01):
                handler.wfile.write(CONTENT[:65536])

    def stop(done: int, _of: int) -> None:
        assert [name.endswith(".partial") for name in left(home)] == [True]
        raise CnnLabError(f"stopped after {done} bytes")

    with serving(drip) as address, pytest.raises(CnnLabError, match=r"stopped after \d+ bytes"):
        fetch(file_at(address, size=2**30), home, stop)
    gate.set()
    assert left(home) == []


def test_without_a_network_a_sentence_says_so(home: Home):
    with serving(silent) as address:
        pass  # nobody listens there any more
    with pytest.raises(FetchFailed, match=r"does not reach its server\. Is it offline\?"):
        fetch(file_at(address), home)


def test_a_proxy_that_refuses_is_named(home: Home, monkeypatch: pytest.MonkeyPatch):
    with serving(silent) as address:  # it knows no CONNECT, and refuses it
        monkeypatch.setenv("https_proxy", address)
        with pytest.raises(FetchFailed, match=r"proxy of this network refused the download \(Tunnel"):
            fetch(file_at("https://files.example"), home)


def test_a_disk_without_space_is_told_before_and_on_the_way(home: Home, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage("/")._replace(free=1000)
    with monkeypatch.context() as patch, serving(silent) as address:
        patch.setattr(shutil, "disk_usage", lambda _folder: usage)
        with pytest.raises(FetchFailed, match=r"too little space for the 1\.0 MiB of toy\.gz.*FILES_HOME"):
            fetch(file_at(address), home)

    def full(done: int, _of: int) -> None:
        if done:
            raise OSError(28, "No space left on device")

    with serving(sending(CONTENT)) as address, pytest.raises(FetchFailed, match="too little space"):
        fetch(file_at(address), home, full)
    assert left(home) == []


def test_a_folder_that_cannot_be_written_to_is_named(home: Home):
    home.folder.write_text("a file is in the way")
    with pytest.raises(FetchFailed, match=rf"cannot be written to {home.folder} \(.*\)\. Allow it"):
        fetch(file_at("http://127.0.0.1:9"), home)


def test_what_a_crash_left_behind_long_ago_is_cleared_away(home: Home):
    home.folder.mkdir()
    old, new = home.folder / "other.1.partial", home.folder / "other.2.partial"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    with serving(sending(CONTENT)) as address:
        fetch(file_at(address), home)
    assert left(home) == sorted([new.name, "toy.gz"])
