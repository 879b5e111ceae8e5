"""Is every impossible layer refused with its rule, its numbers, and settings that PyTorch accepts?"""
# ruff: noqa: E501 -- one row of a table for each case reads better than six short lines

from dataclasses import replace
from typing import Any

import pytest

from cnnlab.arithmetic import (
    Activation,
    AdaptivePool,
    Add,
    AveragePool,
    Concatenate,
    Convolution,
    Dense,
    GlobalPool,
    ImpossibleLayer,
    Layer,
    MaxPool,
    Normalisation,
    TransposedConvolution,
    analyse,
    is_possible,
)
from cnnlab.errors import CnnLabError
from tests.arithmetic.random_layers import random_layers
from tests.arithmetic.torch_layers import torch_result

Shape = tuple[int, ...]
BOX = (3, 8, 8)
CONVOLUTION = Convolution(3, 4, kernel=3)
ANY: Any = None

# Rule, layer, input shapes, and a part of the sentence that holds the numbers.
REFUSALS: list[tuple[str, Layer, tuple[Shape, ...], str]] = [
    ("dims", Convolution(3, 4, 3, dims=4), (BOX,), "a layer has 1, 2 or 3 spatial axes, not 4"),
    ("dims", MaxPool(3, dims=10**9), (BOX,), "not 1000000000"),
    ("padding-mode", replace(CONVOLUTION, padding_mode="mirror"), (BOX,), "padding mode 'mirror' is not one of zeros"),
    ("padding-mode", TransposedConvolution(3, 4, 3, padding_mode="circular"), (BOX,), "pads with zeros only, not circular"),
    ("mode", AdaptivePool(2, mode="sum"), (BOX,), "pooling mode 'sum' is not one of max, average"),
    ("kind", Normalisation("weight", 3), (BOX,), "normalisation 'weight' is not one of batch"),
    ("padding-word", replace(CONVOLUTION, padding="full"), (BOX,), "as numbers, same or valid, not as full"),
    ("padding-word", TransposedConvolution(3, 4, 3, padding="same"), (BOX,), "as numbers only, not as same"),
    ("padding-word", MaxPool(3, padding="valid"), (BOX,), "as numbers only, not as valid"),
    ("not-whole", Convolution(3, 4, kernel=2.5), (BOX,), "kernel is 2.5, which is not a whole number"),
    ("not-whole", Convolution(3, 4, kernel=(3, "x")), (BOX,), "kernel width is 'x', which is not a whole number"),
    ("not-whole", Dense(ANY, 3), ((3,),), "input features is None"),
    ("axis-count", Convolution(3, 4, kernel=(3, 3, 3)), (BOX,), "kernel has numbers for 3 axes, but the layer has 2 axes"),
    ("axis-count", Convolution(3, 4, kernel=(3, 3), dims=1), ((3, 8),), "2 axes, but the layer has 1 axis"),
    ("not-positive", Convolution(3, 4, kernel=(3, 0)), (BOX,), "kernel width is 0, but must be at least 1"),
    ("not-positive", Convolution(3, 4, 3, groups=-2), (BOX,), "groups is −2, but must be at least 1"),
    ("not-positive", Convolution(3, 4, 3), ((3, 0, 8),), "input height is 0, but must be at least 1"),
    ("not-positive", AdaptivePool(0, dims=1), ((3, 8),), "output size length is 0"),
    ("not-positive", Normalisation("response", size=0), (BOX,), "size is 0"),
    ("negative", replace(CONVOLUTION, padding=(-1, 0)), (BOX,), "padding height is −1, but must be at least 0"),
    ("negative", TransposedConvolution(3, 4, 3, output_padding=-1), (BOX,), "output padding height is −1"),
    ("too-large", Convolution(3, 4, 2**31 + 1, dims=1), ((3, 8),), "kernel length is 2,147,483,649; numbers up to 2,147,483,648"),
    ("input-count", CONVOLUTION, (BOX, BOX), "the layer takes one input, not 2"),
    ("input-count", Add(), (), "there is nothing to merge"),
    ("input-axes", CONVOLUTION, ((3, 8),), "the input 3×8 has 2 axes; the layer reads 3, channels first"),
    ("input-axes", Normalisation("batch", 3, dims=1), (BOX,), "the layer reads 1 or 2, channels first"),
    ("input-axes", GlobalPool(), ((3,),), "the input 3 has 1 axis; the layer reads at least 2"),
    ("input-axes", Dense(3, 3), ((),), "the input without numbers has 0 axes"),
    ("input-channels", CONVOLUTION, ((4, 8, 8),), "the layer reads 3 input channels, but the input has 4"),
    ("input-channels", Normalisation("batch", 4), (BOX,), "the layer normalises 4 channels, but the input has 3"),
    ("input-channels", Activation("prelu", slopes=2), (BOX,), "the layer learns 2 slopes, but the input has 3 channels"),
    ("groups-divide-in-channels", Convolution(3, 4, 3, groups=2), (BOX,), "3 input channels cannot be shared equally among 2 groups"),
    ("groups-divide-out-channels", Convolution(3, 4, 3, groups=3), (BOX,), "4 output channels cannot be shared equally among 3 groups"),
    ("groups-divide-channels", Normalisation("group", 3, groups=2), (BOX,), "3 channels cannot be shared equally among 2 groups"),
    ("groups-divide-in-channels", Normalisation("group", 4, groups=2, affine=False), (BOX,), "3 channels cannot be shared"),
    ("same-needs-stride-1", Convolution(3, 4, 3, stride=(1, 2), padding="same"), (BOX,), "needs stride 1, but the stride width is 2"),
    ("reflect-padding-too-large", replace(CONVOLUTION, padding=8, padding_mode="reflect"), (BOX,), "reflect padding of 8 rows needs an input of at least 9, but it has 8"),
    ("circular-padding-too-large", replace(CONVOLUTION, padding=9, padding_mode="circular"), (BOX,), "circular padding of 9 rows needs an input of at least 9, but it has 8"),
    ("kernel-exceeds-input", Convolution(3, 4, 9), (BOX,), "a window of 9 rows does not fit in 8 rows"),
    ("kernel-exceeds-input", Convolution(3, 4, 6, padding=1, dilation=2), (BOX,), "a window of 11 rows (kernel 6, dilation 2) does not fit in 8 + 1 + 1 = 10 padded rows"),
    ("kernel-exceeds-input", MaxPool(10, 2, ceil_mode=True), (BOX,), "a window of 10 rows does not fit in 8 rows, even in ceil mode"),
    ("kernel-exceeds-input", Convolution(3, 4, 9, dims=1), ((3, 1),), "a window of 9 positions does not fit in 1 position"),
    ("kernel-exceeds-unpadded-input", AveragePool(4, 1, 2, dims=3), ((1, 3, 8, 8),), "a window of 4 slices is larger than the input, 3 slices"),
    ("pool-padding-half-kernel", MaxPool(3, padding=2), (BOX,), "the padding height is 2, but a pool takes at most half its kernel: ⌊3 / 2⌋ = 1"),
    ("output-padding-too-large", TransposedConvolution(3, 4, 3, 2, output_padding=2), (BOX,), "the output padding height is 2; it must be smaller than the stride, 2, or the dilation, 1"),
    ("empty-output", TransposedConvolution(3, 4, 3, padding=5), (BOX,), "the padding cuts 10 from the stamped 10 rows, and nothing is left"),
    ("input-features", Dense(8, 3), ((3, 9),), "the layer reads 8 features, but the last axis of the input 3×9 has 9"),
    ("normalised-shape", Normalisation("layer", shape=(8, 9)), (BOX,), "the normalised shape 8×9 is not the end of the input 3×8×8: 9 is not 8"),
    ("normalised-shape", Normalisation("layer", shape=(1, 3, 8, 8)), (BOX,), "over 4 axes does not fit an input of 3"),
    ("one-value", Normalisation("instance", 3), ((3, 1, 1),), "each channel holds a single number"),
    ("one-value", Normalisation("group", 3, groups=3), ((3, 1),), "each group holds a single number"),
    ("add-shapes", Add(), ((3, 4), (3, 5)), "shapes 3×4 and 3×5 cannot be added"),
    ("concatenate-shapes", Concatenate(), ((3, 4), (3, 5)), "they may differ only along axis 0"),
    ("concatenate-shapes", Concatenate(1), ((3, 4), (3,)), "shapes 3×4 and 3 cannot be concatenated"),
    ("concatenate-axis", Concatenate(2), ((3, 4), (3, 4)), "there is no axis 2 in 3×4 to concatenate along"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "layer", "shapes", "sentence"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_a_broken_rule_is_named_with_its_numbers(
    rule: str, layer: Layer, shapes: tuple[Shape, ...], sentence: str
) -> None:
    with pytest.raises(ImpossibleLayer, match=r"\.") as caught:
        analyse(layer, *shapes)
    assert isinstance(caught.value, CnnLabError)
    assert rule in {problem.rule for problem in caught.value.problems}
    assert sentence in str(caught.value)
    assert not is_possible(layer, *shapes)
    for one in caught.value.suggestions:
        assert is_possible(*changed(layer, shapes[0], one.changes)), one


def changed(layer: Any, shape: Shape, changes: Any) -> tuple[Layer, Shape]:
    settings = {name: value for name, value in changes.items() if name != "input"}
    return replace(layer, **settings), changes.get("input", shape)


def suggested(layer: Layer, shape: Shape) -> list[str]:
    with pytest.raises(ImpossibleLayer, match=r"\.") as caught:
        analyse(layer, shape)
    return [one.sentence for one in caught.value.suggestions]


def test_the_message_holds_the_sentences_and_the_nearest_settings() -> None:
    with pytest.raises(ImpossibleLayer, match="a window of 7 rows") as caught:
        analyse(Convolution(3, 8, kernel=(7, 3)), (3, 5, 5))
    assert str(caught.value) == (
        "a window of 7 rows does not fit in 5 rows. Nearest settings that work: padding 1×0 instead of 0×0; "
        "kernel 5×3 instead of 7×3; input 3×7×5 instead of 3×5×5."
    )


def test_suggestions_for_groups_are_their_nearest_divisors_and_channels_that_they_divide() -> None:
    assert suggested(Convolution(8, 8, 3, groups=5), (8, 8, 8)) == [
        "groups 4 instead of 5",
        "groups 8 instead of 5",
    ]
    assert suggested(Convolution(3, 8, 3, groups=4), (3, 8, 8)) == [
        "input channels 4 instead of 3",
        "groups 1 instead of 4",
    ]


def test_a_named_padding_that_needs_stride_1_is_replaced_or_the_stride_is() -> None:
    assert suggested(Convolution(1, 1, 3, stride=2, padding="same", dims=1), (1, 8)) == [
        "stride 1 instead of 2",
        "padding 1 instead of same",
        "padding valid instead of same",
    ]


def test_several_mistakes_are_mended_together() -> None:
    ways = suggested(Convolution(3, 8, 7, stride=0, groups=2, dims=1), (3, 5))
    assert len(ways) == 4
    assert all(way.startswith("stride 1 instead of 0 and ") for way in ways)


def test_what_is_no_layer_at_all_gets_no_suggestions() -> None:
    assert suggested(Convolution(3, 4, kernel=(3, 3, 3)), BOX) == []


def test_suggestions_for_random_impossible_layers_work_in_pytorch() -> None:
    tried = missing = 0
    for layer, shapes in random_layers(500, seed=11):
        shape, *others = shapes
        if others or is_possible(layer, *shapes):
            continue
        with pytest.raises(ImpossibleLayer, match=r"\.") as caught:
            analyse(layer, *shapes)
        missing += not caught.value.suggestions and isinstance(
            layer, Convolution | TransposedConvolution | MaxPool
        )
        for one in caught.value.suggestions:
            mended, size = changed(layer, shape, one.changes)
            report = analyse(mended, size)
            assert torch_result(mended, (size,)) == (report.output_shape, report.parameters), (layer, one)
            tried += 1
    assert tried > 300
    assert not missing


def test_no_nearer_value_of_the_same_setting_works_in_pytorch() -> None:
    compared = 0
    for layer, shapes in random_layers(1200, seed=12):
        shape, *others = shapes
        if others or getattr(layer, "dims", None) != 1 or is_possible(layer, shape):
            continue
        with pytest.raises(ImpossibleLayer, match=r"\.") as caught:
            analyse(layer, *shapes)
        for one in caught.value.suggestions:
            for name in one.changes.keys() & {"kernel", "stride", "padding", "dilation", "output_padding"}:
                old = getattr(layer, name)
                if len(one.changes) > 1 or isinstance(old, str):
                    continue
                (new,) = one.changes[name]
                nearer = range(old[0] - abs(new - old[0]) + 1, old[0] + abs(new - old[0]))
                # A negative padding crops with reflect and its like; nobody is sent there.
                least = 0 if "padding" in name else 1
                assert not any(
                    torch_result(changed(layer, shape, {name: (value,)})[0], (shape,))
                    for value in nearer
                    if value >= least
                ), (layer, shapes, one)
                compared += 1
    assert compared > 60
