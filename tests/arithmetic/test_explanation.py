"""Does each explanation, worked out as written, give the number that it explains?"""
# ruff: noqa: E501 -- one row of a table for each case reads better than six short lines

import re
from fractions import Fraction
from math import ceil, floor

import pytest

from cnnlab.arithmetic import (
    AdaptivePool,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    Flatten,
    Layer,
    MaxPool,
    Normalisation,
    Report,
    Step,
    TransposedConvolution,
    analyse,
    is_possible,
)
from cnnlab.arithmetic.steps import quotient
from tests.arithmetic.random_layers import random_layers

Shape = tuple[int, ...]
SIGNS = {"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}


def worked(text: str) -> int:
    """Work out an expression as a reader would, in exact fractions."""
    text = text.replace(",", "")
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    assert re.fullmatch(r"[\d\s*+/()-]+", text.replace("floor", "").replace("ceil", "")), text
    value = eval(
        re.sub(r"\d+", r"Fraction(\g<0>)", text), {"Fraction": Fraction, "floor": floor, "ceil": ceil}
    )
    assert value == int(value)
    return int(value)


def number(text: str) -> int:
    return int(text.replace(",", "").split()[0])


def step(report: Report, quantity: str) -> Step:
    (found,) = [one for one in report.steps if one.quantity == quantity]
    return found


def test_every_substituted_formula_gives_its_result() -> None:
    checked = 0
    for layer, shapes in random_layers(900, seed=5):
        if not is_possible(layer, *shapes):
            continue
        for one in analyse(layer, *shapes).steps:
            if one.quantity == "output shape" or one.formula == "the largest window":
                continue
            for side in one.substituted.split(" = "):
                assert worked(side) == number(one.result), (layer, shapes, one)
                checked += 1
    assert checked > 4000


def test_steps_explain_the_very_numbers_of_the_report() -> None:
    for layer, shapes in random_layers(400, seed=6):
        if not is_possible(layer, *shapes):
            continue
        report = analyse(layer, *shapes)
        explained = {
            "parameters": report.parameters,
            "MACs": report.macs,
            "FLOPs": report.flops,
            "weight memory": report.weight_bytes,
            "activation memory": report.activation_bytes,
        }
        for quantity, expected in explained.items():
            assert number(step(report, quantity).result) == expected
        if isinstance(layer, Convolution | TransposedConvolution | MaxPool | AveragePool):
            sizes = [number(one.result) for one in report.steps if one.quantity.startswith("output ")]
            assert tuple(sizes) == report.output_shape[1:]
        fields = [number(one.result) for one in report.steps if one.quantity.startswith("receptive field")]
        assert fields == [field.size for field in report.receptive_field][: len(fields)]


def test_a_convolution_is_explained_word_by_word() -> None:
    report = analyse(Convolution(3, 64, kernel=5, stride=2), (3, 32, 32))
    assert [(one.quantity, one.formula, one.substituted, one.result, one.note) for one in report.steps] == [
        (
            "output height",
            "⌊(H + 2P − D(K − 1) − 1) / S⌋ + 1",
            "⌊(32 + 2·0 − 1·(5 − 1) − 1) / 2⌋ + 1 = ⌊27 / 2⌋ + 1",
            "14",
            "27 / 2 = 13.5 → 13: the last row of the input is never read",
        ),
        (
            "output width",
            "⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1",
            "⌊(32 + 2·0 − 1·(5 − 1) − 1) / 2⌋ + 1 = ⌊27 / 2⌋ + 1",
            "14",
            "27 / 2 = 13.5 → 13: the last column of the input is never read",
        ),
        (
            "parameters",
            "C_out · C_in/G · K_h · K_w + C_out",
            "64 · 3/1 · 5 · 5 + 64 = 4,800 + 64",
            "4,864",
            "64 kernels of 75 weights and 64 biases",
        ),
        (
            "MACs",
            "C_out · H_out · W_out · C_in/G · K_h · K_w",
            "64 · 14 · 14 · 3/1 · 5 · 5",
            "940,800",
            "each of the 12,544 output values is 75 products",
        ),
        (
            "FLOPs",
            "2 · MACs",
            "2 · 940,800",
            "1,881,600",
            "each output value: 75 products + 74 sums + 1 bias = 150 operations",
        ),
        ("weight memory", "4 · parameters", "4 · 4,864", "19,456 B = 19.0 KiB", "float32: 4 bytes each"),
        (
            "activation memory",
            "4 · C_out · H_out · W_out",
            "4 · 64 · 14 · 14",
            "50,176 B = 49.0 KiB",
            "float32, one input at a time",
        ),
        (
            "receptive field, height",
            "D(K − 1) + 1",
            "1·(5 − 1) + 1",
            "5",
            "neighbouring outputs start 2 rows apart; the first sees rows 0 to 4",
        ),
        (
            "receptive field, width",
            "D(K − 1) + 1",
            "1·(5 − 1) + 1",
            "5",
            "neighbouring outputs start 2 columns apart; the first sees columns 0 to 4",
        ),
    ]


# Layer, shapes, quantity, and what a part of that step says.
REMARKS: list[tuple[Layer, tuple[Shape, ...], str, str]] = [
    (Convolution(1, 1, 5, bias=False), ((1, 8, 8),), "FLOPs", "25 products + 24 sums = 49 operations; 2 · MACs counts one more"),
    (Convolution(1, 1, 1), ((1, 8, 8),), "FLOPs", "1 product + 0 sums + 1 bias = 2 operations"),
    (Convolution(1, 1, 3, bias=False), ((1, 8, 8),), "parameters", "1 kernel of 9 weights"),
    (Convolution(1, 1, 3), ((1, 8, 8),), "parameters", "1 kernel of 9 weights and 1 bias"),
    (Convolution(1, 1, 3, stride=3, dims=1), ((1, 8),), "output length", "5 / 3 ≈ 1.66 → 1: the last 2 positions of the input are never read"),
    (Convolution(1, 1, 3, 2, 1, dims=1), ((1, 8),), "output length", "the last position of the padded input is never read"),
    (Convolution(1, 1, 4, padding="same", dims=1), ((1, 8),), "output length", "padding same adds 1 before and 2 positions after"),
    (Convolution(1, 1, 3, padding=-1, padding_mode="reflect", dims=1), ((1, 8),), "output length", ""),
    (Convolution(1, 1, 3, padding=2, dims=1), ((1, 8),), "receptive field, length", "1 position apart; the first sees positions −2 to 0"),
    (Convolution(1, 1, 3, dims=3), ((1, 4, 5, 6),), "output depth", ""),
    (MaxPool(2, ceil_mode=True, dims=1), ((1, 7),), "output length", "5 / 2 = 2.5 → 3: the last window hangs over the end of the input by 1 position"),
    (MaxPool(2, 2, 1, ceil_mode=True, dims=1), ((1, 3),), "output length", "3 / 2 = 1.5 → 2: the last window would start in the padding, so it is left out"),
    (AveragePool(9, 4, ceil_mode=True, dims=1), ((1, 8),), "output length", "−1 / 4 = −0.25 → 0: the last window hangs over the end of the input by 1 position"),
    (MaxPool(2), ((1, 8, 8),), "MACs", "by convention only convolutions and dense layers are counted"),
    (TransposedConvolution(2, 3, 3, 2, 1, 1), ((2, 4, 4),), "output height", "output padding adds 1 row at the end"),
    (TransposedConvolution(2, 3, 3, 2), ((2, 4, 4),), "MACs", "each of the 32 input values stamps 27 products; stamps that fall into the cropped padding are counted"),
    (TransposedConvolution(1, 1, 3, 2, dims=1), ((1, 4),), "receptive field, length", "1/2 position apart; the first sees positions −1 to 0; not all outputs see equally many"),
    (TransposedConvolution(1, 1, 1, 2, 1, dims=1), ((1, 4),), "receptive field, length", "the first sees nothing"),
    (AdaptivePool(3, dims=1), ((1, 10),), "receptive field, length", "10/3 positions apart; the first sees positions 0 to 3"),
    (Dense(10, 3), ((10,),), "MACs", "each of the 3 output values is 10 products"),
    (Dense(10, 3), ((4, 10),), "receptive field, length", "neighbouring outputs start 0 positions apart"),
    (Normalisation("batch", 4), ((4, 2),), "parameters", "a scale and a shift for each"),
    (Flatten(), ((4, 2, 2),), "output shape", "the numbers stay as they are"),
    (Add(), ((4, 2), (4, 1)), "output shape", "position by position"),
    (Concatenate(), ((4, 2), (3, 2)), "output shape", "one behind the other"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shapes", "quantity", "remark"), REMARKS)
def test_remarks_say_what_is_special(
    layer: Layer, shapes: tuple[Shape, ...], quantity: str, remark: str
) -> None:
    found = step(analyse(layer, *shapes), quantity)
    assert remark in found.note
    assert bool(remark) == bool(found.note)


def test_brackets_show_the_rounding_and_the_window_that_is_left_out() -> None:
    found = step(analyse(MaxPool(2, 2, 1, ceil_mode=True, dims=1), (1, 3)), "output length")
    assert found.formula == "⌈(L + 2P − D(K − 1) − 1) / S⌉ + 1 − 1"
    assert found.substituted == "⌈(3 + 2·1 − 1·(2 − 1) − 1) / 2⌉ + 1 − 1 = ⌈3 / 2⌉ + 1 − 1"
    found = step(
        analyse(Convolution(1, 1, 3, padding=-1, padding_mode="reflect", dims=1), (1, 8)), "output length"
    )
    assert found.substituted.startswith("⌊(8 + 2·(−1) − 1·(3 − 1) − 1) / 1⌋")


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        (27, 2, "27 / 2 = 13.5"),
        (28, 3, "28 / 3 ≈ 9.33"),
        (2999, 300, "2,999 / 300 ≈ 9.99"),
        (901, 300, "901 / 300 ≈ 3.00"),
    ],
)
def test_a_quotient_has_two_decimals_at_most_and_says_when_more_follow(
    above: int, below: int, text: str
) -> None:
    assert quotient(above, below) == text
