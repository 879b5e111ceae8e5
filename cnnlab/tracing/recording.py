"""Record a model: run a private copy of it once on tensors without numbers, and write down its steps.

PyTorch is imported when something is recorded, not before.
"""

import copy
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from cnnlab.arithmetic.axes import shape_text
from cnnlab.tracing.trace import Trace, TraceProblem

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]


def record(model: "nn.Module", input_shape: Shape, name: str) -> Trace:
    """Record the steps that a model takes for one input (C x H x W), in evaluation mode.

    The model itself is left as it is, and no weights are copied. Raises `TraceProblem` if the model
    does not run on such an input.
    """
    import torch

    from cnnlab.tracing.recorder import Recorder, named, tensors_in

    private = _private(model)
    network_input = torch.empty(1, *input_shape, device="meta")
    recorder = Recorder(private, network_input)
    handles = _watch(private, recorder)
    try:
        with torch.no_grad(), recorder:
            result = private(network_input)
    except Exception as problem:
        place = recorder.modules[-1][0] or "the network itself"
        raise TraceProblem(
            f"{name} could not be recorded with an input of {shape_text(tuple(input_shape))}: in {place}, "
            f"{type(problem).__name__}: {str(problem).splitlines()[0] if str(problem) else ''}"
        ) from problem
    finally:
        for handle in handles:
            handle.remove()
    outputs = [recorder.producers[id(one)] for one in tensors_in(result) if id(one) in recorder.producers]
    return Trace(
        name=name,
        input_shape=tuple(int(size) for size in input_shape),
        steps=named(recorder.taken),
        modules=_modules(private, {one.path for one in recorder.taken}),
        outputs=tuple(outputs),
        guards=tuple(recorder.guards.values()),
        unused_parameters=sum(recorder.numbers[one] for one in recorder.numbers.keys() - recorder.counted),
    )


def _private(model: "nn.Module") -> "nn.Module":
    """Copy a model without its numbers, and without the hooks of whoever watches it.

    `copy.deepcopy` alone does this, too, but takes longer than all the steps; most of what modules
    hold besides tensors are plain values, which need no copy.
    """
    import torch

    memo: dict[int, Any] = {}
    for parameter in model.parameters():
        empty = torch.empty_like(parameter, device="meta")
        memo[id(parameter)] = torch.nn.Parameter(empty, requires_grad=False)
    for buffer in model.buffers():
        memo[id(buffer)] = torch.empty_like(buffer, device="meta")
    originals = list(model.modules())
    for module in originals:
        memo[id(module)] = object.__new__(type(module))
    for module in originals:
        vars(memo[id(module)]).update({name: _copied(value, memo) for name, value in vars(module).items()})
        memo[id(module)]._forward_hooks.clear()
    return memo[id(model)].eval()


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    """Copy one attribute of a module."""
    if isinstance(value, _PLAIN) or (type(value) is tuple and all(isinstance(one, _PLAIN) for one in value)):
        return value
    if type(value) in _CONTAINERS and not value:
        return type(value)()
    if type(value) is dict and all(id(one) in memo or one is None for one in value.values()):
        return {name: memo.get(id(one)) for name, one in value.items()}
    return copy.deepcopy(value, memo)


_PLAIN = (int, float, str, bool, type(None))
_CONTAINERS = (dict, OrderedDict, list, set)


def _watch(model: "nn.Module", recorder: Any) -> list[Any]:
    """Tell the recorder when a module begins and ends."""
    handles = []
    for path, module in model.named_modules():
        if path:
            handles.append(module.register_forward_pre_hook(_beginning(recorder, path)))
            handles.append(module.register_forward_hook(_ending(recorder)))
    return handles


def _beginning(recorder: Any, path: str) -> Any:
    def begin(module: Any, _inputs: Any) -> None:
        recorder.enter(path, module)

    return begin


def _ending(recorder: Any) -> Any:
    def end(_module: Any, _inputs: Any, _output: Any) -> None:
        recorder.leave()  # a hook that returns something would replace the output

    return end


def _modules(model: "nn.Module", paths: set[str]) -> dict[str, str]:
    """Give the class of every module on the way to a step."""
    wanted = {""}
    for path in paths:
        parts = path.split(".")
        wanted |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return {path: type(module).__name__ for path, module in model.named_modules() if path in wanted}
