"""A file of a known size and MD5 fetched from its server, watched and stoppable, whole or not at all.

It does not know what is in the file. MD5 is what the publishers of data sets give; it tells whether a file
arrived as it was, not who made it.
"""

import errno
import hashlib
import http.client
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError

SECONDS_WITHOUT_AN_ANSWER = 20.0
CHUNK = 1 << 17
SPARE = 1 << 20  # bytes by which a file may be larger than announced
Arrived = Callable[[int], None]  # how many bytes of the file have come; it may raise to end the download


class FetchFailed(CnnLabError):
    """A file that could not be fetched; it says why, and what else one can do."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file and where it is: `size` in bytes, and the MD5 that it must have."""

    url: str
    size: int
    md5: str

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.url.rpartition("/")[2]


def is_right(path: Path, wanted: RemoteFile) -> bool:
    """Return whether a file is there and is the one that is wanted."""
    if not path.is_file() or path.stat().st_size > wanted.size + SPARE:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, _md5).hexdigest() == wanted.md5


def fetch(wanted: RemoteFile, folder: Path, arrived: Arrived = lambda _: None) -> Path:
    """Bring a file into a folder and return it, at once if it is there already. Raises `FetchFailed`."""
    path = folder / wanted.name
    if is_right(path, wanted):
        return path
    partial = folder / f"{wanted.name}.{os.getpid()}.partial"  # a command may fetch it, too
    try:
        with _sentences(wanted, folder):
            folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(folder).free < wanted.size + SPARE:
                raise OSError(errno.ENOSPC, "too little space")
            digest = _copied(wanted, partial, arrived)
            if digest != wanted.md5:
                raise FetchFailed(
                    f"What came is not {wanted.name}: its MD5 is {digest[:8]}…, not {wanted.md5[:8]}…, so it "
                    "was thrown away. Perhaps this network answers with a page of its own: log in to it and "
                    "try again."
                )
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _copied(wanted: RemoteFile, path: Path, arrived: Arrived) -> str:
    """Copy what the server sends; return its MD5."""
    digest, done = _md5(), 0
    request = Request(wanted.url, headers={"User-Agent": "cnnlab"})
    with path.open("wb") as file, build_opener().open(request, timeout=SECONDS_WITHOUT_AN_ANSWER) as answer:
        announced = answer.headers.get("Content-Length", "")
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > wanted.size + SPARE:
                raise FetchFailed(
                    f"More came than the {written_bytes(wanted.size)} that {wanted.name} has, so it was "
                    "thrown away. Try again on another network."
                )
            file.write(chunk)
            digest.update(chunk)
            arrived(done)
    if announced.isdecimal() and done < int(announced):
        raise http.client.IncompleteRead(b"", int(announced) - done)
    return digest.hexdigest()


@contextmanager
def _sentences(wanted: RemoteFile, folder: Path) -> Iterator[None]:
    """Turn what can go wrong outside of this program into a sentence with a way on."""
    else_ = f"Or fetch {wanted.url} on another computer and copy it into {folder}."
    try:
        yield
    except HTTPError as problem:
        problem.close()
        raise FetchFailed(
            f"The server of {wanted.name} did not give it (HTTP {problem.code}). Try again later. {else_}"
        ) from problem
    except (http.client.IncompleteRead, ConnectionResetError) as problem:
        raise FetchFailed("The connection broke off in the middle. Try again.") from problem
    except (URLError, http.client.HTTPException, TimeoutError, ConnectionError) as problem:
        raise FetchFailed(
            f"{_why(problem, wanted)} {else_} Or take a set that comes with CNN Lab."
        ) from problem
    except OSError as problem:
        raise FetchFailed(
            f"{wanted.name} cannot be written to {folder} ({problem.strerror or problem}); it needs "
            f"{written_bytes(wanted.size)}. Make room there, or set CNNLAB_DATA to another folder."
        ) from problem


def _why(problem: Exception, wanted: RemoteFile) -> str:
    if isinstance(getattr(problem, "reason", problem), TimeoutError):
        return f"The server of {wanted.name} was silent for {SECONDS_WITHOUT_AN_ANSWER:.0f} seconds."
    return f"{wanted.name} cannot be downloaded: this computer does not reach its server. Is it offline?"
