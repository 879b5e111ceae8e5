"""How long a lesson is, how hard its text is to read, and which pictures it shows.

What only teachers see does not count, nor what a learner is told after an answer. It does not judge whether
a text is good.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cnnlab.course.lesson import Block, Figure, Lesson, Note, NoteKind, Prose, QuestionBlock, Reveal, Steps
from cnnlab.course.prose import parser
from cnnlab.course.questions import OrderQuestion, Question, TableQuestion

WORDS_A_MINUTE = 150
MINUTES_A_QUESTION = 1
MINUTES_A_LAB = 2
_WORD = re.compile(r"[^\W_]+(?:['\u2019.,-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…][\"'”\u2019)\]]*(?:\s+(?![a-z])|\s*$)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
_BRACES = re.compile(r"\{\{[^{}]+\}\}")
_CALL = re.compile(r"\[\^[^\]\s]+\]")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a lesson: its file, and the words for those who do not see it."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Measures:
    """What can be counted in a lesson; `readability` is None where there is no text to count in."""

    words: int
    readability: float | None
    questions: int
    labs: int
    pictures: tuple[Picture, ...]

    @property
    def minutes(self) -> int:
        """Return how long a learner will need: reading slowly, answering, and trying the labs."""
        work = self.questions * MINUTES_A_QUESTION + self.labs * MINUTES_A_LAB
        return max(1, round(self.words / WORDS_A_MINUTE + work))


@dataclass(frozen=True, slots=True)
class _Passage:
    """A paragraph, heading or cell as plain words; `prose` is what is language in a paragraph, else empty.

    Numbers, formulas and code are no language.
    """

    text: str
    prose: str


def measure(lesson: Lesson) -> Measures:
    """Return the counts of a lesson; a formula is one word."""
    blocks = list(_visible(lesson.blocks))
    texts = [*(text for block in blocks for text in _texts(block)), *(note.text for note in lesson.footnotes)]
    passages = [passage for text in texts for passage in _passages(text)]
    written = [
        *(text for block in blocks for text in _written(block)),
        *(note.text for note in lesson.footnotes),
    ]
    sentences = [passage.prose for text in written for passage in _passages(text)]
    return Measures(
        words=sum(len(_WORD.findall(one.text)) for one in passages),
        readability=readability([one for one in sentences if _SENTENCE_END.search(one)]),
        questions=len(lesson.questions),
        labs=len(lesson.widgets),
        pictures=tuple(one for block in blocks for one in _pictures(block)),
    )


def is_far(stated: int, estimate: int) -> bool:
    """Return whether stated minutes are so far from the estimate that one of the two looks wrong.

    >>> is_far(15, 20), is_far(15, 22), is_far(3, 6)
    (False, True, False)
    """
    off = abs(stated - estimate)
    return off > 3 and off > 0.4 * stated


def readability(paragraphs: list[str]) -> float | None:
    """Return the Automated Readability Index of English text: about the school grade that it takes.

    4.71 · characters / words + 0.5 · words / sentences − 21.43 (Smith and Senter 1967, AMRL-TR-66-220).

    >>> readability(["The cat sat on the mat. It was warm."])
    -5.6
    """
    words = [word for text in paragraphs for word in _WORD.findall(text)]
    if not words:
        return None
    sentences = sum(max(1, len(_SENTENCE_END.findall(text))) for text in paragraphs if _WORD.search(text))
    signs = sum(sign.isalnum() for word in words for sign in word)
    return round(4.71 * signs / len(words) + 0.5 * len(words) / sentences - 21.43, 1)


def _visible(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks that learners see, those inside others too, in reading order."""
    for block in blocks:
        if isinstance(block, Note) and block.kind is NoteKind.TEACHER:
            continue
        yield block
        if isinstance(block, Note | Reveal):
            yield from _visible(block.blocks)
        elif isinstance(block, Steps):
            yield from (one for step in block.steps for one in _visible(step.blocks))
        elif isinstance(block, QuestionBlock) and block.reveal:
            yield from _visible((block.reveal,))


def _texts(block: Block) -> Iterator[str]:
    """Yield the Markdown of one block that a learner reads, before answering anything."""
    match block:
        case Prose():
            yield block.text
        case Note() | Reveal():
            yield block.title
        case Figure():
            yield block.caption
        case Steps():
            yield from (block.title, *(step.title for step in block.steps))
        case QuestionBlock():
            yield from _asked(block.question)


def _written(block: Block) -> Iterator[str]:
    """Yield the Markdown of one block that is written in sentences: no titles, choices or cells."""
    match block:
        case Prose():
            yield block.text
        case Figure():
            yield block.caption
        case QuestionBlock():
            yield block.question.stem


def _asked(question: Question) -> Iterator[str]:
    yield question.stem
    if isinstance(question, TableQuestion):
        cells = (*question.header, *(cell for row in question.rows for cell in row))
        yield from (cell for cell in cells if isinstance(cell, str))
    elif isinstance(question, OrderQuestion):
        yield from (one.text for one in question.items)
    else:
        yield from (one.text for one in getattr(question, "choices", ()))


@cache
def _parser() -> MarkdownIt:
    return parser()


def _passages(text: str) -> Iterator[_Passage]:
    above = ""
    for token in _parser().parse(_BRACES.sub("1", _CALL.sub("", text))):
        if token.type != "inline":
            above = token.type
            continue
        shown = [_Passage(*_words(part)) for part in token.children or []]
        prose = "".join(part.prose for part in shown) if above == "paragraph_open" else ""
        prose = _NUMBER.sub("", prose)
        yield _Passage("".join(part.text for part in shown), prose)


def _words(part: Token) -> tuple[str, str]:
    """Return a part of a line as words, and as language: formulas and code are no language."""
    if part.type.startswith("math"):
        return " x ", ""
    if part.type == "code_inline":
        return part.content, ""
    return (part.content, part.content) if part.type == "text" else (" ", " ")


def _pictures(block: Block) -> Iterator[Picture]:
    """Yield a figure, or the pictures in the texts of a block."""
    if isinstance(block, Figure):
        yield Picture(block.path, block.alt)
    yield from (one for text in _texts(block) for one in _inline_pictures(text))


def _inline_pictures(text: str) -> Iterator[Picture]:
    for token in _parser().parse(text):
        for part in token.children or []:
            if part.type == "image":
                yield Picture(str(part.attrs.get("src", "")), part.content)
