"""Mistakes in directives and questions: each is named by its kind and its line."""

from typing import Any

import pytest

from cnnlab.course.options import inside_path, read_tolerance
from cnnlab.course.reading import read_lesson

NINE = "; ".join(f"n{i} = 1" for i in range(9))
CHOICES = "What?\n- [x] a\n- [ ] b\n  > no"
FRONT = "---\nid: a-lesson\ntitle: A lesson\nminutes: 5\n---\n"


def codes(text: str) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in read_lesson(FRONT + text, "a.md").mistakes]


def checked(path: str, *endings: str) -> Any:
    check: Any = inside_path(*endings).func
    return check(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\nx = 1\n", [(6, "unclosed-code")]),
        ("  :::{note} A\ntext\n:::\n", [(6, "indented-fence")]),
        (":::{note}\n:::\n", [(6, "empty")]),
        ("", [(1, "empty")]),
        (":::{reveal}\n:::\n", [(6, "empty")]),
        (":::{steps}\n:::\n", [(6, "empty")]),
        (":::{steps}\ntext\n:::{step} A\ntext\n:::\n:::\n", [(7, "not-a-step")]),
        (":::{figure} img/a.gif\n:alt: a picture of it\n:::\n", [(6, "path")]),
        (":::{figure}\n:alt: a picture of it\n:::\n", [(6, "path")]),
        (":::{figure} a.png\n:alt: a\n:::\n", [(7, "alt")]),
        (":::{figure} a.png\n:alt: a picture\ntext\n:::\n", [(8, "leaf-text")]),
        (":::{figure} a.png\n:alt: one picture\n:dark: ../b.png\n:::\n", [(8, "bad-value")]),
        (":::{widget}\n:::\n", [(6, "unknown-widget")]),
        (":::{widget} conv-labb\n:::\n", [(6, "unknown-widget")]),
        (":::{widget} conv-lab\n:kernel: 65\n:::\n", [(7, "bad-value")]),
        (":::{widget} conv-lab\n:kernel: 3\n:kernel: 5\n:::\n", [(8, "duplicate-key")]),
        (":::{widget} conv-lab\n:in-channels: many\n:::\n", [(7, "bad-value")]),
        (":::{question}\n:id: a\nWhat?\n:::\n", [(6, "bad-value")]),
        (":::{note}\n" * 9 + "text\n" + ":::\n" * 9, [(13, "empty"), (14, "too-deep")]),
    ],
)
def test_a_directive_with_a_mistake_is_named_at_its_line(text: str, expected: list[tuple[int, str]]):
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("kind", "options", "body", "expected"),
    [
        ("single", "", "- [x] a\n- [ ] b\n  > no", [(6, "no-stem")]),
        ("single", "", "What?\n- [x] a", [(6, "few-choices")]),
        ("single", "", "What?\n- [x] a\n- [ ] a\n  > no", [(10, "same-choice")]),
        ("single", "", "What?\n- [x] a\n- [ ] b", [(10, "no-feedback")]),
        ("single", "", "What?\n- [x] a\n- [ ] b\n  > no\n- [] c", [(12, "checkbox")]),
        ("single", "", "What?\n- [x] a\n- [ ]\n  > no", [(10, "empty-answer")]),
        ("single", "", "What?\n- [x] a\n- [ ] All of the above\n  > no", [(10, "all-of-the-above")]),
        ("single", ":shuffle: false", "What?\n- [x] a\n- [ ] All of the above\n  > no", []),
        ("single", ":shuffle: perhaps", "What?\n- [x] a\n- [ ] b\n  > no", [(8, "bad-value")]),
        ("single", "", "What {{n}}?\n- [x] a\n- [ ] b\n  > no", [(8, "unknown-name")]),
        ("numeric", "", "What?", [(6, "no-right-answer")]),
        ("numeric", "", "What?\n- [x] 1\n- [x] 2", [(10, "two-right-answers")]),
        ("numeric", ":tolerance: much", "What?\n- [x] 1", [(8, "tolerance")]),
        ("numeric", ":params: n", "What?\n- [x] 1", [(8, "params")]),
        ("numeric", ":params: floor = 1|2", "What?\n- [x] 1", [(8, "params")]),
        (
            "numeric",
            ":params: " + "; ".join(f"n{i} = 1" for i in range(9)),
            "What?\n- [x] 1",
            [(8, "params")],
        ),
        ("numeric", ":where: m > 1", "What?\n- [x] 1", [(8, "unknown-name")]),
        ("numeric", ":bias: b", "What?\n- [x] 1", [(8, "unknown-name")]),
        ("order", "", "What?\n1. a", [(6, "few-items")]),
        ("order", "", "What?\n1. a\n2. b\n- [x] c", [(11, "answer-kind")]),
        ("table", "", "What?", [(6, "no-table")]),
        ("table", "", "What?\n| a |\n|---|\n| b |", [(6, "no-blank")]),
        (
            "table",
            "",
            "What?\n| a |\n|---|\n| b [[1]] |",
            [
                (11, "blank-alone"),
            ],
        ),
        ("table", "", "What?\n| a |\n|---|\n| [[1 ± x]] |", [(11, "tolerance")]),
        ("text", "", "What?", [(6, "no-right-answer")]),
        ("predict", "", "What?\n- [x] a\n- [x] b\n:::{reveal}\nIt.\n:::", [(10, "two-right-answers")]),
        ("predict", "", "What?\n- [x] a\n- [ ] b", [(6, "no-reveal")]),
        ("reach", ":check: stride == 2", "What?", [(6, "no-widget")]),
        ("reach", ":check: stride == 2\n:widget: lab", "What?", [(9, "no-widget")]),
        ("reach", ":check: stride == 2", "What?\n- [x] a", [(10, "answer-kind")]),
        ("single", "", f"{CHOICES}\n:::{{tip}}\nx\n:::", [(12, "not-in-question")]),
        (
            "single",
            "",
            f"{CHOICES}\n:::{{reveal}}\n:::{{tip}}\nx\n:::\n:::",
            [(13, "not-in-question")],
        ),
        (
            "single",
            "",
            f"{CHOICES}\n:::{{reveal}}\nx\n:::\n:::{{reveal}}\ny\n:::",
            [(15, "two-reveals")],
        ),
    ],
)
def test_a_question_with_a_mistake_is_named_at_its_line(
    kind: str, options: str, body: str, expected: list[tuple[int, str]]
):
    option = f"{options}\n" if options else ""
    assert codes(f":::{{question}} {kind}\n:id: one\n{option}{body}\n:::\n") == expected


