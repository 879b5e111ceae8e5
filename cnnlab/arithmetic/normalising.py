"""What normalisations and merges ask of their inputs, and the shapes that merges give.

It does not know windows; the rules are those of PyTorch's modules in evaluation mode, batch of one.
"""

from collections.abc import Iterator
from math import prod

from cnnlab.arithmetic.axes import shape_text
from cnnlab.arithmetic.layers import Activation, Add, Concatenate, Normalisation, NormalisationKind
from cnnlab.arithmetic.refusal import Problem
from cnnlab.arithmetic.units import grouped

Shape = tuple[int, ...]
Problems = Iterator[Problem]


def normalisation_rules(layer: Normalisation, shape: Shape) -> Problems:
    """Channels that agree, groups that divide them, and more than one number to take a mean of."""
    if layer.kind == NormalisationKind.LAYER:
        yield from _layer_rules(layer, shape)
    elif layer.kind == NormalisationKind.GROUP:
        yield from _group_rules(layer, shape)
    elif layer.kind in (NormalisationKind.BATCH, NormalisationKind.INSTANCE):
        strict = layer.affine or layer.kind == NormalisationKind.BATCH
        if strict and layer.channels != shape[0]:
            yield _channels_differ(layer, shape)
        if layer.kind == NormalisationKind.INSTANCE and prod(shape[1:]) == 1:
            yield Problem("one-value", "each channel holds a single number, so it has no variance")


def activation_rules(layer: Activation, shape: Shape) -> Problems:
    """A PReLU has one slope, or one for each channel."""
    if layer.slopes not in (0, 1, shape[0]):
        yield Problem(
            "input-channels",
            f"the layer learns {grouped(layer.slopes)} slopes, "
            f"but the input has {grouped(shape[0])} channels",
        )


def merged_shape(layer: Add | Concatenate, shapes: tuple[Shape, ...]) -> Shape | Problem:
    """Give the shape of the sum or of the concatenation, or the problem that stops it.

    >>> merged_shape(Concatenate(), ((64, 28, 28), (128, 28, 28)))
    (192, 28, 28)
    >>> merged_shape(Add(), ((64, 28, 28), (64, 1, 1)))
    (64, 28, 28)
    """
    return _added(shapes) if isinstance(layer, Add) else _concatenated(layer.axis, shapes)


def merge_rules(layer: Add | Concatenate, shapes: tuple[Shape, ...]) -> Problems:
    """Inputs whose shapes go together."""
    merged = merged_shape(layer, shapes)
    if isinstance(merged, Problem):
        yield merged


def _added(shapes: tuple[Shape, ...]) -> Shape | Problem:
    rank = max(map(len, shapes))
    columns = list(zip(*((1,) * (rank - len(shape)) + shape for shape in shapes), strict=True))
    for column in columns:
        if len(set(column) - {1}) > 1:
            return Problem(
                "add-shapes",
                f"shapes {_listed(shapes)} cannot be added: their sizes differ, "
                "and only a size of 1 is repeated",
            )
    return tuple(max(column) for column in columns)


def _concatenated(axis: int, shapes: tuple[Shape, ...]) -> Shape | Problem:
    first = shapes[0]
    if not 0 <= axis < len(first):
        return Problem(
            "concatenate-axis", f"there is no axis {axis} in {shape_text(first)} to concatenate along"
        )
    rest = {shape[:axis] + shape[axis + 1 :] for shape in shapes}
    if len({len(shape) for shape in shapes}) > 1 or len(rest) > 1:
        return Problem(
            "concatenate-shapes",
            f"shapes {_listed(shapes)} cannot be concatenated: they may differ only along axis {axis}",
        )
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _listed(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(map(shape_text, shapes))


def _layer_rules(layer: Normalisation, shape: Shape) -> Problems:
    if not layer.shape or len(layer.shape) > len(shape):
        yield Problem(
            "normalised-shape",
            f"layer normalisation over {len(layer.shape)} axes does not fit an input of {len(shape)}",
        )
        return
    last = shape[len(shape) - len(layer.shape) :]
    for place, (asked, size) in enumerate(zip(layer.shape, last, strict=True)):
        if asked != size:
            yield Problem(
                "normalised-shape",
                f"the normalised shape {shape_text(layer.shape)} is not the end of the input "
                f"{shape_text(shape)}: {grouped(asked)} is not {grouped(size)}",
                place,
            )


def _group_rules(layer: Normalisation, shape: Shape) -> Problems:
    if layer.affine and layer.channels != shape[0]:
        yield _channels_differ(layer, shape)
    for rule, count in (("groups-divide-channels", layer.channels), ("groups-divide-in-channels", shape[0])):
        if count % layer.groups:
            yield Problem(
                rule,
                f"{grouped(count)} channels cannot be shared equally among {grouped(layer.groups)} groups",
            )
            return
    if shape[0] // layer.groups * prod(shape[1:]) == 1:
        yield Problem("one-value", "each group holds a single number, so it has no variance")


def _channels_differ(layer: Normalisation, shape: Shape) -> Problem:
    return Problem(
        "input-channels",
        f"the layer normalises {grouped(layer.channels)} channels, but the input has {grouped(shape[0])}",
    )
