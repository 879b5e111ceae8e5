"""Watch a model take its steps, once, on tensors without numbers.

This module imports PyTorch; `record` imports it when it is called. Nothing global is changed: the
model is a private copy, and the mode that watches belongs to the calling thread.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cnnlab.tracing.arguments import READERS, indexes_plainly
from cnnlab.tracing.calls import (
    CREATING,
    MULTIPLYING,
    PARTS,
    SAME,
    Call,
    counted,
    quick_result,
    spelled,
    tensors_in,
)
from cnnlab.tracing.constants import Origin, charged, constant_shape, has_dims
from cnnlab.tracing.dims import Dim, Sizes, product, recorded
from cnnlab.tracing.layered import LAYERED
from cnnlab.tracing.operations import IDLE, KNOWN, MERGING, REGIONAL
from cnnlab.tracing.signatures import bound
from cnnlab.tracing.trace import NETWORK_INPUT, Guard, Step, make_step

# Modules that pad as TensorFlow does, by an amount that depends on the size: timm's, and the zoo's.
_SAME_PADDERS = frozenset(
    ["Conv2dSame", "MaxPool2dSame", "AvgPool2dSame", "CondConv2dSame", "StdConv2dSame", "SamePadding"]
)


@dataclass(slots=True)
class Taken:
    """One step as it was taken, before it has a name."""

    operation: str
    path: str
    call: int
    leaf: bool
    settings: dict[str, Any]
    inputs: tuple[int, ...]
    parameters: int
    constants: tuple[tuple[int, Any], ...] = ()
    in_place: bool = False
    constant_macs: int = 0


class Recorder(TorchFunctionMode):
    """Turns every function that a model calls into a step."""

    def __init__(self, model: nn.Module, network_input: Tensor) -> None:
        super().__init__()
        self.taken: list[Taken] = []
        self.guards: dict[str, Guard] = {}
        self.producers: dict[int, int] = {id(network_input): NETWORK_INPUT}
        self.origins: dict[int, Origin] = {}
        self.alive: list[Any] = [network_input]  # ids stay theirs as long as they live
        self.counted: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.modules: list[tuple[str, int, nn.Module]] = [("", 0, model)]
        self.calls = 0
        self.input_shape = tuple(network_input.shape)
        for name, parameter in model.named_parameters():
            self.origins[id(parameter)] = Origin(frozenset({name}), tuple(parameter.shape))
            self.numbers[name] = parameter.numel()
        for _, buffer in model.named_buffers():
            self.origins[id(buffer)] = Origin(shape=tuple(buffer.shape))

    def enter(self, path: str, module: nn.Module) -> None:
        """Note that a module has been called."""
        self.calls += 1
        self.modules.append((path, self.calls, module))

    def leave(self) -> None:
        """Note that it has ended."""
        self.modules.pop()

    def ask(self, question: Any, answer: bool) -> None:
        """Note a question about sizes, once at each step."""
        if self.modules[-1][2].__class__.__name__ not in _SAME_PADDERS:
            self.guards.setdefault(repr((question, answer)), Guard(len(self.taken), question, answer))

    def __torch_function__(self, func: Any, types: Any, args: tuple = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", str(func))
        if name == "__get__":
            name = func.__self__.__name__
        call = Call(spelled(name), func, args, kwargs or {})
        call.tensors = list(tensors_in((args, call.kwargs)))
        asked = self._sizes(call)
        return self._handle(call) if asked is None else asked

    def _sizes(self, call: Call) -> Any:
        """Answer a question about a tensor's sizes; None if the call is no such question."""
        tensor = call.args[0] if call.args else None
        if call.operation not in {"shape", "size", "numel", "len"} or not isinstance(tensor, Tensor):
            return None
        sizes, producer = tensor.shape, self.producers.get(id(tensor))
        if producer is None:
            return None
        dims = Sizes(Dim(size, ["size", producer, at], self.ask) for at, size in enumerate(sizes))
        if call.operation == "numel":
            return product(dims)
        if call.operation == "len":
            return int(sizes[0])
        place = call.kwargs.get("dim", call.args[1] if len(call.args) > 1 else None)
        return dims if place is None or call.operation == "shape" else dims[place]

    def _handle(self, call: Call) -> Any:
        moving = [one for one in call.tensors if id(one) in self.producers]
        if not moving or call.operation in CREATING:
            return self._constant(call, sized=bool(moving) or has_dims((call.args, call.kwargs)))
        if call.operation == "iter":
            return iter(self._parts(Call("unbind", torch.unbind, (call.args[0], 0), {}, moving)))
        if call.operation in {"expand_as", "reshape_as"}:
            call = self._sized_like(call)
        if call.operation in SAME:
            result = call.run()
            if isinstance(result, Tensor):
                self._keep(result, self.producers[id(moving[0])])
            return result
        if call.operation in PARTS:
            return self._parts(call)
        return self._step(call)

    def _sized_like(self, call: Call) -> Call:
        """Say with sizes what was said with another tensor."""
        first, other = call.args
        sizes = self._known_sizes(other) if id(other) in self.producers else tuple(other.shape)
        operation = call.operation.removesuffix("_as")
        return Call(operation, getattr(Tensor, operation), (first, sizes), {}, [first])

    def _constant(self, call: Call, sized: bool) -> Any:
        """Let a function run that no input reaches; its results come from its operands."""
        result, macs = counted(call) if call.operation in MULTIPLYING else (call.run(), 0)
        sources = [self.origins[id(one)] for one in call.tensors if id(one) in self.origins]
        parameters = frozenset().union(*(one.parameters for one in sources))
        sized = sized or any(one.sized for one in sources)
        for one in tensors_in(result):
            if id(one) not in self.producers and id(one) not in map(id, call.tensors):
                shape = constant_shape(call, one) if sized else tuple(one.shape)
                self.origins[id(one)] = Origin(parameters, shape, macs + charged(sources))
                self.alive.append(one)
        return result

    def _keep(self, tensor: Tensor, step: int) -> None:
        self.producers[id(tensor)] = step
        self.alive.append(tensor)

    def _step(self, call: Call) -> Any:
        first = call.tensors[0]
        result = quick_result(call, first)
        macs = 0
        if result is None:
            result, macs = self._run(call)
        outputs = [one for one in tensors_in(result) if isinstance(one, Tensor)]
        if not outputs:
            return result
        settings, constants = self._settings(call, outputs[0], macs), self._constants(call)
        in_place = outputs[0] is first and call.operation not in IDLE
        self._add(call, settings, constants, in_place)
        for output in outputs:
            self._keep(output, len(self.taken) - 1)
        return result

    def _run(self, call: Call) -> tuple[Any, int]:
        """Run a function; count the multiply-adds of one that no rule knows."""
        if self._known(call):
            return call.run(), 0
        return counted(call)

    def _known(self, call: Call) -> bool:
        if call.operation == "getitem" and not indexes_plainly(call.args[1]):
            return False
        return call.operation in LAYERED or call.operation in KNOWN or call.operation in READERS

    def _settings(self, call: Call, output: Tensor, macs: int) -> dict[str, Any]:
        if not self._known(call):
            self._fix_sizes()
            return {"fixed_shape": tuple(output.shape)} | ({"fixed_macs": macs} if macs else {})
        if call.operation in REGIONAL:
            return {"regions": output.shape[0], "output": tuple(output.shape[2:])}
        arguments = bound(call.operation, call.args, call.kwargs)
        if call.operation.startswith("adaptive_"):
            arguments["input"] = _Shaped(self._known_sizes(call.args[0]))
        if call.operation == "multi_head_attention":
            arguments = {"heads": call.args[4]}
        reader = READERS.get(call.operation)
        settings = reader(arguments) if reader else {}
        return {name: recorded(value) for name, value in settings.items()}

    def _fix_sizes(self) -> None:
        """Let the recording hold at this size only, where what happens at others is not known."""
        for at, size in enumerate(self.input_shape[2:], start=2):
            self.ask(["==", ["size", NETWORK_INPUT, at], size], True)

    def _known_sizes(self, tensor: Tensor) -> tuple[Dim, ...]:
        producer = self.producers[id(tensor)]
        return tuple(Dim(size, ["size", producer, at], self.ask) for at, size in enumerate(tensor.shape))

    def _constants(self, call: Call) -> tuple[tuple[int, Any], ...]:
        """Give place and shape of operands that no input reaches, where shapes depend on them."""
        if call.operation in LAYERED | REGIONAL or call.operation == "multi_head_attention":
            return ()
        found = []
        for place, one in enumerate(call.tensors):
            if id(one) in self.producers:
                continue
            shape = self.origins.get(id(one), Origin()).shape
            if shape is not None:
                found.append((place, shape))
            elif call.operation not in MERGING:
                self._fix_sizes()
                found.append((place, tuple(one.shape)))
        return tuple(found)

    def _add(self, call: Call, settings: dict, constants: tuple = (), in_place: bool = False) -> None:
        path, number, module = self.modules[-1]
        operation = call.operation
        if operation == "pad" and module.__class__.__name__ in _SAME_PADDERS:
            operation, settings = "pad_same", _same_padding(module)
        if operation in {"transpose", "narrow", "select"}:
            operation = "permute" if operation == "transpose" else "getitem"
        origins = [self.origins[id(one)] for one in call.tensors if id(one) in self.origins]
        fresh = frozenset().union(*(one.parameters for one in origins)) - self.counted
        self.counted |= fresh
        inputs = tuple(self.producers[id(one)] for one in call.tensors if id(one) in self.producers)
        parameters = sum(self.numbers[name] for name in fresh)
        leaf = not module._modules
        taken = Taken(operation, path, number, leaf, settings, inputs, parameters, constants, in_place)
        taken.constant_macs = charged(origins)
        self.taken.append(taken)

    def _parts(self, call: Call) -> Any:
        """Make one step of each part that a tensor is cut into."""
        results = call.run()
        arguments = bound(call.operation, call.args, call.kwargs)
        settings = {name: recorded(value) for name, value in READERS[call.operation](arguments).items()}
        steps = []
        for part, result in enumerate(results):
            self._add(call, settings | {"part": part})
            steps.append((result, len(self.taken) - 1))
        for result, step in steps:
            self._keep(result, step)
        return results


