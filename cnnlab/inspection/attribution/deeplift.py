"""DeepLift with the rescale rule, complete where Captum 0.9 is not.

Captum's rule for max pooling overwrites what overlapping windows share, and activations that its table lacks
silently pass the plain gradient; both are put right here. The baseline passes first, and what activations and
pools read is kept; then the picture passes, and on the way back slopes between the two take the place of
gradients. No hooks: several threads may use one network. This module imports PyTorch.
"""

from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from cnnlab.inspection.attribution.preparing import ACTIVATIONS, StandIn
from cnnlab.inspection.attribution.quick import Copies, quick
from cnnlab.inspection.attribution.scored import with_gradient
from cnnlab.inspection.attribution.tasks import Task

_SMALL = 1e-7  # differences below it count as none: the slope is the gradient then


def deeplift(task: Task) -> Tensor:
    """Return DeepLift's contributions, C × H × W."""
    x, nothing, scored = with_gradient(task.x), task.baseline, task.scored
    network = _STANDING.get(quick(task.model)).graph_module
    reference = _Reference(network)
    with torch.no_grad():
        outputs = reference.run(scored.begin(nothing.requires_grad_()))
    score = scored.select(_Rescaled(network, reference.seen).run(scored.begin(x)))
    (slope,) = torch.autograd.grad(score.sum(), x)
    task.baseline_score = float(outputs.flatten(1)[0, scored.target])
    return (slope * (x - nothing)).detach()[0]


class _Reference(fx.Interpreter):
    """Runs a network and keeps what each step that has a rule read."""

    def __init__(self, network: Any) -> None:
        super().__init__(network)
        self.seen: dict[str, Tensor] = {}

    def call_module(self, target: Any, args: tuple, kwargs: dict) -> Any:
        """Keep what is read, and go on."""
        if type(self.fetch_attr(target)) in _RULES:
            self.seen[target] = args[0]
        return super().call_module(target, args, kwargs)


class _Rescaled(fx.Interpreter):
    """Runs a network so that on the way back each step that has a rule follows it."""

    def __init__(self, network: Any, seen: dict[str, Tensor]) -> None:
        super().__init__(network)
        self.seen = seen

    def call_module(self, target: Any, args: tuple, kwargs: dict) -> Any:
        """Take the step; one with a rule beside what it read of the reference."""
        module = self.fetch_attr(target)
        rule = _RULES.get(type(module))
        if rule is None:
            return super().call_module(target, args, kwargs)
        return rule.apply(args[0], self.seen.pop(target), module)


class _Rescale(torch.autograd.Function):
    """An activation: the slope between the two values (Shrikumar et al. 2017, section 3.5.1)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, reference: Tensor, module: nn.Module) -> Tensor:
        value, delta = module(x), x - reference
        near = delta.abs() < _SMALL
        slope = (value - module(reference)).div_(delta.masked_fill_(near, 1.0))
        if near.any():
            slope[near] = _gradient(module, x[near])
        ctx.save_for_backward(slope)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (slope,) = ctx.saved_tensors
        return gradients[0] * slope, None, None


def _gradient(module: nn.Module, x: Tensor) -> Tensor:
    with torch.enable_grad():
        point = with_gradient(x)
        return torch.autograd.grad(module(point).sum(), point)[0]


class _Pool(torch.autograd.Function):
    """Max pooling: what the output gained goes to the winning inputs; overlapping windows add up.

    The gain is split at the larger of the two outputs, as in Captum: the picture's winner gets what is above
    the reference's output, the reference's winner what is below.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, reference: Tensor, module: nn.Module) -> Tensor:
        value, winners = _pooled(module, x)
        below, others = _pooled(module, reference)
        ctx.save_for_backward(x - reference, value, winners, below, others)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        delta, value, winners, below, others = ctx.saved_tensors
        (gradient,) = gradients
        larger = torch.maximum(value, below)
        handed = _handed(delta, winners, gradient * (larger - below))
        handed += _handed(delta, others, gradient * (value - larger))
        near = delta.abs() < _SMALL
        slopes = handed / delta.masked_fill(near, 1.0)
        return torch.where(near, _handed(delta, winners, gradient), slopes), None, None


def _handed(like: Tensor, winners: Tensor, gained: Tensor) -> Tensor:
    """Return maps in which each winner has what its windows gained."""
    flat = torch.zeros(like.shape, dtype=like.dtype).flatten(2)
    return flat.scatter_add_(2, winners.flatten(2), gained.flatten(2)).view(like.shape)


def _pooled(module: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return a pool's output, and where each value comes from as places in the flattened maps."""
    if hasattr(module, "output_size"):
        return functional.adaptive_max_pool2d(x, module.output_size, return_indices=True)
    sizes = module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode
    return functional.max_pool2d(x, *sizes, return_indices=True)


_RULES: dict[type[nn.Module], Any] = {
    **dict.fromkeys(ACTIVATIONS, _Rescale),
    nn.MaxPool2d: _Pool,
    nn.AdaptiveMaxPool2d: _Pool,
}
_STANDING = Copies(lambda model: StandIn(model, copies=False))
