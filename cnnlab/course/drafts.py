"""A question while it is being read: its arithmetic and its numbers, checked where they stand.

It does not know what the kinds of questions need.
"""

from dataclasses import dataclass
from typing import Any

from cnnlab.course.answers import Answers
from cnnlab.course.directives import Directive
from cnnlab.course.expression_syntax import FUNCTIONS
from cnnlab.course.expressions import ExpressionError, parse_expression
from cnnlab.course.filling import placeholders
from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.parameters import UnreadableParameters, read_parameters
from cnnlab.course.questions import Kind, Parameter

MOST_NUMBERS = 8
_NO_NAMES = ("True", "False", "None", "and", "or", "not", "if", "else", *FUNCTIONS)


@dataclass(slots=True)
class Draft:
    """A question on its way: its directive, typed options and answers, and the names of its numbers."""

    directive: Directive
    kind: Kind
    options: Any
    answers: Answers
    findings: Findings
    params: tuple[Parameter, ...] = ()

    @property
    def names(self) -> set[str]:
        """Return the names that an expression may use."""
        return {one.name for one in self.params}

    def error(self, code: str, message: str, place: Place | None = None, help: str = "") -> None:
        """Note a mistake, at the kind of the question where there is no better place."""
        self.findings.error(code, message, place or self.directive.argument_place, help)

    def option_place(self, name: str) -> Place:
        """Return where the value of an option stands."""
        found = (one.place for one in self.directive.options if one.name == name)
        return next(found, self.directive.argument_place)

    def expression(self, source: str, place: Place) -> str:
        """Check an author's arithmetic, perhaps in backticks, and return it without them."""
        text = source.strip()
        if len(text) > 1 and text[0] == text[-1] == "`":
            text = text.strip("`").strip()
        start = place.column + max(0, source.find(text))
        try:
            names = parse_expression(text).names
        except ExpressionError as problem:
            self.error("expression", str(problem), Place(place.line, start + problem.column))
            return text
        for name in sorted(names - self.names):
            spot = Place(place.line, start + max(0, text.find(name)), len(name))
            known = ", ".join(f"`{one}`" for one in sorted(self.names)) or "none"
            message = f"`{name}` has no value: the question's numbers are {known}"
            self.error("unknown-name", message, spot, f"declare it, e.g. `:params: {name} = 3|5|7`")
        return text


def read_numbers(draft: Draft) -> None:
    """Read the names and values of a question's numbers, and the condition on them."""
    if draft.options.params:
        try:
            draft.params = read_parameters(draft.options.params)
        except UnreadableParameters as problem:
            place = draft.option_place("params")
            draft.error("params", str(problem), Place(place.line, place.column + problem.column))
    if draft.options.where:
        draft.expression(draft.options.where, draft.option_place("where"))
    place = draft.option_place("params")
    if len(draft.params) > MOST_NUMBERS:
        message = f"the question has {len(draft.params)} numbers; {MOST_NUMBERS} are enough"
        draft.error("params", message, place)
    for one in draft.params:
        if "__" in one.name or one.name in _NO_NAMES:
            draft.error("params", f"`{one.name}` is not a name that a number can have", place)


def check_braces(draft: Draft) -> None:
    """Check what stands between double braces in every text of the question."""
    texts = list(draft.directive.parts)
    while texts:
        part = texts.pop()
        if isinstance(part, Directive):
            texts += part.parts
            continue
        for number, line in enumerate(part.lines, start=part.line):
            _check_line(draft, line, Place(number))
    for option in draft.directive.options:
        _check_line(draft, option.value, option.place)


def _check_line(draft: Draft, line: str, start: Place) -> None:
    for one in placeholders(line):
        if draft.kind is not Kind.REACH:  # there they may speak of the lab's state, which is checked later
            place = Place(start.line, start.column + one.start, len(one.source))
            draft.expression(one.source, place)
