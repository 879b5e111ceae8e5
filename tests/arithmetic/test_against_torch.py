"""Is what PyTorch's own modules give, count and refuse exactly what the arithmetic says?

`pytest tests/arithmetic/test_against_torch.py --settings 10000` compares that many random settings.
"""

import warnings
from collections import Counter

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from cnnlab.arithmetic import (
    AveragePool,
    Convolution,
    Dense,
    ImpossibleLayer,
    Normalisation,
    TransposedConvolution,
    analyse,
    is_possible,
)
from tests.arithmetic.random_layers import MAKERS, random_layers
from tests.arithmetic.torch_layers import inputs, torch_module, torch_result

SAMPLE = 1500
SEED = 20261120


def test_random_settings_agree_with_pytorch(request: pytest.FixtureRequest) -> None:
    count = request.config.getoption("--settings") or SAMPLE
    differences, refused = [], 0
    for layer, shapes in random_layers(count, SEED):
        expected = torch_result(layer, shapes)
        found = None
        if is_possible(layer, *shapes):
            report = analyse(layer, *shapes)
            found = report.output_shape, report.parameters
        refused += expected is None
        if found != expected:
            differences.append((layer, shapes, f"PyTorch {expected}", f"arithmetic {found}"))
    assert not differences, f"{len(differences)} of {count} differ, first {differences[0]}"
    assert 0.25 < refused / count < 0.45


def test_the_random_settings_cover_possible_and_impossible_ones_of_every_kind() -> None:
    seen = Counter(
        (type(layer).__name__, is_possible(layer, *shapes)) for layer, shapes in random_layers(SAMPLE, SEED)
    )
    kinds = {name for name, _ in seen}
    assert len(kinds) == 12
    assert len(MAKERS) == 8
    # A global pool and a flattening cannot go wrong on an input that has positions.
    assert {name for name in kinds if not seen[name, False]} == {"GlobalPool", "Flatten"}
    assert all(seen[name, True] for name in kinds)


def test_macs_are_half_of_what_the_flop_counter_of_pytorch_counts() -> None:
    compared = 0
    for layer, shapes in random_layers(900, SEED + 1):
        if not isinstance(layer, Convolution | TransposedConvolution | Dense) or not is_possible(
            layer, *shapes
        ):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = torch_module(layer, shapes).to("meta").eval()
            with FlopCounterMode(display=False) as counter:
                module(*(one.to("meta") for one in inputs(shapes)))
        report = analyse(layer, *shapes)
        assert report.macs * 2 == report.flops == counter.get_total_flops(), (layer, shapes)
        compared += 1
    assert compared > 200


def convolution_products(layer: Convolution, shape: tuple[int, ...]) -> int:
    """Count the products of a 2-D convolution by going through all of them."""
    _, height, width = (torch_result(layer, (shape,)) or ((0, 0, 0), 0))[0]
    count = 0
    for channel in range(layer.out_channels):
        group = channel * layer.groups // layer.out_channels
        for _ in range(height * width):
            for source in range(layer.in_channels):
                if source * layer.groups // layer.in_channels == group:
                    count += layer.kernel[0] * layer.kernel[1]
    return count


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Convolution(3, 4, kernel=(3, 2), stride=2, padding=1), (3, 6, 5)),
        (Convolution(4, 6, kernel=3, groups=2, bias=False), (4, 5, 5)),
        (Convolution(6, 6, kernel=2, groups=6, dilation=2), (6, 5, 4)),
    ],
)
def test_macs_of_a_small_convolution_are_its_products_counted_one_by_one(
    layer: Convolution, shape: tuple[int, ...]
) -> None:
    assert analyse(layer, shape).macs == convolution_products(layer, shape)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        # Dense layers without input features give their biases.
        (Dense(0, 3), (0,)),
        # The batch is not an axis of our shapes, so it cannot be normalised over.
        (Normalisation("layer", shape=(1, 4, 3, 3)), (4, 3, 3)),
        # Whether PyTorch refuses a dilation of 0 here depends on its backend.
        (TransposedConvolution(4, 4, kernel=1, dilation=0, groups=2), (4, 8, 8)),
        # PyTorch would take this input for one of 1 channel without a batch axis.
        (Normalisation("instance", 4, dims=1), (4,)),
    ],
)
def test_the_arithmetic_is_stricter_than_pytorch_only_in_these_known_places(layer, shape) -> None:
    assert torch_result(layer, (shape,)) is not None or isinstance(layer, TransposedConvolution)
    assert not is_possible(layer, shape)


def test_a_three_dimensional_average_pool_may_not_count_on_padding_as_others_do() -> None:
    flat, deep = AveragePool(4, 1, 2, dims=2), AveragePool(4, 1, 2, dims=3)
    assert torch_result(flat, ((1, 3, 3),)) == ((1, 4, 4), 0)
    assert is_possible(flat, (1, 3, 3))
    with pytest.raises(RuntimeError, match="smaller than kernel size"):
        torch_module(deep, ((1, 3, 3, 3),))(torch.zeros(1, 1, 3, 3, 3))
    with pytest.raises(ImpossibleLayer, match="a 3-D average pool may not count on padding"):
        analyse(deep, (1, 3, 3, 3))


def test_the_numbers_of_the_course_notes_come_out() -> None:
    standard = analyse(Convolution(3, 64, kernel=5), (3, 32, 32))
    assert (standard.output_shape, standard.parameters) == ((64, 28, 28), 4864)
    depthwise = analyse(Convolution(3, 3, kernel=5, groups=3), (3, 32, 32))
    pointwise = analyse(Convolution(3, 64, kernel=1), depthwise.output_shape)
    assert depthwise.parameters + pointwise.parameters == 334
    assert (depthwise.macs + pointwise.macs) / standard.macs == pytest.approx(1 / 64 + 1 / 25)
    direct = analyse(Convolution(192, 32, kernel=5, padding=2), (192, 28, 28))
    squeeze = analyse(Convolution(192, 16, kernel=1), (192, 28, 28))
    expand = analyse(Convolution(16, 32, kernel=5, padding=2), (16, 28, 28))
    assert direct.macs == 120_422_400
    assert squeeze.macs + expand.macs == 12_443_648
