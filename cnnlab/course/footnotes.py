"""Which footnotes a lesson has: `[^label]: text` at the beginning of a line, numbered as they are called.

They are taken out of the text, because a page shows them in one place. It does not draw them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cnnlab.course.directives import Directive, Part, Text
from cnnlab.course.lesson import Footnote
from cnnlab.course.masking import mask
from cnnlab.course.mistakes import Findings, Place

_DEFINITION = re.compile(r"^\[\^([^\]\s]{1,40})\]:[ \t]*(.*)$")
_CALL = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")


def take_footnotes(
    parts: Sequence[Part], findings: Findings
) -> tuple[tuple[Footnote, ...], tuple[Part, ...]]:
    """Return the footnotes in the order of their calls, and the parts without them."""
    taker = _Taker(findings)
    rest = taker.take(parts)
    for label, (line, _) in taker.found.items():
        if label not in taker.calls:
            place = findings.place_of(f"[^{label}]", line)
            findings.warning("unused-footnote", f"nothing calls the footnote `{label}`", place, "delete it")
    for label, place in taker.calls.items():
        if label not in taker.found:
            message = f"there is no footnote `{label}`"
            findings.error("footnote", message, place, f"write a line `[^{label}]: …` below")
    order = [label for label in taker.calls if label in taker.found]
    notes = (
        Footnote(label, number, "\n".join(taker.found[label][1]).strip(), taker.found[label][0])
        for number, label in enumerate(order, start=1)
    )
    return tuple(notes), rest


class _Taker:
    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.found: dict[str, tuple[int, list[str]]] = {}
        self.calls: dict[str, Place] = {}

    def take(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(
            replace(part, parts=self.take(part.parts)) if isinstance(part, Directive) else self.text(part)
            for part in parts
        )

    def text(self, part: Text) -> Text:
        shown = mask(part.source).text.split("\n")
        kept: list[str] = []
        current: list[str] | None = None
        for number, (line, visible) in enumerate(zip(part.lines, shown, strict=True), start=part.line):
            definition = _DEFINITION.match(line) if visible.startswith("[^") else None
            if definition:
                current = self.define(definition, number)
            elif current is not None and line.startswith("  "):
                current.append(line.strip())
            else:
                current = current if not line.strip() else None
                self.note_calls(visible, number)
                kept.append(line)
                continue
            kept.append("")
        return Text(part.line, tuple(kept))

    def define(self, definition: re.Match[str], number: int) -> list[str]:
        label = definition[1]
        if label in self.found:
            place = Place(number, 1, len(label) + 3)
            message = f"the footnote `{label}` is defined twice"
            self.findings.error("footnote", message, place, "give one of them another name")
        lines = [definition[2]]
        self.found.setdefault(label, (number, lines))
        return lines

    def note_calls(self, visible: str, number: int) -> None:
        for call in _CALL.finditer(visible):
            self.calls.setdefault(call[1], Place(number, call.start() + 1, len(call[0])))
