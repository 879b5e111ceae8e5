"""What keeps its order on a page from the right."""

import pytest

from cnnlab.course.isolating import END, FROM_THE_LEFT, isolated

SHOWN = str.maketrans({FROM_THE_LEFT: "⟦", END: "⟧"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("شكله 64 × 28 × 28.", "شكله ⟦64 × 28 × 28⟧."),
        ("(بكسل 3 × 3)", "(بكسل ⟦3 × 3⟧)"),
        ("القيمة −3، ثم 5", "القيمة ⟦−3⟧، ثم 5"),
        ("صفّاها (3, 1) و(4, 5)", "صفّاها ⟦(3, 1)⟧ و⟦(4, 5)⟧"),
        ("(28 + 2P − 5) / 2 إلى 13", "⟦(28 + 2P − 5) / 2⟧ إلى 13"),
        ("التفاف (1-D convolution) هنا", "التفاف ⟦(1-D convolution)⟧ هنا"),
        ("1. 3 × 4\n2. نص", "1. ⟦3 × 4⟧\n2. نص"),
        ("- 5 × 5\n- 3", "- ⟦5 × 5⟧\n- 3"),
        ("**32 × 32** من", "**⟦32 × 32⟧** من"),
    ],
)
def test_sizes_sums_and_shapes_are_kept_in_their_order(text: str, expected: str):
    assert isolated(text).translate(SHOWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "16,000 عدد",
        "(MIT Press، 2016)",
        "`3 x 3` و $2 + 3$",
        "[نص](lesson/3+4)",
        "![صورة](data:image/png;base64,iVBO9/2+1=)",
        "انظر https://arxiv.org/abs/1603.07285/2",
        "```\n3 × 3\n```",
        "",
    ],
)
def test_words_code_formulas_and_addresses_are_left_alone(text: str):
    assert isolated(text) == text


@pytest.mark.parametrize("text", ["64 × 28", "قيمة (3, 1) ثم −2", "x = 3 و 1/9"])
def test_doing_it_twice_changes_nothing_more(text: str):
    assert isolated(isolated(text)) == isolated(text)


@pytest.mark.parametrize("text", ["((((3 × 4", "3 × 4))))", "(" * 500 + "1 + 1", "× × ×", "−", "1 +" * 3000])
def test_unbalanced_signs_do_no_harm(text: str):
    assert isolated(text).replace(FROM_THE_LEFT, "").replace(END, "") == text
