"""Does a unit see exactly the input cells that NaNs say it sees, through real modules?"""

import warnings
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import torch
from torch import nn

from cnnlab.arithmetic import (
    Activation,
    AdaptivePool,
    AveragePool,
    Convolution,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
    analyse,
    is_possible,
)
from cnnlab.arithmetic.stack import Stack, analyse_stack, hull, project
from tests.arithmetic.torch_layers import torch_module

Shape = tuple[int, ...]
Seen = list[tuple[int, int] | None]


def seen_by_nan(layers: tuple[Layer, ...], shape: Shape) -> list[Seen]:
    """For each axis of the input and each number of the output's first channel: the cells that reach it.

    One slice of the input at a time is NaN; a number that becomes NaN has seen it. In float64, since
    the fast float32 kernels may carry a NaN to neighbours.
    """
    modules, size = [], shape
    for layer in layers:
        modules.append(torch_module(layer, (size,)))
        size = analyse(layer, size).output_shape
    network = nn.Sequential(*modules).double().eval()
    answers = []
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for axis in range(1, len(shape)):
            rows = []
            for cell in range(shape[axis]):
                image = torch.rand(1, *shape, dtype=torch.float64)
                image.select(axis + 1, cell).fill_(float("nan"))
                output = network(image)[0]
                rows.append((output if output.dim() == 1 else output[0]).isnan().flatten())
            answers.append([_ends(column) for column in torch.stack(rows).T])
    return answers


def _ends(column: torch.Tensor) -> tuple[int, int] | None:
    cells = column.nonzero().flatten().tolist()
    return (cells[0], cells[-1]) if cells else None


