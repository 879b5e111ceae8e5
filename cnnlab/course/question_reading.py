"""How the text of a question directive becomes a question: one builder for each kind.

It reads arithmetic but does not compute it: that needs numbers, which the checker samples. It does not
know lessons.
"""

import re
from collections.abc import Callable
from typing import Any

from cnnlab.course.answers import Answers, Entry, Mark, read_answers
from cnnlab.course.directives import Directive, Text
from cnnlab.course.drafts import Draft, check_braces, read_numbers
from cnnlab.course.mistakes import Findings
from cnnlab.course.options import QuestionOptions, read_tolerance
from cnnlab.course.questions import (
    AnyQuestion,
    Choice,
    Item,
    KernelQuestion,
    Kind,
    MultipleQuestion,
    NumericQuestion,
    OrderQuestion,
    PredictQuestion,
    ReachQuestion,
    ShapeQuestion,
    SingleQuestion,
    TableQuestion,
    TextQuestion,
    Tolerance,
    WrongAnswer,
)
from cnnlab.course.table_reading import read_table

_COMPUTED = (Kind.NUMERIC, Kind.SHAPE, Kind.KERNEL, Kind.TEXT)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LETTER = r"\(?[a-e]\)?"
_ABOVE = re.compile(
    r"(?:all|none|both|neither|any|each)(?: of)?(?: the)?(?: \w+)? (?:above|below)"
    rf"|(?:both )?{_LETTER} (?:and|or) {_LETTER}",
    re.IGNORECASE,
)


def read_question(
    directive: Directive, kind: Kind, options: QuestionOptions, findings: Findings
) -> tuple[AnyQuestion | None, Answers]:
    """Return the question, or None where a mistake leaves nothing to ask; the mistakes are noted."""
    texts = [part for part in directive.parts if isinstance(part, Text)]
    before = sum(one.severity == "error" for one in findings.mistakes)
    draft = Draft(directive, kind, options, read_answers(texts, kind, findings), findings)
    read_numbers(draft)
    if not draft.answers.stem.strip():
        draft.error("no-stem", "the question asks nothing", None, "write what is asked above the answers")
    _check_entries(draft)
    details = _BUILDERS[kind](draft)
    check_braces(draft)
    sound = before == sum(one.severity == "error" for one in findings.mistakes)
    return (_CLASSES[kind](**_common(draft), **details) if sound else None), draft.answers


def _common(draft: Draft) -> dict[str, Any]:
    options = draft.options
    said = ("id", "attempts", "where", "points", "skill", "mastery", "review", "feedback")
    return (
        {name: getattr(options, name) for name in said}
        | {
            "stem": draft.answers.stem,
            "line": draft.directive.line,
            "hints": tuple(hint for hint in (options.hint, options.hint2, options.hint3) if hint),
            "params": draft.params,
            "solution": _solution(draft),
        }
        | ({"partial": options.partial} if hasattr(options, "partial") else {})
    )


def _solution(draft: Draft) -> str:
    """Return the text of the reveal inside a question, which is its worked answer."""
    reveals = [
        part for part in draft.directive.parts if isinstance(part, Directive) and part.name == "reveal"
    ]
    texts = [part.source for one in reveals for part in one.parts if isinstance(part, Text)]
    return "\n\n".join(texts).strip()


def _check_entries(draft: Draft) -> None:
    """Note entries that this kind does not have, and feedback that nobody sees."""
    if draft.kind in (Kind.TABLE, Kind.ORDER):
        for entry in (*draft.answers.marked(Mark.RIGHT), *draft.answers.marked(Mark.WRONG)):
            message = f"a question of the kind `{draft.kind}` has no `[x]` and no `[ ]`"
            help = "what is said to wrong answers stands in `:feedback: …` above; delete this line"
            draft.error("answer-kind", message, entry.place, help)
        return
    unseen = draft.answers.marked(Mark.RIGHT) if draft.kind in _COMPUTED else []
    for entry in (one for one in unseen if one.said):
        first = entry.place.line
        place = draft.findings.place_of(entry.feedback[0], first, first + entry.text.count("\n") + 3)
        message = "nobody sees this feedback: a right answer of this kind is only called right"
        help = "put it into a `:::{reveal}` inside the question"
        draft.findings.warning("feedback-place", message, place, help)
    _check_explained(draft)


