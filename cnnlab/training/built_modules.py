"""A network of the page of architectures as PyTorch modules: the same names as in its drawing and its source.

Nothing is executed to make it: each module's call is read as a name of `torch.nn` with plain numbers.
"""

import ast
from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn

from cnnlab.building.modules import GATE, PARALLEL, PROJECTED, SKIP, Module


class Skip(nn.Sequential):
    """Adds what went in to what comes out."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the sum."""
        return super().forward(input) + input


class ProjectedSkip(nn.Sequential):
    """Adds a projection of what went in, the last of its layers, to what comes out of the others."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the sum."""
        *layers, projection = self
        after = input
        for layer in layers:
            after = layer(after)
        return after + projection(input)


class Gate(nn.Sequential):
    """Multiplies every channel by the number that its layers make for it."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the gated maps."""
        return input * super().forward(input)[:, :, None, None]


class Parallel(nn.Sequential):
    """Sends its input through every branch and puts the results behind one another, along the channels."""

    def forward(self, input: Tensor) -> Tensor:
        """Return all channels."""
        return torch.cat([branch(input) for branch in self], dim=1)


_BLOCKS = {SKIP: Skip, PROJECTED: ProjectedSkip, GATE: Gate, PARALLEL: Parallel}


def made(module: Module) -> nn.Module:
    """Make a module with all that is in it; weights are as PyTorch begins them."""
    if module.code:
        return _leaf(module.code)
    if not module.children:
        return nn.Identity()
    return _BLOCKS.get(module.kind, nn.Sequential)(
        OrderedDict((child.name, made(child)) for child in module.children)
    )


def _leaf(code: str) -> nn.Module:
    call = ast.parse(code, mode="eval").body
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        raise TypeError(f"{code} is no call of a module")
    kind: Any = getattr(nn, call.func.attr)
    named = {one.arg: ast.literal_eval(one.value) for one in call.keywords if one.arg}
    return kind(*map(ast.literal_eval, call.args), **named)
