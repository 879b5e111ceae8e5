"""Trained weights fetched from where torchvision keeps them into the folder where it looks for them.

The address, the size and the digits of the hash in the file's name are torchvision's own. `torch.hub` would
fetch the same file, but it can be neither watched nor stopped. A file gets its name only once it is whole and
its hash is right, so what fails or is stopped leaves nothing behind. It does not read the weights.
"""

import errno
import hashlib
import http.client
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from cnnlab import zoo
from cnnlab.arithmetic.units import written_bytes
from cnnlab.errors import CnnLabError
from cnnlab.inspection.weight_files import folder
from cnnlab.inspection.work import Desk, Progress

SECONDS_WITHOUT_AN_ANSWER = 20.0
PATIENCE_SECONDS = 120.0  # a page that is reloaded finds its download again
CHUNK = 1 << 17
SPARE = 1 << 20  # bytes by which a file may be larger than announced
ABANDONED_SECONDS = 86_400
_HASH = re.compile(r"-([a-f0-9]{8,})\.[^.]*$")  # as torch.hub reads it
_PARTIAL = ".partial"


class NothingToFetch(CnnLabError):
    """A network for which torchvision has no trained weights."""


class DownloadFailed(CnnLabError):
    """Weights that could not be fetched; it says why, and what else one can do."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where weights come from and what must arrive: `size` in bytes, about; how the SHA-256 begins."""

    name: str
    weights: str
    url: str
    size: int
    digest: str

    @property
    def file(self) -> Path:
        """Return the file in which torchvision looks for them."""
        return folder() / self.url.rpartition("/")[2]


def source(name: str) -> Source:
    """Return the weights that torchvision recommends for a network; this loads torchvision."""
    builder = zoo.facts(zoo.resolve(name)).builder
    if builder.library != "torchvision" or builder.part:
        raise NothingToFetch(
            f"There are no trained weights for {name} to download. `python -m cnnlab weights list` names the "
            "networks that have some."
        )
    from torchvision.models import get_model_weights

    weights: Any = get_model_weights(builder.constructor)
    best = weights.DEFAULT
    digest = _HASH.search(best.url)
    return Source(
        name, best.name, best.url, round(best.meta["_file_size"] * 2**20), digest.group(1) if digest else ""
    )


def fetch(wanted: Source, progress: Progress = lambda *_: None) -> Path:
    """Bring weights to this machine and return their file, at once if it is here already.

    `progress` hears how many bytes of how many have come, and may raise to end the download. Raises
    `DownloadFailed` with a sentence for whatever else ends it.
    """
    if wanted.file.is_file():
        return wanted.file
    progress("Asking for the file", 0, wanted.size)
    with _sentences(wanted), _partial_file(wanted) as (file, path):
        digest = _copy(wanted, file, progress)
        file.close()
        if not digest.startswith(wanted.digest):
            raise DownloadFailed(
                f"What came is not the file {wanted.file.name}: its hash begins with {digest[:8]}, not with "
                f"{wanted.digest}. It was thrown away. Perhaps this network answers with a page of its own: "
                f"log in to it and try again. {_way_on(wanted)}"
            )
        path.replace(wanted.file)
    return wanted.file


def _copy(wanted: Source, file: BinaryIO, progress: Progress) -> str:
    """Copy what the server sends; return its SHA-256."""
    digest = hashlib.sha256()
    request = Request(wanted.url, headers={"User-Agent": "cnnlab"})
    with build_opener().open(request, timeout=SECONDS_WITHOUT_AN_ANSWER) as answer:
        announced = answer.headers.get("Content-Length", "")
        total = int(announced) if announced.isdecimal() else wanted.size
        done = 0
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > wanted.size + SPARE:
                raise DownloadFailed(
                    f"More came than the {written_bytes(wanted.size)} that {wanted.file.name} has, so it "
                    f"was thrown away. {_way_on(wanted)}"
                )
            file.write(chunk)
            digest.update(chunk)
            progress("Downloading", done, total)
    if announced and done < total:
        raise http.client.IncompleteRead(b"", total - done)
    return digest.hexdigest()


@contextmanager
def _partial_file(wanted: Source) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file beside the wanted one, which is gone afterwards unless it was renamed."""
    target = wanted.file
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f"*{_PARTIAL}"):
        if time.time() - old.stat().st_mtime > ABANDONED_SECONDS:
            old.unlink(missing_ok=True)
    if shutil.disk_usage(target.parent).free < wanted.size + SPARE:
        raise OSError(errno.ENOSPC, "too little space")
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=_PARTIAL, dir=target.parent)
    try:
        if os.name == "posix":
            os.fchmod(handle, 0o644)  # weights are for everybody who uses the folder
        with os.fdopen(handle, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _sentences(wanted: Source) -> Iterator[None]:
    """Turn what can go wrong outside of this program into a sentence with a way on."""
    try:
        yield
    except HTTPError as problem:
        problem.close()
        raise DownloadFailed(f"{_refusal(problem.code)} {_way_on(wanted)}") from problem
    except (URLError, http.client.HTTPException, TimeoutError, ConnectionError) as problem:
        raise DownloadFailed(f"{_network_problem(problem)} {_way_on(wanted)}") from problem
    except OSError as problem:
        raise DownloadFailed(_disk_problem(problem, wanted)) from problem


def _refusal(code: int) -> str:
    if code in (401, 403, 407, 511):
        return (
            f"The weights were refused (HTTP {code}): this network lets such files through only for those "
            "who are allowed or logged in."
        )
    if code in (404, 410):
        return f"The weights are not where torchvision says that they are (HTTP {code})."
    return f"The server of the weights cannot answer now (HTTP {code}). Try again in a few minutes."


def _network_problem(problem: Exception) -> str:
    reason = getattr(problem, "reason", problem)
    if isinstance(reason, TimeoutError):
        return (
            f"The server of the weights was silent for {SECONDS_WITHOUT_AN_ANSWER:.0f} seconds. "
            "Try again, perhaps at a quieter time."
        )
    if isinstance(reason, (http.client.IncompleteRead, ConnectionResetError)):
        return "The connection broke off in the middle, so what had come was thrown away. Try again."
    if "unnel" in str(reason):  # "Tunnel connection failed: 403 Forbidden"
        return f"The proxy of this network refused the download ({str(reason)[:80]})."
    return "The weights cannot be downloaded: this computer does not reach their server. Is it offline?"


def _disk_problem(problem: OSError, wanted: Source) -> str:
    if problem.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return (
            f"There is too little space for the {written_bytes(wanted.size)} of {wanted.file.name} in "
            f"{wanted.file.parent}. Make room there, or set TORCH_HOME to a folder on a larger disk."
        )
    return (
        f"{wanted.file.name} cannot be written to {wanted.file.parent} ({problem.strerror or problem}). "
        "Allow it, or set TORCH_HOME to a folder that can be written to."
    )


def _way_on(wanted: Source) -> str:
    return (
        f"Or fetch {wanted.url} on another computer and copy the file into {wanted.file.parent}; or take a "
        "network that comes with CNN Lab."
    )


@cache
def download_desk() -> Desk:
    """Return the queue of downloads: they wait for networks, not for this machine."""
    return Desk(hands=2, patience=PATIENCE_SECONDS)
