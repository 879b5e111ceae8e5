"""From layers and blocks to a trace: every step, up to the first that does not fit and beyond.

What stands behind a step that does not fit is kept without settings, so that it can be drawn. Numbers are
computed by `cnnlab.tracing.replay`; here only shapes are, which decide how many channels a layer reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import prod

from cnnlab.arithmetic.axes import shape_text
from cnnlab.building.mistakes import Place
from cnnlab.building.modules import GATE, PARALLEL, PROJECTED, SEQUENTIAL, SKIP, Module
from cnnlab.building.nodes import BlockNode, Body, LayerNode, Node, Notation, stride_of
from cnnlab.building.parts import Part, Refusal, normalisation, parts_of, projection, refused, shape_after
from cnnlab.tracing import NETWORK_INPUT, Guard, Step, Trace
from cnnlab.tracing.trace import make_step

Shape = tuple[int, ...]
NEVER = ("==", 0, 1)
ANY_MAPS: Shape = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class Misfit:
    """The step that does not work: its number from 0, its place and text, what came in, and why."""

    step: int
    place: Place
    source: str
    came: tuple[Shape, ...]
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Lowered:
    """A network as a trace, with its tree of modules and the place in the text of every step."""

    trace: Trace
    root: Module
    places: tuple[Place, ...]
    misfit: Misfit | None


def lowered(notation: Notation, text: str = "") -> Lowered:
    """Turn a network into a trace; `text` gives it a name of its own."""
    return Lowering(notation, f"network-{sha256(text.encode()).hexdigest()[:10]}").run()


class Lowering:
    """Goes through a network once and keeps the shape of every tensor, None behind what does not fit."""

    def __init__(self, notation: Notation, name: str) -> None:
        self.notation, self.name = notation, name
        self.root = Module("", "", "Network")
        self.steps: list[Step] = []
        self.places: list[Place] = []
        self.shapes: dict[int, Shape | None] = {NETWORK_INPUT: notation.input_shape}
        self.classes: dict[str, str] = {"": "Network"}
        self.misfit: Misfit | None = None

    def run(self) -> Lowered:
        """Take every layer in turn."""
        last = self._body(self.notation.body, NETWORK_INPUT, self.root)
        guards = () if self.misfit is None else (Guard(self.misfit.step, NEVER, True),)
        shape = self.notation.input_shape
        trace = Trace(self.name, shape, tuple(self.steps), self.classes, (last,), guards)
        return Lowered(trace, self.root, tuple(self.places), self.misfit)

    def _body(self, body: Body, tensor: int, inside: Module) -> int:
        for node in body:
            tensor = (
                self._layer(node, tensor, inside)
                if isinstance(node, LayerNode)
                else self._block(node, tensor, inside)
            )
        return tensor

    def _layer(self, node: LayerNode, tensor: int, inside: Module) -> int:
        for number in range(len(parts_of(node.word, node.settings, ANY_MAPS))):
            shape = self.shapes[tensor] or ANY_MAPS
            part = parts_of(node.word, node.settings, shape)[number]
            tensor = self._take(part, tensor, inside.numbered(part.name, part.module, part.code), node)
        return tensor

    def _take(self, part: Part, tensor: int, module: Module, node: Node) -> int:
        """Add the step of one module."""
        self.classes[module.path] = part.module
        shape = self.shapes[tensor]
        refusal = refused(part, shape) if shape else None
        after = shape_after(part, shape) if shape and not refusal else None
        settings = part.settings if shape else None
        return self._step(
            (part.operation, settings, module.path, module.path), (tensor,), after, refusal, node
        )

    def _step(
        self, what: tuple, inputs: tuple[int, ...], after: Shape | None, refusal: Refusal | None, node: Node
    ) -> int:
        """Add a step; without settings it stands behind what does not fit, and is only drawn."""
        operation, settings, name, path = what
        index = len(self.steps)
        if self.misfit is None and refusal is not None:
            came = tuple(shape for shape in map(self.shapes.get, inputs) if shape)
            self.misfit = Misfit(index, node.place, node.source, came, refusal)
        if settings is None:
            self.steps.append(Step(name, operation, path, {}, inputs))
        else:
            self.steps.append(make_step(name, operation, settings, inputs, path=path))
        self.places.append(node.place)
        self.shapes[index] = None if self.misfit else after
        return index

    def _block(self, node: BlockNode, tensor: int, inside: Module) -> int:
        return {"repeat": self._repeat, "skip": self._skip, "gate": self._gate, "parallel": self._parallel}[
            node.word
        ](node, tensor, inside)

    def _open(self, inside: Module, word: str, kind: str) -> Module:
        module = inside.numbered(word, kind)
        self.classes[module.path] = kind
        return module

    def _repeat(self, node: BlockNode, tensor: int, inside: Module) -> int:
        module = self._open(inside, "repeat", SEQUENTIAL)
        for number in range(node.count):
            block = module.child(str(number))
            self.classes[block.path] = SEQUENTIAL
            tensor = self._body(node.bodies[0], tensor, block)
        return tensor

    def _parallel(self, node: BlockNode, tensor: int, inside: Module) -> int:
        module = self._open(inside, "parallel", PARALLEL)
        ends = []
        for number, body in enumerate(node.bodies, 1):
            branch = module.child(f"branch{number}")
            self.classes[branch.path] = SEQUENTIAL if body else "Identity"
            ends.append(self._body(body, tensor, branch))
        shapes = [self.shapes[end] for end in ends]
        refusal, after = concatenated(shapes)
        return self._join(("cat", {"axis": 1}), module, tuple(ends), (refusal, after), node)

    def _skip(self, node: BlockNode, tensor: int, inside: Module) -> int:
        module = self._open(inside, "skip", PROJECTED if node.projection else SKIP)
        end = self._body(node.bodies[0], tensor, module)
        past = self._projection(node, tensor, end, module) if node.projection else tensor
        refusal, after = summed(self.shapes[end], self.shapes[past], bool(node.projection))
        return self._join(("add", {}), module, (end, past), (refusal, after), node)

    def _projection(self, node: BlockNode, tensor: int, end: int, module: Module) -> int:
        """Send what went in through a 1 × 1 convolution with the block's output channels and strides."""
        before, after = self.shapes[tensor], self.shapes[end]
        normalised = node.projection == "conv bn"
        shape, wanted = before or ANY_MAPS, after or ANY_MAPS
        part = projection(shape[0], wanted[0], stride_of(node.bodies[0]), not normalised)
        holder = (
            module.child("projection", part.module, part.code)
            if not normalised
            else module.child("projection")
        )
        if not normalised:
            return self._take(part, tensor, holder, node)
        self.classes[holder.path] = SEQUENTIAL
        tensor = self._take(part, tensor, holder.child("conv", part.module, part.code), node)
        norm = normalisation(self.shapes[tensor] or ANY_MAPS)
        return self._take(norm, tensor, holder.child("bn", norm.module, norm.code), node)

    def _gate(self, node: BlockNode, tensor: int, inside: Module) -> int:
        """Multiply every channel with the number that the block makes for it."""
        module = self._open(inside, "gate", GATE)
        end = self._body(node.bodies[0], tensor, module)
        maps, numbers = self.shapes[tensor], self.shapes[end]
        refusal = gated(maps, numbers)
        settings = None if maps is None or numbers is None else {"axis": 1, "sizes": (numbers[0], 1, 1)}
        if refusal is None:
            after = numbers and (numbers[0], 1, 1)
            end = self._step(
                ("unflatten", settings, f"{module.path}.unflatten", module.path), (end,), after, None, node
            )
        return self._join(("mul", {}), module, (tensor, end), (refusal, maps), node)

    def _join(
        self,
        what: tuple,
        module: Module,
        inputs: tuple[int, ...],
        found: tuple[Refusal | None, Shape | None],
        node: Node,
    ) -> int:
        operation, settings = what
        known = all(self.shapes[one] for one in inputs)
        told = (operation, settings if known else None, f"{module.path}.{operation}", module.path)
        return self._step(told, inputs, found[1], found[0], node)


