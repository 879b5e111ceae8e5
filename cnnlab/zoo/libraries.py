"""The classification models of torchvision and timm, by name.

Both libraries are imported when something is asked of them, and not before: they take seconds.
No weights are loaded, so nothing is downloaded.
"""

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from cnnlab.zoo.errors import UnknownNetwork, did_you_mean
from cnnlab.zoo.records import Builder, Shape

LIBRARIES = ("torchvision", "timm")
SIDE_IF_UNKNOWN = 224
# torchvision warns that it starts these two with a slow kind of random weights, unless one says which.
SAYS_WHICH_WEIGHTS = {"googlenet", "inception_v3"}


@cache
def library_names(library: str) -> tuple[str, ...]:
    """Return the names of all classification models of `torchvision` or `timm`, sorted."""
    if library == "timm":
        return tuple(sorted(_timm().list_models()))
    models = import_module("torchvision.models")
    return tuple(sorted(models.list_models(module=models)))


def checked_name(library: str, name: str) -> str:
    """Return the name of a library's model; a name that it does not know is refused with a hint."""
    if name in library_names(library):
        return name
    hint = did_you_mean(name, library_names(library))
    raise UnknownNetwork(
        f"{library} has no classification model called `{name}`. "
        + (hint or f"It has {len(library_names(library))} of them.")
    )


def library_builder(library: str, name: str) -> Builder:
    """Return how a library's model is built; a name that the library does not know is refused."""
    quiet = library == "torchvision" and name in SAYS_WHICH_WEIGHTS
    return Builder(library, checked_name(library, name), (("init_weights", False),) if quiet else ())


def constructor(library: str, name: str) -> Callable[..., Any]:
    """Return the function that builds a library's model with random weights."""
    if library == "timm":
        return lambda **options: _timm().create_model(name, pretrained=False, **options)
    models = import_module("torchvision.models")
    return models.get_model_builder(name)


def constructor_options(library: str, name: str) -> tuple[str, ...]:
    """Return the names of the options of a torchvision model; timm's are too deep inside to be listed."""
    if library == "timm":
        return ()
    places = [constructor(library, name), *_classes_behind(library, name)]
    found = [parameter for place in places for parameter in inspect.signature(place).parameters.values()]
    named = {one.name for one in found if one.kind in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY}}
    return tuple(sorted(named - {"weights", "progress"}))


def _classes_behind(library: str, name: str) -> list[type]:
    module = inspect.getmodule(constructor(library, name))
    nn = import_module("torch.nn")
    classes = [one for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, nn.Module)]
    return [one for one in classes if "num_classes" in inspect.signature(one).parameters]


def library_input(library: str, name: str) -> Shape:
    """Return the input for which a library's weights were made; without weights, 3 × 224 × 224."""
    if library == "timm":
        config = _timm().get_pretrained_cfg(name, allow_unregistered=True)
        return tuple(config.input_size) if config else (3, SIDE_IF_UNKNOWN, SIDE_IF_UNKNOWN)
    weights = import_module("torchvision.models").get_model_weights(name)
    side = next((one.transforms().crop_size[0] for one in weights), SIDE_IF_UNKNOWN)
    return (3, side, side)


def _timm() -> ModuleType:
    return import_module("timm")