@pytest.mark.parametrize(
    ("check", "code"), [("stride", "expression"), ("stride ==", "expression"), ("x == 1", "unknown-name")]
)
def test_a_condition_that_no_lab_can_fulfil_is_named(check: str, code: str):
    text = f":::{{widget}} conv-lab\n:::\n\n:::{{question}} reach\n:id: one\n:check: {check}\nDo it.\n:::\n"
    assert codes(text) == [(11, code)]


@pytest.mark.parametrize("text", ["much", "0", "-1", "60%", "1e99", "nan", ""])
def test_a_tolerance_that_says_nothing_is_refused(text: str):
    with pytest.raises(ValueError, match="is not a tolerance, such as"):
        read_tolerance(text)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a.png", "a\\b.png", "c:a.png", "a/../../b.png"])
def test_a_path_that_leaves_the_folder_is_refused(path: str):
    with pytest.raises(ValueError, match="is not a file in the lesson's folder"):
        checked(path, ".png")


def test_a_path_with_another_ending_is_refused():
    with pytest.raises(ValueError, match=r"must end in \.png or \.svg"):
        checked("a.exe", ".png", ".svg")


REMOTE = "![a picture of it](https://example.org/a.png)"


@pytest.mark.parametrize(
    "text",
    [
        f":::{{note}} {REMOTE}\ntext\n:::\n",
        f":::{{reveal}} {REMOTE}\ntext\n:::\n",
        f":::{{steps}} {REMOTE}\n:::{{step}} A\ntext\n:::\n:::\n",
        f":::{{steps}} A\n:::{{step}} {REMOTE}\ntext\n:::\n:::\n",
        f":::{{figure}} a.png\n:alt: a picture\n:caption: {REMOTE}\n:::\n",
        f"text[^1]\n\n[^1]: {REMOTE}\n",
        f":::{{question}} table\n:id: q\nFill.\n| a | b |\n|---|---|\n| {REMOTE} | [[1]] |\n:::\n",
        f":::{{question}} table\n:id: q\nFill.\n| a | {REMOTE} |\n|---|---|\n| a | [[1]] |\n:::\n",
        f":::{{question}} single\n:id: q\nWhat? {REMOTE}\n- [x] a\n- [ ] b\n  > no\n:::\n",
        f":::{{question}} single\n:id: q\nWhat?\n- [x] a\n- [ ] b {REMOTE}\n  > no\n:::\n",
        f":::{{question}} single\n:id: q\nWhat?\n- [x] a\n- [ ] b\n  > no {REMOTE}\n:::\n",
        f":::{{question}} single\n:id: q\n:hint: {REMOTE}\nWhat?\n- [x] a\n- [ ] b\n  > no\n:::\n",
        f":::{{question}} single\n:id: q\n:feedback: {REMOTE}\nWhat?\n- [x] a\n- [ ] b\n  > no\n:::\n",
        f":::{{question}} numeric\n:id: q\n:unit: {REMOTE}\nWhat?\n- [x] 1\n:::\n",
        f":::{{question}} order\n:id: q\nWhat?\n1. a\n2. {REMOTE}\n:::\n",
        f":::{{question}} text\n:id: q\nWhat?\n- [x] a\n- {REMOTE}\n:::\n",
        f":::{{question}} text\n:id: q\nWhat?\n:::{{reveal}}\n{REMOTE}\n:::\n:::\n",
        "![a picture of it][r]\n\n[r]: https://example.org/a.png\n",
    ],
)
def test_nothing_is_loaded_from_the_network_whatever_text_names_it(text: str):
    reading = read_lesson(FRONT + text, "a.md")
    assert "remote-image" in {one.code for one in reading.mistakes} or "bad-value" in {
        one.code for one in reading.mistakes
    }
    assert not reading.sound


@pytest.mark.parametrize("name", ["title", "summary", "objectives"])
def test_the_front_matter_loads_nothing_either(name: str):
    value = f'["{REMOTE}"]' if name == "objectives" else f'"{REMOTE}"'
    lines = [line for line in FRONT.splitlines() if not line.startswith(name)]
    text = "\n".join([*lines[:-1], f"{name}: {value}", "---", "Text."])
    assert [(one.line, one.code) for one in read_lesson(text, "a.md").mistakes] == [
        (len(lines), "remote-image")
    ]
