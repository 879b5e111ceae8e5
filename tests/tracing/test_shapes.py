"""What operations refuse when shapes do not go together, and that others give what PyTorch gives."""

import pytest
import torch
from torch.nn import functional

from cnnlab.tracing.resizing import ShapesDisagree, same_padding
from cnnlab.tracing.shapes import shape_rule
from cnnlab.tracing.sizes import evaluate, resolve, written
from cnnlab.tracing.walk import layer_shape, slid_shape
from tests.tracing.real_networks import Shape


def shape_of(operation: str, settings: dict, *shapes: Shape) -> Shape:
    rule = shape_rule(operation)
    assert rule is not None
    return rule(settings, shapes)


@pytest.mark.parametrize(
    ("operation", "settings", "shapes", "message"),
    [
        ("add", {}, [(1, 4, 8, 8), (1, 4, 7, 8)], "1×4×8×8 and 1×4×7×8 do not go together"),
        ("cat", {"axis": 1}, [(1, 4, 8, 8), (1, 4, 7, 8)], "they may differ only in their channels"),
        ("cat", {"axis": 2}, [(1, 4, 8, 8), (1, 5, 8, 8)], "they may differ only in axis 2"),
        ("stack", {"axis": 0}, [(1, 4), (1, 5)], "they have to be equal"),
        (
            "reshape",
            {"shape": (1, -1, 5)},
            [(1, 4, 8, 8)],
            "the 256 numbers of 1×4×8×8 do not fill .* 1×\\?×5",
        ),
        ("reshape", {"shape": (1, 255)}, [(1, 4, 8, 8)], "do not fill the shape 1×255"),
        (
            "chunk",
            {"axis": 1, "chunks": 2, "part": 1},
            [(1, 1, 2)],
            "an axis of 1 is too short to be cut into 2 parts",
        ),
        ("split", {"axis": 1, "sizes": (3, 4), "part": 0}, [(1, 8)], "an axis of 8 cannot be cut into 3, 4"),
        ("pixel_shuffle", {"factor": 2}, [(1, 6, 4, 4)], "6 channels cannot be laid out in squares of 2×2"),
        ("pixel_unshuffle", {"factor": 2}, [(1, 6, 5, 4)], "5×4 cannot be divided into squares of 2×2"),
        ("matmul", {}, [(2, 3), (4, 5)], "2×3 and 4×5 cannot be multiplied: 3 is not 4"),
        ("matmul", {}, [(2, 3), (4,)], "2×3 and 4 cannot be multiplied"),
        ("einsum", {"equation": "ij, jk -> ik"}, [(2, 3), (4, 5)], "in ij, jk -> ik, j is 3 and 4"),
        ("pad", {"padding": (-3, -3)}, [(1, 6)], "leaves nothing"),
    ],
)
def test_shapes_that_do_not_go_together_are_refused(
    operation: str, settings: dict, shapes: list, message: str
):
    with pytest.raises(ShapesDisagree, match=message):
        shape_of(operation, settings, *shapes)


