"""A quicker copy of a network for many forward passes: batch normalisation is folded into the convolutions.

Its scores differ from the network's in the last digits of float32 only. Gradients are never taken through it.
This module imports PyTorch.
"""

from collections.abc import Callable
from threading import Lock
from weakref import WeakKeyDictionary

import torch
from torch import fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from cnnlab.inspection.attribution.graphs import FOLDED, UntraceableNetwork, runnable, traced

MOST_COPIES = 2


class Copies:
    """Copies with weights of their own, made by `make`; the last used ones are kept."""

    def __init__(self, make: Callable[[nn.Module], nn.Module]) -> None:
        self._make = make
        self._known: WeakKeyDictionary[nn.Module, tuple[tuple, nn.Module]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, model: nn.Module) -> nn.Module:
        """Return a network's copy, made anew where its weights have changed."""
        now = _state(model)
        with self._lock:
            before, found = self._known.pop(model, (None, None))
            if found is None or before != now:
                found = self._make(model)
            self._known[model] = now, found
            for oldest in list(self._known)[:-MOST_COPIES]:
                del self._known[oldest]
            return found


def _state(model: nn.Module) -> tuple:
    """Return what changes whenever a weight does."""
    return tuple((one.data_ptr(), one._version) for one in (*model.parameters(), *model.buffers()))


def fused(model: nn.Module) -> fx.GraphModule:
    """Return a copy whose batch normalisations are part of the convolutions before them."""
    graph, _ = traced(model).copy()
    made = runnable(model, graph)
    made.meta[FOLDED] = {}
    for node in list(graph.nodes):
        before = node.args[0] if node.args else None
        pair = _pair(made, before, node)
        if pair:
            assert isinstance(before, fx.Node)
            place = str(before.target)
            parent, _, name = place.rpartition(".")
            folded = fuse_conv_bn_eval(*pair).to(memory_format=torch.channels_last)  # pyright: ignore
            setattr(made.get_submodule(parent), name, folded)
            made.meta[FOLDED][node.target] = place
            node.replace_all_uses_with(before)
            graph.erase_node(node)
    made.recompile()
    return made


def _pair(made: fx.GraphModule, before: object, node: fx.Node) -> tuple[nn.Conv2d, nn.BatchNorm2d] | None:
    """Return a convolution and the normalisation after it, where nobody else reads the convolution."""
    if not isinstance(before, fx.Node) or {before.op, node.op} != {"call_module"} or len(before.users) > 1:
        return None
    used = [one.target for one in node.graph.nodes if one.op == "call_module"]
    if used.count(before.target) > 1:
        return None
    first, second = made.get_submodule(str(before.target)), made.get_submodule(str(node.target))
    if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
        return first, second
    return None


def _hurried(model: nn.Module) -> nn.Module:
    try:
        with torch.no_grad():
            return fused(model)
    except UntraceableNetwork:
        return model


_COPIES = Copies(_hurried)


def quick(model: nn.Module) -> nn.Module:
    """Return a network's quicker copy; it is shared: nobody may change it."""
    return _COPIES.get(model) if any(isinstance(one, nn.BatchNorm2d) for one in model.modules()) else model