@dataclass(slots=True)
class _Shaped:
    """Stands for a tensor where only its shape is asked for."""

    shape: tuple[Any, ...]


def _same_padding(module: nn.Module) -> dict[str, Any]:
    kernel = getattr(module, "kernel_size", None) or getattr(module, "kernel", 1)
    found = {
        "kernel": kernel,
        "stride": getattr(module, "stride", 1),
        "dilation": getattr(module, "dilation", 1),
    }
    return {name: (value, value) if isinstance(value, int) else tuple(value) for name, value in found.items()}


def named(taken: list[Taken]) -> tuple[Step, ...]:
    """Give every step a name: its module's, with the operation where that module does more."""
    alone: dict[tuple[str, int], int] = {}
    for one in taken:
        alone[one.path, one.call] = alone.get((one.path, one.call), 0) + 1
    seen: dict[str, int] = {}
    steps = []
    for one in taken:
        single = one.leaf and alone[one.path, one.call] == 1
        name = one.path if single else f"{one.path}.{one.operation}".lstrip(".")
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name = f"{name}_{seen[name]}"
        steps.append(
            make_step(
                name,
                one.operation,
                one.settings,
                one.inputs,
                path=one.path,
                parameters=one.parameters,
                constants=one.constants,
                in_place=one.in_place,
                constant_macs=one.constant_macs,
            )
        )
    return tuple(steps)
