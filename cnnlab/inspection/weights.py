"""Which weights a network has here: trained ones where their file is on this machine, else random ones.

Trained weights are those that come with CNN Lab (see `bundled`), and torchvision's, found where torchvision
itself would look (`TORCH_HOME`) and never downloaded. Random ones are the same at every start. This module
does not import PyTorch until a network is asked for.
"""

import ctypes
import sys
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.inspection.bundled.models import BUNDLED, bundled_state, measured
from cnnlab.inspection.flow_input import IMAGENET, PLAIN, Preparing
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights_random import randomised

if TYPE_CHECKING:
    from torch import nn

MOST_BYTES = 1_200_000_000  # of models that are kept; the newest one stays however large it is
_RESCALING = ("googlenet", "inception_v3")  # made for values from −1 to 1


class BrokenWeights(CnnLabError):
    """A file of weights that holds none, or those of another network."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A network that is ready to run. It is shared: nobody may change it.

    `kind` is "trained", "bundled", "random" or "own" (whatever an instructor's file makes), `source` names
    trained weights, `categories` what the outputs stand for, where that is known.
    """

    model: "nn.Module"
    kind: str
    preparing: Preparing
    source: str = ""
    categories: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Return the bytes that its numbers take."""
        state = [*self.model.parameters(), *self.model.buffers()]
        return sum(one.numel() * one.element_size() for one in state)


class Models:
    """Networks that were loaded, the last used ones kept as long as they fit."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, tuple[Loaded, str]] = OrderedDict()  # each with its file of weights
        self._loading = Lock()

    def get(self, name: str) -> Loaded:
        """Return a network, loaded once for all who ask, and once more where other weights have come."""
        with self._loading:
            weights = weights_here(name)
            new = name not in self._kept or self._kept[name][1] != weights
            if new:
                self._kept[name] = load(name), weights
            self._kept.move_to_end(name)
            if new:
                self._make_room()
            return self._kept[name][0]

    def _make_room(self) -> None:
        """Let the networks go that were not used for longest; the newest one is the last."""
        while len(self._kept) > 1 and sum(one.size for one, _ in self._kept.values()) > self._most:
            self._kept.popitem(last=False)
        _give_memory_back()


def _give_memory_back() -> None:
    """Give the system what is free: glibc keeps it, and networks and pictures leave holes of all sizes."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def load(name: str) -> Loaded:
    """Build a network and give it weights: trained, bundled, an instructor's own, or random."""
    import torch

    came = zoo.guest(name)
    if came is not None:
        return came.trained()
    if name in BUNDLED and BUNDLED[name].weights.is_file():
        return _bundled(name)
    found = trained_file(name)
    if found:
        return _trained(name, *found)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = zoo.build(name)
        own = name in zoo.names() and not zoo.facts(name).family
        channels = zoo.input_shape(name)[0]
        preparing = IMAGENET if channels == 3 else PLAIN
        if not own:
            randomised(model, name, preparing)
    model.requires_grad_(False)
    return Loaded(model, "own" if own else "random", preparing)


def _bundled(name: str) -> Loaded:
    model, one = zoo.build(name), BUNDLED[name]
    model.load_state_dict(bundled_state(name))
    model.requires_grad_(False)
    facts = measured(name)
    right, asked = int(facts["right"]), int(facts["asked"])
    source = f"CNN Lab's own, with {right:,} of {asked:,} unseen pictures right"
    return Loaded(model, "bundled", one.preparing, source, one.categories)


def trained_file(name: str) -> tuple[Any, Path] | None:
    """Return torchvision's description of trained weights and their file on this machine, if there is one."""
    import torch
    from torchvision.models import get_model_weights

    builder = zoo.facts(zoo.resolve(name)).builder
    if builder.library != "torchvision" or builder.part:
        return None
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    weights = get_model_weights(builder.constructor)
    for one in sorted(weights, key=lambda one: one != weights.DEFAULT):  # pyright: ignore[reportAttributeAccessIssue]
        file = folder / one.url.rpartition("/")[2]
        if file.is_file():
            return one, file
    return None


def _trained(name: str, weights: Any, file: Path) -> Loaded:
    import torch

    model = zoo.build(name)
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
        known = model.state_dict().keys()
        used = {key: one for key, one in state.items() if key in known or not _auxiliary(key)}
        model.load_state_dict(used)
    except Exception as problem:  # whatever is in a file that holds no weights
        raise BrokenWeights(
            f"The weights of {name} on this machine, {file.name}, cannot be used: the file is damaged or "
            "holds something else. Who looks after this server can delete it; the weights are random then."
        ) from problem
    model.requires_grad_(False)
    preset = weights.transforms()
    rescaling = zoo.facts(zoo.resolve(name)).builder.constructor in _RESCALING
    preparing = Preparing(
        mean=PLAIN.mean * 3 if rescaling else tuple(preset.mean),
        deviation=PLAIN.deviation * 3 if rescaling else tuple(preset.std),
        margin=preset.resize_size[0] / preset.crop_size[0],
        resampling=preset.interpolation.value,
    )
    source = f"torchvision's {weights.name}"
    return Loaded(model.eval(), "trained", preparing, source, tuple(weights.meta["categories"]))


def _auxiliary(key: str) -> bool:
    """Whether weights belong to a classifier that is used in training only."""
    return key.lower().startswith("aux")
