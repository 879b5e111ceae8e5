"""Random layers of every kind with random inputs, about a third of them impossible.

It knows neither PyTorch nor which ones are impossible. Inputs without numbers, and normalised shapes
that include the batch axis, are left out: the project refuses them on purpose where PyTorch does not
always (test_against_torch.py names these).
"""

from collections.abc import Callable, Iterator
from random import Random

from cnnlab.arithmetic import (
    Activation,
    AdaptivePool,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
)

Shape = tuple[int, ...]
Drawn = tuple[Layer, tuple[Shape, ...]]


def random_layers(count: int, seed: int) -> Iterator[Drawn]:
    """Draw layers with the shapes of their inputs; the same seed gives the same ones."""
    random = Random(seed)
    for _ in range(count):
        yield random.choices(MAKERS, WEIGHTS)[0](random)


def _sizes(random: Random, dims: int) -> Shape:
    low = 1 if random.random() < 0.15 else 4
    return tuple(random.randint(low, (18, 13, 9)[dims - 1]) for _ in range(dims))


def _spread(random: Random, values: tuple[int, ...], dims: int) -> int | Shape:
    """One number for all axes, or one for each."""
    if random.random() < 0.5:
        return random.choice(values)
    return tuple(random.choice(values) for _ in range(dims))


def _rarely(
    random: Random, odd: int | str, usual: int | str | Shape, share: float = 0.015
) -> int | str | Shape:
    return odd if random.random() < share else usual


def _channels(random: Random, groups: int) -> int:
    return random.choice((1, 2, 3, 4, 6)) if random.random() < 0.2 else groups * random.randint(1, 3)


def _kernelled(random: Random, dims: int) -> dict:
    groups = random.choice((1, 1, 1, 2, 3, 4))
    return {
        "in_channels": _channels(random, groups),
        "out_channels": _rarely(random, 0, _channels(random, groups), 0.005),
        "kernel": _rarely(random, 0, _spread(random, (1, 2, 3, 3, 4, 5), dims)),
        "stride": _rarely(random, 0, _spread(random, (1, 1, 2, 3), dims)),
        "padding": _rarely(random, -1, _spread(random, (0, 0, 1, 1, 2, 4), dims), 0.03),
        "dilation": _rarely(random, 0, _spread(random, (1, 1, 2, 3), dims)),
        "groups": _rarely(random, 0, groups, 0.01),
        "bias": random.random() < 0.7,
        "dims": dims,
    }


def _input(random: Random, channels: int, dims: int) -> Shape:
    given = channels if random.random() < 0.96 else channels + random.choice((1, 2))
    return (max(1, given), *_sizes(random, dims))


def convolution(random: Random) -> Drawn:
    """Draw a convolution, sometimes with its padding by name, often with another padding mode."""
    dims = random.choice((1, 2, 2, 3))
    settings = _kernelled(random, dims)
    settings["padding_mode"] = random.choice(("zeros", "zeros", "zeros", "reflect", "replicate", "circular"))
    if random.random() < 0.3:
        settings["padding"] = _rarely(random, "full", random.choice(("same", "same", "valid")))
        settings["stride"] = settings["stride"] if random.random() < 0.3 else 1
    return Convolution(**settings), (_input(random, settings["in_channels"], dims),)


def transposed(random: Random) -> Drawn:
    """Draw a transposed convolution."""
    dims = random.choice((1, 2, 2, 3))
    settings = _kernelled(random, dims)
    settings["output_padding"] = _rarely(random, -1, _spread(random, (0, 0, 0, 0, 0, 1, 2), dims))
    settings["padding"] = _rarely(random, "same", settings["padding"])
    settings["padding_mode"] = _rarely(random, "reflect", "zeros")
    if settings["groups"] > 1:
        settings["dilation"] = (
            settings["dilation"] or 1
        )  # whether PyTorch refuses 0 then depends on its backend
    return TransposedConvolution(**settings), (_input(random, settings["in_channels"], dims),)


