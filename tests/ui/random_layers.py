"""Random settings of the convolution lab that PyTorch accepts, and PyTorch's own answer to them in float64.

Not a test itself. It knows neither the browser nor the project's arithmetic: PyTorch decides what is
possible.
"""

import random
from typing import Any

import torch
import torch.nn.functional as F

Settings = dict[str, Any]
SOURCES = ("numbers", "ramp", "impulse", "checker", "sine", "step", "digit-3", "cat", "coins", "drawing")
PRESETS = ("identity", "gaussian", "sharpen", "sobel-x", "emboss", "edge-45", "random")
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def random_settings(rng: random.Random) -> Settings:
    """Draw settings as the browser holds them; they may be impossible."""
    op = rng.choice(["conv", "conv", "conv", "transposed", "maxpool", "avgpool"])
    groups = rng.choice([1, 1, 1, 2, 3]) if op in ("conv", "transposed") else 1
    two = lambda low, high: [rng.randint(low, high), rng.randint(low, high)]  # noqa: E731
    same = op == "conv" and rng.random() < 0.2
    pair = rng.choice(["none", "none", "depthwise", "spatial"]) if op == "conv" and groups == 1 else "none"
    return {
        "op": op,
        "dims": rng.choice([1, 2, 2]),
        "input": two(1, 11),
        "cin": groups * rng.randint(1, 3),
        "cout": groups * rng.randint(1, 3),
        "kernel": two(1, 5),
        "stride": [1, 1] if same else two(1, 3),
        "padding": rng.choice(["same", "valid"]) if same else two(0, 3),
        "padMode": rng.choice(list(MODES)) if op == "conv" else "zeros",
        "dilation": two(1, 3) if op != "avgpool" else [1, 1],
        "groups": groups,
        "bias": rng.random() < 0.7,
        "biasValue": rng.randint(-40, 40) / 4,
        "ceil": rng.random() < 0.5,
        "countPad": rng.random() < 0.5,
        "outputPadding": two(0, 2),
        "pair": pair,
        "source": rng.choice(SOURCES),
        "drawing": "".join(rng.choices("AD_w9", k=262)),
        "kernelPreset": rng.choice(PRESETS),
        "weights": "0:1,-2.5,3;1:4,5,6,7;2:-1,0,1,-2,0,2,-1,0,1" if rng.random() < 0.3 else "",
    }


def apply_in_torch(
    layer: dict[str, Any], x: torch.Tensor, w: torch.Tensor | None, b: torch.Tensor | None
) -> Any:
    """Run one layer (as `layersOf` gives it) on 1 × C × … float64; raises RuntimeError if PyTorch refuses it.

    `w` is the dense layout that PyTorch wants; max pooling returns (values, places).
    """
    flat = layer["dims"] == 1
    size, step, spread = layer["kernel"], layer["stride"], layer["dilation"]
    if layer["op"] == "maxpool":
        run = F.max_pool1d if flat else F.max_pool2d
        return run(x, size, step, layer["padding"], spread, layer["ceil"], return_indices=True)
    if layer["op"] == "avgpool":
        run = F.avg_pool1d if flat else F.avg_pool2d
        return run(x, size, step, layer["padding"], layer["ceil"], layer["countPad"])
    assert w is not None
    if layer["op"] == "transposed":
        run = F.conv_transpose1d if flat else F.conv_transpose2d
        return run(x, w, b, step, layer["padding"], layer["outputPadding"], layer["groups"], spread)
    run = F.conv1d if flat else F.conv2d
    padded = F.pad(x, sides(layer), mode=MODES[layer["padMode"]])
    return run(padded, w, b, step, 0, spread, layer["groups"])


def sides(layer: dict[str, Any]) -> list[int]:
    """Return the padding as `torch.nn.functional.pad` wants it: last axis first, before and after."""
    if layer["padding"] == "valid":
        return [0, 0] * len(layer["kernel"])
    if layer["padding"] != "same":
        return [p for padding in reversed(layer["padding"]) for p in (padding, padding)]
    # The amounts of torch.nn.Conv1d and Conv2d, read from a module that pads by itself.
    kind = torch.nn.Conv1d if layer["dims"] == 1 else torch.nn.Conv2d
    module = kind(1, 1, layer["kernel"], padding="same", dilation=layer["dilation"], padding_mode="circular")
    return list(module._reversed_padding_repeated_twice)


def possible_settings(number: int, seed: int) -> list[Settings]:
    """Return so many random settings whose (first) layer PyTorch accepts."""
    rng = random.Random(seed)
    found: list[Settings] = []
    while len(found) < number:
        settings = random_settings(rng)
        if accepted(settings):
            found.append(settings)
    return found


def accepted(settings: Settings) -> bool:
    """Whether PyTorch can run the first layer, with a kernel of ones."""
    keep = slice(1, 2) if settings["dims"] == 1 else slice(0, 2)
    layer = {name: value[keep] if isinstance(value, list) else value for name, value in settings.items()}
    x = torch.ones(1, settings["cin"], *layer["input"], dtype=torch.float64)
    shape = [settings["cout"], settings["cin"] // settings["groups"]]
    if settings["op"] == "transposed":
        shape = [settings["cin"], settings["cout"] // settings["groups"]]
    try:
        out = apply_in_torch(layer, x, torch.ones(*shape, *layer["kernel"], dtype=torch.float64), None)
    except (RuntimeError, NotImplementedError):
        return False
    return (out[0] if isinstance(out, tuple) else out).numel() > 0
