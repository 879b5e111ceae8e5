"""Real networks on the meta device, and what PyTorch itself says of them: the oracle of these tests."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from cnnlab import zoo
from cnnlab.tracing.building import Unallocated

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of the model itself gave: multiply-adds, shapes returned by it and by its leaf modules."""

    macs: int
    outputs: list[Shape]
    modules: dict[str, list[Shape]]


def real_network(name: str) -> nn.Module:
    """Build a network of the zoo, of torchvision or of timm, without memory for its weights."""
    try:
        with Unallocated():
            return zoo.build(name).to("meta")
    except (RuntimeError, zoo.ImpossibleOption):
        return zoo.build_on_meta(name)


def measured(model: nn.Module, shape: Shape) -> Measured:
    """Run the model under PyTorch's own counter, with a hook on every module without parts."""
    modules: dict[str, list[Shape]] = {}

    def note(path: str):
        def hook(_module: nn.Module, _inputs: object, output: object) -> None:
            modules.setdefault(path, []).extend([tuple(output.shape)] if isinstance(output, Tensor) else [])

        return hook

    leaves = [(path, module) for path, module in model.named_modules() if not list(module.children())]
    handles = [module.register_forward_hook(note(path)) for path, module in leaves]
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result = model(torch.empty(1, *shape, device="meta"))
    for handle in handles:
        handle.remove()
    return Measured(counter.get_total_flops() // 2, [tuple(one.shape) for one in tensors(result)], modules)


def tensors(value: object) -> Iterator[Tensor]:
    """Give all tensors in what a model returned."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from tensors(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors(one)
