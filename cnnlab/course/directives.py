"""Which parts a lesson's text has: prose, and directives with an argument, options and parts of their own.

It does not know which directives there are, and does not look into prose. A bare `:::` closes the innermost
directive; a longer fence closes the directive that was opened with as many colons.
"""

import re
from dataclasses import dataclass, field

from cnnlab.course.mistakes import Findings, Place

DEEPEST = 8

_OPENER = re.compile(r"^(\s*)(:{3,})([ \t]*)(?:\{([^}\s]*)\}|\{?([A-Za-z][\w-]*))[ \t]*(.*?)[ \t]*$")
_CLOSER = re.compile(r"^\s*(:{3,})\s*$")
_OPTION = re.compile(r"^:([a-z][\w-]*):(?:[ \t]+(.*?))?[ \t]*$")
_CODE = re.compile(r"^\s*(?:(?:[-*+>]|\d+[.)])\s+)*(`{3,}|~{3,})(.*)$")
_BACKTICK_DIRECTIVE = re.compile(r"^\{([\w-]+)\}")


@dataclass(frozen=True, slots=True)
class Option:
    """One `:name: value` line; `place` is the value's, or the line's where there is no value."""

    name: str
    value: str
    place: Place
    name_place: Place


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that belong to no directive below; `line` is the number of the first."""

    line: int
    lines: tuple[str, ...]

    @property
    def source(self) -> str:
        """Return the lines as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Directive:
    """One `:::{name} argument` block; the places are those of its name and of its argument."""

    name: str
    argument: str
    options: tuple[Option, ...]
    parts: tuple["Part", ...]
    place: Place
    argument_place: Place

    @property
    def line(self) -> int:
        """Return the line on which it opens."""
        return self.place.line


Part = Text | Directive


@dataclass(slots=True)
class _Open:
    """A directive that is not closed yet."""

    name: str
    argument: str
    colons: int
    place: Place
    argument_place: Place
    options: list[Option] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    text_line: int = 0
    in_options: bool = True

    def end_text(self) -> None:
        if any(line.strip() for line in self.text):
            self.parts.append(Text(self.text_line, tuple(self.text)))
        self.text = []

    def closed(self) -> Directive:
        self.end_text()
        options, parts = tuple(self.options), tuple(self.parts)
        return Directive(self.name, self.argument, options, parts, self.place, self.argument_place)


def split(findings: Findings, first_line: int, leaves: frozenset[str]) -> tuple[Part, ...]:
    """Split the lines from `first_line` (from 1) on; `leaves` are directives that hold no others.

    >>> from cnnlab.course.mistakes import Findings
    >>> parts = split(Findings("a.md", ["Hello", ":::{note} Look", "There", ":::"]), 1, frozenset())
    >>> [type(part).__name__ for part in parts], parts[1].argument
    (['Text', 'Directive'], 'Look')
    """
    return _Splitter(findings, leaves).run(first_line)


