"""Which weights torchvision recommends for a network, and their way to the folder where it looks for them.

The address, the size and the digits of the hash in the file's name are torchvision's own. It does not read
the weights; `cnnlab.fetching` fetches them.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cnnlab import fetching, zoo
from cnnlab.errors import CnnLabError
from cnnlab.fetching import Home, RemoteFile
from cnnlab.inspection.weight_files import folder
from cnnlab.inspection.work import Desk, Progress

PATIENCE_SECONDS = 120.0  # a page that is reloaded finds its download again
_HASH = re.compile(r"-([a-f0-9]{8,})\.[^.]*$")  # as torch.hub reads it


class NothingToFetch(CnnLabError):
    """A network for which torchvision has no trained weights."""


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
    `FetchFailed` with a sentence for whatever else ends it.
    """
    if wanted.file.is_file():
        return wanted.file
    progress("Asking for the file", 0, wanted.size)
    return fetching.fetch(
        RemoteFile(wanted.url, wanted.size, wanted.digest),
        Home(wanted.file.parent, "TORCH_HOME", "take a network that comes with CNN Lab"),
        lambda done, of: progress("Downloading", done, of),
    )


@cache
def download_desk() -> Desk:
    """Return the queue of downloads: they wait for networks, not for this machine."""
    return Desk(hands=2, patience=PATIENCE_SECONDS)
