"""One layer of the notation as PyTorch's modules: operation, settings, source text, and what comes out.

It is told what comes in, since a convolution reads as many channels as there are. It knows no network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from cnnlab.arithmetic import Layer
from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.nearest import nearest
from cnnlab.arithmetic.rules import problems
from cnnlab.arithmetic.shapes import output_shape
from cnnlab.building.words import ACTIVATIONS
from cnnlab.tracing.layered import LAYERED, layer_of

Shape = tuple[int, ...]
Settings = Mapping[str, Any]
MOST_ADVICE = 2
LARGEST_STAMPED = 1_024  # behind a transposed convolution positions are followed one by one, which takes time
SETTABLE = {"kernel", "stride", "padding", "output_padding", "dilation", "groups"}


@dataclass(frozen=True, slots=True)
class Part:
    """One module: what it is called, and what it does, for a trace and as code."""

    name: str
    operation: str
    settings: Settings
    module: str
    arguments: str = ""

    @property
    def code(self) -> str:
        """The call that makes it in PyTorch."""
        return f"nn.{self.module}({self.arguments})"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a layer cannot take what comes in, and what to do; `layer` could be set otherwise for `shape`."""

    reason: str
    advice: str = ""
    layer: Layer | None = None
    shape: Shape = ()

    def help(self) -> str:
        """Return what to do; settings that work are looked for now, which takes some milliseconds."""
        return self.advice or _settings_that_work(self.layer, self.shape)


def parts_of(word: str, settings: Settings, shape: Shape) -> tuple[Part, ...]:
    """Return the modules of a layer on what comes in (C × H × W, or N features).

    >>> parts_of("dense", {"features": 10, "bias": True}, (84,))[0].code
    'nn.Linear(84, 10)'
    """
    return _MAKERS[word](settings, shape)


def refused(part: Part, shape: Shape) -> Refusal | None:
    """Return why a module cannot take what comes in; None if it can."""
    if part.operation in MAPS_ONLY and len(shape) != 3:
        return Refusal(
            f"it reads maps, channels × height × width, but a row of {shape[0]:,} numbers comes in",
            "Put it before `flatten` or `globalpool`.",
        )
    if part.operation == "linear" and len(shape) != 1:
        return Refusal(
            f"it reads a row of numbers, but maps come in, {shape_text(shape)}",
            "Write `flatten` or `globalpool` before it.",
        )
    layer = _layer(part)
    if (
        part.operation == "conv_transpose2d"
        and (largest := max(shape_after(part, shape)[1:])) > LARGEST_STAMPED
    ):
        return Refusal(
            f"it makes maps of {largest:,} positions a side, and at most {LARGEST_STAMPED:,} are followed",
            "Use a smaller stride.",
        )
    reasons = [problem.sentence for problem in problems(layer, (shape,))] if layer else []
    if not layer or not reasons:
        return None
    return Refusal(f"it gets {shape_text(shape)}, and {'; '.join(reasons)}", layer=layer, shape=shape)


def shape_after(part: Part, shape: Shape) -> Shape:
    """Return what comes out of a module that takes what comes in."""
    if part.operation == "flatten":
        return (prod(shape),)
    if part.operation == "unflatten":
        return tuple(part.settings["sizes"])
    layer = _layer(part)
    return output_shape(layer, (shape,)) if layer else shape


def _layer(part: Part) -> Layer | None:
    return layer_of(part.operation, part.settings) if part.operation in LAYERED else None


def _settings_that_work(layer: Layer | None, shape: Shape) -> str:
    suggestions = nearest(layer, (shape,)) if layer else ()
    known = [one for one in suggestions if set(one.changes) <= SETTABLE]
    found = [one.sentence for one in known if one.changes.get("padding") != "valid"]
    return f"It would fit with {' or '.join(found[:MOST_ADVICE])}." if found else ""


def _convolution(settings: Settings, shape: Shape) -> tuple[Part, ...]:
    given = {name: settings[name] for name in ("kernel", "stride", "padding", "dilation", "groups", "bias")}
    return (_conv("conv", {"in_channels": shape[0], "out_channels": settings["channels"]} | given),)


def _depthwise(settings: Settings, shape: Shape) -> tuple[Part, ...]:
    ends = {"in_channels": shape[0], "out_channels": shape[0], "groups": shape[0]}
    return (_conv("depthwise", {**ends, **settings}),)


def _conv(name: str, settings: Settings) -> Part:
    return Part(name, "conv2d", settings, "Conv2d", _written(settings, ("in_channels", "out_channels")))


def projection(channels: int, wanted: int, stride: Shape, bias: bool) -> Part:
    """Return the 1 × 1 convolution that brings what went into a block to the shape of what came out."""
    settings = {"in_channels": channels, "out_channels": wanted, "kernel": (1, 1), "stride": stride}
    settings |= {"padding": (0, 0), "dilation": (1, 1), "groups": 1, "bias": bias}
    return _conv("projection", settings)


