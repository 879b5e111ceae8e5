"""Whether a question works with the numbers that learners will get: it is tried with many of them.

A wrong answer that equals the right one, a shape that is no shape, a condition that nothing fits. The
numbers are the same in every run. It does not know learners.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

from cnnlab.course.clashes import clash, value_or_none
from cnnlab.course.expressions import ExpressionError
from cnnlab.course.filling import fill, placeholders, value_of, worded
from cnnlab.course.grading.grade import Outcome, Setting
from cnnlab.course.grading.kernel import as_rows, grade_kernel
from cnnlab.course.grading.words import same_words
from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.parameters import Values
from cnnlab.course.questions import (
    AnyQuestion,
    KernelQuestion,
    NumericQuestion,
    ReachQuestion,
    ShapeQuestion,
    TableQuestion,
    TextQuestion,
    Tolerance,
)

REACH = 60  # so many lines below its beginning a question's texts are looked for
TRIES = 20


def check_numbers(question: AnyQuestion, findings: Findings, variants: int) -> None:
    """Try a question with up to `variants` sets of numbers; the first of each mistake is noted."""
    trial = _Trial(question, findings, variants)
    tried = 0
    for values in sampled(question, variants, trial.fits):
        tried += 1
        if trial.run(values):
            return
    if not tried and not trial.failed:
        trial.error(
            "where", question.where, "no numbers fit this condition", "allow at least one combination"
        )


def sampled(
    question: AnyQuestion, variants: int, fits: Callable[[Values], bool] | None = None
) -> Iterator[Values]:
    """Yield every set of numbers that fits the condition, or as many as asked for."""
    wanted = fits or _Trial(question, Findings("", ())).fits
    names = [one.name for one in question.params]
    lists = [one.values for one in question.params]
    if math.prod(map(len, lists)) <= variants * TRIES:
        drawn = list(itertools.product(*lists))
        random.Random(0).shuffle(drawn)
    else:
        source = random.Random(0)
        drawn = (tuple(source.choice(one) for one in lists) for _ in range(variants * TRIES))
    fitting = (values for one in drawn if wanted(values := dict(zip(names, one, strict=True))))
    return itertools.islice(fitting, variants)


class _Trial:
    def __init__(self, question: AnyQuestion, findings: Findings, variants: int = 1) -> None:
        self.question = question
        self.findings = findings
        self.variants = variants
        self.failed = False

    def error(self, code: str, source: str, message: str, help: str = "", line: int = 0) -> None:
        """Note a mistake where a text of the question stands."""
        self.findings.error(code, message, self.place(source, line), help)
        self.failed = True

    def place(self, source: str, line: int) -> Place:
        """Return where a text of the question stands; without a line, after a `[x]` if there is one."""
        first = line or self.question.line
        lines = self.findings.lines[first - 1 : first + REACH]
        for number, shown in enumerate(lines if not line else (), start=first):
            before, mark, after = shown.partition("[x]")
            if mark and source in after:
                return Place(number, len(before + mark) + after.index(source) + 1, len(source))
        return self.findings.place_of(source, first, first + REACH)

    def fits(self, values: Values) -> bool:
        if not self.question.where or self.failed:
            return not self.failed
        fits = self.value(self.question.where, values)
        if not self.failed and not isinstance(fits, bool):
            self.error(
                "where", self.question.where, "this condition is neither true nor false", "compare something"
            )
        return fits is True

    def value(self, source: str, values: Values, line: int = 0) -> Any:
        try:
            return value_of(source, values)
        except ExpressionError as problem:
            self.error(
                "expression",
                source,
                f"{problem}{_when(values)}",
                "exclude these numbers with `:where:`",
                line,
            )
        return None

    def run(self, values: Values) -> bool:
        """Try one set of numbers; return whether something is wrong with it."""
        check = _CHECKS.get(type(self.question))
        if check and not self.failed:
            check(self, values)
        if not isinstance(self.question, ReachQuestion) and not self.failed:
            self.texts(values)
        if not self.failed:
            self.answers_differ(values)
        return self.failed

    def texts(self, values: Values) -> None:
        question = self.question
        for text in (question.stem, *question.hints, question.feedback, question.solution):
            for one in placeholders(text):
                self.value(one.source, values)
        for choice in (*getattr(question, "choices", ()), *getattr(question, "wrong", ())):
            for one in placeholders(choice.feedback):
                self.value(one.source, values, choice.line)

    def answers_differ(self, values: Values) -> None:
        try:
            found = clash(self.question, values)
        except ExpressionError:
            return
        if found is None:
            return
        same = "the right one" if found.with_right else f"`{found.other}`"
        code = "same-as-right" if found.with_right else "same-as-wrong"
        message = f"this answer equals {same}{_when(values)}"
        if code == "same-as-wrong" and values:
            place = self.findings.place_of(found.answer, found.line)
            self.findings.warning(code, message, place, "exclude it, e.g. `:where: p > 0`")
            self.failed = True
            return
        help = "exclude it, e.g. `:where: p > 0`" if values else "change one of the two, or delete it"
        self.error(code, found.answer, message, help, found.line)


def _when(values: Values) -> str:
    return " when " + ", ".join(f"{name} = {value}" for name, value in values.items()) if values else ""


def _number(trial: _Trial, source: str, values: Values, tolerance: Tolerance | None, line: int = 0) -> Any:
    """Return the value of an answer that must be a number, whole or with a tolerance."""
    value = trial.value(source, values, line)
    if trial.failed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        trial.error("not-a-number", source, f"`{source}` is {worded(value)}, which is no number", "", line)
    elif isinstance(value, float) and tolerance is None:
        message = (
            f"the answer is {worded(value)}{_when(values)}, which is not whole: say how far off one may be"
        )
        trial.error("tolerance-missing", source, message, "add e.g. `:tolerance: 1%`", line)
    return None if trial.failed else value


def _numeric(trial: _Trial, values: Values) -> None:
    question = trial.question
    assert isinstance(question, NumericQuestion)
    right = _number(trial, question.answer, values, question.tolerance)
    if question.bias and not trial.failed:
        _number(trial, question.bias, values, None)
    if question.tolerance is None or right is None:
        return
    for one in question.wrong:
        wrong = trial.value(one.answer, values, one.line)
        if not trial.failed and _is_covered(question.tolerance, right, wrong):
            message = f"the tolerance takes {worded(wrong)} for the right {worded(right)}{_when(values)}"
            message += _how_often(question, question.tolerance, one.answer, trial.variants)
            trial.error(
                "covered", one.answer, message, "lower `:tolerance:`, or exclude these numbers", one.line
            )


def _is_covered(tolerance: Tolerance, right: Any, wrong: Any) -> bool:
    margin = max(tolerance.absolute, tolerance.relative * abs(right))
    is_number = isinstance(wrong, int | float) and not isinstance(wrong, bool)
    return is_number and abs(wrong - right) <= margin


def _how_often(question: NumericQuestion, tolerance: Tolerance, answer: str, variants: int) -> str:
    """Return in how many of the tried sets of numbers a wrong answer is taken for right."""
    if not question.params:
        return ""
    tried = [
        (value_or_none(question.answer, values), value_or_none(answer, values))
        for values in sampled(question, variants)
    ]
    count = sum(right is not None and _is_covered(tolerance, right, wrong) for right, wrong in tried)
    return f"; so it does in {count} of the {len(tried)} sets of numbers that were tried"


def _shape(trial: _Trial, values: Values) -> None:
    question = trial.question
    assert isinstance(question, ShapeQuestion)
    value = trial.value(question.answer, values)
    if trial.failed:
        return
    sizes = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(one, int) and not isinstance(one, bool) and one > 0 for one in sizes):
        message = f"the shape is {worded(value)}{_when(values)}, but sizes are whole numbers above 0"
        trial.error(
            "not-a-shape", question.answer, message, "use //, or exclude these numbers with `:where:`"
        )
    elif not isinstance(value, tuple):
        trial.error(
            "not-a-shape", question.answer, "a shape has brackets and a comma", "write e.g. `(64, 28, 28)`"
        )


def _table(trial: _Trial, values: Values) -> None:
    question = trial.question
    assert isinstance(question, TableQuestion)
    for blank in question.blanks:
        value = trial.value(blank.answer, values, blank.line)
        if not trial.failed and not isinstance(value, tuple):
            _number(trial, blank.answer, values, blank.tolerance, blank.line)


def _kernel(trial: _Trial, values: Values) -> None:
    question = trial.question
    assert isinstance(question, KernelQuestion)
    for source, line in [(question.answer, 0), *((one.answer, one.line) for one in question.wrong)]:
        value = trial.value(source, values, line)
        if trial.failed:
            return
        if not _is_grid(value):
            message = f"`{source[:60]}` is no kernel: it needs rows of equally many numbers"
            trial.error(
                "not-a-kernel", source, message, "write e.g. `((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))`", line
            )
            return
        verdict = grade_kernel(question, as_rows(value), Setting(values))
        is_right = verdict.outcome is Outcome.RIGHT
        if line and is_right:
            message = f"this kernel does what is asked, too{_when(values)}"
            trial.error("same-as-right", source, message, "give one that does something else", line)
        elif not line and not is_right:
            why = verdict.message.partition(". ")[2].rstrip(".") or "it does something else"
            message = f"this kernel does not do `{question.goal}`{_when(values)}: {why}"
            trial.error("goal", source, message, "give one that does, or another `:goal:`")


def _text(trial: _Trial, values: Values) -> None:
    question = trial.question
    assert isinstance(question, TextQuestion)
    accepted = [fill(one, values) for one in question.accepted]
    for wrong in question.wrong:
        if any(same_words(fill(wrong.answer, values), one) for one in accepted):
            message = f"these words are accepted as right{_when(values)}"
            trial.error("same-as-right", wrong.answer, message, "delete one of the two", wrong.line)


def _is_grid(value: Any) -> bool:
    if not isinstance(value, tuple) or not value or not all(isinstance(row, tuple) and row for row in value):
        return False
    numbers = [one for row in value for one in row]
    return len({len(row) for row in value}) == 1 and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in numbers
    )


_CHECKS: dict[type, Callable[[_Trial, Values], None]] = {
    NumericQuestion: _numeric,
    ShapeQuestion: _shape,
    TableQuestion: _table,
    KernelQuestion: _kernel,
    TextQuestion: _text,
}
