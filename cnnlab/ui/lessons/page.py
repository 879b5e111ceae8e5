"""One lesson as a page: its frame, its blocks, its notes, and what comes next.

It does not choose the lesson: the shell says which one an address means.
"""

import base64
import json
import mimetypes
from functools import lru_cache
from pathlib import Path

import streamlit as st

from cnnlab.course.normalising import Addresses
from cnnlab.course.progress import LOCAL_LEARNER
from cnnlab.errors import CnnLabError
from cnnlab.language import language, translate, translate_count
from cnnlab.ui.languages import embedded, readable, say_that_labs_are_in_english, written_in
from cnnlab.ui.lessons.author_mode import is_author_mode
from cnnlab.ui.lessons.blocks import READING_PX, draw_blocks
from cnnlab.ui.lessons.context import AuthorsView, LessonContext
from cnnlab.ui.lessons.manners import mind_manners
from cnnlab.ui.lessons.notes import draw_notes
from cnnlab.ui.lessons.places import name_places
from cnnlab.ui.lessons.reminders import draw_reminders
from cnnlab.ui.lessons.shelf import FOLDER, ShelfEntry, file_beside, shelf, shelf_of
from cnnlab.ui.lessons.store import progress
from cnnlab.ui.pages import LESSON_PAGE
from cnnlab.ui.problems import apologise
from cnnlab.ui.state import forget


def draw_opened(url_path: str, folder: Path = FOLDER) -> None:
    """Draw the lesson at an address: for learners, or, where the server runs for authors, for its author."""
    if is_author_mode():
        from cnnlab.ui.lessons.author_page import draw_for_author  # knows this module

        draw_for_author(url_path, folder)
        return
    entry = next((one for one in shelf(folder) if one.url_path == url_path), None)
    if entry:
        draw_lesson(entry)
    else:
        st.error(translate("This lesson cannot be shown now: its file has a mistake. Choose another one."))


def draw_lesson(entry: ShelfEntry, learner: str = LOCAL_LEARNER) -> None:
    """Draw a lesson for a learner, by default this machine's; an expected problem becomes a sentence."""
    if entry.language != language():
        said = translate("This lesson is not translated yet, so here it is in English.")
        st.info(said, icon=":material/translate:")
    with written_in(entry.language, "lesson"):
        _draw_whole(entry, learner)


def _draw_whole(entry: ShelfEntry, learner: str) -> None:
    front = entry.lesson.front
    st.title(readable(front.title), anchor=False)
    minutes = translate_count("{n} minute.", "{n} minutes.", front.minutes)
    st.markdown(f"{minutes} {readable(front.summary)}".strip())
    if entry.language == language():
        say_that_labs_are_in_english()
    try:
        context = open_lesson(entry, learner)
        draw_text(context)
        _what_comes_next(entry)
        _own_answers(context)
    except CnnLabError as problem:
        apologise(problem)
        st.stop()


def draw_text(context: LessonContext) -> None:
    """Draw what a lesson is for, its blocks, and the notes below them."""
    _objectives(context)
    draw_reminders(context)
    mind_manners()
    draw_blocks(context, context.lesson.blocks)
    draw_notes(context)
    name_places(context)


def _objectives(context: LessonContext) -> None:
    if context.lesson.front.objectives:
        with st.container(width=READING_PX):
            st.markdown(translate("Afterwards you can:"))
            context.show("\n".join(f"- {one}" for one in context.lesson.front.objectives))


def open_lesson(
    entry: ShelfEntry, learner: str = LOCAL_LEARNER, author: AuthorsView | None = None
) -> LessonContext:
    """Return the lesson as this learner has it, with what they have answered before."""
    store = progress()
    footnotes = {note.label: note.number for note in entry.lesson.footnotes}
    addresses = Addresses(
        picture=lambda path: picture_address(file_beside(entry.path.parent, path)),
        lesson="lesson-{}".format,
        footnotes=footnotes,
        definitions=entry.lesson.definitions,
    )
    kept = (learner, store, store.secret())
    context = LessonContext(entry.lesson, entry.sha, *kept, addresses, entry.path.parent, author=author)
    context.load()
    return context


def picture_address(path: Path) -> str:
    """Return a picture in the text as a data address; "" where it is missing, so that its words are shown."""
    try:
        return _data_address(path, path.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _data_address(path: Path, _changed: int) -> str:
    """Return the file as an address; the check has bounded its size."""
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _what_comes_next(entry: ShelfEntry) -> None:
    lessons = shelf_of(entry)
    addresses = [one.url_path for one in lessons]
    if entry.url_path not in addresses[:-1]:
        return
    following = lessons[addresses.index(entry.url_path) + 1]
    title = embedded(following.lesson.front.title)
    # Not a link in Markdown: those open a new tab.
    page = st.Page(LESSON_PAGE, title=title, url_path=following.url_path)
    st.page_link(page, label=translate("**Next:** {lesson}").format(lesson=title))


def _own_answers(context: LessonContext) -> None:
    """Let the learner take their data along, or begin the lesson anew."""
    with st.expander(translate("My answers"), icon=":material/person:"):
        st.markdown(
            translate(
                "They are kept on this computer. Starting over hides them here; the file still has them."
            )
        )
        with st.container(horizontal=True):
            st.download_button(
                translate("Download my data"),
                data=lambda: json.dumps(context.progress.everything(context.learner), indent=1),
                file_name="cnnlab-my-data.json",
                mime="application/json",
                key=f"{context.key}.download",
                on_click="ignore",
            )
            if st.button(translate("Start this lesson over"), key=f"{context.key}.again"):
                context.progress.start_over(context.learner, context.lesson.front.id)
                forget(context.key)
                st.rerun()
