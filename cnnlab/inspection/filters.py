"""The kernels of a network's convolutions, what is measured of them, and which look like what.

Weights are read, never changed. What was read is kept for whoever asks next. PyTorch is imported by the first
reading. It does not know how kernels are drawn.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.inspection.filter_measures import CLEAR, Measures, measure, ordered
from cnnlab.inspection.gabor import GaborFit, can_be_fitted, fit_gabors
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Loaded, Models
from cnnlab.tracing import trace_of

Progress = Callable[[str, int, int], None]
MOST_BYTES = 96_000_000
COLOURFUL = 0.5
LOW_FREQUENCY = 0.2  # cycles a pixel


class NoKernels(CnnLabError):
    """A step that has no kernels to look at."""


@dataclass(frozen=True, slots=True)
class AskedFilters:
    """Which kernels: those of a network's step, before or after training."""

    model: str
    step: str
    trained: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """All filters of one convolution: `bank` is filters × planes × height × width, float32.

    `planes` are the channels that one filter reads; filter i of `groups` groups reads from the channel
    `first_plane(i)` on. `gabors` is None where filters are too small to tell; `kind` is that of the weights
    (`cnnlab.inspection.weights.Loaded`), or "before" for those before training.
    """

    asked: AskedFilters
    bank: np.ndarray
    groups: int
    measures: Measures
    gabors: GaborFit | None
    kind: str
    of_picture: bool
    _orders: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def colour(self) -> bool:
        """Whether each filter can be drawn in colour: it reads red, green and blue of the picture."""
        return self.of_picture and self.bank.shape[1] == 3

    @property
    def depthwise(self) -> bool:
        """Whether each filter reads one channel of many."""
        return self.groups > 1 and self.bank.shape[1] == 1

    def first_plane(self, number: int) -> int:
        """Return the first input channel that a filter reads."""
        return number // (len(self.bank) // self.groups) * self.bank.shape[1]

    def order(self, sort: str) -> np.ndarray:
        """Return the filters' numbers in an order of `SORTS`; it is worked out once."""
        if sort not in self._orders:
            self._orders[sort] = ordered(self.bank, self.measures, sort)
        return self._orders[sort]

    @property
    def looks(self) -> tuple[str, ...]:
        """What each filter looks like: "gabor", "blob" or ""; only those that read a picture are told.

        A Gabor-like one is described well by `cnnlab.inspection.gabor`, and has a clear direction. A colour
        blob has at least half of its squared weights in colour, and a response whose mean frequency is at
        most a fifth of a cycle a pixel.
        """
        if not self.of_picture:
            return ("",) * len(self.bank)
        directed = self.measures.sure >= CLEAR
        waves = self.gabors.gabor_like & directed if self.gabors else np.zeros(len(self.bank), bool)
        low = self.measures.frequency <= LOW_FREQUENCY
        blobs = (self.measures.colour >= COLOURFUL) & low & self.colour
        return tuple(
            "gabor" if wave else "blob" if blob else "" for wave, blob in zip(waves, blobs, strict=True)
        )


class FilterBanks:
    """Reads and measures kernels; keeps what was read last as long as it fits."""

    def __init__(self, models: Models | None = None) -> None:
        self._models = models or shared_models()
        self._lock = Lock()
        self._kept: OrderedDict[tuple[AskedFilters, str], Filters] = OrderedDict()

    def known(self, asked: AskedFilters) -> Filters | None:
        """Return what is kept, of the weights that the network has now."""
        key = asked, weights_here(asked.model)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def find(self, asked: AskedFilters, progress: Progress = lambda *_: None) -> Filters:
        """Return the filters of a step; `progress` hears what is being done.

        Raises `NoKernels` where the step is no convolution, or weights before training are not known.
        """
        key, found = (asked, weights_here(asked.model)), self.known(asked)
        if found is not None:
            return found
        made = self._read(asked, progress)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > 1 and sum(one.bank.nbytes for one in self._kept.values()) > MOST_BYTES:
                self._kept.popitem(last=False)
        return made

    def _read(self, asked: AskedFilters, progress: Progress) -> Filters:
        path, groups, of_picture = _convolution(asked)
        progress("Loading the network", 0, 3)
        loaded = self._models.get(asked.model)
        bank = _bank(loaded, asked, path)
        progress("Measuring the filters", 1, 3)
        measures = measure(bank)
        progress("Fitting Gabor functions", 2, 3)
        gabors = fit_gabors(bank) if of_picture and can_be_fitted(bank.shape) else None
        kind = loaded.kind if asked.trained else "before"
        return Filters(asked, bank, groups, measures, gabors, kind, of_picture)


def _convolution(asked: AskedFilters) -> tuple[str, int, bool]:
    """Return the module of a convolution, its number of groups, and whether it reads the picture itself."""
    convolutions = [one for one in trace_of(asked.model).steps if one.operation == "conv2d"]
    step = next((one for one in convolutions if one.name == asked.step), None)
    if step is None:
        raise NoKernels(
            f"{asked.model} has no convolution called {asked.step}. Choose one of its convolutions."
        )
    return step.path, int(step.settings.get("groups", 1)), step is convolutions[0]


def _bank(loaded: Loaded, asked: AskedFilters, path: str) -> np.ndarray:
    if asked.trained:
        weight = getattr(_module(loaded, path), "weight", None)
    else:
        weight = _before(asked.model).get(f"{path}.weight")
    if weight is None or weight.ndim != 4:
        raise NoKernels(
            f"The step {asked.step} of {asked.model} keeps no kernels that could be shown. "
            "Choose another convolution."
        )
    return weight.detach().float().numpy().copy()


def _module(loaded: Loaded, path: str) -> object:
    try:
        return loaded.model.get_submodule(path)
    except AttributeError:
        return None


def _before(model: str) -> dict:
    from cnnlab.inspection.bundled.models import bundled_names, bundled_state

    if model not in bundled_names():
        raise NoKernels(
            f"The weights of {model} before its training were not published. Networks that come with "
            "CNN Lab show both."
        )
    return bundled_state(model, trained=False)


def has_before(model: str) -> bool:
    """Whether a network's weights before training are known."""
    from cnnlab.inspection.bundled.models import bundled_names

    return model in bundled_names()
