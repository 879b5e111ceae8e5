"""What every directive of a lesson needs while it is read: typed options, ids of its own, a file's name.

It does not know which directives there are.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from cnnlab.course.directives import Directive, Text
from cnnlab.course.mistakes import Findings, Place
from cnnlab.course.prose import ProseCheck, Use, is_outside
from cnnlab.course.typed import typed

M = TypeVar("M", bound=BaseModel)
_LATE = re.compile(r":[a-z][\w-]*:( |$)")  # an option that came too late has been noted as such


class Context:
    """The mistakes found so far, the check of the prose, and the ids that are taken."""

    def __init__(self, findings: Findings, definitions: str) -> None:
        self.findings = findings
        self.prose = ProseCheck(findings, definitions)
        self.ids: dict[str, int] = {}

    def options(self, directive: Directive, model: type[M], names: Sequence[str] | None = None) -> M | None:
        """Return the typed options of a directive, those in `names` only; None where one is wrong."""
        values: dict[str, str] = {}
        places: dict[str, tuple[Place, Place]] = {}
        for option in directive.options:
            if option.name in values:
                message = f"`:{option.name}:` is said twice"
                self.findings.error("duplicate-key", message, option.name_place, "delete one of the two")
            values.setdefault(option.name, option.value)
            places.setdefault(option.name, (option.name_place, option.place))
        if names is not None:
            values = {name: value for name, value in values.items() if name in names}
        return typed(model, values, places, self.findings, (directive.place, f"`{directive.name}`"))

    def identify(self, name: str, directive: Directive) -> None:
        """Note an id that the lesson has already; those of blocks with other mistakes count, too."""
        if name in self.ids:
            place = next((one.place for one in directive.options if one.name == "id"), directive.place)
            message = f"the id `{name}` is already in line {self.ids[name]}"
            self.findings.error("duplicate-id", message, place, "give each question and widget its own")
        elif name:
            self.ids[name] = directive.line

    def leaf(self, directive: Directive) -> None:
        """Note text in a directive that shows none."""
        for part in directive.parts:
            if isinstance(part, Text):
                numbered = enumerate(part.lines, start=part.line)
                shown = ((at, one) for at, one in numbered if one.strip() and not _LATE.match(one))
                number, line = next(shown, (0, ""))
                if not number:
                    continue
                message = f"`{directive.name}` shows no text of its own"
                place = self.findings.place_of(line.strip(), number)
                self.findings.error(
                    "leaf-text", message, place, "put `:::` above this line, or write an option `:name:`"
                )

    def path(self, directive: Directive, endings: Sequence[str]) -> str:
        """Return the file in a directive's argument, or nothing where it may not be one."""
        path = directive.argument
        if is_outside(path) or ":" in path or not path.lower().endswith(tuple(endings)):
            inside = f"`{path[:60]}` is not a file in the lesson's folder"
            what = inside if path else "the file's name is missing"
            help = f"write `:::{{{directive.name}}} img/name{endings[0]}`; names end in {', '.join(endings)}"
            self.findings.error("path", what, directive.argument_place, help)
            return ""
        self.prose.uses.files.append(Use(path, directive.argument_place))
        return path

    def value_place(self, directive: Directive, name: str) -> Place:
        """Return where the value of an option stands, or where the directive does."""
        return next((one.place for one in directive.options if one.name == name), directive.place)
