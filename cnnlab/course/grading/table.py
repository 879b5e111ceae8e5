"""Which cells of a table are right: each is a number, a shape or a word of its own.

It does not show the table.
"""

from collections.abc import Mapping

from cnnlab.course.diagnosis import Diagnosis, RightNumber, diagnose_number, diagnose_shape
from cnnlab.course.filling import fill, value_of
from cnnlab.course.grading.grade import (
    Explanation,
    Grade,
    Outcome,
    Setting,
    Unreadable,
    not_yet,
    right,
)
from cnnlab.course.grading.number import exact, is_near
from cnnlab.course.grading.numbers import read_number, read_shape
from cnnlab.course.grading.shape import as_shape
from cnnlab.course.grading.words import same_words
from cnnlab.course.questions import Blank, Partial, TableQuestion
from cnnlab.language import translate


def grade_table(question: TableQuestion, answer: Mapping[str, str], setting: Setting) -> Grade:
    """Grade the typed cells by the ids of their blanks; one that cannot be read stops all."""
    verdicts: dict[str, tuple[bool, Diagnosis | None]] = {}
    problems = []
    for blank in question.blanks:
        try:
            verdicts[blank.id] = _grade_cell(blank, answer.get(blank.id) or "", setting)
        except Unreadable as problem:
            problems.append(f"{fill(blank.label, setting.values)}: {problem}")
    if problems:
        raise Unreadable(" ".join(problems))
    marks = {name: fine for name, (fine, _) in verdicts.items()}
    count = sum(marks.values())
    if count == len(marks):
        return Grade(Outcome.RIGHT, 1.0, right().message, marks=marks)
    found = next((slip for fine, slip in verdicts.values() if not fine and slip), None)
    score = count / len(marks) if question.partial is Partial.EACH else 0.0
    message = not_yet(translate("{n} of {all} cells are right.").format(n=count, all=len(marks)))
    why = Explanation("" if found else fill(question.feedback, setting.values), diagnosis=found)
    return Grade(Outcome.WRONG, score, message, why.diagnosis, why.feedback, marks=marks)


def _grade_cell(blank: Blank, text: str, setting: Setting) -> tuple[bool, Diagnosis | None]:
    target = value_of(blank.answer, setting.values)
    if isinstance(target, str):
        if not text.strip():
            raise Unreadable(translate("Write something first."))
        return same_words(text, target), None
    if isinstance(target, tuple):
        shape = read_shape(text)
        return shape == target, diagnose_shape(shape, as_shape(target))
    given, number = read_number(text, decimal_comma=setting.decimal_comma), exact(target)
    known = RightNumber(number, accepts=lambda one, other: is_near(one, other, blank.tolerance))
    return is_near(given, number, blank.tolerance), diagnose_number(given, known)
