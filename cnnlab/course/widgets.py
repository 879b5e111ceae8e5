"""Which labs a lesson can hold, and what each can be told: one entry in WIDGETS makes a lab usable.

A lab's options have readable names; `settings` writes them as the lab's own address does. The module does
not know how a lab is drawn.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from cnnlab.course.augment_options import AUGMENT_STATE, AugmentLab
from cnnlab.course.finetune_options import Finetune
from cnnlab.course.lab_options import LabOptions, NetworkName, shaped
from cnnlab.course.lens_options import LookInside, Why

LARGEST = {"size": 512, "channels": 4096, "kernel": 64, "stride": 64, "padding": 256, "dilation": 64}
_SIZES = re.compile(r"([0-9]{1,6})(?:\s*[x×]\s*([0-9]{1,6}))?")


def sizes(least: int, most: int, *words: str) -> AfterValidator:
    """Return a check that a text is one whole number or two with an x between them, or one of the words."""

    def check(text: str) -> str:
        if text.lower() in words:
            return text.lower()
        found = _SIZES.fullmatch(text)
        numbers = [int(number) for number in found.groups() if number] if found else []
        if not numbers or any(not least <= number <= most for number in numbers):
            more = f", or {' or '.join(words)}" if words else ""
            raise ValueError(f"`{text[:40]}` is not a size from {least} to {most}, such as 3 or 3x1{more}")
        return "x".join(map(str, numbers))

    return AfterValidator(check)


class Operation(StrEnum):
    """What the convolution lab computes."""

    CONVOLUTION = "convolution"
    TRANSPOSED = "transposed"
    MAX_POOL = "max-pool"
    AVERAGE_POOL = "average-pool"


class ConvolutionLab(LabOptions):
    """What the convolution lab can be told; sizes are height x width."""

    view: Literal["grid", "channels", "costs", "stack"] | None = None
    """Which of the lab's tabs is open."""
    operation: Operation | None = None
    dims: Annotated[int, Field(ge=1, le=2)] | None = None
    """The number of axes, 1 or 2."""
    input: Annotated[str, sizes(1, LARGEST["size"])] | None = None
    in_channels: Annotated[int, Field(ge=1, le=LARGEST["channels"])] | None = None
    out_channels: Annotated[int, Field(ge=1, le=LARGEST["channels"])] | None = None
    kernel: Annotated[str, sizes(1, LARGEST["kernel"])] | None = None
    stride: Annotated[str, sizes(1, LARGEST["stride"])] | None = None
    padding: Annotated[str, sizes(0, LARGEST["padding"], "same", "valid")] | None = None
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] | None = None
    dilation: Annotated[str, sizes(1, LARGEST["dilation"])] | None = None
    groups: Annotated[int, Field(ge=1, le=LARGEST["channels"])] | None = None
    bias: bool | None = None
    ceil_mode: bool | None = None
    output_padding: Annotated[str, sizes(0, LARGEST["stride"])] | None = None
    pair: Literal["none", "depthwise", "spatial"] | None = None
    """Whether the convolution is split into two."""
    picture: Literal[
        "astronaut", "camera", "cat", "coffee", "rocket", "coins", "brick", "grass", "gravel", "text",
        "horse", "galaxies", "shape-star", "shape-gear", "shape-spiral", "shape-flower", "shape-hourglass",
        "shape-crescent", "shape-hexagon", "shape-plus", "shape-triangle", "shape-letter-l", "shape-ring",
        "shape-heart", "digit-0", "digit-1", "digit-2", "digit-3", "digit-4", "digit-5", "digit-6",
        "digit-7", "digit-8", "digit-9", "numbers", "ramp", "impulse", "checker", "sine", "step",
    ] | None = None  # fmt: skip
    weights: Literal[
        "identity", "box", "gaussian", "sharpen", "sobel-x", "sobel-y", "laplacian", "emboss", "edge-45",
        "edge-135", "random",
    ] | None = None  # fmt: skip
    show: Annotated[str, sizes(0, 4 * LARGEST["size"])] | None = None
    """The output position that is pinned, row x column, from 0."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the lab's address that say the same."""
        said = {name: value for name, value in self.model_dump().items() if value is not None}
        return {_ADDRESS[name]: _OPERATIONS.get(_text(value), _text(value)) for name, value in said.items()}


class LayersLab(LabOptions):
    """What the Layers lab can be told: which of its labs is there, and what it starts with."""

    view: Literal["normalisation", "pooling", "dropout", "activations"] | None = None
    """Which of the lab's tabs is open."""
    normalisation: Literal["batch", "layer", "instance", "group"] | None = None
    part: Literal["block", "running", "folding"] | None = None
    """Which part of normalisation is shown."""
    dropped: Literal["element", "channel", "depth"] | None = None
    """What dropout drops: values, whole channels, or whole residual blocks."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the lab's address that say the same."""
        said = {"tab": self.view, "norm": self.normalisation, "nv": self.part, "drop_kind": self.dropped}
        return {name: value for name, value in said.items() if value is not None}


