"""What a lesson is once it has been read: its front matter and a tree of blocks, each with its line.

It does not read Markdown and does not draw. Every text in it is Markdown as the author wrote it; before
it is shown it is filled (`filling`) and normalised (`prose`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cnnlab.course.front_matter import FrontMatter
from cnnlab.course.questions import AnyQuestion


class NoteKind(StrEnum):
    """The boxes that text can stand in; `teacher` is for teachers only."""

    NOTE = "note"
    TIP = "tip"
    WARNING = "warning"
    EXAMPLE = "example"
    OBJECTIVES = "objectives"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown without directives."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """A box with a title; `open` is None where it does not fold, else whether it starts unfolded."""

    kind: NoteKind
    title: str
    open: bool | None
    blocks: tuple["Block", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: `path` and `dark` (for the dark theme) are relative to the lesson; `width` is in pixels."""

    path: str
    alt: str
    caption: str
    width: int | None
    dark: str
    line: int


@dataclass(frozen=True, slots=True)
class Widget:
    """A lab by its name in the table of widgets; `settings` are its address's parameters.

    Every widget of a lesson has an `id` of its own, the author's or one like lab.2.
    """

    name: str
    id: str
    settings: dict[str, str]
    height: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Reveal:
    """Something hidden: a fold, or what a prediction is compared with."""

    title: str
    blocks: tuple["Block", ...]
    line: int


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """A question; `reveal` is what is shown once a prediction is locked."""

    question: AnyQuestion
    reveal: Reveal | None
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a guided sequence; `minutes` is 0 where nobody said."""

    title: str
    minutes: int
    blocks: tuple["Block", ...]
    line: int

    @property
    def questions(self) -> tuple[AnyQuestion, ...]:
        """Return the questions of the step in reading order."""
        return _questions(self.blocks)


@dataclass(frozen=True, slots=True)
class Steps:
    """A guided sequence."""

    title: str
    steps: tuple[Step, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Video:
    """A film in the lesson's folder with its captions; `transcript` is a file or empty."""

    path: str
    captions: str
    transcript: str
    line: int


Block = Prose | Note | Figure | Widget | Reveal | QuestionBlock | Steps | Video


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the end of the page; `label` is the author's, `number` the reader's, from 1."""

    label: str
    number: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: what it says about itself, its blocks and its footnotes in reading order.

    `definitions` are the lines that name links; they hold for every text of the page.
    """

    front: FrontMatter
    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...] = ()
    definitions: str = ""

    @property
    def questions(self) -> tuple[AnyQuestion, ...]:
        """Return all questions in reading order."""
        return _questions(self.blocks)

    @property
    def widgets(self) -> tuple[Widget, ...]:
        """Return all widgets in reading order."""
        return tuple(block for block in every(self.blocks) if isinstance(block, Widget))


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield all blocks, those inside others too, in reading order.

    >>> inner = Prose("There", 2)
    >>> [block.line for block in every([Note(NoteKind.TIP, "", None, (inner,), 1)])]
    [1, 2]
    """
    for block in blocks:
        yield block
        if isinstance(block, Note | Reveal):
            yield from every(block.blocks)
        elif isinstance(block, Steps):
            yield from (one for step in block.steps for one in every(step.blocks))
        elif isinstance(block, QuestionBlock) and block.reveal:
            yield from every((block.reveal,))


def _questions(blocks: Iterable[Block]) -> tuple[AnyQuestion, ...]:
    return tuple(block.question for block in every(blocks) if isinstance(block, QuestionBlock))