def concatenated(shapes: Sequence[Shape | None]) -> tuple[Refusal | None, Shape | None]:
    """Return why branches cannot be put behind one another, or the shape that they give."""
    known = [shape for shape in shapes if shape]
    if len(known) < len(shapes):
        return None, None
    rest = {shape[1:] for shape in known}
    if len(rest) == 1:
        return None, (sum(shape[0] for shape in known), *known[0][1:])
    told = " and ".join(shape_text(shape) for shape in known)
    reason = f"branches may differ in their channels only, but they give {told}"
    return Refusal(reason, "Give all branches the same strides, and paddings that keep the size."), None


def summed(end: Shape | None, past: Shape | None, projected: bool) -> tuple[Refusal | None, Shape | None]:
    """Return why what comes out of a block cannot be added to what goes past it, or the shape of the sum."""
    if not end or not past or end == past:
        return None, end and past
    reason = (
        f"it adds what went in, {shape_text(past)}, to what came out, {shape_text(end)}, and these differ"
    )
    advice = (
        "The 1×1 convolution has the strides of the block; paddings must keep the size apart from them."
        if projected
        else "Keep the shape, or write `skip conv { … }`: a 1×1 convolution then brings it to the same shape."
    )
    return Refusal(reason, advice), None


def gated(maps: Shape | None, numbers: Shape | None) -> Refusal | None:
    """Return why a block cannot be a gate: it has to make one number for each channel of what came in."""
    if not maps or not numbers or (len(maps) == 3 and numbers == (maps[0],)):
        return None
    wanted = f"{maps[0]:,} numbers in a row, one for each channel" if len(maps) == 3 else "maps to weigh"
    given = shape_text(numbers) if len(maps) == 3 else f"a row of {prod(maps):,} numbers"
    reason = (
        f"a gate needs {wanted}, but {'its block gives' if len(maps) == 3 else 'what comes in is'} {given}"
    )
    return Refusal(reason, f"Begin it with `globalpool` and end it with `dense {maps[0]}` and `sigmoid`.")