class _Splitter:
    def __init__(self, findings: Findings, leaves: frozenset[str]) -> None:
        self.findings = findings
        self.leaves = leaves
        self.stack = [_Open("", "", 0, Place(1), Place(1), in_options=False)]
        self.code = ""
        self.code_line = 0

    def run(self, first_line: int) -> tuple[Part, ...]:
        for number, line in enumerate(self.findings.lines[first_line - 1 :], start=first_line):
            self.read(number, line)
        if self.code:
            place = self.findings.place_of(self.code, self.code_line)
            self.findings.error(
                "unclosed-code", "the code that starts here never ends", place, f"add a line with {self.code}"
            )
        while len(self.stack) > 1:
            self.complain_unclosed("is never closed")
            self.close()
        self.stack[0].end_text()
        return tuple(self.stack[0].parts)

    def read(self, number: int, line: str) -> None:
        if self.inside_code(number, line):
            self.keep(number, line)
        elif closer := _CLOSER.match(line):
            self.read_closer(number, len(closer[1]))
        elif opener := _OPENER.match(line):
            self.read_opener(number, opener)
        elif not self.read_option(number, line):
            self.keep(number, line)

    def inside_code(self, number: int, line: str) -> bool:
        """Return whether a line is code or a fence around it, and remember which."""
        fence = _CODE.match(line)
        if self.code:
            if fence and fence[1].startswith(self.code) and not fence[2].strip():
                self.code = ""
            return True
        if fence is None or (fence[1][0] == "`" and "`" in fence[2]):
            return False
        self.code, self.code_line = fence[1], number
        if named := _BACKTICK_DIRECTIVE.match(fence[2]):
            self.findings.error(
                "backtick-directive",
                f"a fence of `{fence[1][0]}` makes `{{{named[1]}}}` code, not a directive",
                self.findings.place_of(fence[1], number),
                f"write colons: `:::{{{named[1]}}}`, and `:::` at its end",
            )
        return True

    def read_closer(self, number: int, colons: int) -> None:
        if len(self.stack) == 1:
            place = self.findings.place_of(":" * colons, number)
            self.findings.error(
                "stray-close", "`:::` closes nothing: no directive is open here", place, "delete this line"
            )
            return
        if colons > self.stack[-1].colons and any(one.colons == colons for one in self.stack):
            while self.stack[-1].colons != colons:
                self.complain_unclosed(f"is not closed before line {number}")
                self.close()
        self.close()

    def read_opener(self, number: int, found: re.Match[str]) -> None:
        indent, colons, gap, braced, bare, argument = found.groups()
        name = bare if braced is None else braced
        column = found.start(4) + 1 if braced is not None else found.start(5) + 1
        place = Place(number, column, max(1, len(name)))
        if braced is None or gap:
            self.findings.error(
                "braces",
                f"a directive's name stands in braces right after the colons, not `{found[0].strip()[:40]}`",
                place,
                f"write `{colons}{{{name}}}`",
            )
        if indent:
            self.findings.error(
                "indented-fence",
                "a directive starts at the beginning of its line",
                place,
                "remove the spaces",
            )
        if self.stack[-1].name in self.leaves:
            self.complain_unclosed(f"is not closed before line {number}")
            self.close()
        if len(self.stack) > DEEPEST:
            self.findings.error(
                "too-deep", f"directives may be nested {DEEPEST} deep", place, "use fewer levels"
            )
        self.stack[-1].end_text()
        self.stack[-1].in_options = False
        argument_place = Place(
            number, found.start(6) + 1 if argument else place.column, len(argument or name)
        )
        self.stack.append(_Open(name, argument, len(colons), place, argument_place))

    def read_option(self, number: int, line: str) -> bool:
        """Read a line as an option of the innermost directive; return whether it is one."""
        option = _OPTION.match(line)
        top = self.stack[-1]
        if option is None:
            if line.strip() or not top.in_options or top.options:
                top.in_options = False
            return False
        name_place = Place(number, 1, len(option[1]) + 2)
        if not top.in_options:
            if len(self.stack) > 1:
                self.findings.error(
                    "late-option",
                    f"`:{option[1]}:` is too late to be an option of `{top.name}`",
                    name_place,
                    f"move it directly below line {top.place.line}, or write it as `code`",
                )
            return False
        value = option[2] or ""
        place = Place(number, option.start(2) + 1, len(value)) if value else name_place
        top.options.append(Option(option[1], value, place, name_place))
        return True

    def keep(self, number: int, line: str) -> None:
        top = self.stack[-1]
        if not top.text:
            top.text_line = number
        top.text.append(line)

    def complain_unclosed(self, how: str) -> None:
        top = self.stack[-1]
        place = Place(top.place.line, 1, len(self.findings.lines[top.place.line - 1].rstrip()))
        self.findings.error(
            "unclosed",
            f"`:::{{{top.name}}}` opened here {how}",
            place,
            "add a line with `:::` where it ends",
        )

    def close(self) -> None:
        done = self.stack.pop()
        if len(self.stack) <= DEEPEST:
            self.stack[-1].parts.append(done.closed())
