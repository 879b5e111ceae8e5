"""What a network's modules give, by forward hooks on a copy of our own: the oracle for flows."""

import copy

import torch
from torch import Tensor, nn

from cnnlab.tracing import Trace


def hooked(model: nn.Module, x: Tensor) -> dict[str, list[Tensor]]:
    """Run a copy of a network; return a copy of what each module without parts gave, at every call."""
    model = copy.deepcopy(model)
    found: dict[str, list[Tensor]] = {}
    for path, module in model.named_modules():
        if not list(module.children()):
            module.register_forward_hook(_note(found.setdefault(path, [])))
    with torch.no_grad():
        model(x)
    return found


def _note(calls: list[Tensor]):
    def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        calls.append(output.clone())

    return hook


# What functions between modules compute.
FUNCTIONS = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "cat": lambda *parts: torch.cat(parts, 1),
    "relu": lambda x: x.relu(),
    "flatten": lambda x: x.flatten(1),
    "adaptive_avg_pool2d": lambda x: x.mean((2, 3), keepdim=True),
    "mean": lambda x: x.mean((2, 3)),
}


def expected(trace: Trace, model: nn.Module, x: Tensor, given: list[Tensor]) -> dict[int, Tensor]:
    """Return what steps must give: modules by their hooks, functions by what goes into them.

    Left out are steps inside of modules that take several, and functions that are not listed here.
    """
    modules = hooked(model, x)
    paths = [step.path for step in trace.steps]
    found: dict[int, Tensor] = {}
    for index, step in enumerate(trace.steps):
        calls = modules.get(step.path, [])
        if calls and paths.count(step.path) == len(calls):
            found[index] = calls[paths[:index].count(step.path)]
        elif step.operation in FUNCTIONS:
            found[index] = FUNCTIONS[step.operation](*(x if one < 0 else given[one] for one in step.inputs))
    return found