def _transposed(settings: Settings, shape: Shape) -> tuple[Part, ...]:
    ends = {"in_channels": shape[0], "out_channels": settings["channels"]}
    given = {name: value for name, value in settings.items() if name != "channels"} | {"dilation": (1, 1)}
    text = _written(ends | given, ("in_channels", "out_channels"))
    return (Part("transposed", "conv_transpose2d", ends | given, "ConvTranspose2d", text),)


def _pool(operation: str, module: str) -> Callable[[Settings, Shape], tuple[Part, ...]]:
    def make(settings: Settings, _shape: Shape) -> tuple[Part, ...]:
        given = {("ceil_mode" if name == "ceil" else name): value for name, value in settings.items()}
        side_by_side = given["stride"] == given["kernel"]
        stride = "" if side_by_side else f", stride={number_text(given['stride'])}"
        text = f"kernel_size={number_text(given['kernel'])}{stride}"
        rest = _written({n: v for n, v in given.items() if n not in ("kernel", "stride")})
        return (Part("pool", operation, given, module, f"{text}, {rest}" if rest else text),)

    return make


def _adaptive(settings: Settings, _shape: Shape) -> tuple[Part, ...]:
    size = settings["size"]
    return (Part("pool", "adaptive_avg_pool2d", {"output": size}, "AdaptiveAvgPool2d", number_text(size)),)


def _global(_settings: Settings, shape: Shape) -> tuple[Part, ...]:
    return (*_adaptive({"size": (1, 1)}, shape), flattening(3))


def flattening(rank: int) -> Part:
    """Return what makes a row of numbers."""
    return Part("flatten", "flatten", {"start": 1, "end": rank}, "Flatten")


def _dense(settings: Settings, shape: Shape) -> tuple[Part, ...]:
    ends = {"in_features": shape[-1], "out_features": settings["features"], "bias": settings["bias"]}
    return (Part("dense", "linear", ends, "Linear", _written(ends, ("in_features", "out_features"))),)


def _dropout(settings: Settings, _shape: Shape) -> tuple[Part, ...]:
    return (Part("dropout", "dropout", {"p": settings["rate"]}, "Dropout", f"{settings['rate']:g}"),)


def normalisation(shape: Shape) -> Part:
    """Return batch normalisation of as many channels as come in."""
    module = "BatchNorm2d" if len(shape) == 3 else "BatchNorm1d"
    return Part("bn", "batch_norm", {"channels": shape[0], "affine": True}, module, str(shape[0]))


def _group_norm(settings: Settings, shape: Shape) -> tuple[Part, ...]:
    given = {"groups": settings["groups"], "channels": shape[0], "affine": True}
    return (Part("groupnorm", "group_norm", given, "GroupNorm", f"{settings['groups']}, {shape[0]}"),)


def _activation(word: str) -> Callable[[Settings, Shape], tuple[Part, ...]]:
    module, operation = ACTIVATIONS[word]
    return lambda _settings, _shape: (Part(word, operation, {}, module),)


_USUAL = {
    "stride": 1,
    "padding": 0,
    "output_padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "ceil_mode": False,
}


def _written(settings: Settings, plain: tuple[str, ...] = ()) -> str:
    """Write settings as arguments: `plain` ones first and without names, those at their defaults not."""
    told = [str(settings[name]) for name in plain]
    for name, value in settings.items():
        usual = _USUAL.get(name)
        if name not in plain and value != usual and value != (usual, usual):
            told.append(f"{'kernel_size' if name == 'kernel' else name}={number_text(value)}")
    return ", ".join(told)


def number_text(value: Any) -> str:
    """Write a setting as Python does, one number where both axes have the same.

    >>> number_text((3, 3)), number_text((3, 1)), number_text("same")
    ('3', '(3, 1)', '"same"')
    """
    if isinstance(value, tuple) and len(set(value)) == 1:
        return str(value[0])
    return f'"{value}"' if isinstance(value, str) else str(value)


MAPS_ONLY = {"conv2d", "conv_transpose2d", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"}
_MAKERS: dict[str, Callable[[Settings, Shape], tuple[Part, ...]]] = {
    "conv": _convolution,
    "depthwise": _depthwise,
    "transposed": _transposed,
    "maxpool": _pool("max_pool2d", "MaxPool2d"),
    "avgpool": _pool("avg_pool2d", "AvgPool2d"),
    "adaptivepool": _adaptive,
    "globalpool": _global,
    "flatten": lambda _settings, shape: (flattening(len(shape)),),
    "dense": _dense,
    "dropout": _dropout,
    "bn": lambda _settings, shape: (normalisation(shape),),
    "groupnorm": _group_norm,
} | {word: _activation(word) for word in ACTIVATIONS}
