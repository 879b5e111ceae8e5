"""Files fetched from a server that breaks off, lies, refuses, or is not there: whole, or not at all."""

import hashlib
import shutil
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnnlab.errors import CnnLabError
from cnnlab.training import fetching
from cnnlab.training.fetching import FetchFailed, RemoteFile, fetch
from tests.serving import Answer, sending, serving

CONTENT = bytes(range(256)) * 2048
MD5 = hashlib.md5(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def fetched(answer: Answer, folder: Path, size: int = len(CONTENT), md5: str = MD5) -> Path:
    with serving(answer) as address:
        return fetch(RemoteFile(f"{address}/set.gz", size, md5), folder)


def test_what_comes_is_kept(tmp_path: Path):
    path = fetched(sending(CONTENT), tmp_path / "new")
    assert path == tmp_path / "new" / "set.gz"
    assert path.read_bytes() == CONTENT


def test_what_is_there_is_not_fetched_again(tmp_path: Path):
    (tmp_path / "set.gz").write_bytes(CONTENT)
    assert fetch(RemoteFile("http://127.0.0.1:1/set.gz", len(CONTENT), MD5), tmp_path).read_bytes() == CONTENT


def test_another_file_of_the_same_name_is_fetched_again(tmp_path: Path):
    (tmp_path / "set.gz").write_bytes(b"something else")
    assert fetched(sending(CONTENT), tmp_path).read_bytes() == CONTENT


BAD = {
    "another file": (sending(bytes(len(CONTENT))), "What came is not set.gz: its MD5 is"),
    "a page to log in": (sending(b"<html>Log in</html>"), "answers with a page of its own: log in"),
    "cut short": (sending(CONTENT[:-9], announced=len(CONTENT)), "connection broke off in the middle"),
    "too much": (sending(CONTENT + bytes(2 << 20)), "More came than the 512.0 KiB that set.gz has"),
    "not found": (sending(b"", code=404), r"did not give it \(HTTP 404\)\. Try again later\. Or fetch http"),
    "refused": (sending(b"", code=403), r"did not give it \(HTTP 403\)"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_fails_leaves_nothing_and_says_why(name: str, tmp_path: Path):
    answer, sentence = BAD[name]
    with pytest.raises(FetchFailed, match=sentence):
        fetched(answer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_silent_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "SECONDS_WITHOUT_AN_ANSWER", 0.2)

    def silent(_request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.6)

    with pytest.raises(FetchFailed, match="was silent for 0 seconds"):
        fetched(silent, tmp_path)


def test_no_server(tmp_path: Path):
    with pytest.raises(FetchFailed, match=r"does not reach its server\. Is it offline\?"):
        fetch(RemoteFile("http://127.0.0.1:1/set.gz", 9, MD5), tmp_path)


def test_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=9))
    with pytest.raises(
        FetchFailed, match=r"cannot be written to .* \(too little space\); it needs 512\.0 KiB"
    ):
        fetched(sending(CONTENT), tmp_path)


def test_it_is_watched_and_stopped(tmp_path: Path):
    heard: list[int] = []

    def stop(done: int) -> None:
        heard.append(done)
        if len(heard) == 2:
            raise CnnLabError("This was stopped.")

    with serving(sending(CONTENT)) as address, pytest.raises(CnnLabError, match=r"^This was stopped\.$"):
        fetch(RemoteFile(f"{address}/set.gz", len(CONTENT), MD5), tmp_path, stop)
    assert 0 < heard[0] < heard[1] < len(CONTENT)
    assert list(tmp_path.iterdir()) == []
