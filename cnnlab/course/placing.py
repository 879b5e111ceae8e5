"""Above which block of a lesson each of its mistakes is shown, although some blocks could not be read.

It knows lines only; it does not look for mistakes and does not draw.
"""

from collections.abc import Iterable, Sequence

from cnnlab.course.directives import Directive, Part, Text, split
from cnnlab.course.front_matter import read_front_matter
from cnnlab.course.lesson import Lesson, every
from cnnlab.course.mistakes import Findings, Mistake
from cnnlab.course.reading import LEAVES

AT_THE_END = 0
_HIDING = ("question", "reveal")  # what is inside them may not be seen at once


def placed(
    lesson: Lesson, lines: Sequence[str], mistakes: Iterable[Mistake]
) -> dict[int, tuple[Mistake, ...]]:
    """Return the mistakes of a lesson's text by the line of the block that they are shown above.

    A block that could not be read has its mistakes above the next one; `AT_THE_END` where there is none.
    Mistakes of the front matter are left out: they belong to no block.
    """
    _, first_line = read_front_matter(Findings("", lines))
    parts = split(Findings("", lines), first_line, LEAVES)
    known = {block.line for block in every(lesson.blocks)}
    found: dict[int, tuple[Mistake, ...]] = {}
    for one in mistakes:
        if one.line >= first_line:
            home = _home(_chain(parts, one.line), known, one.line)
            found[home] = (*found.get(home, ()), one)
    return found


def _chain(parts: Sequence[Part], line: int) -> list[Part]:
    """Return the parts around a line, the outermost first: at each level the last that starts before it."""
    before = [part for part in parts if part.line <= line]
    if not before:
        return []
    inner = _chain(before[-1].parts, line) if isinstance(before[-1], Directive) else []
    return [before[-1], *inner]


def _home(chain: Sequence[Part], known: set[int], line: int) -> int:
    closed = (part.line for part in chain if isinstance(part, Directive) and part.name in _HIDING)
    own = (part.line for part in reversed(chain[-2:] if _is_text(chain) else chain[-1:]))
    following = sorted(one for one in known if one > line)
    return next((one for one in (*closed, *own) if one in known), following[0] if following else AT_THE_END)


def _is_text(chain: Sequence[Part]) -> bool:
    return bool(chain) and isinstance(chain[-1], Text)
