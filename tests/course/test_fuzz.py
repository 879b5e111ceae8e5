"""Nothing that an author writes raises an error, hangs, or is answered with anything but sentences."""

import random
import time

import pytest

from cnnlab.course.mistakes import Findings
from cnnlab.course.reading import lines_of, read_lesson
from cnnlab.course.sampling import check_numbers
from tests.source_files import ROOT

FOLDER = ROOT / "tests/course"
SEEDS = [
    (FOLDER / "good_lesson.md").read_text(encoding="utf-8"),
    *(file.read_text(encoding="utf-8") for file in sorted((FOLDER / "broken").glob("*.md"))),
]
PIECES = [
    ":::",
    "::::",
    ":::{note}",
    ":::{question} numeric",
    ":::{reveal}",
    ":::{steps}",
    ":id: one",
    ":params: n = 1..9",
    ":where: n > 3",
    "- [x] `n`",
    "- [ ] `n/0`",
    "- [ ]",
    "  > no",
    "> no",
    "1. one",
    "|a|b|",
    "|---|---|",
    "| | |",
    "[[n]]",
    "| [[1]] | [[2 ± x]] |",
    "---",
    "```",
    "~~~",
    "$",
    "$$",
    "{{n}}",
    "{{",
    "}}",
    "`",
    "<b>",
    "<!--",
    "[a](b)",
    "![](x.png)",
    "[^1]",
    "[^1]: x",
    "[r]: javascript:1",
    "# h",
    "\t",
    "\x00",
    "\u202e",
    "é",
    "\U0001d7da",
    ":smile:",
    "&a *a !!x",
    "[" * 50,
    "(" * 50,
    ">" * 60 + " x",
    "*" * 80,
    "- " * 40,
    "\\",
    "9" * 400,
    ":a[b]",
    "- a: {b: [c",
    "> [!NOTE]",
    "> [!TIP]- Quicker",
    "> > [!WARNING] {{n}}",
    "> more",
    "[!CAUTION]",
    "$\\frac{a}{",
    "$x_{1}^2$",
    "$\\begin{cases}",
    "\\end{cases}$",
    "\\left(",
    "$$\n\\right)",
    "\r",
    "\ufeff",
]


def mutated(source: random.Random) -> str:
    lines = source.choice(SEEDS).split("\n")
    for _ in range(source.randint(1, 8)):
        at = source.randrange(len(lines) + 1)
        action = source.randrange(5)
        if action == 0:
            lines.insert(at, source.choice(PIECES))
        elif action == 1:
            del lines[at : at + source.randint(1, 3)]
        elif action == 2 and at < len(lines):
            cut = source.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + source.choice(PIECES) + lines[at][cut:]
        elif action == 3 and at < len(lines):
            lines.insert(source.randrange(len(lines)), lines[at])
        elif at < len(lines):
            lines[at] = "".join(source.sample(lines[at], len(lines[at])))
        lines = lines or [""]
    return "\n".join(lines)


def soup(source: random.Random) -> str:
    start = "---\nid: soup\ntitle: Soup\nminutes: 5\n---\n" if source.random() < 0.8 else ""
    ends = ["\n", "\n", "\n\n", " ", ""]
    return start + "".join(source.choice(PIECES) + source.choice(ends) for _ in range(source.randint(1, 60)))


def read_wholly(text: str) -> None:
    start = time.perf_counter()
    reading = read_lesson(text, "fuzz.md")
    findings = Findings("fuzz.md", lines_of(text))
    for question in reading.lesson.questions if reading.lesson else ():
        check_numbers(question, findings, 20)
    took = time.perf_counter() - start
    assert took < 5, took
    for mistake in [*reading.mistakes, *findings.mistakes]:
        assert mistake.message
        assert mistake.line >= 1
        assert mistake.column >= 1
        assert mistake.text()
        assert mistake.github().count("\n") == 0
        assert mistake.as_json()


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_lesson_is_read_without_an_error(seed: int):
    source = random.Random(seed)
    for _ in range(60):
        read_wholly(mutated(source))


@pytest.mark.parametrize("seed", range(8))
def test_a_soup_of_signs_is_read_without_an_error(seed: int):
    source = random.Random(1000 + seed)
    for _ in range(60):
        read_wholly(soup(source))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---",
        "---\n" + "[" * 5000 + "\n---\n",
        "---\na: &x [*x]\n---\n",
        "---\na: !!python/object:os.system x\n---\n",
        "---\n? [a]\n: b\n---\n",
        ":::{note}\n" * 500,
        "> " * 3000 + "x",
        "[" * 20000,
        "*" * 20000,
        "`" * 5001 + "x",
        "$" * 20001,
        "- [x] " * 5000,
        "\x00\x1b[31m",
        "<" * 10000,
        "[a]: " + "x" * 10000,
        "|" * 10000,
        "> [!NOTE]\n" * 2000,
        "\n".join("> " * depth + "[!NOTE]" for depth in range(1, 300)),
        "> [!" + "N" * 10000 + "]",
        "$" + "{" * 4900 + "$",
        "$" + "\\left(" * 700 + "$",
        "$" + "x_" * 2400 + "$",
        "$" + "\\begin{cases}" * 300 + "$",
        "$" + "\\" * 2000 + "a$",
        "$\\" + "a" * 4000 + "$",
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_a_hostile_text_is_read_without_an_error(text: str):
    read_wholly(text)
    read_wholly("---\nid: hostile\ntitle: Hostile\nminutes: 5\n---\n" + text)


def test_a_hostile_text_shows_no_control_signs_in_its_mistakes():
    reading = read_lesson("\x1b[31m\x07 not a lesson", "name.md")
    assert all(sign >= " " or sign == "\n" for one in reading.mistakes for sign in one.text())
