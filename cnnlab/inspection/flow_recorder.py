"""Watch a network take its steps on a real picture, and hand over what each step gives at that moment.

The steps are numbered as in the network's recorded trace, since the same recorder counts them. What a step
gives is handed over when it is made: later steps may overwrite it. Nothing is attached to the network, so
several threads may run the same one. This module imports PyTorch.
"""

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from cnnlab.tracing.calls import Call, tensors_in
from cnnlab.tracing.recorder import Recorder

Look = Callable[[int, Tensor], None]


class Enough(Exception):
    """Raised by whoever looks when no further step is wanted."""


class Watcher(Recorder):
    """Calls `look(step, tensor)` once for each step; keeps no output, only what the network itself needs."""

    def __init__(self, model: nn.Module, network_input: Tensor, look: Look) -> None:
        super().__init__(model, network_input)
        self.look = look
        self.shown = -1
        self.living: dict[int, weakref.ref[Tensor]] = {}

    def _sizes(self, call: Call) -> Any:
        """Answer with plain sizes: nothing will be replayed."""
        tensor = call.args[0] if call.args else None
        asks = call.operation in {"shape", "size", "numel", "len"} and isinstance(tensor, Tensor)
        return call.run() if asks else None

    def _known_sizes(self, tensor: Tensor) -> Any:
        return tuple(tensor.shape)

    def _constant(self, call: Call, sized: bool) -> Any:  # noqa: ARG002 (as in `Recorder`)
        """Let a function run that the picture does not reach."""
        return call.run()

    def _step(self, call: Call) -> Any:
        first = call.tensors[0]
        result = call.run()
        outputs = list(tensors_in(result))
        if outputs:
            self._add(call, {}, in_place=outputs[0] is first)
            for output in outputs:
                self._keep(output, len(self.taken) - 1)
        return result

    def _keep(self, tensor: Tensor, step: int) -> None:
        """Remember which step made a tensor as long as it lives, and show it if it is new."""
        name = id(tensor)
        self.producers[name] = step
        self.living[name] = weakref.ref(tensor, lambda gone: self._forget(name, gone))
        if step > self.shown:
            self.shown = step
            with torch._C.DisableTorchFunction():
                self.look(step, tensor)

    def _forget(self, name: int, gone: Any) -> None:
        if self.living.get(name) is gone:
            del self.living[name], self.producers[name]


def watch(model: nn.Module, network_input: Tensor, look: Look) -> list[tuple[int, ...]]:
    """Run a network and show every step's output to `look`; return which steps each step read.

    `look` may raise `Enough`. What it is shown it must copy to keep.
    """
    watcher = Watcher(model, network_input, look)
    try:
        with torch.no_grad(), watcher:
            model(network_input)
    except Enough:
        pass
    return [one.inputs for one in watcher.taken]