PICTURE = torch.zeros(1, 8, 6, 10)
SAME_AS_PYTORCH = [
    ("flatten", {"start": 1, "end": 2}, PICTURE.flatten(1, 2)),
    ("reshape", {"shape": (1, 2, -1, 10)}, PICTURE.reshape(1, 2, -1, 10)),
    ("unflatten", {"axis": 1, "sizes": (2, -1)}, PICTURE.unflatten(1, (2, -1))),
    ("permute", {"order": (0, 2, 3, 1)}, PICTURE.permute(0, 2, 3, 1)),
    ("squeeze", {"axes": (0, 1)}, PICTURE.squeeze((0, 1))),
    ("unsqueeze", {"axis": 2}, PICTURE.unsqueeze(2)),
    ("expand", {"shape": (3, -1, 6, 10)}, PICTURE.expand(3, -1, 6, 10)),
    ("getitem", {"index": (0, None, (1, -1, 2), (None, None, 3))}, PICTURE[0, None, 1:-1:2, ::3]),
    ("chunk", {"axis": 3, "chunks": 4, "part": 3}, PICTURE.chunk(4, 3)[3]),
    ("split", {"axis": 3, "sizes": 4, "part": 2}, PICTURE.split(4, 3)[2]),
    ("split", {"axis": 3, "sizes": (4, 6), "part": 1}, PICTURE.split((4, 6), 3)[1]),
    ("unbind", {"axis": 2, "part": 0}, PICTURE.unbind(2)[0]),
    ("pixel_shuffle", {"factor": 2}, functional.pixel_shuffle(PICTURE, 2)),
    ("pixel_unshuffle", {"factor": 2}, functional.pixel_unshuffle(PICTURE, 2)),
    ("pad", {"padding": (1, 2, -1, 4)}, functional.pad(PICTURE, (1, 2, -1, 4))),
    ("interpolate", {"size": (3, 4)}, functional.interpolate(PICTURE, size=(3, 4))),
    ("interpolate", {"scale": (1.5, 0.7)}, functional.interpolate(PICTURE, scale_factor=(1.5, 0.7))),
    ("mean", {"axes": (2, 3), "keep": True}, PICTURE.mean((2, 3), keepdim=True)),
    ("sum", {"axes": (1,), "keep": False}, PICTURE.sum(1)),
]


@pytest.mark.parametrize(
    ("operation", "settings", "result"), SAME_AS_PYTORCH, ids=range(len(SAME_AS_PYTORCH))
)
def test_an_operation_gives_the_shape_that_pytorch_gives(
    operation: str, settings: dict, result: torch.Tensor
):
    assert shape_of(operation, settings, tuple(PICTURE.shape)) == tuple(result.shape)


def test_products_have_the_shape_that_pytorch_gives():
    left, right = torch.zeros(2, 1, 3, 4), torch.zeros(5, 4, 6)
    assert shape_of("matmul", {}, (2, 1, 3, 4), (5, 4, 6)) == tuple((left @ right).shape)
    assert shape_of("matmul", {}, (3, 4), (4,)) == tuple((torch.zeros(3, 4) @ torch.zeros(4)).shape)
    assert shape_of("stack", {"axis": 1}, (2, 3), (2, 3)) == tuple(
        torch.stack([torch.zeros(2, 3)] * 2, 1).shape
    )


@pytest.mark.parametrize("size", range(5, 16))
@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (2, 2), (7, 2), (5, 1), (1, 3)])
def test_same_padding_gives_as_many_outputs_as_strides_begin(size: int, kernel: int, stride: int):
    settings = {"kernel": (kernel,), "stride": (stride,), "dilation": (1,)}
    ((left, right),) = same_padding(settings, (1, 1, size))
    padded = functional.pad(torch.zeros(1, 1, size), (left, right))
    assert functional.max_pool1d(padded, kernel, stride).shape[-1] == -(-size // stride)
    assert 0 <= right - left <= 1


def test_expressions_are_computed_and_written():
    shapes = {3: (1, 58, 28, 20), -1: (1, 3, 224, 160)}.__getitem__
    half = ["//", ["size", 3, 1], 2]
    assert resolve((1, half, ["ceil", ["/", ["size", -1, 3], 7]]), shapes) == (1, 29, 23)
    assert evaluate(["==", ["%", ["size", -1, 2], 7], 0], shapes) is True
    assert written(["<", ["+", half, 1], 30]) == "(channels of step 4 // 2) + 1 < 30"


def test_a_layer_that_does_not_fit_tells_its_own_rule():
    from cnnlab.arithmetic import Convolution
    from cnnlab.tracing.layered import sliding_of

    layer = Convolution(3, 8, 7)
    sliding = sliding_of(layer)
    assert sliding is not None
    assert slid_shape(sliding, (1, 3, 9, 9)) == layer_shape(layer, (1, 3, 9, 9)) == (1, 8, 3, 3)
    assert slid_shape(sliding, (1, 3, 5, 9)) is None
    with pytest.raises(ShapesDisagree, match="a window of 7 rows does not fit in 5 rows"):
        layer_shape(layer, (1, 3, 5, 9))
