"""Which parts of the bundled pictures excite a channel most: the patches that its strongest units see.

Per picture the strongest unit of each channel is noted, for all channels of a layer in one go, and kept for
whoever asks next. PyTorch is imported by the first index. It does not know how patches are drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow import possible
from cnnlab.inspection.flow_input import cut, numbers
from cnnlab.inspection.models import shared_models
from cnnlab.inspection.results import Results
from cnnlab.inspection.samples import SAMPLES, sample_picture
from cnnlab.inspection.weight_files import weights_here
from cnnlab.inspection.weights import Models
from cnnlab.tracing import ReceptiveField, trace_of
from cnnlab.tracing.fields import Seen, units_of

Progress = Callable[[str, int, int], None]
Range = tuple[int, int]
KEPT_BYTES = 32_000_000
OUTSIDE = 128  # grey of what a field sees beyond the picture, where it is padded


class NoPatches(CnnLabError):
    """A layer or channel of which no patches can be told."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """What one unit sees of one picture.

    `picture` is its name, `value` what the unit gives, `place` its row and column in the map. `rows` and
    `columns` are the cells of the network's input that it sees, last one excluded; they may lie beyond the
    picture. `pixels` are these cells, height × width × channels, uint8, grey beyond the picture; along
    an axis on which the unit sees more than there is, they are the whole picture.
    """

    picture: str
    value: float
    place: tuple[int, ...]
    rows: Range
    columns: Range
    pixels: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The strongest unit of each channel in each picture: `values` and `places` are pictures × channels.

    `places` count the units of a map row by row; `shape` is the layer's output.
    """

    model: str
    pictures: tuple[str, ...]
    values: np.ndarray
    places: np.ndarray
    shape: tuple[int, ...]
    field: ReceptiveField | None


class Patches:
    """Makes indices of layers, and keeps those that were asked for last."""

    def __init__(self, models: Models | None = None) -> None:
        self._models = models or shared_models()
        self._kept = Results(KEPT_BYTES)

    def known(self, model: str, layer: str) -> Index | None:
        """Return the index of a layer if it is kept, of the weights that the network has now."""
        return self._kept.find((model, layer, weights_here(model)))

    def find(self, model: str, layer: str, progress: Progress = lambda *_: None) -> Index:
        """Return the index of a layer; raises `NoPatches` if there is no such layer of maps or scores."""
        key, found = (model, layer, weights_here(model)), self.known(model, layer)
        if found is not None:
            return found
        made = self._made(model, layer, progress)
        return self._kept.keep(key, made, made.values.nbytes + made.places.nbytes + 1_000)

    def strongest(self, index: Index, channel: int, count: int) -> tuple[Patch, ...]:
        """Return a channel's strongest patches, at most one a picture, the strongest first."""
        if not 0 <= channel < index.values.shape[1]:
            raise NoPatches(f"This layer has the channels 0 to {index.values.shape[1] - 1}, not {channel}.")
        order = np.argsort(-index.values[:, channel], kind="stable")[:count]
        return tuple(self._patch(index, int(one), channel) for one in order)

    def _made(self, model: str, layer: str, progress: Progress) -> Index:
        import torch

        from cnnlab.inspection.exciting_network import Prefix

        number, shape, field = _layer(model, layer)
        progress("Loading the network", 0, 1)
        loaded, size = self._models.get(model), trace_of(model).input_shape
        prefix = Prefix(loaded.model, number, torch.zeros(1, *size))
        values, places = [], []
        for done, name in enumerate(SAMPLES):
            progress("Looking at the pictures", done, len(SAMPLES))
            pixels = cut(sample_picture(name), size, loaded.preparing)
            with torch.no_grad():
                output = prefix(torch.from_numpy(numbers(pixels, loaded.preparing)))[0]
            found = output.reshape(shape[0], -1).max(1)
            values.append(found.values.numpy())
            places.append(found.indices.numpy().astype(np.int32))
        return Index(model, tuple(SAMPLES), np.stack(values), np.stack(places), shape, field)

    def _patch(self, index: Index, picture: int, channel: int) -> Patch:
        name = index.pictures[picture]
        preparing = self._models.get(index.model).preparing
        pixels = cut(sample_picture(name), trace_of(index.model).input_shape, preparing)
        place = np.unravel_index(int(index.places[picture, channel]), index.shape[1:] or (1,))
        rows, columns = seen_by(index, tuple(map(int, place)), pixels.shape[:2])
        value = float(index.values[picture, channel])
        return Patch(name, value, tuple(map(int, place)), rows, columns, _cut_out(pixels, rows, columns))


@cache
def patches() -> Patches:
    """Return the one store that everybody shares."""
    return Patches()


def seen_by(index: Index, place: tuple[int, ...], sides: tuple[int, ...]) -> tuple[Range, Range]:
    """Return the rows and columns of the input that a unit sees, last one excluded; all where it sees all."""
    if index.field is None or len(index.shape) != 3 or len(index.field.seen) != 2:
        return (0, sides[0]), (0, sides[1])
    both = [
        (0, side) if covered else _interval(seen, size, at)
        for seen, covered, size, at, side in zip(
            index.field.seen, index.field.covered, index.shape[1:], place, sides, strict=True
        )
    ]
    return both[0], both[1]


def _interval(seen: Seen, size: int, at: int) -> Range:
    low, high = units_of(seen, size)[at] or (0, -1)
    return low, high + 1


def _cut_out(pixels: np.ndarray, rows: Range, columns: Range) -> np.ndarray:
    for axis, (low, high) in enumerate((rows, columns)):
        side = pixels.shape[axis]
        if high - low >= side:
            continue
        before, after = max(0, -low), max(0, high - side)
        edges = [(0, 0)] * 3
        edges[axis] = (before, after)
        pixels = np.pad(pixels, edges, constant_values=OUTSIDE)
        pixels = np.take(pixels, range(low + before, high + before), axis)
    return np.ascontiguousarray(pixels)


def _layer(model: str, layer: str) -> tuple[int, tuple[int, ...], ReceptiveField | None]:
    """Return a layer's number, output and field on the network's own input."""
    found = possible(model, trace_of(model).input_shape)
    for number, step in enumerate(found.steps):
        if step.name == layer and len(step.output_shape) in (1, 3):
            return number, step.output_shape, step.receptive_field
    raise NoPatches(f"{model} has no layer of maps or scores called {layer}. Choose one of its layers.")
