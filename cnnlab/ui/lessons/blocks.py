"""How each kind of block of a lesson is drawn, from prose to guided steps.

It does not read Markdown files: it is given the lesson as `cnnlab.course` has read it.
"""

from collections.abc import Iterable
from functools import singledispatch
from pathlib import Path

import streamlit as st

from cnnlab.course.lesson import (
    Block,
    Figure,
    Note,
    NoteKind,
    Prose,
    QuestionBlock,
    Reveal,
    Steps,
    Video,
    Widget,
    every,
)
from cnnlab.language import mark, translate, translate_marked
from cnnlab.ui.languages import readable
from cnnlab.ui.lessons.asking import draw_question, draw_question_here
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.shelf import file_beside
from cnnlab.ui.lessons.steps import draw_steps
from cnnlab.ui.lessons.widgets import draw_widget

READING_PX = 760
ICONS = {
    NoteKind.NOTE: ":material/info:",
    NoteKind.TIP: ":material/lightbulb:",
    NoteKind.WARNING: ":material/warning:",
    NoteKind.EXAMPLE: ":material/calculate:",
    NoteKind.OBJECTIVES: ":material/flag:",
    NoteKind.TEACHER: ":material/school:",
}
TITLES = {
    NoteKind.NOTE: mark("Note"),
    NoteKind.TIP: mark("Tip"),
    NoteKind.WARNING: mark("Warning"),
    NoteKind.EXAMPLE: mark("Example"),
    NoteKind.OBJECTIVES: mark("Objectives"),
    NoteKind.TEACHER: mark("Teacher"),
}


def draw_blocks(context: LessonContext, blocks: Iterable[Block]) -> None:
    """Draw blocks one after another: what is read in lines of a readable length, labs as wide as the page."""
    for block in blocks:
        is_wide = any(isinstance(one, Widget) for one in every([block]))
        with st.container(width="stretch" if is_wide else READING_PX):
            if context.author is None or context.author.above(block):
                _draw_if_there(block, context)


def _draw_if_there(block: Block, context: LessonContext) -> None:
    try:
        draw_block(block, context)
    except FileNotFoundError as missing:
        said = translate("The file {name} is missing.").format(name=f"`{Path(missing.filename).name}`")
        st.warning(f"{said} {getattr(block, 'alt', '')}", icon=":material/hide_image:")


@singledispatch
def draw_block(block: Block, context: LessonContext) -> None:  # noqa: ARG001 - each kind has its own below
    """Draw one block."""
    raise TypeError(f"no drawing for a {type(block).__name__}; add it to cnnlab/ui/lessons/blocks.py")


@draw_block.register
def _(block: Prose, context: LessonContext) -> None:
    context.show(block.text)


@draw_block.register
def _(block: Note, context: LessonContext) -> None:
    if block.kind is NoteKind.TEACHER and context.author is None:
        return
    title = readable(block.title) or translate_marked(TITLES[block.kind])
    if block.kind is NoteKind.TEACHER:
        title = translate("{title} (learners do not see this)").format(title=title)
    if block.open is not None:
        with st.expander(title, expanded=block.open, icon=ICONS[block.kind]):
            draw_blocks(context, block.blocks)
        return
    with st.container(border=True):
        st.markdown(f"{ICONS[block.kind]} **{title}**")
        draw_blocks(context, block.blocks)


@draw_block.register
def _(block: Figure, context: LessonContext) -> None:
    name = block.dark if block.dark and st.context.theme.type == "dark" else block.path
    content = file_beside(context.folder, name).read_bytes()
    drawn = name.lower().endswith(".svg")  # Streamlit takes these by their address only
    picture = context.addresses.picture(name) if drawn else content
    with st.container(width=block.width or "stretch"):  # a width of the image itself would cost it pixels
        st.image(picture, width="stretch", output_format="PNG", alt=block.alt)
    if block.caption:
        context.show_caption(block.caption)


@draw_block.register
def _(block: Widget, context: LessonContext) -> None:
    draw_widget(context.key, block)


@draw_block.register
def _(block: Reveal, context: LessonContext) -> None:
    with st.expander(readable(block.title) or translate("Show")):
        draw_blocks(context, block.blocks)


@draw_block.register
def _(block: QuestionBlock, context: LessonContext) -> None:
    draw = draw_question_here if context.in_step else draw_question
    draw(context, block, 1 + context.lesson.questions.index(block.question))


@draw_block.register
def _(block: Steps, context: LessonContext) -> None:
    draw_steps(context, block, draw_blocks)


@draw_block.register
def _(block: Video, context: LessonContext) -> None:
    captions = file_beside(context.folder, block.captions)
    st.video(file_beside(context.folder, block.path).read_bytes(), subtitles=captions)
    if block.transcript:
        with st.expander(translate("Transcript")):
            context.show(file_beside(context.folder, block.transcript).read_text(encoding="utf-8"))