Scaled = Literal[
    "vgg", "resnet", "resnext", "densenet-growth", "densenet",
    "mobilenet", "shufflenet", "shufflenet-v2", "efficientnet",
]  # fmt: skip

Idea = Literal[
    "table", "cards", "kernels", "module", "residual", "fire", "dense", "cardinality", "separable",
    "dual", "cells", "gates", "inverted", "shuffle", "compound",
]  # fmt: skip


class ArchitectureLab(LabOptions):
    """What the architectures lab can be told: a network, an input, a step; a family to scale; an idea."""

    network: NetworkName | None = None
    input: Annotated[str, shaped(r"\d{1,4}x\d{1,4}x\d{1,4}", "3x224x224")] | None = None
    """Channels x height x width."""
    step: Annotated[str, shaped(r"[\w.]+", "layer1.0.conv1")] | None = None
    """The name of a step, such as layer1.0.conv1."""
    open: Annotated[str, shaped(r"[\w.,-]+", "layer1,layer1.0", 2000)] | None = None
    """Which blocks of the graph are open: their paths, with commas between."""
    scale: Scaled | None = None
    """The family that the lab's tab for scaling starts with; without it the lab starts with its steps."""
    idea: Idea | None = None
    """The experiment that the lab starts with."""

    def settings(self) -> dict[str, str]:
        """Return the parameters of the lab's address that say the same."""
        said = {"net": self.network, "input": self.input, "go": self.step, "open": self.open}
        tab = "idea" if self.idea else "scale" if self.scale else None
        said |= {"tab": tab, "family": self.scale, "idea": self.idea}
        return {name: value for name, value in said.items() if value is not None}


_OPERATIONS = {
    "convolution": "conv",
    "transposed": "transposed",
    "max-pool": "maxpool",
    "average-pool": "avgpool",
}
# option → the name in the lab's address
_ADDRESS = {
    "view": "tab",
    "operation": "op",
    "dims": "dims",
    "input": "in",
    "in_channels": "cin",
    "out_channels": "cout",
    "kernel": "k",
    "stride": "s",
    "padding": "p",
    "padding_mode": "pm",
    "dilation": "d",
    "groups": "g",
    "bias": "bias",
    "ceil_mode": "ceil",
    "output_padding": "op_pad",
    "pair": "pair",
    "picture": "src",
    "weights": "w",
    "show": "at",
}


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class WidgetKind:
    """A lab that lessons can hold: its title for learners, its options, and the names of its state.

    `state` has what a question's `:check:` may speak about, and a value that each name could have.
    """

    title: str
    options: type[LabOptions]
    state: Mapping[str, int | str | bool]


_LAB_STATE: dict[str, int | str | bool] = {
    "operation": "convolution",
    "in_channels": 1,
    "out_channels": 1,
    "in_h": 8,
    "in_w": 8,
    "kernel": 3,
    "kernel_h": 3,
    "kernel_w": 3,
    "stride": 1,
    "stride_h": 1,
    "stride_w": 1,
    "padding": 0,
    "padding_h": 0,
    "padding_w": 0,
    "dilation": 1,
    "dilation_h": 1,
    "dilation_w": 1,
    "groups": 1,
    "bias": True,
    "out_c": 1,
    "out_h": 6,
    "out_w": 6,
    "parameters": 10,
    "macs": 324,
    "field_h": 3,
    "field_w": 3,
}
_ARCHITECTURE_STATE: dict[str, int | str | bool] = {
    "network": "resnet18",
    "step": "conv1",
    "step_number": 1,
    "operation": "conv2d",
    "in_h": 224,
    "in_w": 224,
    "out_c": 64,
    "out_h": 112,
    "out_w": 112,
    "parameters": 9408,
    "macs": 118013952,
    "field_h": 7,
    "field_w": 7,
    "network_parameters": 11689512,
    "network_macs": 1814073344,
}
WIDGETS = {
    "conv-lab": WidgetKind("Convolution lab", ConvolutionLab, _LAB_STATE),
    "layers-lab": WidgetKind("Layers lab", LayersLab, {}),
    "architecture-lab": WidgetKind("Architectures lab", ArchitectureLab, _ARCHITECTURE_STATE),
    "look-inside": WidgetKind("Look inside", LookInside, {}),
    "why": WidgetKind("Why?", Why, {}),
    "finetune": WidgetKind("Fine-tune", Finetune, {}),
    "augment-lab": WidgetKind("Augmentation lab", AugmentLab, AUGMENT_STATE),
}
