"""A lesson as its author sees it: what learners see, with mistakes in place, answer keys and counts.

Only `page` calls it, and only where the server runs for authors. What an author answers is kept under a
learner of its own. It does not look for mistakes and does not count words: `cnnlab.course` does.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from cnnlab.course.checking import CheckedLesson, check_lessons
from cnnlab.course.lesson import Block, Lesson, QuestionBlock, Widget, every
from cnnlab.course.mistakes import Mistake
from cnnlab.course.placing import AT_THE_END, placed
from cnnlab.errors import CnnLabError
from cnnlab.language import translate
from cnnlab.ui.lessons.author_key import draw_key
from cnnlab.ui.lessons.author_mistakes import box
from cnnlab.ui.lessons.author_panel import draw_panel
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.page import draw_lesson, draw_text, open_lesson
from cnnlab.ui.lessons.saves import Fingerprint, fingerprint, follow_saves
from cnnlab.ui.lessons.shelf import ShelfEntry, last_good, menu_lines
from cnnlab.ui.lessons.store import progress
from cnnlab.ui.problems import apologise

AUTHOR = str(uuid.UUID(int=1))  # whose answers an author's trials are: no learner's
PREVIEW = "preview"
AS_LEARNER = "author.as-learner"


@dataclass(slots=True)
class Marked:
    """What an author sees in the text: mistakes above their blocks, and the key below each question.

    `twice` are the lines of blocks whose id another block has already: no page can have both.
    """

    mistakes: Mapping[int, tuple[Mistake, ...]]
    twice: frozenset[int]
    context: LessonContext | None = None

    def above(self, block: Block) -> bool:
        """Draw the mistakes of a block; return whether the block itself can be drawn."""
        for one in self.mistakes.get(block.line, ()):
            box(one)
        return block.line not in self.twice

    def below(self, block: QuestionBlock, values: Mapping[str, Any]) -> None:
        """Draw the answer key of a question."""
        if self.context:
            draw_key(self.context, block, values)


def draw_for_author(url_path: str, folder: Path) -> None:
    """Draw the lesson at an address, as its author or as learners see it, and follow what is saved."""
    follow_saves(folder)
    line = next((one for one in menu_lines(folder) if one.url_path == url_path), None)
    if line is None:
        st.error(translate("There is no such lesson any more. Choose another one."))
        return
    as_learner = _chosen_view()
    good = last_good(line.path)
    try:
        progress().join(AUTHOR, translate("The author"))
        if not as_learner:
            _draw_preview(line.path, fingerprint(folder), good)
        elif good:
            draw_lesson(good, AUTHOR)
        else:
            st.error(
                translate("This lesson cannot be shown now: its file has a mistake. Choose another one.")
            )
    except CnnLabError as problem:
        apologise(problem)


def _chosen_view() -> bool:
    """Draw the switch between the two views, and return whether learners' is chosen; the address keeps it."""
    said = st.query_params.get(PREVIEW)
    if said in ("0", "1"):
        st.session_state[AS_LEARNER] = said == "0"
    chosen = st.toggle(
        translate("As learner"),
        value=st.session_state.get(AS_LEARNER, False),
        key="author.switch",
        on_change=_switch,
        help=translate(
            "What learners see: without the answer keys, the mistakes and the notes for teachers."
        ),
    )
    st.query_params[PREVIEW] = "0" if chosen else "1"
    return chosen


def _switch() -> None:
    st.session_state[AS_LEARNER] = st.session_state["author.switch"]
    st.query_params[PREVIEW] = "0" if st.session_state[AS_LEARNER] else "1"


@lru_cache(maxsize=16)
def checked(path: Path, _files: Fingerprint) -> CheckedLesson:
    """Return a lesson with all that the check says about it; read again when a file has changed."""
    return check_lessons(path).lessons[0]


def _draw_preview(path: Path, files: Fingerprint, good: ShelfEntry | None) -> None:
    """Draw the panel, and what could be read of a lesson with its mistakes in place."""
    found = checked(path, files)
    lesson = found.reading.shown
    if lesson is None:
        draw_panel(found, good, None)
        return
    places = placed(lesson, found.findings.lines, sorted(found.findings.mistakes))
    marked = Marked(places, _twice(lesson))
    context = open_lesson(ShelfEntry(path, found.fingerprint, lesson), AUTHOR, marked)
    marked.context = context
    draw_panel(found, good, context)
    st.title(lesson.front.title if found.lesson else path.name, anchor=False)
    st.markdown(lesson.front.summary)
    draw_text(context)
    for one in places.get(AT_THE_END, ()):
        box(one)


def _twice(lesson: Lesson) -> frozenset[int]:
    seen: set[str] = set()
    found: set[int] = set()
    for block in every(lesson.blocks):
        own = block.question.id if isinstance(block, QuestionBlock) else ""
        own = block.id if isinstance(block, Widget) else own
        if own in seen:
            found.add(block.line)
        seen.update({own} - {""})
    return frozenset(found)
