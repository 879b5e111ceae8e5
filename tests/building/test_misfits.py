"""Networks whose layers do not fit: which line, why, and advice that has been tried."""

import pytest

from cnnlab.building import build, pytorch_source

CASES = [
    ("conv 8 k3\nconv 8 k7", 3, "a window of 7 rows does not fit in 3 rows", "kernel 3×3 instead of 7×7"),
    ("dense 4", 2, "it reads a row of numbers, but maps come in, 3×5×5", "Write `flatten` or `globalpool`"),
    ("flatten\nconv 8 k1", 3, "a row of 75 numbers comes in", "Put it before `flatten`"),
    ("conv 8 k3 g2", 2, "3 input channels cannot be shared equally among 2 groups", "groups 1 instead of 2"),
    ("conv 8 k3 s2 p=same", 2, "padding same needs stride 1", "or stride 1×1 instead of 2×2."),
    ("groupnorm 2", 2, "3 channels cannot be", "groups 1 instead of 2"),
    ("maxpool 2 p2", 2, "at most half its kernel", "padding 1×1 instead of 2×2"),
    (
        "skip { conv 4 k3 }",
        2,
        "it adds what went in, 3×5×5, to what came out, 4×3×3",
        "write `skip conv { … }`",
    ),
    ("skip conv { conv 4 k3 }", 2, "what went in, 4×5×5", "has the strides of the block"),
    ("skip { flatten }", 2, "3×5×5, to what came out, 75", "Keep the shape"),
    ("parallel { relu | conv 3 k3 }", 2, "they give 3×5×5 and 3×3×3", "Give all branches the same strides"),
    ("gate { globalpool; dense 4 }", 2, "a gate needs 3 numbers in a row", "end it with `dense 3`"),
    ("gate { relu }", 2, "its block gives 3×5×5", "Begin it with `globalpool`"),
    (
        "transposed 2 k99 s99\ntransposed 2 k99 s99",
        3,
        "maps of 49,005 positions a side",
        "Use a smaller stride.",
    ),
    ("flatten\ngate { dense 3 }", 3, "a gate needs maps to weigh", ""),
]


@pytest.mark.parametrize(("layers", "line", "reason", "advice"), CASES)
def test_the_line_the_reason_and_what_helps(layers: str, line: int, reason: str, advice: str):
    built = build(f"input 3x5x5\n{layers}")
    assert built.misfit is not None
    assert built.sentence.startswith(f"Line {line}: `")
    assert reason in built.sentence
    assert advice in built.sentence
    assert built.lines[built.misfit.step] == line
    assert pytorch_source(built) == ""


def test_what_stands_behind_a_misfit_is_kept_for_the_drawing():
    built = build("input 3x5x5\nconv 8 k3\nconv 8 k7\nskip { bn; relu }\nglobalpool\ndense 10")
    names = [step.name for step in built.replayed.trace.steps]
    assert names[2:] == ["skip1.bn1", "skip1.relu1", "skip1.add", "pool1", "flatten1", "dense1"]
    assert [step.output_shape for step in built.replayed.steps] == [(8, 3, 3)]


@pytest.mark.parametrize(
    ("text", "smallest"),
    [
        ("input 3x5x5; conv 8 k7", (3, 7, 7)),
        ("input 3x5x9; conv 8 k7", (3, 7, 7)),
        ("input 1x8x8; repeat 5 { maxpool 2 }", (1, 32, 32)),
        ("input 3x5x5; conv 8 k3 g2", None),
        ("input 3x5x5; skip { maxpool 2 }", None),
    ],
)
def test_the_smallest_input_that_works_is_found_by_trying(text: str, smallest: tuple[int, ...] | None):
    assert build(text).smallest == smallest
    if smallest:
        shape = "x".join(map(str, smallest))
        body = text.partition(";")[2]
        assert build(f"input {shape};{body}").misfit is None
        less = "x".join(map(str, (smallest[0], smallest[1] - 1, smallest[2] - 1)))
        assert build(f"input {less};{body}").misfit is not None


@pytest.mark.parametrize("setting", ["k3", "p2"])
def test_the_advice_works(setting: str):
    assert build(f"input 3x5x5; conv 8 k3; conv 8 {'k7 ' if setting == 'p2' else ''}{setting}").misfit is None


@pytest.mark.parametrize(
    ("block", "stride"),
    [
        ("conv 4 k3 p1", (1, 1)),
        ("conv 4 k3 s2 p1; conv 4 k3 p1", (2, 2)),
        ("conv 4 k3 s2x1 p1; maxpool 2", (4, 2)),
        ("repeat 2 { conv 4 k3 s2 p1 }; gate { avgpool 2 s1; globalpool; sigmoid }", (4, 4)),
        ("parallel { conv 4 k1; conv 4 k1 s2 | maxpool 2 }", (2, 2)),
        ("skip conv { conv 4 k3 s2 p1 }; skip { relu }", (2, 2)),
    ],
)
def test_a_projection_has_the_strides_of_its_block(block: str, stride: tuple[int, int]):
    built = build(f"input 3x16x16; skip conv {{ {block} }}")
    assert built.misfit is None, built.sentence
    steps = {step.path: step for step in built.replayed.steps}
    assert steps["skip1.projection"].settings["stride"] == stride