def random_layer(random: Random, channels: int, dims: int) -> Layer:
    """Draw a layer with windows; most fit into an input of some length."""

    def one(*values: int) -> int:
        return random.choice(values)

    settings: dict[str, Any] = {"kernel": one(1, 2, 3, 3, 4), "stride": one(1, 1, 2, 3), "dims": dims}
    match random.randrange(6):
        case 0 | 1:
            return Convolution(channels, 2, **settings, padding=one(0, 1, 2), dilation=one(1, 1, 2))
        case 2:
            extra = one(0, 0, settings["stride"] - 1)
            return TransposedConvolution(
                channels, 2, **settings, padding=one(0, 1), output_padding=extra, dilation=one(1, 1, 2, 3)
            )
        case 3:
            pad = one(0, settings["kernel"] // 2)
            return MaxPool(**settings, padding=pad, dilation=one(1, 2), ceil_mode=random.random() < 0.5)
        case 4:
            return AveragePool(
                **settings, padding=one(0, settings["kernel"] // 2), ceil_mode=random.random() < 0.5
            )
    return AdaptivePool(one(2, 3, 5), dims=dims)


def random_stack(random: Random, dims: int) -> Stack:
    shape = size = (1, *(random.randint(5, (22, 12)[dims - 1]) for _ in range(dims)))
    layers: list[Layer] = []
    while len(layers) < random.randint(1, 4):
        layer = random_layer(random, size[0], dims)
        if is_possible(layer, size) and max(analyse(layer, size).output_shape) < 60:
            layers.append(layer)
            size = analyse(layer, size).output_shape
    return Stack(tuple(layers), shape)


@pytest.mark.parametrize(("dims", "count"), [(1, 150), (2, 25)])
def test_units_of_random_stacks_see_what_nan_reaches(dims: int, count: int) -> None:
    random, tight = Random(dims), 0
    for _ in range(count):
        stack = random_stack(random, dims)
        report = analyse_stack(stack)
        sizes = report.shapes[-1][1:]
        measured = seen_by_nan(stack.layers, stack.input_shape)
        for number, unit in enumerate(
            torch.cartesian_prod(*map(torch.arange, sizes)).reshape(-1, dims).tolist()
        ):
            for axis, projection in enumerate(project(stack, tuple(unit))):
                assert projection.clipped == measured[axis][number], (stack, unit)
                field = report.fields[-1][axis]
                if projection.clipped is None:
                    continue
                first, last = projection.clipped
                assert last - first < field.size
                if (
                    projection.clipped == projection.unclipped
                    and field.uniform
                    and field.stride.denominator == 1
                ):
                    assert last - first + 1 == field.size
                    if field.lo is not None:
                        assert first == field.lo + unit[axis] * field.stride, (stack, unit)
                    tight += 1
    assert tight > 100


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_largest_field_of_a_transposed_convolution_is_reached(
    kernel: int, stride: int, dilation: int
) -> None:
    layer = TransposedConvolution(1, 1, kernel, stride, dilation=dilation, dims=1)
    (field,) = analyse(layer, (1, 30)).receptive_field
    (seen,) = seen_by_nan((layer,), (1, 30))
    inner = seen[len(seen) // 3 : -len(seen) // 3]
    lengths = {ends[1] - ends[0] + 1 if ends else 0 for ends in inner}
    assert field.size == max(lengths)
    assert field.uniform == (len(lengths) == 1)
    (first,) = project(Stack((layer,), (1, 30)), (0,))
    assert first.clipped == seen[0]
    assert first.unclipped == (None if field.lo is None else (field.lo, field.hi))
    assert field.stride == Fraction(1, stride)


@pytest.mark.parametrize(("size", "output"), [(10, 3), (9, 3), (7, 5), (3, 5), (12, 5)])
def test_the_windows_of_an_adaptive_pool_are_those_that_pytorch_uses(size: int, output: int) -> None:
    layer = AdaptivePool(output, dims=1)
    (field,) = analyse(layer, (1, size)).receptive_field
    (seen,) = seen_by_nan((layer,), (1, size))
    assert [
        projection.clipped
        for unit in range(output)
        for projection in project(Stack((layer,), (1, size)), (unit,))
    ] == seen
    lengths = {ends[1] - ends[0] + 1 for ends in seen if ends}
    assert (field.size, field.uniform) == (max(lengths), len(lengths) == 1)


def test_flattening_keeps_what_each_number_sees_and_a_dense_layer_sees_all() -> None:
    body = (Convolution(1, 2, 3, dims=2), Activation(), MaxPool(2), Flatten())
    flat, dense = Stack(body, (1, 8, 10)), Stack((*body, Dense(24, 3)), (1, 8, 10))
    measured = seen_by_nan(flat.layers, flat.input_shape)
    for number in range(12):
        assert [one.clipped for one in project(flat, (number,))] == [axis[number] for axis in measured]
        assert project(flat, (number + 12,)) == project(flat, (number,))  # the second channel
    measured = seen_by_nan(dense.layers, dense.input_shape)
    assert [one.clipped for one in project(dense, (2,))] == [axis[2] for axis in measured] == [(0, 7), (0, 9)]
    assert [field.size for field in analyse_stack(dense).fields[-1]] == [8, 10]


def test_global_pooling_sees_all_that_the_map_saw() -> None:
    layers = (
        Convolution(1, 2, 3, stride=2),
        Normalisation("batch", 2),
        GlobalPool(keep_axes=False),
        Dense(2, 2),
    )
    stack = Stack(layers, (1, 8, 9))
    measured = seen_by_nan(layers, stack.input_shape)
    assert [one.clipped for one in project(stack, (0,))] == [axis[0] for axis in measured] == [(0, 6), (0, 8)]


def test_the_first_layers_of_vgg16_grow_to_the_published_field_of_212() -> None:
    layers: list[Layer] = []
    channels = 3
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            layers.append(Convolution(channels, width, 3, padding=1))
            channels = width
        layers.append(MaxPool(2))
    report = analyse_stack(Stack(tuple(layers), (3, 224, 224)))
    field = report.fields[-1][0]
    # Araujo, Norris and Sim 2019: VGG-16 has size 212, stride 32, padding 90.
    assert (field.size, field.stride, field.lo) == (212, 32, -90)
    assert report.shapes[-1] == (512, 7, 7)
    assert [one[0].size for one in report.fields[:6]] == [3, 5, 6, 10, 14, 16]


def test_totals_of_a_stack_are_the_sums_of_its_layers() -> None:
    report = analyse_stack(
        Stack((Convolution(3, 6, 5), MaxPool(2), Flatten(), Dense(6 * 14 * 14, 10)), (3, 32, 32))
    )
    assert report.parameters == 6 * 75 + 6 + 1176 * 10 + 10
    assert report.macs == 6 * 28 * 28 * 75 + 11760
    assert report.flops == 2 * report.macs
    assert report.weight_bytes == 4 * report.parameters
    assert report.activation_bytes == 4 * (6 * 28 * 28 + 6 * 14 * 14 + 1176 + 10)


def test_branches_join_to_their_hull_and_say_whether_they_are_aligned() -> None:
    def fields(*layers: Layer):
        return analyse_stack(Stack(layers, (4, 16, 16))).fields[-1]

    small, large = fields(Convolution(4, 4, 1)), fields(Convolution(4, 4, 5, padding=2))
    joined, aligned = hull((small, large))
    assert (joined, aligned) == (large, True)
    joined, aligned = hull((small, fields(Convolution(4, 4, 2))))
    assert ([(one.lo, one.hi, one.size) for one in joined], aligned) == ([(0, 1, 2), (0, 1, 2)], False)
    assert not hull((small, fields(MaxPool(1, 2))))[1]
    nothing = fields(TransposedConvolution(4, 4, 1, stride=2, padding=1))
    assert nothing[0].lo is None
    assert hull((nothing, nothing))[0][0].size == 1


def test_a_stack_names_the_layer_that_does_not_work() -> None:
    from cnnlab.arithmetic import ImpossibleLayer

    with pytest.raises(ImpossibleLayer, match="layer 2: a window of 9 rows does not fit in 6 rows") as caught:
        analyse_stack(Stack((Convolution(1, 2, 3), Convolution(2, 2, 9)), (1, 8, 8)))
    assert caught.value.suggestions[0].changes == {"padding": (2, 2)}


def test_an_empty_stack_sees_single_cells() -> None:
    stack = Stack((), (3, 5, 5))
    assert analyse_stack(stack).shapes == ()
    assert [one.unclipped for one in project(stack, (2, 4))] == [(2, 2), (4, 4)]
