"""What stands above a lesson: how far the learner is in it, and which of its questions are due for review.

It takes the same room while a learner answers. It does not decide what is due; `cnnlab.course.mastery` does.
"""

import streamlit as st

from cnnlab.course.status import LessonStatus
from cnnlab.language import translate, translate_count
from cnnlab.ui.lessons.blocks import READING_PX
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.places import go_to


def draw_reminders(context: LessonContext) -> None:
    """Draw one line, and a box where something is due or was due when this visit began."""
    status = context.lesson_status()
    if status.questions:
        st.markdown(how_far(status))
    asked = st.session_state.setdefault(f"{context.key}.due", [])
    asked += [number for number in status.due if number not in asked]
    if asked:
        _due(context, status, sorted(asked))


def how_far(status: LessonStatus) -> str:
    """Return in words how far a learner is with a lesson."""
    if status.questions and status.done == status.questions:
        mastered = translate("all {n} questions done and mastered ✓")
        done = translate("all {n} questions done ✓")
        return (mastered if status.is_mastered else done).format(n=status.questions)
    if status.done:
        said = translate("{done} of {questions} questions done")
        return said.format(done=status.done, questions=status.questions)
    return translate_count("{n} question", "{n} questions", status.questions)


def due_in_words(count: int) -> tuple[str, str]:
    """Return a title that says how many questions are due, and why they are asked again."""
    if not count:
        return translate("All reviews are done ✓"), translate("They come again when it is time.")
    many = translate_count("{n} question is due for review", "{n} questions are due for review", count)
    return many, translate("You have mastered this once. Asked again after some days, it stays with you.")


def _due(context: LessonContext, status: LessonStatus, asked: list[int]) -> None:
    title, why = due_in_words(len(status.due))
    box = f"{context.key}-reminders".replace(".", "-")
    with st.container(border=True, key=box, width=READING_PX):
        st.markdown(f":material/history: **{title}**")
        st.markdown(why)
        with st.container(horizontal=True):
            for number in asked:
                question = context.lesson.questions[number - 1].id
                name = translate("Question {number}").format(number=number)
                st.button(
                    name if number in status.due else f"✓ {name}",
                    key=f"{context.key}.review.{question}",
                    on_click=go_to,
                    args=(context, question),
                )
