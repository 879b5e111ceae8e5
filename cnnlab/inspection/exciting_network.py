"""A network up to one of its steps: what that step gives, and the slope on the way back.

Nothing is attached to the network and nothing is copied: the calls that it makes are counted once, and later
runs end behind the call that takes the step. So several threads may use one network, and steps behind the
chosen one cost nothing. Steps are numbered as in the network's trace. This module imports PyTorch.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cnnlab.errors import CnnLabError
from cnnlab.inspection.flow_recorder import Enough, Watcher
from cnnlab.tracing.calls import spelled, tensors_in

SLOPE = 0.3  # of a ReLU that blocks, while a unit is woken
_CLIPPING = {"relu": None, "relu6": 6.0, "hardtanh": 6.0}  # MobileNet's ReLU6 calls hardtanh from 0 to 6
_NOT_CLIPPING = object()


class MissingStep(CnnLabError):
    """A step that a network does not take."""


class Prefix:
    """Runs a network up to one step and gives what that step gives.

    Raises `MissingStep` if the network takes fewer steps on an input like `example`, 1 × C × H × W.
    """

    def __init__(self, model: nn.Module, step: int, example: Tensor) -> None:
        self.model = model
        self._calls, self._output = _place(model, step, example)

    def __call__(self, values: Tensor, waking: bool = False) -> Tensor:
        """Return the step's output, batch included; autograd follows unless it is switched off.

        With `waking`, a ReLU that blocks lets a part of the slope through on the way back: what comes out is
        the same, and a unit that is silent everywhere can still be woken. (Lucid does something like it in
        the first steps.)
        """
        counter = _Counter(self._calls, waking)
        try:
            with counter:
                self.model(values)
        except Enough:
            pass
        return list(tensors_in(counter.result))[self._output]


class _Finder(Watcher):
    """Counts all calls up to the one that takes a step."""

    def __init__(self, model: nn.Module, network_input: Tensor, step: int) -> None:
        super().__init__(model, network_input, self._look)
        self.step, self.call, self.output, self.before = step, 0, 0, 0
        self.found = False

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        self.call += 1
        self.before = len(self.taken)
        return super().__torch_function__(func, types, args, kwargs)

    def _look(self, step: int, _output: Tensor) -> None:
        if step == self.step:
            self.output = step - self.before  # of the parts that one call cuts a tensor into
            self.found = True
            raise Enough


def _place(model: nn.Module, step: int, example: Tensor) -> tuple[int, int]:
    """Return after how many calls a step has been taken, and which of the last call's outputs it is."""
    finder = _Finder(model, example, step)
    try:
        with torch.no_grad(), finder:
            model(example)
    except Enough:
        pass
    if not finder.found:
        raise MissingStep(
            f"This network takes {len(finder.taken)} steps on an input of "
            f"{' × '.join(map(str, example.shape[1:]))}; step {step + 1} was asked for. Choose one of them."
        )
    return finder.call, finder.output


class _Counter(TorchFunctionMode):
    """Ends a run behind its n-th call."""

    def __init__(self, calls: int, waking: bool) -> None:
        super().__init__()
        self.left, self.waking, self.result = calls, waking, None

    def __torch_function__(self, func: Any, _types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        self.left -= 1
        most = _NOT_CLIPPING
        if self.waking:
            most = _CLIPPING.get(spelled(getattr(func, "__name__", "")), _NOT_CLIPPING)
        result = func(*args, **(kwargs or {})) if most is _NOT_CLIPPING else _Waking.apply(args[0], most)
        if self.left == 0:
            self.result = result
            raise Enough
        return result


class _Waking(torch.autograd.Function):
    """A ReLU that is flat nowhere on the way back."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, most: float | None) -> Tensor:
        blocked = values <= 0 if most is None else (values <= 0) | (values >= most)
        ctx.save_for_backward(blocked)
        return values.clamp(min=0, max=most)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (blocked,) = ctx.saved_tensors
        (gradient,) = gradients
        return torch.where(blocked, SLOPE * gradient, gradient), None
