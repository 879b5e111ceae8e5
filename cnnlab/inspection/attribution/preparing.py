"""Private stand-ins for a network: same numbers, but with activations of their own that hooks may be put on.

A stand-in is the network's graph with every activation and pooling as a module of its own, one for each use,
nothing written in place, dropout gone. Weights are shared with the network; what is hooked is not. A stand-in
is used by one thread at a time. This module imports PyTorch.
"""

import copy
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, fx, nn
from torch.nn import functional
from torchvision.ops import StochasticDepth

from cnnlab.inspection.attribution.graphs import runnable, traced


class Applied(nn.Module):
    """A function as a module, so that a hook can be put on it."""

    def __init__(self, function: Any, arguments: tuple, options: dict) -> None:
        super().__init__()
        self.function, self.arguments, self.options = function, arguments, options

    def forward(self, x: Tensor) -> Tensor:
        """Return the function's value."""
        return self.function(x, *self.arguments, **self.options)


ACTIVATIONS = (
    nn.ReLU, nn.ReLU6, nn.SiLU, nn.Hardswish, nn.Hardsigmoid, nn.GELU, nn.ELU, nn.LeakyReLU, nn.Sigmoid,
    nn.Tanh, nn.Softplus, nn.Hardtanh, Applied,
)  # fmt: skip
_RELUS = {functional.relu, torch.relu, torch.relu_, functional.relu_, "relu", "relu_"}
_FUNCTIONS = {
    functional.relu6, functional.silu, functional.hardswish, functional.hardsigmoid, functional.gelu,
    functional.elu, functional.leaky_relu, functional.softplus, functional.sigmoid, functional.tanh,
    torch.sigmoid, torch.tanh, "sigmoid", "tanh",
}  # fmt: skip
_POOLINGS = {
    functional.max_pool2d: (nn.MaxPool2d, ("kernel_size", "stride", "padding", "dilation", "ceil_mode")),
    functional.avg_pool2d: (nn.AvgPool2d, ("kernel_size", "stride", "padding", "ceil_mode")),
    functional.adaptive_avg_pool2d: (nn.AdaptiveAvgPool2d, ("output_size",)),
    functional.adaptive_max_pool2d: (nn.AdaptiveMaxPool2d, ("output_size",)),
}
_DROPPED = (nn.Dropout, nn.Dropout2d, nn.AlphaDropout, nn.Identity, StochasticDepth)
_IN_PLACE = {operator.iadd: operator.add, operator.imul: operator.mul, "add_": "add", "mul_": "mul"}


class StandIn(nn.Module):
    """A network's stand-in, see above.

    Each module of its own reads a copy, so that a hook on what it reads reaches no other reader; without
    `copies` it reads what the others read.
    """

    def __init__(self, model: nn.Module, copies: bool = True) -> None:
        super().__init__()
        graph, _ = traced(model).copy()
        own = nn.ModuleDict()
        for node in list(graph.nodes):
            made = _own_module(model, node)
            if made is _DROP:
                node.replace_all_uses_with(node.all_input_nodes[0])
                graph.erase_node(node)
            elif isinstance(made, nn.Module):
                own[f"own{len(own)}"] = made
                _call_instead(graph, node, f"own.own{len(own) - 1}", copies)
            else:
                _not_in_place(node)
        self.graph_module = runnable(_Roots(model, own), graph)

    def forward(self, x: Tensor) -> Tensor:
        """Return what the network returns."""
        return self.graph_module(x)


class _Roots(nn.Module):
    """Where a graph finds its modules: the network's under their names, own ones under `own`."""

    def __init__(self, model: nn.Module, own: nn.ModuleDict) -> None:
        super().__init__()
        self.__dict__["_modules"] = {**model._modules, "own": own}
        self.__dict__["_parameters"] = dict(model._parameters)
        self.__dict__["_buffers"] = dict(model._buffers)


_DROP = object()


def _own_module(model: nn.Module, node: fx.Node) -> Any:
    """Return the module that a node gets for its own, `_DROP`, or None where it stays as it is."""
    if node.op == "call_module":
        module = model.get_submodule(str(node.target))
        if isinstance(module, _DROPPED):
            return _DROP
        return (
            without_in_place(module)
            if isinstance(module, (*ACTIVATIONS, nn.MaxPool2d, nn.AdaptiveMaxPool2d))
            else None
        )
    return _for_function(node) if node.op in ("call_function", "call_method") else None


def _for_function(node: fx.Node) -> Any:
    options = {name: one for name, one in node.kwargs.items() if name not in ("input", "inplace")}
    if node.target in _RELUS:
        return nn.ReLU()
    if node.target in _POOLINGS:
        pooling, names = _POOLINGS[node.target]
        return pooling(**dict(zip(names, node.args[1:], strict=False)), **options)
    if node.target in _FUNCTIONS:
        function: Any = getattr(torch, node.target) if isinstance(node.target, str) else node.target
        return Applied(function, node.args[1:], options)
    return _DROP if node.target is functional.dropout else None


def without_in_place(module: nn.Module) -> nn.Module:
    """Return a copy that does not overwrite what it reads."""
    own = copy.deepcopy(module)
    if getattr(own, "inplace", False):
        own.inplace = False  # pyright: ignore[reportArgumentType]
    return own


def _call_instead(graph: fx.Graph, node: fx.Node, place: str, copies: bool) -> None:
    """Let a node call a module, where asked on a copy of what it reads."""
    with graph.inserting_before(node):
        read = node.all_input_nodes[0]
        fresh = graph.call_module(place, (graph.call_method("clone", (read,)) if copies else read,))
    node.replace_all_uses_with(fresh)
    graph.erase_node(node)


def _not_in_place(node: fx.Node) -> None:
    if node.target in _IN_PLACE:
        node.op = "call_method" if isinstance(node.target, str) else "call_function"
        node.target = _IN_PLACE[node.target]
    if node.kwargs.get("inplace"):
        node.kwargs = {**node.kwargs, "inplace": False}


_MAKING = Lock()
_KNOWN: "WeakKeyDictionary[nn.Module, tuple[StandIn, Lock]]" = WeakKeyDictionary()


@contextmanager
def stand_in(model: nn.Module) -> Iterator[StandIn]:
    """Lend a network's stand-in to one thread; after a failure, the next one gets a fresh one."""
    with _MAKING:
        if model not in _KNOWN:
            _KNOWN[model] = StandIn(model), Lock()
        found, mine = _KNOWN[model]
    with mine:
        try:
            yield found
        except BaseException:
            with _MAKING:
                _KNOWN.pop(model, None)
            raise
