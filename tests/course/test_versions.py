"""Whether an author's change of a question makes an older answer mean something else."""

import pytest

from cnnlab.course.grading import Setting, answer_key, grade
from cnnlab.course.progress import Attempt
from cnnlab.course.questions import AnyQuestion
from cnnlab.course.reading import read_lesson
from cnnlab.course.versions import version_of, was_changed

FRONT = '---\nid: tried\ntitle: "Tried"\nminutes: 10\n---\n\n'
NUMERIC = """:::{question} numeric
:id: q
:params: n = 28|32

{{n}} − 3 + 1?

- [x] `n - 2`
- [ ] `n - 3`
  > One more.
:::
"""
SINGLE = """:::{question} single
:id: q
Which one?
- [x] This
  > Yes.
- [ ] That
  > No.
:::
"""
WORDS = """:::{question} text
:id: q
What is it called?
- [x] stride
:::
"""


def question(text: str) -> AnyQuestion:
    lesson = read_lesson(FRONT + text, "lesson.md").lesson
    assert lesson is not None
    return lesson.questions[0]


def answered(text: str, answer: str, language: str = "en") -> Attempt:
    """Return what is kept of an answer to the question as it is now."""
    asked = question(text)
    values = {one.name: one.values[0] for one in asked.params}
    return Attempt(
        learner="ann",
        lesson="tried",
        question="q",
        answer=answer,
        params=values,
        outcome=str(grade(asked, answer, Setting(values)).outcome),
        key=answer_key(asked, values),
        version=version_of(asked, language),
    )


@pytest.mark.parametrize(
    ("before", "answer", "old", "new", "changed"),
    [
        (NUMERIC, "26", "`n - 2`", "`n - 4`", True),
        (NUMERIC, "26", "{{n}} − 3 + 1?", "How many places are there on {{n}}?", False),
        (NUMERIC, "26", "One more.", "You forgot to count the first one.", False),
        (NUMERIC, "26", "`n - 2`", "`n - 3 + 1`", False),  # written otherwise, the same number
        (
            NUMERIC,
            "26",
            "28|32",
            "28|32|36",
            False,
        ),  # more numbers; those that were asked have the same answer
        (NUMERIC, "26", "n = 28|32", "m = 28|32", True),
        (SINGLE, "a", "- [x] This", "- [ ] This", True),
        (SINGLE, "b", "Which one?", "Which of them?", False),
        (WORDS, "stride", "stride", "step", True),
        (WORDS, "Stride", "- [x] stride", "- [x] stride\n- [x] step", False),
        (WORDS, "step", "- [x] stride", "- [x] stride\n- [x] step", True),
    ],
)
def test_a_change_that_matters_is_noticed(before: str, answer: str, old: str, new: str, changed: bool):
    after = before.replace(old, new)
    assert after != before
    if old.startswith("- [x] This"):
        after = after.replace("- [ ] That", "- [x] That")
    if "m = " in new:
        after = after.replace("n -", "m -").replace("{{n}}", "{{m}}")
    assert was_changed(question(after), answered(before, answer), "en") is changed
    assert not was_changed(question(before), answered(before, answer), "en")


def test_another_kind_of_question_under_the_same_id_is_a_change():
    assert was_changed(question(SINGLE), answered(NUMERIC, "26"), "en")


def test_an_answer_from_before_versions_were_kept_is_judged_by_its_effect():
    old = answered(NUMERIC, "26")
    unknown = Attempt(
        learner="ann", lesson="tried", question="q", answer="26", params=old.params, outcome="right", key="26"
    )
    assert not was_changed(question(NUMERIC), unknown, "en")
    assert was_changed(question(NUMERIC.replace("n - 2", "n - 4")), unknown, "en")


def test_the_same_question_in_another_language_is_no_change():
    assert not was_changed(question(WORDS.replace("stride", "pas")), answered(WORDS, "stride"), "fr")
    assert was_changed(question(WORDS.replace("stride", "pas")), answered(WORDS, "stride", "fr"), "fr")