def pool(random: Random) -> Drawn:
    """Draw a maximum or an average pool."""
    dims = random.choice((1, 2, 2, 3))
    settings = {
        "kernel": _rarely(random, 0, _spread(random, (1, 2, 2, 3, 3, 4, 5), dims)),
        "stride": random.choice((None, _rarely(random, 0, _spread(random, (1, 2, 3, 5), dims)))),
        "padding": _rarely(random, -1, _spread(random, (0, 0, 0, 0, 1, 2), dims)),
        "ceil_mode": random.random() < 0.5,
        "dims": dims,
    }
    shapes = ((random.randint(1, 4), *_sizes(random, dims)),)
    if random.random() < 0.5:
        return AveragePool(**settings, count_include_pad=random.random() < 0.5), shapes
    return MaxPool(**settings, dilation=_rarely(random, 0, _spread(random, (1, 1, 2, 3), dims))), shapes


def adaptive(random: Random) -> Drawn:
    """Draw an adaptive or a global pool."""
    dims = random.choice((1, 2, 3))
    shapes = ((random.randint(1, 4), *_sizes(random, dims)),)
    mode = random.choice(("average", "max"))
    if random.random() < 0.3:
        return GlobalPool(mode, keep_axes=random.random() < 0.5), shapes
    output = random.choice((0, -1)) if random.random() < 0.3 else _spread(random, (1, 2, 3, 7), dims)
    return AdaptivePool(output, mode, dims), shapes


def dense(random: Random) -> Drawn:
    """Draw a dense layer."""
    shape = tuple(random.randint(1, 9) for _ in range(random.randint(1, 4)))
    read = shape[-1] if random.random() < 0.7 else random.randint(1, 9)
    return Dense(read, random.randint(0, 7), random.random() < 0.7), (shape,)


def normalisation(random: Random) -> Drawn:
    """Draw a normalisation of any kind."""
    kind = random.choice(("batch", "layer", "instance", "group", "response"))
    dims = random.choice((1, 2, 3))
    shape = (random.randint(1, 8), *(1 if random.random() < 0.3 else n for n in _sizes(random, dims)))
    channels = shape[0] if random.random() < 0.75 else random.randint(1, 8)
    affine = random.random() < 0.5
    match kind:
        case "batch" | "instance":
            asked = dims if random.random() < 0.85 else random.choice((1, 2, 3))
            if kind == "instance":
                asked = min(asked, dims)  # PyTorch would take a lower input for one without a batch
            elif asked == 1 and random.random() < 0.3:
                shape = shape[:1]
            return Normalisation(kind, channels, affine=affine, dims=asked), (shape,)
        case "group":
            shape = shape[: random.randint(1, 4)]
            return Normalisation(kind, channels, random.choice((1, 2, 2, 3, 4, 0)), affine=affine), (shape,)
        case "layer":
            last = shape[random.randint(0, dims) :]
            if random.random() < 0.3:
                last = (*last[:-1], last[-1] + 1)
            return Normalisation(kind, shape=last, affine=affine), (shape,)
    shape = shape[:1] if random.random() < 0.15 else shape
    return Normalisation(kind, size=random.choice((-1, 0, 1, 2, 5, 9))), (shape,)


def plain(random: Random) -> Drawn:
    """Draw an activation or a flattening."""
    shape = tuple(random.randint(1, 5) for _ in range(random.randint(1, 4)))
    if random.random() < 0.4:
        return Flatten(), (shape,)
    if random.random() < 0.6:
        return Activation("prelu", slopes=random.choice((1, shape[0], 3))), (shape,)
    return Activation(random.choice(("relu", "sigmoid", "tanh"))), (shape,)


def merge(random: Random) -> Drawn:
    """Draw an addition or a concatenation of two or three inputs that mostly go together."""
    first = tuple(random.randint(1, 5) for _ in range(random.randint(1, 4)))
    axis = random.randrange(len(first) + (random.random() < 0.1))
    adding = random.random() < 0.5
    shapes = [first]
    for _ in range(random.choice((1, 1, 2))):
        other = [size if random.random() < 0.9 else random.choice((1, 1, size + 1)) for size in first]
        if not adding and axis < len(other):
            other[axis] = random.randint(1, 5)
        shapes.append(tuple(other if random.random() < 0.93 else other[1:] or [2]))
    return Add() if adding else Concatenate(axis), tuple(shapes)


MAKERS: tuple[Callable[[Random], Drawn], ...] = (
    convolution,
    transposed,
    pool,
    adaptive,
    dense,
    normalisation,
    plain,
    merge,
)
WEIGHTS = (10, 8, 8, 2, 1, 3, 1, 2)
