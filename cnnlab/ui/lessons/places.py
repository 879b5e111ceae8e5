"""How one gets to a place in a lesson: a question by the address, a footnote and back, the step that opens.

`/lesson-pooling?question=size` or `#question-size` leads to the question `size` and puts the focus on it.
Places get their names in the browser, by `browser/places.js`. It does not know what stands at a place.
"""

from collections.abc import Iterable

import streamlit as st
from streamlit.components import v2

from cnnlab.course.lesson import Step
from cnnlab.course.questions import AnyQuestion
from cnnlab.language import translate
from cnnlab.ui.assets import FOLDER
from cnnlab.ui.lessons.context import LessonContext

PARAMETER = "question"
component = v2.component("cnnlab.places", js=(FOLDER / "places.js").read_text(encoding="utf-8"))


def question_box(context: LessonContext, question: AnyQuestion) -> str:
    """Return the key of the box around a question."""
    return f"{context.key}.{question.id}".replace(".", "-")


def note_box(context: LessonContext, number: int) -> str:
    """Return the key of the box around a footnote."""
    return f"{context.key}.note{number}".replace(".", "-")


def go_to(context: LessonContext, question: str) -> None:
    """Let the next run lead to a question, also if it has done so before; the address then names it."""
    st.query_params[PARAMETER] = question
    key = f"{context.key}.journeys"
    st.session_state[key] = st.session_state.get(key, 0) + 1


def journey(context: LessonContext) -> tuple[str, int]:
    """Return the question that one is on the way to, "" for none, and the count of such ways."""
    wanted = st.query_params.get(PARAMETER, "")
    known = wanted in {question.id for question in context.lesson.questions}
    return (wanted if known else "", st.session_state.get(f"{context.key}.journeys", 0))


def open_on_the_way(context: LessonContext, key: str, steps: Iterable[Step]) -> int | None:
    """Return which of the steps a new journey leads into, counted from 0; None for none of them."""
    way = journey(context)
    if not way[0] or st.session_state.get(f"{key}.journey") == way:
        return None
    for number, step in enumerate(steps):
        if any(question.id == way[0] for question in step.questions):
            st.session_state[f"{key}.journey"] = way
            return number
    return None


def name_places(context: LessonContext) -> None:
    """Name the questions and the notes of a lesson, and lead to the question that is asked for."""
    questions = [
        (
            question_box(context, question),
            f"question-{question.id}",
            _called(translate("Question {number}"), n),
        )
        for n, question in enumerate(context.lesson.questions, start=1)
    ]
    notes = [
        (
            note_box(context, note.number),
            f"note-{note.number}",
            _called(translate("Note {number}"), note.number),
        )
        for note in context.lesson.footnotes
    ]
    question, count = journey(context)
    go = {"to": f"question-{question}", "count": count} if question else None
    lead(context.key, [*questions, *notes], go)


def lead(key: str, places: list[tuple[str, str, str]], go: dict[str, str | int | bool] | None) -> None:
    """Name boxes (key, name, what it is called) and go to one, once for each count."""
    # In a list, where Streamlit does not look for tables: to look, it would import pandas.
    component(key=f"{key}.places", data=[{"key": key, "places": places, "go": go}])


def _called(words: str, number: int) -> str:
    return words.format(number=number)
