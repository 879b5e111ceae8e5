"""Whether a question about a lab's state speaks of a lab that is there, and of a state that the lab has.

It does not grade.
"""

import re
from collections.abc import Iterable, Mapping

from cnnlab.course.expressions import ExpressionError, parse_expression
from cnnlab.course.lesson import Block, QuestionBlock, Widget
from cnnlab.course.mistakes import Findings, Place, did_you_mean
from cnnlab.course.questions import ReachQuestion
from cnnlab.course.widgets import WIDGETS

_COMPARED = re.compile(r"([a-z]\w*) *[!=]= *([A-Za-z][\w.-]*)")


def check_reach(blocks: Iterable[Block], findings: Findings) -> None:
    """Check every question of the kind `reach`; the blocks come in reading order."""
    seen: list[Widget] = []
    questions: list[tuple[ReachQuestion, Widget | None]] = []
    for block in blocks:
        if isinstance(block, Widget):
            seen.append(block)
        elif isinstance(block, QuestionBlock) and isinstance(block.question, ReachQuestion):
            questions.append((block.question, seen[-1] if seen else None))
    for question, above in questions:
        _check(question, above, {widget.id: widget for widget in seen if widget.id}, findings)


def _check(
    question: ReachQuestion, above: Widget | None, named: dict[str, Widget], findings: Findings
) -> None:
    widget = named.get(question.widget) if question.widget else above
    if widget is None:
        what = (
            f"no widget has the id `{question.widget}`"
            if question.widget
            else "no widget stands above this question"
        )
        place = findings.place_of(question.widget or "reach", question.line, question.line + 20)
        help = (
            did_you_mean(question.widget, named)
            if question.widget and named
            else "put a `:::{widget}` above it"
        )
        findings.error("no-widget", what, place, help)
        return
    state = WIDGETS[widget.name].state
    known = dict(state) | {one.name: one.values[0] for one in question.params}
    for source, line in [
        (question.check, question.line),
        *((one.answer, one.line) for one in question.wrong),
    ]:
        _check_condition(source, line, known, findings)


def _check_condition(source: str, line: int, known: Mapping[str, object], findings: Findings) -> None:
    place = findings.place_of(source, line, line + 20)
    bare = [found for found in _COMPARED.finditer(source) if isinstance(known.get(found[1]), str)]
    for found in bare:
        if found[2] not in known:
            message = f"`{found[2]}` is a word, and words of a condition stand in quotes"
            spot = Place(place.line, place.column + found.start(2), len(found[2]))
            findings.error("expression", message, spot, f"put words in quotes: '{found[2]}'")
            return
    try:
        expression = parse_expression(source)
        unknown = sorted(expression.names - known.keys())
        if not unknown and not isinstance(expression.evaluate(known), bool):
            message = f"`{source[:60]}` is neither true nor false"
            findings.error("expression", message, place, "compare something, such as `out_h == 14`")
    except ExpressionError as problem:
        findings.error("expression", str(problem), place)
        return
    for name in unknown:
        message = f"the lab tells no `{name}`"
        spot = Place(place.line, place.column + max(0, source.find(name)), len(name))
        findings.error("unknown-name", message, spot, did_you_mean(name, known))
