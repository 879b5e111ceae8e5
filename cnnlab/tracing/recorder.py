"""Watch a model take its steps, once, on tensors without numbers.

This module imports PyTorch; `record` imports it when it is called. Nothing global is changed: the
model is a private copy, and the mode that watches belongs to the calling thread.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cnnlab.tracing.arguments import READERS, bound, indexes_plainly
from cnnlab.tracing.dims import Dim, Sizes, expression_of, plain, product
from cnnlab.tracing.layered import LAYERED
from cnnlab.tracing.operations import IDLE, KNOWN, MERGING, POINTWISE
from cnnlab.tracing.sizes import depends_on_sizes
from cnnlab.tracing.trace import NETWORK_INPUT, Guard, Step, make_step

# One spelling for each operation.
_SPELLINGS = {
    "iadd": "add", "radd": "add", "isub": "sub", "rsub": "sub", "subtract": "sub", "imul": "mul",
    "rmul": "mul", "multiply": "mul", "truediv": "div", "itruediv": "div", "divide": "div",
    "true_divide": "div", "ipow": "pow", "concat": "cat", "concatenate": "cat", "view": "reshape",
    "bmm": "matmul", "mm": "matmul", "rmatmul": "matmul", "swapaxes": "transpose", "swapdims": "transpose",
    "max_pool2d_with_indices": "max_pool2d", "upsample": "interpolate",
    "multi_head_attention_forward": "multi_head_attention", "clip": "clamp", "native_channel_shuffle":
    "channel_shuffle", "split_with_sizes": "split", "absolute": "abs", "negative": "neg",
}  # fmt: skip
_ALIASES = frozenset(
    [
        "contiguous",
        "to",
        "float",
        "half",
        "type",
        "type_as",
        "clone",
        "detach",
        "requires_grad_",
        "data",
        "cpu",
        "cuda",
        "identity",
    ]
)
_CREATING = frozenset(
    [
        "new_zeros",
        "new_ones",
        "new_full",
        "new_empty",
        "new_tensor",
        "zeros_like",
        "ones_like",
        "full_like",
        "empty_like",
        "rand_like",
        "randn_like",
    ]
)
_PARTS = frozenset({"chunk", "split", "unbind", "tensor_split"})
# Modules that pad as TensorFlow does, by an amount that depends on the size: timm's, and the zoo's.
_SAME_PADDERS = frozenset(
    ["Conv2dSame", "MaxPool2dSame", "AvgPool2dSame", "CondConv2dSame", "StdConv2dSame", "SamePadding"]
)
# Their results have their input's shape; computing them on `meta` would take most of the time.
_QUICK = (POINTWISE - {"clamp", "normalize"}) | {"batch_norm"}


@dataclass(slots=True)
class Origin:
    """Where a tensor comes from that no input reaches: which parameters; its shape if that can be said."""

    parameters: frozenset[str] = frozenset()
    shape: tuple[Any, ...] | None = None

    @property
    def sized(self) -> bool:
        """Whether its shape depends on the input's."""
        return self.shape is None or depends_on_sizes(self.shape)


@dataclass(slots=True)
class Taken:
    """One step as it was taken, before it has a name."""

    operation: str
    path: str
    call: int
    settings: dict[str, Any]
    inputs: tuple[int, ...]
    parameters: int
    constants: tuple[tuple[int, Any], ...] = ()
    in_place: bool = False


