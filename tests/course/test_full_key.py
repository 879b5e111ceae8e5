"""An author's key has every answer of every kind of question, and agrees with what grading takes as right."""

import pytest

from cnnlab.course.full_key import NO_VALUE, KeyLine, full_key
from cnnlab.course.grading import Outcome, Setting, grade
from cnnlab.course.questions import Question
from cnnlab.course.reading import read_lesson

FRONT = '---\nid: keyed\ntitle: "Keyed"\nminutes: 5\n---\n'
KINDS = {
    "single": "- [x] A {{n}}\n  > Yes, {{n + 1}}.\n- [ ] B\n  > No.",
    "multiple": "- [x] A\n- [ ] B\n  > No.",
    "predict": "- [x] A\n- [ ] B\n\n:::{reveal}\nThere.\n:::",
    "numeric": "- [x] `2 * n`\n- [ ] `1 / (n - 3)`\n  > {{n}} is not it.",
    "shape": "- [x] `(n, 2, 2)`\n- [ ] `(2, 2, n)`\n  > Turned round.",
    "table": "| a | b |\n|---|---|\n| first | [[n + 1]] |",
    "order": "1. Begin\n2. End",
    "text": "- [x] stride\n- [ ] dilation\n  > Another thing.",
    "kernel": "- [x] `((1, 0), (0, 1))`\n- [ ] `((0, 1), (1, 0))`\n  > Mirrored.",
    "reach": "- [ ] `out_h == 3`\n  > {{out_h}} is too few.",
}
EXPECTED = {
    "single": [KeyLine(True, "A 3", "Yes, 4."), KeyLine(False, "B", "No.")],
    "multiple": [KeyLine(True, "A"), KeyLine(False, "B", "No.")],
    "predict": [KeyLine(True, "A"), KeyLine(False, "B")],
    "numeric": [
        KeyLine(True, "6 values", "", "2 * n"),
        KeyLine(False, f"{NO_VALUE} values", "3 is not it.", "1 / (n - 3)"),
    ],
    "shape": [
        KeyLine(True, "(3, 2, 2)", "", "(n, 2, 2)"),
        KeyLine(False, "(2, 2, 3)", "Turned round.", "(2, 2, n)"),
    ],
    "table": [KeyLine(True, "first, b: 4", "", "n + 1")],
    "order": [KeyLine(True, r"1\. Begin"), KeyLine(True, r"2\. End")],
    "text": [KeyLine(True, "stride"), KeyLine(False, "dilation", "Another thing.")],
    "kernel": [KeyLine(True, "((1, 0), (0, 1))"), KeyLine(False, "((0, 1), (1, 0))", "Mirrored.")],
    "reach": [KeyLine(True, "`out_h == 4`"), KeyLine(False, "`out_h == 3`", "{{out_h}} is too few.")],
}


def question(kind: str) -> Question:
    options = {"numeric": ":unit: values\n", "reach": ":check: out_h == 4\n:widget: lab\n"}.get(kind, "")
    options += ":params: n = 3|4\n" if kind in ("single", "numeric", "shape", "table") else ""
    lab = ":::{widget} conv-lab\n:id: lab\n:::\n" if kind == "reach" else ""
    text = f"{FRONT}{lab}:::{{question}} {kind}\n:id: q\n{options}What?\n\n{KINDS[kind]}\n:::\n"
    reading = read_lesson(text, "a.md")
    assert reading.lesson is not None, reading.mistakes
    return reading.lesson.questions[0]


@pytest.mark.parametrize("kind", KINDS)
def test_each_answer_that_the_author_wrote_is_in_the_key(kind: str):
    values = {"n": 3} if question(kind).params else {}
    lines = list(full_key(question(kind), values))
    assert [line.right for line in lines] == [line.right for line in EXPECTED[kind]]
    assert lines == EXPECTED[kind]


@pytest.mark.parametrize("kind", ["numeric", "shape", "text"])
def test_what_the_key_calls_right_is_graded_right_and_the_rest_wrong(kind: str):
    values = {"n": 4}
    for line in full_key(question(kind), values):
        expected = Outcome.RIGHT if line.right else Outcome.WRONG
        assert grade(question(kind), line.answer.removesuffix(" values"), Setting(values)).outcome == expected
