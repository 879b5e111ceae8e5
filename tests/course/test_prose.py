"""Prose: what is code and what a formula, what is refused, and what Streamlit is handed."""

import pytest

from cnnlab.course.anchors import anchor
from cnnlab.course.masking import mask
from cnnlab.course.mistakes import Findings
from cnnlab.course.normalising import Addresses, normalised
from cnnlab.course.prose import ProseCheck

ADDRESSES = Addresses(picture="/media/{}".format, footnotes={"n": 2})


def codes(text: str) -> list[tuple[int, int, str]]:
    findings = Findings("a.md", text.split("\n"))
    ProseCheck(findings).check(text, 1)
    return [(one.line, one.column, one.code) for one in findings.mistakes]


@pytest.mark.parametrize(
    ("text", "formulas", "dollars"),
    [
        ("costs $5 and $10", [], [6, 13]),
        ("Math $x^2$ then costs $5", ["$x^2$"], [22]),
        ("$$\ny = 1\n$$", ["$$\ny = 1\n$$"], []),
        ("inline $$y$$ here", ["$$y$$"], []),
        ("$a$ and $b$", ["$a$", "$b$"], []),
        ("$ a$", [], [0, 3]),
        ("$a $", [], [0, 3]),
        ("a$1", [], [1]),
        (r"\$a$", [], [3]),
        ("`$a$`", [], []),
        ("```\n$a$\n```", [], []),
        ("$a\n\nb$", [], [0, 5]),
        ("$a\nb$", ["$a\nb$"], []),
        ("``a`$b$``", [], []),
        ("`a $b$", ["$b$"], []),
    ],
)
def test_formulas_and_lonely_dollars_are_told_apart(text: str, formulas: list[str], dollars: list[int]):
    masked = mask(text)
    assert [text[start:end] for start, end in masked.formulas] == formulas
    assert list(masked.dollars) == dollars
    assert len(masked.text) == len(text)
    assert masked.text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain **text**, 3 < 4, a -> b and 10:30", []),
        ("a <b>bold</b> word", [(1, 3, "html"), (1, 10, "html")]),
        ("<div>\ntext\n</div>", [(1, 1, "html")]),
        ("p<k and k>3", [(1, 2, "html")]),
        ("in code `<b>` and $a<b>c$", []),
        ("<!-- hidden -->", [(1, 1, "html")]),
        ("<https://example.org> and [a](https://example.org 'title')", []),
        ("[a](javascript:x)", [(1, 5, "link")]),
        ("[a](data:text/html,x)", [(1, 5, "link")]),
        ("[a](other.md)", [(1, 5, "link")]),
        ("[a](#here) [b](mailto:a@b.org)", []),
        ("![](img/a.png)", [(1, 5, "alt")]),
        ("![a.png](img/a.png)", [(1, 10, "alt")]),
        ("![" + "a " * 150 + "](img/a.png)", [(1, 305, "alt")]),
        ("![a cat](//x.org/a.png)", [(1, 10, "remote-image")]),
        ("![a cat](data:image/png;base64,xx)", [(1, 10, "remote-image")]),
        ("![a cat](/etc/a.png)", [(1, 10, "image-path")]),
        ("![a cat](a.exe)", [(1, 10, "image-path")]),
        ("## A\n\n#### B", [(3, 1, "heading-jump")]),
        ("Title\n=====", [(1, 1, "h1")]),
        ("about ~4 layers~ here", [(1, 7, "tilde")]),
        ("term\n: meaning", [(2, 1, "definition-list")]),
        ("see the red box", [(1, 5, "colour-only")]),
        ("costs $x and more", [(1, 7, "dollar")]),
        ("$![a](https://example.org/a.png)$", [(1, 1, "formula")]),
        ("![a cat](https&#58;//example.org/a.png)", [(1, 1, "remote-image")]),
        ("::leaf[x]", [(1, 1, "text-directive")]),
        (":material/home:", [(1, 1, "emoji")]),
        ("at 10:30:45 or a:b:c", []),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |", [(4, 1, "table-row")]),
        ("| a | b |\n|---|---|\n| 1 \\| 2 | 3 |\n| 1 |", []),
        ("> | a |\n> |---|\n> | $|x|$ |\n\nmore | text | here |", [(3, 3, "table-row")]),
        (r"half of \(n\) is", [(1, 9, "latex")]),
        ("\\[\nn / 2\n\\]", [(1, 1, "latex")]),
        (r"\begin{align} n \end{align}", [(1, 1, "latex")]),
        (r"`\(n\)`, \[no link\] and $\begin{cases} n \end{cases}$", []),
    ],
)
def test_what_would_not_be_shown_as_meant_is_named_at_its_place(
    text: str, expected: list[tuple[int, int, str]]
):
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("costs $5 and $x$", r"costs \$5 and $x$"),
        ("see [a](lesson:b)", "see [a](?lesson=b)"),
        ("see [a](https://b.org)", "see [a](https://b.org)"),
        ("![a](img/b.png)", "![a](/media/img/b.png)"),
        ("[![a](b.png)](lesson:c)", "[![a](/media/b.png)](?lesson=c)"),
        ("said.[^n] and [^m]", r"said.[\[2\]](#note-2) and [^m]"),
        ("`$5 [a](lesson:b) [^n]`", "`$5 [a](lesson:b) [^n]`"),
        ("$[a](lesson:b)$", "$[a](lesson:b)$"),
    ],
)
def test_streamlit_is_handed_what_it_shows_as_meant(text: str, expected: str):
    assert normalised(text, ADDRESSES) == expected


def test_names_of_links_reach_every_text_of_the_page():
    addresses = Addresses(picture=str, definitions="[p]: lesson:pooling")
    assert normalised("see [it][p]", addresses) == "see [it][p]\n\n[p]: ?lesson=pooling"


@pytest.mark.parametrize(
    ("heading", "name"),
    [  # as Streamlit 1.67 names them in a browser
        ("Boxes and formulas", "boxes-and-formulas"),
        ("Padding & stride: what's new?", "padding-and-stride-whats-new"),
        ("Padding -- stride (2)", "padding-stride-2"),
        ("PyTorch says", "py-torch-says"),
        ("A_b 2.5 (x/y) 10% #3", "a-b-2-5-x-y-10-3"),
        ('UPPER Case bold code_x a--b a... "q"', "upper-case-bold-code-x-a-b-a-q"),
        ("Size $n$", None),
        ("Größe 3×3", None),
    ],
)
def test_a_heading_has_the_address_that_the_browser_gives_it(heading: str, name: str | None):
    assert anchor(heading) == name
