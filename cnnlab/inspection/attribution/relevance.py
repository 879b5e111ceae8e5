"""Layer-wise relevance propagation: the score is passed back and divided among what contributed to it.

Captum changes weights while it works, so it gets a copy of the network with weights of its own, batch
normalisation folded in, and additions as modules. This module imports PyTorch and Captum.
"""

import copy
import operator
from threading import Lock

import torch
from captum.attr import LRP
from captum.attr._utils.custom_modules import Addition_Module
from captum.attr._utils.lrp_rules import Alpha1_Beta0_Rule, EpsilonRule, GammaRule
from torch import Tensor, fx, nn

from cnnlab.errors import CnnLabError
from cnnlab.inspection.attribution.preparing import StandIn
from cnnlab.inspection.attribution.quick import fused
from cnnlab.inspection.attribution.scored import as_any, with_gradient
from cnnlab.inspection.attribution.tasks import Task

_RULES = {
    "epsilon": EpsilonRule,
    "gamma": GammaRule,
    "alpha-beta": lambda: Alpha1_Beta0_Rule(set_bias_to_zero=True),
}
_ADDITIONS = {operator.add, operator.iadd, torch.add, "add", "add_"}
_ONE_AT_A_TIME = Lock()  # each needs a copy of all weights


class NoRule(CnnLabError):
    """A layer for which relevance propagation has no rule."""


def lrp(task: Task) -> Tensor:
    """Return relevance, C × H × W."""
    with _ONE_AT_A_TIME:
        task.scored.model = _copy(task.model, str(task.settings["rule"]))
        try:
            return as_any(LRP(task.scored).attribute(with_gradient(task.x)))[0]
        except TypeError as problem:
            if "has no rule defined" not in str(problem):
                raise
            kind = str(problem).partition("'")[2].partition("'")[0].rpartition(".")[2]
            raise NoRule(
                f"Relevance propagation has no rule for {kind or 'a layer of this network'}. Choose "
                "integrated gradients, which need no rules."
            ) from problem


def _copy(model: nn.Module, rule: str) -> nn.Module:
    """Return a copy that Captum may change; its layers with weights carry the rule."""
    with torch.no_grad():
        own = copy.deepcopy(StandIn(fused(model), copies=False).graph_module)
    for node in list(own.graph.nodes):
        with own.graph.inserting_before(node):
            fresh = _for_captum(own, node)
        if fresh:
            node.replace_all_uses_with(fresh)
            own.graph.erase_node(node)
    own.delete_all_unused_submodules()
    own.recompile()
    own.graph.owning_module = None  # as in `runnable`
    for module in own.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.rule = _RULES[rule]()  # pyright: ignore[reportArgumentType]
        elif isinstance(module, nn.AdaptiveMaxPool2d):  # missing in Captum's table; the winner takes all
            module.rule = EpsilonRule()  # pyright: ignore[reportArgumentType]
    return own


def _for_captum(own: fx.GraphModule, node: fx.Node) -> fx.Node | None:
    """Return what stands for a node: a module for an addition, and none for flattening."""
    if node.target in _ADDITIONS and len(node.all_input_nodes) == 2:
        own.add_submodule(f"addition_{node.name}", Addition_Module())
        return own.graph.call_module(f"addition_{node.name}", tuple(node.all_input_nodes))
    if node.op == "call_module" and isinstance(flat := own.get_submodule(str(node.target)), nn.Flatten):
        return own.graph.call_method("flatten", (node.args[0], flat.start_dim, flat.end_dim))
    return None
