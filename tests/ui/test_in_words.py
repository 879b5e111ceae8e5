r"""Names of fields in plain words: what a screen reader can say for `$3 \times 3$`."""

import pytest

from cnnlab.ui.lessons.in_words import in_words, with_signs


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        (r"conv $3 \times 3$, 8 channels", "conv 3 × 3, 8 channels"),
        (r"$\lfloor \frac{n + 2p - k}{s} \rfloor + 1$", "⌊(n + 2p − k) / s⌋ + 1"),
        (r"$C_{in} \cdot k^2$", "C_in · k²"),
        (r"$2^{n-1}$ and $x_{10}$", "2ⁿ⁻¹ and x₁₀"),
        (r"$(-1, 0)$", "(−1, 0)"),
        (r"$\text{out channels} = 8$", "out channels = 8"),
        (r"$\sum x_i$", "sum x_i"),
        (r"**conv**, `stride=2`, $\lfloor n/2 \rfloor + 1$", "conv, stride=2, ⌊n/2⌋ + 1"),
        (r"$10{,}000$", "10,000"),
        (r"it costs $5", "it costs $5"),
        (r"`a$b$` and **bold**, *slanted*, 2 * 3 * 4", "a$b$ and bold, slanted, 2 * 3 * 4"),
        (r"[the paper](https://arxiv.org) and ![a cat](img/cat.png)", "the paper and a cat"),
    ],
)
def test_formulas_and_markdown_become_words(markdown: str, words: str):
    assert in_words(markdown) == words


@pytest.mark.parametrize(
    "broken", [r"$}$ {", r"$\$", "**", r"$\frac$", r"$\sqrt$", "$x^$", "$_$", "$$", "$$ $$"]
)
def test_what_is_no_formula_is_said_somehow(broken: str):
    assert isinstance(in_words(broken), str)


def test_a_choice_keeps_its_markdown_and_its_signs_are_not_read_as_markdown():
    assert with_signs(r"**exactly** $a*b*c$") == r"**exactly** a\*b\*c"


@pytest.mark.parametrize("long", [r"$\frac{n}{2}$", r"$\sum n$", "![a kernel](img/kernel.png)"])
def test_a_choice_that_signs_cannot_say_is_drawn(long: str):
    assert with_signs(long) is None
