"""A name becomes a network with random weights: of the zoo, of an instructor, of torchvision, of timm.

PyTorch is imported when something is built. Nothing here loads weights, so nothing is downloaded.
"""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnnlab.zoo.errors import BrokenModelFile, ImpossibleOption, did_you_mean
from cnnlab.zoo.guests import guest
from cnnlab.zoo.libraries import LIBRARIES, constructor, constructor_options, library_builder
from cnnlab.zoo.naming import found_facts, own_model, resolve
from cnnlab.zoo.own_models import build_own
from cnnlab.zoo.records import Builder

if TYPE_CHECKING:
    from torch import nn

WEIGHTS = {"weights", "weights_backbone", "pretrained", "checkpoint_path", "pretrained_cfg"}


def build(name: str, **options: Any) -> "nn.Module":
    """Return a network with random weights, in evaluation mode; `options` go to its constructor.

    `name` is one of `names()`, `torchvision:NAME`, `timm:NAME`, or a bare name of theirs.
    """
    _refuse_weights(name, options)
    resolved = resolve(name)
    own = own_model(resolved)
    if own is not None:
        return _evaluated(build_own(own, options), own.path.name)
    came = guest(resolved)
    if came is not None:
        return _evaluated(came.build(), name)
    library, _, inner = resolved.partition(":")
    if library in LIBRARIES and inner:
        return _evaluated(_construct(name, library_builder(library, inner), options), name)
    return _evaluated(_construct(name, found_facts(resolved).builder, options), name)


def build_on_meta(name: str, **options: Any) -> "nn.Module":
    """Return a network whose tensors have shapes and no values: quick to make, and enough to count with."""
    torch = import_module("torch")
    try:
        with torch.device("meta"):
            return build(name, **options)
    except (NotImplementedError, RuntimeError):  # it computes with tensors while it is made, as RegNet does
        return build(name, **options).to("meta")


def _refuse_weights(name: str, options: dict[str, Any]) -> None:
    for option in sorted(WEIGHTS & set(options)):
        raise ImpossibleOption(f"{name} is built with random weights; `{option}` is not an option here.")


def _construct(name: str, builder: Builder, options: dict[str, Any]) -> Any:
    make = _maker(builder)
    _refuse_unknown_options(name, builder, options)
    try:
        model = make(**(dict(builder.options) | options))
    except NotImplementedError:  # a tensor without values was asked for its value: no fault of the options
        raise
    except (TypeError, ValueError, AssertionError, LookupError, ArithmeticError, RuntimeError) as error:
        given = ", ".join(f"{key} = {value!r}" for key, value in options.items()) or "its own options"
        raise ImpossibleOption(f"{name} cannot be built with {given}: {error}") from error
    return _part(builder.part)(model) if builder.part else model


def _maker(builder: Builder) -> Callable[..., Any]:
    if builder.library == "cnnlab":
        return _own_class(builder.constructor)
    return constructor(builder.library, builder.constructor)


def _own_class(place: str) -> Any:
    module, _, name = place.partition(".")
    return getattr(import_module(f"cnnlab.zoo.networks.{module}"), name)


def _part(place: str) -> Callable[[Any], Any]:
    return _own_class(place)


def _refuse_unknown_options(name: str, builder: Builder, options: dict[str, Any]) -> None:
    if builder.library == "cnnlab":
        known = tuple(inspect.signature(_own_class(builder.constructor)).parameters)
    else:
        known = constructor_options(builder.library, builder.constructor)
    for option in options:
        if option not in known and builder.library != "timm":
            hint = did_you_mean(option, known) or f"It has: {', '.join(known) or 'none'}."
            raise ImpossibleOption(f"{name} has no option `{option}`. {hint}")


def _evaluated(model: Any, source: str) -> "nn.Module":
    if not isinstance(model, import_module("torch").nn.Module):
        kind = type(model).__name__
        raise BrokenModelFile(f"{source}: `build()` returned a {kind}; it must return a torch.nn.Module.")
    return model.eval()
