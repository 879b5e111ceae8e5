"""A network's computation as a graph that can be cut and changed, without touching the network.

The graph's nodes call the network's own modules, so no weights are copied. PyTorch's tracer replaces how
every module of the process is called while it traces; the tracer here lets the calls of other threads pass,
and only one traces at a time. This module imports PyTorch.
"""

import itertools
from collections import OrderedDict
from threading import Lock, get_ident
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, fx, nn

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.scored import dense


class UntraceableNetwork(CnnLabError):
    """A network whose computation depends on its numbers, so that no graph stands for it."""


class UnknownLayer(CnnLabError):
    """A layer was asked for that the network does not have or that gives no maps."""


class _Tracer(fx.Tracer):
    """Remembers which node holds what a module gave last; leaves other threads alone."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = get_ident()
        self.made: dict[str, fx.Node] = {}

    def call_module(self, m: nn.Module, forward: Any, args: tuple, kwargs: dict) -> Any:
        """Record a call of a module, or make it, where another thread calls."""
        if get_ident() != self.owner:
            return forward(*args, **kwargs)
        result = super().call_module(m, forward, args, kwargs)
        if isinstance(result, fx.Proxy):
            self.made[self.path_of_module(m)] = result.node
        return result

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict) -> Any:
        """Stand in for a parameter in this thread only."""
        if get_ident() != self.owner:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)


class Traced:
    """A network's graph; `made` says which node holds what each module gave last."""

    def __init__(self, model: nn.Module) -> None:
        tracer = _Tracer()
        try:
            with _TRACING:
                self.graph = tracer.trace(model)
        except Exception as problem:  # whatever a network's own code does with a stand-in for numbers
            raise UntraceableNetwork(
                f"{type(model).__name__} decides on the way, by numbers, what it computes; this method "
                "needs one whose steps are always the same. Choose saliency or integrated gradients."
            ) from problem
        self.names = {path: node.name for path, node in tracer.made.items()}
        tracer.__dict__.clear()  # it is part of a circle, and would hold the network
        self.extractors: OrderedDict[str, Extractor] = OrderedDict()

    def copy(self) -> tuple[fx.Graph, dict[str, fx.Node]]:
        """Return a graph that may be changed, and its nodes by name."""
        graph = fx.Graph()
        values: dict[fx.Node, Any] = {}
        output = graph.graph_copy(self.graph, values)
        graph.output(output)
        return graph, {node.name: values[node] for node in self.graph.nodes if node in values}


_MOST_EXTRACTORS = 8
_TRACING = Lock()
_KNOWN: "WeakKeyDictionary[nn.Module, Traced]" = WeakKeyDictionary()
_LOOKING = Lock()


def traced(model: nn.Module) -> Traced:
    """Return a network's graph, made once; raise UntraceableNetwork."""
    with _LOOKING:
        if model not in _KNOWN:
            _KNOWN[model] = Traced(model)
        return _KNOWN[model]


def runnable(model: nn.Module, graph: fx.Graph) -> fx.GraphModule:
    """Return a module that computes a graph with a network's modules.

    The graph does not know it: the two would be a circle, and hold weights until garbage is collected.
    """
    made = fx.GraphModule(model, graph)
    made.graph.owning_module = None
    return made


class Extractor:
    """Gives what a layer gives, together with the outcome, from one pass through a network.

    Gradients of the outcome go back to the layer's output and no further: only what lies above is recorded.
    Nothing is attached to the network, so several threads may use it at once. Up to the layer it computes
    with the modules of a `quicker` copy, if there is one (see `quick`).
    """

    def __init__(self, model: nn.Module, layer: str, quicker: nn.Module | None = None) -> None:
        found = traced(model)
        if layer not in found.names:
            raise UnknownLayer(
                f"The network has no layer “{layer}” that its computation passes through once. Choose one of "
                "the layers in the list."
            )
        graph, nodes = found.copy()
        node = nodes[found.names[layer]]
        users = list(node.users)
        with graph.inserting_after(node):
            cut = graph.call_method("detach", (node,))
        with graph.inserting_after(cut):
            leaf = graph.call_method("requires_grad_", (cut,))
        with graph.inserting_after(leaf):
            # A copy, since the next step may overwrite it.
            layout = torch.contiguous_format if dense(model) else torch.preserve_format
            passed = graph.call_method("clone", (leaf,), {"memory_format": layout})
        for user in users:
            user.replace_input_with(node, passed)
        output = next(iter(reversed(graph.nodes)))
        output.args = ((leaf, output.args[0]),)
        self.quicker = quicker
        self.module = runnable(model, graph)
        if isinstance(quicker, fx.GraphModule):
            _hurry(self.module, quicker, cut)

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the layer's output and the network's."""
        activation, outcome = self.module(x)
        if not isinstance(activation, torch.Tensor):
            raise UnknownLayer("This layer gives several results at once; choose one inside or after it.")
        return activation, outcome


FOLDED = "folded"  # in a copy's `meta`: of each normalisation, the convolution that it became a part of


def _hurry(made: fx.GraphModule, quicker: fx.GraphModule, cut: fx.Node) -> None:
    """Compute what comes before the cut with the convolutions of a copy, normalisation included."""
    folded = quicker.meta.get(FOLDED, {})
    for node in itertools.takewhile(lambda one: one is not cut, list(made.graph.nodes)):
        before = node.args[0] if node.args else None
        if isinstance(before, fx.Node) and folded.get(node.target, "") == before.target:
            parent, _, name = str(before.target).rpartition(".")
            setattr(made.get_submodule(parent), name, quicker.get_submodule(str(before.target)))
            node.replace_all_uses_with(before)
            made.graph.erase_node(node)
    made.recompile()


def extractor(model: nn.Module, layer: str, quicker: nn.Module | None = None) -> Extractor:
    """Return a layer's extractor; the last few of each network are kept."""
    found = traced(model).extractors
    quicker = None if quicker is model else quicker  # what is kept with a network must not hold it
    with _LOOKING:
        known = found.pop(layer, None)
    made = known if known and known.quicker is quicker else Extractor(model, layer, quicker)
    with _LOOKING:
        found[layer] = made
        while len(found) > _MOST_EXTRACTORS:
            found.popitem(last=False)
    return made