def _check_explained(draft: Draft) -> None:
    """Note wrong answers that nothing explains."""
    if draft.kind not in (Kind.PREDICT, Kind.MULTIPLE):
        for entry in draft.answers.marked(Mark.WRONG):
            if not entry.said:
                draft.findings.warning(
                    "no-feedback",
                    "nobody tells why this answer is wrong",
                    entry.place,
                    "put `> Because …` below it, indented by two spaces",
                )


def _choices(draft: Draft) -> dict[str, Any]:
    entries = [*draft.answers.entries]
    if len(entries) < 2:
        message = f"a question of the kind `{draft.kind}` needs two choices or more"
        draft.error("few-choices", message, None, "write them as `- [x] right` and `- [ ] wrong`")
    if len(entries) > len(LETTERS):
        draft.error("many-choices", f"there are {len(entries)} choices; {len(LETTERS)} are the most")
        entries = entries[: len(LETTERS)]
    _check_different(draft, entries, "same-choice", "this choice")
    for entry in entries:
        if draft.options.shuffle and _ABOVE.fullmatch(entry.text.strip(" .")):
            message = "the choices are shuffled, so nothing is above"
            draft.error("all-of-the-above", message, entry.place, "name them, or write `:shuffle: false`")
    made = (
        Choice(LETTERS[index], entry.text, entry.mark is Mark.RIGHT, entry.said, entry.place.line)
        for index, entry in enumerate(entries)
    )
    return {"choices": tuple(made), "shuffle": draft.options.shuffle}


def _check_different(draft: Draft, entries: list[Entry], code: str, what: str) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        text = " ".join(entry.text.split())
        if text and text in seen:
            draft.error(
                code, f"{what} is the same as in line {seen[text]}", entry.place, "change one of the two"
            )
        seen.setdefault(text, entry.place.line)


def _single(draft: Draft) -> dict[str, Any]:
    rights = draft.answers.marked(Mark.RIGHT)
    if not rights:
        draft.error("no-right-answer", "no choice is right", None, "mark the right one with `- [x]`")
    for entry in rights[1:]:
        message = f"a second choice is right, after line {rights[0].place.line}"
        draft.error("two-right-answers", message, entry.place, "mark one, or use `:::{question} multiple`")
    return _choices(draft)


def _predict(draft: Draft) -> dict[str, Any]:
    rights = draft.answers.marked(Mark.RIGHT)
    for entry in rights[1:]:
        draft.error("two-right-answers", "only one thing can happen", entry.place, "mark one with `[x]`")
    if not any(isinstance(part, Directive) and part.name == "reveal" for part in draft.directive.parts):
        message = "nothing tells what happens after the prediction"
        draft.findings.warning(
            "no-reveal", message, draft.directive.argument_place, "put a `:::{reveal}` inside the question"
        )
    return _choices(draft)


def _right(draft: Draft) -> Entry | None:
    """Return the one right answer of a question that is answered by writing."""
    rights = draft.answers.marked(Mark.RIGHT)
    if not rights:
        draft.error(
            "no-right-answer", "the right answer is missing", None, "write it as `- [x] `, e.g. - [x] 28"
        )
    for entry in rights[1:]:
        draft.error("two-right-answers", "a second answer is right", entry.place, "keep one of them")
    return rights[0] if rights else None


def _computed(draft: Draft) -> dict[str, Any]:
    """Read answers that are arithmetic."""
    right = _right(draft)
    wrong = tuple(
        WrongAnswer(draft.expression(entry.text, entry.place), entry.said, entry.place.line)
        for entry in draft.answers.marked(Mark.WRONG)
    )
    return {"answer": draft.expression(right.text, right.place) if right else "", "wrong": wrong}


