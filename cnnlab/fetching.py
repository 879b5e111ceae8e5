"""A file fetched from its server: watched, stoppable, bounded and checked; whole or not at all.

`torch.hub` and torchvision fetch files, too, but theirs can be neither watched nor stopped. A file gets its
name only once it is whole and its hash is right, so what fails or is stopped leaves nothing behind. The hash
tells whether a file arrived as it was, not who made it. It does not know what is in the file.
"""

import errno
import hashlib
import http.client
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError

SECONDS_WITHOUT_AN_ANSWER = 20.0
CHUNK = 1 << 17
SPARE = 1 << 20  # bytes by which a file may be larger than announced
ABANDONED_SECONDS = 86_400
_PARTIAL = ".partial"
Arrived = Callable[[int, int], None]  # how many bytes of how many have come; it may raise to end the download


class FetchFailed(CnnLabError):
    """A file that could not be fetched; it says why, and what else one can do."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file and where it is: `size` in bytes, about; how its hash begins, in hexadecimal digits."""

    url: str
    size: int
    digest: str
    algorithm: str = "sha256"

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.url.rpartition("/")[2]

    def hash(self) -> "hashlib._Hash":
        """Return a hash of the kind that the publisher gives, of nothing yet."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


@dataclass(frozen=True, slots=True)
class Home:
    """Where files go, the environment variable that names another place, and what does without them."""

    folder: Path
    variable: str
    instead: str


def is_right(path: Path, wanted: RemoteFile) -> bool:
    """Return whether a file is there and is the one that is wanted."""
    if not path.is_file() or path.stat().st_size > wanted.size + SPARE:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, wanted.hash).hexdigest().startswith(wanted.digest)


def fetch(wanted: RemoteFile, home: Home, arrived: Arrived = lambda *_: None) -> Path:
    """Bring a file home, over one of its name, and return it.

    `arrived` hears how many bytes of how many have come, and may raise to end the download. Raises
    `FetchFailed` with a sentence for whatever else ends it.
    """
    path = home.folder / wanted.name
    with _sentences(wanted, home), _partial_file(path, wanted.size) as (file, partial):
        digest = _copied(wanted, home, file, arrived)
        file.close()
        if not digest.startswith(wanted.digest):
            raise FetchFailed(
                f"What came is not {wanted.name}: its hash begins with {digest[:8]}, not with "
                f"{wanted.digest[:8]}. It was thrown away. Perhaps this network answers with a page of its "
                f"own: log in to it and try again. {_way_on(wanted, home)}"
            )
        partial.replace(path)
    return path


def _copied(wanted: RemoteFile, home: Home, file: BinaryIO, arrived: Arrived) -> str:
    """Copy what the server sends; return its hash."""
    digest, done = wanted.hash(), 0
    request = Request(wanted.url, headers={"User-Agent": "cnnlab"})
    with build_opener().open(request, timeout=SECONDS_WITHOUT_AN_ANSWER) as answer:
        announced = answer.headers.get("Content-Length", "")
        total = int(announced) if announced.isdecimal() else wanted.size
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > wanted.size + SPARE:
                raise FetchFailed(
                    f"More came than the {written_bytes(wanted.size)} that {wanted.name} has, so it was "
                    f"thrown away. {_way_on(wanted, home)}"
                )
            file.write(chunk)
            digest.update(chunk)
            arrived(done, total)
    if announced and done < total:
        raise http.client.IncompleteRead(b"", total - done)
    return digest.hexdigest()


@contextmanager
def _partial_file(target: Path, size: int) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file beside the wanted one, which is gone afterwards unless it was renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f"*{_PARTIAL}"):
        if time.time() - old.stat().st_mtime > ABANDONED_SECONDS:
            old.unlink(missing_ok=True)
    if shutil.disk_usage(target.parent).free < size + SPARE:
        raise OSError(errno.ENOSPC, "too little space")
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=_PARTIAL, dir=target.parent)
    try:
        if os.name == "posix":
            os.fchmod(handle, 0o644)  # for everybody who uses the folder
        with os.fdopen(handle, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _sentences(wanted: RemoteFile, home: Home) -> Iterator[None]:
    """Turn what can go wrong outside of this program into a sentence with a way on."""
    try:
        yield
    except HTTPError as problem:
        problem.close()
        raise FetchFailed(f"{_refusal(problem.code, wanted)} {_way_on(wanted, home)}") from problem
    except (URLError, http.client.HTTPException, TimeoutError, ConnectionError) as problem:
        raise FetchFailed(f"{_network_problem(problem, wanted)} {_way_on(wanted, home)}") from problem
    except OSError as problem:
        raise FetchFailed(_disk_problem(problem, wanted, home)) from problem


def _refusal(code: int, wanted: RemoteFile) -> str:
    if code in (401, 403, 407, 511):
        return (
            f"{wanted.name} was refused (HTTP {code}): this network lets such files through only for those "
            "who are allowed or logged in."
        )
    if code in (404, 410):
        return f"{wanted.name} is not where its publisher says that it is (HTTP {code})."
    return f"The server of {wanted.name} cannot answer now (HTTP {code}). Try again in a few minutes."


def _network_problem(problem: Exception, wanted: RemoteFile) -> str:
    reason = getattr(problem, "reason", problem)
    if isinstance(reason, TimeoutError):
        return (
            f"The server of {wanted.name} was silent for {SECONDS_WITHOUT_AN_ANSWER:.0f} seconds. Try again, "
            "perhaps at a quieter time."
        )
    if isinstance(reason, (http.client.IncompleteRead, ConnectionResetError)):
        return "The connection broke off in the middle, so what had come was thrown away. Try again."
    if "unnel" in str(reason):  # "Tunnel connection failed: 403 Forbidden"
        return f"The proxy of this network refused the download ({str(reason)[:80]})."
    return f"{wanted.name} cannot be downloaded: this computer does not reach its server. Is it offline?"


def _disk_problem(problem: OSError, wanted: RemoteFile, home: Home) -> str:
    if problem.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return (
            f"There is too little space for the {written_bytes(wanted.size)} of {wanted.name} in "
            f"{home.folder}. Make room there, or set {home.variable} to a folder on a larger disk."
        )
    return (
        f"{wanted.name} cannot be written to {home.folder} ({problem.strerror or problem}). Allow it, or set "
        f"{home.variable} to a folder that can be written to."
    )


def _way_on(wanted: RemoteFile, home: Home) -> str:
    return (
        f"Or fetch {wanted.url} on another computer and copy the file into {home.folder}; or {home.instead}."
    )
