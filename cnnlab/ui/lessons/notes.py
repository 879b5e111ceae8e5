"""A lesson's footnotes, in one place at its end, with a way back to where each is called.

It does not know where they are called: `browser/places.js` names the first call of each.
"""

import streamlit as st

from cnnlab.language import translate
from cnnlab.ui.lessons.blocks import READING_PX
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.places import note_box


def draw_notes(context: LessonContext) -> None:
    """Draw the section with the notes, where there are any."""
    if not context.lesson.footnotes:
        return
    st.header(translate("Notes"), anchor="notes")
    for note in context.lesson.footnotes:
        back = translate("back to {number}").format(number=note.number)
        with st.container(key=note_box(context, note.number), width=READING_PX):
            context.show(f"{note.number}. {note.text} [↩ {back}](#call-{note.number})")