@dataclass(slots=True)
class Call:
    """One call of a function: its name, its arguments as given, and those tensors among them."""

    operation: str
    function: Any
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    tensors: list[Tensor] = field(default_factory=list)

    def run(self) -> Any:
        """Call it."""
        return self.function(
            *plain(tuple(self.args)), **{name: plain(one) for name, one in self.kwargs.items()}
        )


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
        call = Call(_spelled(name), func, args, kwargs or {})
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
        if not moving or call.operation in _CREATING:
            return self._constant(call, sized=bool(moving) or _has_dims((call.args, call.kwargs)))
        if call.operation == "iter":
            return iter(self._parts(Call("unbind", torch.unbind, (call.args[0], 0), {}, moving)))
        if call.operation in _ALIASES:
            result = call.run()
            if isinstance(result, Tensor):
                self._keep(result, self.producers[id(moving[0])])
            return result
        if call.operation in _PARTS:
            return self._parts(call)
        return self._step(call)

    def _constant(self, call: Call, sized: bool) -> Any:
        """Let a function run that no input reaches; its results come from its operands."""
        result = call.run()
        sources = [self.origins[id(one)] for one in call.tensors if id(one) in self.origins]
        parameters = frozenset().union(*(one.parameters for one in sources))
        sized = sized or any(one.sized for one in sources)
        for one in tensors_in(result):
            if id(one) not in self.producers and id(one) not in map(id, call.tensors):
                shape = _constant_shape(call, one) if sized else tuple(one.shape)
                self.origins[id(one)] = Origin(parameters, shape)
                self.alive.append(one)
        return result

    def _keep(self, tensor: Tensor, step: int) -> None:
        self.producers[id(tensor)] = step
        self.alive.append(tensor)

    def _step(self, call: Call) -> Any:
        first = call.tensors[0]
        result = _quick_result(call, first)
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
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            result = call.run()
        return result, counter.get_total_flops() // 2

    def _known(self, call: Call) -> bool:
        if call.operation == "getitem" and not indexes_plainly(call.args[1]):
            return False
        return call.operation in LAYERED or call.operation in KNOWN or call.operation in READERS

    def _settings(self, call: Call, output: Tensor, macs: int) -> dict[str, Any]:
        if not self._known(call):
            self._fix_sizes()
            return {"fixed_shape": tuple(output.shape)} | ({"fixed_macs": macs} if macs else {})
        arguments = bound(call.operation, call.args, call.kwargs)
        if call.operation.startswith("adaptive_"):
            arguments["input"] = _Shaped(self._known_sizes(call.args[0]))
        if call.operation == "multi_head_attention":
            arguments = {"heads": call.args[4]}
        reader = READERS.get(call.operation)
        settings = reader(arguments) if reader else {}
        return {name: _recorded(value) for name, value in settings.items()}

    def _fix_sizes(self) -> None:
        """Let the recording hold at this size only, where what happens at others is not known."""
        for at, size in enumerate(self.input_shape[2:], start=2):
            self.ask(["==", ["size", NETWORK_INPUT, at], size], True)

    def _known_sizes(self, tensor: Tensor) -> tuple[Dim, ...]:
        producer = self.producers[id(tensor)]
        return tuple(Dim(size, ["size", producer, at], self.ask) for at, size in enumerate(tensor.shape))

    def _constants(self, call: Call) -> tuple[tuple[int, Any], ...]:
        """Give place and shape of operands that no input reaches, where shapes depend on them."""
        if call.operation in LAYERED or call.operation == "multi_head_attention":
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
        used = frozenset().union(
            *(self.origins[id(one)].parameters for one in call.tensors if id(one) in self.origins)
        )
        fresh = used - self.counted
        self.counted |= fresh
        inputs = tuple(self.producers[id(one)] for one in call.tensors if id(one) in self.producers)
        parameters = sum(self.numbers[name] for name in fresh)
        self.taken.append(Taken(operation, path, number, settings, inputs, parameters, constants, in_place))

    def _parts(self, call: Call) -> Any:
        """Make one step of each part that a tensor is cut into."""
        results = call.run()
        arguments = bound(call.operation, call.args, call.kwargs)
        settings = {name: _recorded(value) for name, value in READERS[call.operation](arguments).items()}
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


def _spelled(name: str) -> str:
    stripped = name.strip("_") if name != "requires_grad_" else name
    return _SPELLINGS.get(stripped, stripped)


def tensors_in(value: Any) -> Iterable[Tensor]:
    """Give the tensors inside arguments or results, in order."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from tensors_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from tensors_in(one)


def _constant_shape(call: Call, result: Tensor) -> tuple[Any, ...] | None:
    """Give the shape of a constant that was made or expanded to a size; None where it cannot be said."""
    if call.operation == "expand":
        sizes = bound("expand", call.args, call.kwargs)["sizes"]
        old = (1,) * (len(sizes) - call.tensors[0].dim()) + tuple(call.tensors[0].shape)
        return tuple(
            before if plain(after) == -1 else _recorded(after)
            for before, after in zip(old, sizes, strict=True)
        )
    if call.operation in {"new_zeros", "new_ones", "new_empty", "zeros", "ones", "empty"}:
        sizes = [one for one in call.args if not isinstance(one, Tensor)]
        sizes = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes
        return tuple(_recorded(one) for one in sizes) if len(sizes) == result.dim() else None
    return None


def _has_dims(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_dims, value.values()))
    return isinstance(value, Dim) or (isinstance(value, list | tuple) and any(map(_has_dims, value)))


def _recorded(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_recorded(one) for one in value)
    return expression_of(value)


def _same_padding(module: nn.Module) -> dict[str, Any]:
    kernel = getattr(module, "kernel_size", None) or getattr(module, "kernel", 1)
    found = {
        "kernel": kernel,
        "stride": getattr(module, "stride", 1),
        "dilation": getattr(module, "dilation", 1),
    }
    return {name: (value, value) if isinstance(value, int) else tuple(value) for name, value in found.items()}


def _quick_result(call: Call, first: Tensor) -> Tensor | None:
    """Answer with an empty tensor where the result has the input's shape anyway."""
    if call.operation not in _QUICK or not first.is_meta or call.args[0] is not first:
        return None
    name = getattr(call.function, "__name__", "")
    if call.operation in IDLE or call.kwargs.get("inplace") or name.endswith("_"):
        return first
    return torch.empty_like(first)


def named(taken: list[Taken]) -> tuple[Step, ...]:
    """Give every step a name: its module's, with the operation where a module takes several steps."""
    alone: dict[tuple[str, int], int] = {}
    for one in taken:
        alone[one.path, one.call] = alone.get((one.path, one.call), 0) + 1
    seen: dict[str, int] = {}
    steps = []
    for one in taken:
        single = alone[one.path, one.call] == 1 and one.path
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
                one.path,
                one.parameters,
                one.constants,
                one.in_place,
            )
        )
    return tuple(steps)
