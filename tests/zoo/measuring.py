"""What a network is found to have and to cost, counted by PyTorch on tensors without values."""

from functools import cache

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab import zoo


@cache
def on_meta(name: str, **options: object) -> nn.Module:
    return zoo.build_on_meta(name, **options)


@cache
def parameters(name: str, **options: object) -> int:
    return sum(one.numel() for one in on_meta(name, **options).parameters())


@cache
def macs(name: str, **options: object) -> int:
    """Return half of what PyTorch counts as operations: a multiply-add is two."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        on_meta(name, **options)(torch.empty(1, *zoo.input_shape(name), device="meta"))
    assert counter.get_total_flops() % 2 == 0
    return counter.get_total_flops() // 2
