"""Reading the notation: what is understood, every mistake with its place, and nothing else ever raised."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnlab.building import LONGEST_TEXT, Built, Mistake, NotationProblem, build, read_notation
from cnnlab.building.examples import EXAMPLES, RULES
from cnnlab.building.mistakes import MOST_MISTAKES
from cnnlab.building.nodes import BlockNode, LayerNode
from cnnlab.building.words import BLOCKS, LAYERS

START = "input 3x32x32\n"


def only_layer(line: str) -> LayerNode:
    (node,) = read_notation(START + line).body
    assert isinstance(node, LayerNode)
    return node


def only_block(line: str) -> BlockNode:
    (node,) = read_notation(START + line).body
    assert isinstance(node, BlockNode)
    return node


@pytest.mark.parametrize(
    "line",
    [
        "conv 32 k3 s2 p1 d2 g4 bias=no",
        "conv 32 3 s2 p1 d2 g4 bias=no",
        "CONV 32 K3 S2 P1 D2 G4 bias=No",
        "conv bias=no groups=4 dilation=2 padding=1 stride=2 kernel=3 channels=32",
        "conv 32 k=3x3 s2×2 p=1x1 d2 g=4 bias=false  # a remark; relu",
    ],
)
def test_a_layer_can_be_written_in_several_ways(line: str):
    assert dict(only_layer(line).settings) == {
        "channels": 32,
        "kernel": (3, 3),
        "stride": (2, 2),
        "padding": (1, 1),
        "dilation": (2, 2),
        "groups": 4,
        "bias": False,
    }


def test_what_is_not_said_is_as_in_pytorch():
    settings = only_layer("conv 8 k5").settings
    assert (settings["stride"], settings["padding"], settings["bias"]) == ((1, 1), (0, 0), True)
    assert only_layer("maxpool 3").settings["stride"] == (3, 3)
    assert only_layer("conv 8 k3 same").settings["padding"] == "same"


def test_blocks_hold_blocks_on_one_line_or_on_many():
    flat = only_block("repeat 2 { skip conv bn { relu; bn } }")
    deep = only_block("repeat 2\n{\n  skip conv bn\n  {\n    relu\n\n    bn\n  }\n}\n")
    assert (flat.count, deep.count) == (2, 2)
    for block in (flat, deep):
        ((skip,),) = block.bodies
        assert isinstance(skip, BlockNode)
        assert skip.projection == "conv bn"
        assert [node.word for node in skip.bodies[0]] == ["relu", "bn"]


def test_an_empty_branch_hands_on_what_came_in():
    assert [len(body) for body in only_block("parallel { | relu; bn | }").bodies] == [0, 2, 0]


MISTAKES = [
    ("", 1, 1, "a network begins with what goes in"),
    ("conv 8 k3", 1, 1, "a network begins with what goes in"),
    ("inptu 3x32x32\nrelu", 1, 1, "Did you mean `input`?"),
    ("input\nrelu", 1, 1, "the input has no size"),
    ("input 3x32\nrelu", 1, 7, "`3x32` is no input: write channels x height x width"),
    ("input 3x32x5000\nrelu", 1, 7, "each from 1 to 4,096"),
    ("input 3x32x٣\nrelu", 1, 7, "is no input"),
    (START, 2, 1, "there is no layer yet"),
    (START + "covn 8 k3", 2, 1, "`covn` is no layer and no block. Did you mean `conv`?"),
    (START + "linear 8", 2, 1, "Did you mean `dense`?"),
    (START + "xyzzy", 2, 1, "There are `conv`, `depthwise`"),
    (START + "input 3x32x32\nrelu", 2, 1, "the input stands once"),
    (START + "conv 8", 2, 1, "`conv` needs a kernel"),
    (START + "conv", 2, 1, "`conv` needs its channels, a whole number from 1 to 16,384: write `conv 32`."),
    (START + "dropout", 2, 1, "write `dropout 0.5`"),
    (START + "conv 0 k3", 2, 6, "`0` is no channels: it takes a whole number from 1"),
    (START + "conv 8 k3 kernal=2", 2, 11, "has no setting `kernal`; it has channels, kernel (k)"),
    (START + "conv 8 k3 kernal=2", 2, 11, "Did you mean `kernel`?"),
    (START + "conv 8 k3 z4", 2, 11, "has no setting `z`"),
    (START + "conv 8 k3 nonsense", 2, 11, "has no setting `nonsense`"),
    (START + "conv 8 k3 k5", 2, 11, "`kernel` is given twice"),
    (START + "conv 8 3 5", 2, 10, "`5` is one number too many for `conv`. Name the setting, as in `s3`"),
    (START + "conv 8 k3x3x3", 2, 8, "`3x3x3` is no kernel"),
    (START + "conv 8 k3 g2x2", 2, 11, "`2x2` is no groups"),
    (START + "conv 8 k3 bias=perhaps", 2, 11, "it takes yes or no"),
    (START + "conv 8 k3 stride=-1", 2, 11, "`-1` is no stride: it takes a whole number from 1 to 99"),
    (START + "dropout 1.5", 2, 9, "a number from 0 to 1"),
    (START + "maxpool 2 padding=same", 2, 11, "`same` is no padding"),
    (START + "relu 3", 2, 6, "`relu` has no settings"),
    (START + "relu { bn }", 2, 6, "`relu` is a layer and holds nothing"),
    (START + "repeat { relu }", 2, 1, "`repeat` needs how often"),
    (START + "repeat 200 { relu }", 2, 8, "a whole number from 1 to 100"),
    (START + "repeat 3", 2, 1, "`repeat` needs a block in braces: `repeat 3 { … }`"),
    (START + "skip dense { relu }", 2, 6, "between `skip` and its brace stands nothing, `conv`"),
    (START + "gate 3 { relu }", 2, 6, "between `gate` and its brace stands nothing."),
    (START + "skip { }", 2, 1, "`skip` holds no layer"),
    (START + "parallel { relu }", 2, 1, "takes 2 to 16 branches"),
    (START + "skip { relu | bn }", 2, 13, "`|` stands between the branches"),
    (START + "skip { relu", 2, 6, "this brace is never closed"),
    (START + "relu\n}", 3, 1, "this brace closes nothing"),
    (START + "{ relu }", 2, 1, "a block begins with a word"),
    (START + "skip {" * 9 + "relu" + "}" * 9, 2, 54, "blocks may lie 8 deep"),
    (START + "repeat 100 { repeat 6 { relu } }", 1, 1, "these are 600 layers after repeating; at most 500"),
    (START + "# " + "x" * LONGEST_TEXT, 1, 1, "signs, and at most 4,000 are read"),
]


@pytest.mark.parametrize(("text", "line", "column", "sentence"), MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, sentence: str):
    with pytest.raises(NotationProblem, match=re.escape(sentence)) as caught:
        read_notation(text)
    (mistake,) = (
        caught.value.mistakes
        if len(caught.value.mistakes) == 1
        else [one for one in caught.value.mistakes if sentence in one.sentence]
    )
    assert (mistake.place.line, mistake.place.column) == (line, column)
    assert str(mistake).startswith(f"Line {line}, column {column}: ")


def test_all_mistakes_are_told_at_once_and_one_does_not_make_another():
    text = START + "convv 8\nrelu\nskip {\n  conv 8 k3 q5\n  maxpol 2 { bn }\n}\nrepeat { dense }\n"
    with pytest.raises(NotationProblem, match="convv") as caught:
        read_notation(text)
    assert [one.place.line for one in caught.value.mistakes] == [2, 5, 6, 8, 8]


def test_a_text_full_of_mistakes_gets_a_list_that_can_be_read():
    with pytest.raises(NotationProblem, match="no layer") as caught:
        read_notation(START + "\n".join(["nonsense"] * 300))
    assert len(caught.value.mistakes) == MOST_MISTAKES


def test_lines_of_windows_and_long_quotes():
    assert len(read_notation("input 3x8x8\r\nrelu\r\nbn\r\n").body) == 2
    with pytest.raises(NotationProblem, match=r"`x{30}…` is no layer"):
        read_notation(START + "x" * 200)


def test_every_line_of_the_explained_notation_works_and_nothing_is_left_unexplained():
    explained = " ".join(f"{rule.form} {rule.meaning}" for rule in RULES)
    assert [word for word in (*LAYERS, *BLOCKS) if not re.search(rf"\b{word}\b", explained)] == []
    for rule in RULES:
        text = rule.lines if rule.lines.startswith("input") else f"input 32x16x16\n{rule.lines}"
        read_notation(f"{text}\nrelu")


def test_only_the_example_that_is_meant_to_does_not_fit():
    assert [one.name for one in EXAMPLES if build(one.text).misfit] == ["broken"]


WORDS = [
    *LAYERS,
    *BLOCKS,
    "input",
    "{",
    "}",
    "|",
    ";",
    "\n",
    "#",
    "3x9x9",
    "k3",
    "p1",
    "s2",
    "2",
    "8",
    "g2",
    "conv bn",
]
WORDS += [
    "bias=no",
    "k=",
    "=3",
    "k3x",
    "same",
    "0.5",
    "é",
    "\N{GRINNING FACE}",
    "٣",
    "k99999999999",
    "xx",
    "--",
]
words = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


def built_or_mistakes(text: str) -> Built | tuple[Mistake, ...]:
    try:
        return build(text)
    except NotationProblem as problem:
        return problem.mistakes


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), words, words.map(lambda text: f"input 3x9x9\n{text}")))
@example("input 3x9x9\n" + "parallel {" * 300)
@example("input 1x1x1\n" + "repeat 100 {" * 8 + "relu" + "}" * 8)
@example("input 3x9x9\nflatten; skip conv { dense 3 }; gate { relu }")
@example("input 3x9x9; parallel { flatten | conv 8 k3 }; conv 8 k1; dropout .; dense 4 bias=")
def test_nothing_but_its_own_error_is_ever_raised(text: str):
    found = built_or_mistakes(text)
    if not isinstance(found, Built):
        last = text.count("\n") + text.count("\r") + 1
        assert found
        assert all(1 <= one.place.line <= last and one.place.column >= 1 for one in found)
        return
    built, replayed = found, found.replayed
    assert (replayed.problem is None) == (built.misfit is None) == (built.sentence == "")
    if built.misfit is not None and replayed.problem is not None:
        assert built.misfit.step == replayed.problem.index == len(replayed.steps)
    assert len(built.lines) == len(replayed.trace.steps) == len({step.name for step in replayed.trace.steps})
