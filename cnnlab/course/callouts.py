"""GitHub's and Obsidian's boxes, `> [!NOTE]`: each becomes the directive that says the same.

It does not read what stands in a box, beyond refusing what can only stand outside.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cnnlab.course.directives import DEEPEST, Directive, Option, Part, Text
from cnnlab.course.lesson import NoteKind
from cnnlab.course.masking import mask
from cnnlab.course.mistakes import Findings, Place, did_you_mean

KINDS = {kind.value: kind.value for kind in NoteKind} | {"important": "note", "caution": "warning"}
"""The word in a box's first line, in small letters, and the directive that it means."""
_FIRST = re.compile(r"^ {0,3}> ?\[!([A-Za-z]+)\]([+-]?)[ \t]*(.*?)[ \t]*$")
_MORE = re.compile(r"^ {0,3}> ?(.*)$")
_DIRECTIVE = re.compile(r"^\s*:{3,}")


def take_callouts(parts: Sequence[Part], findings: Findings, depth: int = 0) -> tuple[Part, ...]:
    """Return the parts with a directive in the place of each box; in questions `>` means something else.

    >>> lines = ["Look:", "", "> [!TIP] Quicker", "> Count.", "", "Done."]
    >>> parts = take_callouts([Text(1, tuple(lines))], Findings("a.md", lines))
    >>> [type(part).__name__ for part in parts], parts[1].name, parts[1].parts[0].lines
    (['Text', 'Directive', 'Text'], 'tip', ('Count.',))
    """
    taken: list[Part] = []
    for part in parts:
        if isinstance(part, Text):
            taken += _of_text(part, findings, depth) if depth < DEEPEST else [part]
        elif part.name == "question":
            taken.append(part)
        else:
            taken.append(replace(part, parts=take_callouts(part.parts, findings, depth + 1)))
    return tuple(taken)


def _of_text(text: Text, findings: Findings, depth: int) -> Iterator[Part]:
    """Yield what stands before, in and after each box."""
    shown = mask(text.source).text.split("\n")
    start = at = 0
    while at < len(text.lines):
        first = _FIRST.match(text.lines[at]) if shown[at].lstrip().startswith(">") else None
        if first is None or (at and _MORE.match(text.lines[at - 1])):
            at += 1
            continue
        end = at + 1
        while end < len(text.lines) and _MORE.match(text.lines[end]):
            end += 1
        yield from _rest(text, start, at)
        body = Text(text.line + at + 1, tuple(map(_inside, text.lines[at + 1 : end])))
        box = _box(first, body, findings, depth)
        if box:
            yield box
        if end < len(text.lines) and text.lines[end].strip():
            place = findings.place_of(text.lines[end].strip(), text.line + end)
            message = "this line stands outside the box above it"
            findings.warning("callout", message, place, "begin it with `>`, or leave a line empty above it")
        start = at = end
    yield from _rest(text, start, len(text.lines))


def _rest(text: Text, start: int, end: int) -> Iterator[Text]:
    if any(line.strip() for line in text.lines[start:end]):
        yield Text(text.line + start, text.lines[start:end])


def _box(first: re.Match[str], body: Text, findings: Findings, depth: int) -> Directive | None:
    number = body.line - 1
    place = Place(number, first.start(1) + 1, len(first[1]))
    name = KINDS.get(first[1].lower())
    if name is None:
        message = f"there is no box `{first[1][:40]}`"
        findings.error("callout", message, place, did_you_mean(first[1], KINDS))
        return None
    options = (Option("open", "true" if first[2] == "+" else "false", place, place),) if first[2] else ()
    for at, line in enumerate(body.lines, start=body.line):
        if _DIRECTIVE.match(line):
            spot = findings.place_of(line.strip(), at)
            message = "a block of colons cannot stand behind `>`"
            findings.error("callout", message, spot, f"write the box as `:::{{{name}}}` and `:::`")
    inner = take_callouts([body], findings, depth + 1) if body.source.strip() else ()
    title = Place(number, first.start(3) + 1 if first[3] else place.column, len(first[3] or first[1]))
    return Directive(name, first[3], options, inner, place, title)


def _inside(line: str) -> str:
    found = _MORE.match(line)
    return found[1] if found else line
