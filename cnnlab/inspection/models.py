"""The networks that learners look into, and what weights each has on this machine; the one store of them.

Nothing here loads PyTorch before a network is asked for. It does not know how a network is loaded.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from cnnlab import zoo
from cnnlab.inspection.weight_files import FILES, file_here
from cnnlab.inspection.weights import Models

Status = Literal["bundled", "here", "download", "random", "own", "run"]
BUNDLED = Path(__file__).parent / "bundled"
# First those that a lesson names; other networks of the zoo with trained weights follow.
USUAL = (
    "squeezenet1_1",
    "squeezenet1_0",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "mobilenet_v3_large",
    "shufflenet_v2_x1_0",
    "resnet18",
    "resnet50",
    "resnext50_32x4d",
    "densenet121",
    "googlenet",
    "inception_v3",
    "efficientnet_b0",
    "alexnet",
    "vgg16",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A network to look into.

    `status` says where its weights are: "bundled" with this app; "here", torchvision's, on this machine;
    "download", torchvision's, to be had; "random", none anywhere; "own", whatever an instructor's file makes;
    "run", a run's, trained here.
    `megabytes` is the size of the file that is here or would be downloaded, in MiB (2²⁰ bytes).
    """

    name: str
    title: str
    status: Status
    megabytes: float | None
    input_shape: zoo.Shape

    @property
    def trained(self) -> bool:
        """Whether its weights were learned from data, and are here."""
        return self.status in ("bundled", "here", "run")


def entries() -> tuple[Entry, ...]:
    """Return the networks to look into: bundled, with weights of torchvision, an instructor's own."""
    bundled = [name for name in zoo.names() if _bundled_file(name).is_file()]
    others = [name for name in FILES if name not in USUAL]
    return tuple(entry(name) for name in (*bundled, *USUAL, *others, *zoo.own_names()))


def entry(name: str) -> Entry:
    """Return what there is of a network; raises `UnknownNetwork` for a name that nobody knows."""
    facts = zoo.facts(zoo.resolve(name))
    status, size = _status(facts.name.removeprefix("torchvision:"))
    return Entry(facts.name, facts.title, status, size, zoo.input_shape(facts.name))


def _status(name: str) -> tuple[Status, float | None]:
    came = zoo.guest(name)
    if came is not None:
        return "run", came.weights.stat().st_size / 2**20
    file = _bundled_file(name)
    if file.is_file():
        return "bundled", file.stat().st_size / 2**20
    here = file_here(name)
    if here is not None:
        return "here", here.mebibytes
    if name in FILES:
        return "download", FILES[name][0].mebibytes
    return ("own" if name in zoo.own_names() else "random"), None


def _bundled_file(name: str) -> Path:
    return BUNDLED / f"{name}.safetensors"


@cache
def shared_models() -> Models:
    """Return the store of networks that everybody in this process shares; nobody may change one of them."""
    return Models()
