"""One lesson as a page: its frame, its blocks, its notes, and what comes next.

It does not choose the lesson: the shell says which one an address means.
"""

import base64
import json
import mimetypes
from functools import cache
from pathlib import Path

import streamlit as st

from cnnlab.course.normalising import Addresses
from cnnlab.course.progress import LOCAL_LEARNER
from cnnlab.errors import CnnLabError
from cnnlab.ui.lessons.blocks import draw_blocks
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.manners import mind_manners
from cnnlab.ui.lessons.notes import draw_notes
from cnnlab.ui.lessons.places import name_places
from cnnlab.ui.lessons.reminders import draw_reminders
from cnnlab.ui.lessons.shelf import ShelfEntry, shelf
from cnnlab.ui.lessons.store import progress
from cnnlab.ui.problems import apologise
from cnnlab.ui.state import forget


def draw_lesson(entry: ShelfEntry) -> None:
    """Draw a lesson for the one learner of this machine; an expected problem becomes a sentence."""
    front = entry.lesson.front
    st.title(front.title, anchor=False)
    st.markdown(f"{front.minutes} minutes. {front.summary}".strip())
    try:
        context = open_lesson(entry)
        mind_manners()
        draw_reminders(context)
        draw_blocks(context, entry.lesson.blocks)
        draw_notes(context)
        name_places(context)
        _what_comes_next(entry)
        _own_answers(context)
    except CnnLabError as problem:
        apologise(problem)
        st.stop()


def open_lesson(entry: ShelfEntry) -> LessonContext:
    """Return the lesson as this learner has it, with what they have answered before."""
    store = progress()
    footnotes = {note.label: note.number for note in entry.lesson.footnotes}
    addresses = Addresses(
        picture=lambda path: picture_address(entry.path.parent / path),
        lesson="lesson-{}".format,
        footnotes=footnotes,
        definitions=entry.lesson.definitions,
    )
    context = LessonContext(
        entry.lesson, entry.sha, LOCAL_LEARNER, store, store.secret(), addresses, entry.path.parent
    )
    context.load()
    return context


@cache
def picture_address(path: Path) -> str:
    """Return a picture in the text as a data address; the check has bounded its size."""
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _what_comes_next(entry: ShelfEntry) -> None:
    addresses = [one.url_path for one in shelf(entry.path.parent)]
    if entry.url_path not in addresses[:-1]:
        return
    following = shelf(entry.path.parent)[addresses.index(entry.url_path) + 1]
    st.markdown(f"**Next:** [{following.lesson.front.title}]({following.url_path})")


def _own_answers(context: LessonContext) -> None:
    """Let the learner take their data along, or begin the lesson anew."""
    with st.expander("My answers", icon=":material/person:"):
        st.markdown("They are kept on this computer. Starting over hides them here; the file still has them.")
        with st.container(horizontal=True):
            st.download_button(
                "Download my data",
                data=lambda: json.dumps(context.progress.everything(context.learner), indent=1),
                file_name="cnnlab-my-data.json",
                mime="application/json",
                key=f"{context.key}.download",
                on_click="ignore",
            )
            if st.button("Start this lesson over", key=f"{context.key}.again"):
                context.progress.start_over(context.learner, context.lesson.front.id)
                forget(context.key)
                st.rerun()
