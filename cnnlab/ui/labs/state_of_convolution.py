"""What a question may say about the convolution lab's settings: names, sizes and costs.

The browser reports an address's parameters; the numbers here come from the arithmetic again, on the server,
so an answer cannot be made up in the browser.
"""

from collections.abc import Mapping
from typing import Any

from cnnlab.arithmetic import (
    AveragePool,
    Convolution,
    ImpossibleLayer,
    Layer,
    MaxPool,
    TransposedConvolution,
    analyse,
)

OPERATIONS = {
    "conv": "convolution",
    "transposed": "transposed",
    "maxpool": "max-pool",
    "avgpool": "average-pool",
}
DEFAULTS = {
    "op": "conv", "dims": "2", "in": "8", "cin": "1", "cout": "1", "k": "3", "s": "1", "p": "0", "d": "1",
    "g": "1", "bias": "1", "ceil": "0", "op_pad": "0", "pm": "zeros",
}  # fmt: skip


def convolution_state(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lab's state by readable names; without its outputs where the setting is impossible."""
    said = DEFAULTS | {name: str(value) for name, value in settings.items() if name in DEFAULTS}
    try:
        state = _settings(said)
        layer, shape = _layer(said, state)
        report = analyse(layer, shape)
    except (ImpossibleLayer, ValueError, KeyError):
        return {}
    sizes = report.output_shape[1:]
    field = [axis.size for axis in report.receptive_field]
    return state | {
        "out_c": report.output_shape[0], "out_h": sizes[0], "out_w": sizes[-1],
        "parameters": report.parameters, "macs": report.macs, "field_h": field[0], "field_w": field[-1],
    }  # fmt: skip


def _pair(text: str) -> tuple[int, int]:
    parts = [int(part) for part in text.split("x")]
    return (parts[0], parts[-1])


def _settings(said: Mapping[str, str]) -> dict[str, Any]:
    height, width = _pair(said["in"])
    state: dict[str, Any] = {
        "operation": OPERATIONS[said["op"]],
        "in_channels": int(said["cin"]),
        "out_channels": int(said["cout"]),
        "in_h": height,
        "in_w": width,
        "groups": int(said["g"]),
        "bias": said["bias"] == "1",
    }
    for name, short in (("kernel", "k"), ("stride", "s"), ("dilation", "d"), ("padding", "p")):
        word = said[short] in ("same", "valid")
        sizes = (said[short], said[short]) if word else _pair(said[short])
        state |= {name: sizes[-1], f"{name}_h": sizes[0], f"{name}_w": sizes[1]}
    return state


def _layer(said: Mapping[str, str], state: Mapping[str, Any]) -> tuple[Layer, tuple[int, ...]]:
    """Return the layer that the settings describe, and the shape that goes into it."""
    dims = int(said["dims"])

    def per_axis(name: str) -> Any:
        sizes = (state[f"{name}_h"], state[f"{name}_w"])
        return sizes[0] if isinstance(sizes[0], str) else sizes[-dims:]

    sizes = (state["in_h"], state["in_w"])[-dims:]
    window = {"kernel": per_axis("kernel"), "stride": per_axis("stride"), "padding": per_axis("padding")}
    channels = {"groups": state["groups"], "bias": state["bias"], "dims": dims}
    shape = (state["in_channels"], *sizes)
    both = (state["in_channels"], state["out_channels"])
    match said["op"]:
        case "conv":
            more = {"dilation": per_axis("dilation"), "padding_mode": said["pm"]}
            return Convolution(*both, **window, **channels, **more), shape
        case "transposed":
            more = {"dilation": per_axis("dilation"), "output_padding": _pair(said["op_pad"])[-dims:]}
            return TransposedConvolution(*both, **window, **channels, **more), shape
        case "maxpool":
            dilation = per_axis("dilation")
            return MaxPool(**window, dilation=dilation, ceil_mode=said["ceil"] == "1", dims=dims), shape
        case _:
            return AveragePool(**window, ceil_mode=said["ceil"] == "1", dims=dims), shape
