"""Which layers of a network give maps, so that Grad-CAM and conductance can look at them.

From the network's recorded steps: importing and asking loads no PyTorch.
"""

from dataclasses import dataclass
from functools import lru_cache

from cnnlab import zoo
from cnnlab.errors import CnnLabError
from cnnlab.tracing import replay_as_far_as_possible, trace_of

_NO_STAGE = {"dropout", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d"}


class NoMaps(CnnLabError):
    """A network without a layer that gives maps."""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer that gives maps: its path in the network, what it does last, and channels × height × width."""

    path: str
    operation: str
    shape: tuple[int, ...]


@lru_cache(maxsize=64)
def map_layers(model: str) -> tuple[MapLayer, ...]:
    """Return the layers of a network that give maps, in the order of the computation.

    >>> map_layers("lenet5")[0]
    MapLayer(path='c1', operation='conv2d', shape=(6, 28, 28))
    """
    replayed = replay_as_far_as_possible(trace_of(model), zoo.input_shape(model))
    found: dict[str, MapLayer] = {}
    for step in replayed.steps:
        if step.path and len(step.output_shape) == 3 and min(step.output_shape[1:]) > 1:
            found.pop(step.path, None)  # a layer that is used again stands where it is used last
            found[step.path] = MapLayer(step.path, step.operation, step.output_shape)
    return tuple(found.values())


@lru_cache(maxsize=64)
def usual_layer(model: str) -> str:
    """Return the layer that Grad-CAM usually looks at: the last one before maps become categories.

    >>> usual_layer("resnet18"), usual_layer("squeezenet1_1")
    ('layer4.1.relu', 'features.12')
    """
    replayed = replay_as_far_as_possible(trace_of(model), zoo.input_shape(model))
    categories = replayed.steps[-1].output_shape[0]
    for layer in reversed(map_layers(model)):
        if layer.operation not in _NO_STAGE and layer.shape[0] != categories:
            return layer.path
    raise NoMaps(f"No layer of {model} gives maps. Choose a method that needs no layer.")