def _tolerance(draft: Draft) -> Tolerance | None:
    if not draft.options.tolerance:
        return None
    try:
        return read_tolerance(draft.options.tolerance)
    except ValueError as problem:
        draft.error("tolerance", str(problem), draft.option_place("tolerance"))
    return None


def _numeric(draft: Draft) -> dict[str, Any]:
    bias = draft.options.bias
    return _computed(draft) | {
        "tolerance": _tolerance(draft),
        "unit": draft.options.unit,
        "bias": draft.expression(bias, draft.option_place("bias")) if bias else "",
    }


def _kernel(draft: Draft) -> dict[str, Any]:
    options = draft.options
    return _computed(draft) | {"goal": options.goal, "either_sign": options.sign == "either"}


def _table(draft: Draft) -> dict[str, Any]:
    header, rows = read_table(
        draft.answers.rows, draft.directive.argument_place, draft.findings, draft.expression
    )
    tolerance = _tolerance(draft)
    return {"header": header, "rows": tuple(tuple(one.made(tolerance) for one in row) for row in rows)}


def _order(draft: Draft) -> dict[str, Any]:
    items = draft.answers.marked(Mark.ITEM)
    if len(items) < 2:
        message = "an order needs two items or more"
        draft.error("few-items", message, None, "write them as `1. first`, `2. second` in the right order")
    if len(items) > len(LETTERS):
        draft.error("many-items", f"there are {len(items)} items; {len(LETTERS)} are the most")
    _check_different(draft, items, "same-item", "this item")
    made = (Item(letter, entry.text, entry.place.line) for letter, entry in zip(LETTERS, items, strict=False))
    return {"items": tuple(made)}


def _text(draft: Draft) -> dict[str, Any]:
    accepted = tuple(entry.text for entry in draft.answers.marked(Mark.RIGHT))
    if not accepted and not _solution(draft):
        message = "there is nothing to compare the answer with"
        draft.error(
            "no-right-answer", message, None, "put a `:::{reveal}` inside, or accepted words as `- [x] `"
        )
    wrong = (WrongAnswer(one.text, one.said, one.place.line) for one in draft.answers.marked(Mark.WRONG))
    points = tuple(entry.text for entry in draft.answers.marked(Mark.POINT))
    return {"accepted": accepted, "wrong": tuple(wrong), "checklist": points}


def _reach(draft: Draft) -> dict[str, Any]:
    for entry in draft.answers.marked(Mark.RIGHT):
        message = "what is right stands in `:check:`"
        draft.error("answer-kind", message, entry.place, "delete this line")
    wrong = tuple(
        WrongAnswer(entry.text.strip("` "), entry.said, entry.place.line)
        for entry in draft.answers.marked(Mark.WRONG)
    )
    return {"check": draft.options.check.strip("` "), "widget": draft.options.widget, "wrong": wrong}


_BUILDERS: dict[Kind, Callable[[Draft], dict[str, Any]]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _choices,
    Kind.NUMERIC: _numeric,
    Kind.SHAPE: _computed,
    Kind.TABLE: _table,
    Kind.ORDER: _order,
    Kind.PREDICT: _predict,
    Kind.TEXT: _text,
    Kind.KERNEL: _kernel,
    Kind.REACH: _reach,
}
_CLASSES: dict[Kind, type[AnyQuestion]] = {
    Kind.SINGLE: SingleQuestion,
    Kind.MULTIPLE: MultipleQuestion,
    Kind.NUMERIC: NumericQuestion,
    Kind.SHAPE: ShapeQuestion,
    Kind.TABLE: TableQuestion,
    Kind.ORDER: OrderQuestion,
    Kind.PREDICT: PredictQuestion,
    Kind.TEXT: TextQuestion,
    Kind.KERNEL: KernelQuestion,
    Kind.REACH: ReachQuestion,
}
