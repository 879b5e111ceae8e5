"""DeepLift with the rescale rule, complete where Captum 0.9 is not.

Captum's rule for max pooling overwrites what overlapping windows share, and activations that its table lacks
silently pass the plain gradient; both are put right here, in a table of its own. Works on a stand-in of the
network (see `preparing`). This module imports PyTorch and Captum.
"""

from typing import Any

import torch
from captum.attr import DeepLift
from torch import Tensor, nn
from torch.nn import functional

from cnnlab.inspection.attribution.preparing import ACTIVATIONS

_SMALL = 1e-7  # differences below it count as none: the slope is the gradient then


def _difference(both: Tensor) -> Tensor:
    """Return what the picture has more than the reference; a batch holds first one, then the other."""
    picture, reference = both.chunk(2)
    return picture - reference


def _handed_back(module: Any, gradient_in: Tensor, handed: Tensor) -> Tensor:
    """Return contributions over differences of inputs; where there is no difference, the gradient."""
    delta = _difference(module.input)
    near = delta.abs() < _SMALL
    slopes = handed / delta.masked_fill_(near, 1.0)
    return torch.where(near, gradient_in.unflatten(0, (2, -1)), slopes).flatten(0, 1)


def rescale(module: Any, gradient_in: Tensor, gradient_out: Tensor) -> Tensor:
    """Return the gradient times the slope between the two values (Shrikumar et al. 2017, section 3.5.1)."""
    handed = gradient_out.unflatten(0, (2, -1)) * _difference(module.output)
    return _handed_back(module, gradient_in, handed)


def max_pool(module: Any, gradient_in: Tensor, gradient_out: Tensor) -> Tensor:
    """Hand what a pool's output gained to the winning inputs; overlapping windows add up.

    The gain is split at the larger of the two outputs, as in Captum: the picture's winner gets what is above
    the reference's output, the reference's winner what is below.
    """
    output, reference = module.output.chunk(2)
    larger = torch.maximum(output, reference)
    gained = gradient_out * torch.cat([larger - reference, output - larger])
    winners = _winners(module)
    handed = torch.zeros_like(module.input).flatten(2).scatter_add_(2, winners.flatten(2), gained.flatten(2))
    return _handed_back(module, gradient_in, torch.add(*handed.view_as(module.input).chunk(2)))


def _winners(module: Any) -> Tensor:
    """Return where each output of a pool comes from, as places in the flattened maps."""
    if hasattr(module, "output_size"):
        return functional.adaptive_max_pool2d(module.input, module.output_size, return_indices=True)[1]
    sizes = module.kernel_size, module.stride, module.padding, module.dilation, module.ceil_mode
    return functional.max_pool2d(module.input, *sizes, return_indices=True)[1]


_RULES: dict[type[nn.Module], Any] = {
    **dict.fromkeys(ACTIVATIONS, rescale),
    nn.MaxPool2d: max_pool,
    nn.AdaptiveMaxPool2d: max_pool,
}


class CompleteDeepLift(DeepLift):
    """Captum's DeepLift with the table of rules above."""

    def _is_non_linear(self, module: nn.Module) -> bool:
        return type(module) in _RULES

    def _backward_hook(self, module: Any, grad_input: Tensor, grad_output: Tensor) -> Tensor:
        try:
            return _RULES[type(module)](module, grad_input, grad_output)
        finally:
            del module.input, module.output
