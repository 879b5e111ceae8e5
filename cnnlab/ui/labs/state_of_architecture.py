"""What a question may say about the architectures lab's settings: the network, the step, its sizes and costs.

The browser reports an address's parameters; the numbers here come from a replay on the server, so an answer
cannot be made up in the browser.
"""

from collections.abc import Mapping
from typing import Any

from cnnlab.errors import CnnLabError
from cnnlab.tracing import Replay, replay, trace_of

DEFAULTS = {"net": "resnet18", "input": "", "step": "0", "go": ""}


def architecture_state(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lab's state by readable names; nothing where the network cannot take the input."""
    said = DEFAULTS | {name: str(value) for name, value in settings.items() if name in DEFAULTS}
    try:
        trace = trace_of(said["net"])
        shape = tuple(map(int, said["input"].split("x"))) if said["input"] else trace.input_shape
        replayed = replay(trace, shape)
        index = _index(replayed, said)
    except (CnnLabError, ValueError):
        return {}
    _, height, width = replayed.input_shape
    whole = {"network_parameters": replayed.parameters, "network_macs": replayed.macs}
    state = {"network": trace.name, "step_number": index + 1, "in_h": height, "in_w": width, **whole}
    return state | (_step(replayed, index) if index >= 0 else {"step": "input"})


def _index(replayed: Replay, said: Mapping[str, str]) -> int:
    names = [step.name for step in replayed.steps]
    index = names.index(said["go"]) if said["go"] in names else int(said["step"])
    return max(-1, min(index, len(names) - 1))


def _step(replayed: Replay, index: int) -> dict[str, Any]:
    step = replayed.steps[index]
    channels, height, width = (*step.output_shape, 1, 1)[:3]
    field = step.receptive_field
    return {
        "step": step.name,
        "operation": step.operation,
        "out_c": channels,
        "out_h": height,
        "out_w": width,
        "parameters": step.parameters,
        "macs": step.macs,
        "field_h": field.size[0] if field else 0,
        "field_w": field.size[-1] if field else 0,
    }
