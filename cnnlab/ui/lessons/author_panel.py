"""The panel above a lesson in its author's view: its state, its mistakes, its counts, and whose numbers.

It shows and sets; the counting is done by `cnnlab.course.measuring`.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from cnnlab.course.checking import DEFAULT_LANGUAGE, CheckedLesson
from cnnlab.course.filling import worded
from cnnlab.course.measuring import (
    MINUTES_A_LAB,
    MINUTES_A_QUESTION,
    WORDS_A_MINUTE,
    Measures,
    Picture,
    is_far,
    measure,
)
from cnnlab.course.mistakes import Mistake, Severity
from cnnlab.course.parameters import count_combinations
from cnnlab.language import translate, translate_count
from cnnlab.ui.lessons.asked import variant_key
from cnnlab.ui.lessons.author_mistakes import counted, list_mistakes
from cnnlab.ui.lessons.context import LessonContext
from cnnlab.ui.lessons.page import picture_address
from cnnlab.ui.lessons.shelf import ShelfEntry, file_beside
from cnnlab.ui.state import forget

MOST_VARIANTS = 200
ENOUGH_WORDS = 100  # of fewer words an index says nothing
SLIDER_PX = 420
UNKNOWN = "–"


def draw_panel(found: CheckedLesson, good: ShelfEntry | None, context: LessonContext | None) -> None:
    """Draw what an author wants to know about a lesson before its text; without a context it has none."""
    with st.container(border=True, key="author-panel"):
        st.markdown(f"**{translate('Author')}** · `{found.path.name}` · {_state(found, good)}")
        _mistakes(sorted(found.findings.mistakes))
        if context is None:
            return
        counts = measure(context.lesson)
        _counts(found, counts)
        _variant(context)
        _pictures(counts.pictures, context.folder)
        _forget_trials(context)


def _state(found: CheckedLesson, good: ShelfEntry | None) -> str:
    """Return in words who sees which version of the lesson."""
    if found.lesson is not None and found.lesson.front.status == "draft":
        return translate("draft: learners do not see it")
    if found.reading.sound:
        return translate("published: learners see this version")
    if good:
        return translate("broken: learners go on seeing the last version without errors")
    return translate("broken: learners cannot open it")


def _mistakes(mistakes: Sequence[Mistake]) -> None:
    if not mistakes:
        st.success(translate("The check finds no mistakes."), icon=":material/check:")
        return
    broken = any(one.severity is Severity.ERROR for one in mistakes)
    icon = ":material/error:" if broken else ":material/warning:"
    with st.expander(counted(mistakes), expanded=True, icon=icon):
        list_mistakes(mistakes)


def _counts(found: CheckedLesson, counts: Measures) -> None:
    level = counts.readability if counts.words >= ENOUGH_WORDS else None
    said = worded(level) if level is not None and found.language == DEFAULT_LANGUAGE else UNKNOWN
    stated = f"{found.lesson.front.minutes}" if found.lesson else UNKNOWN
    rows = (
        (translate("Words"), f"{counts.words:,}", translate("What learners read before they answer.")),
        (
            translate("Minutes: estimate / stated"),
            f"{counts.minutes} / {stated}",
            translate(
                "{words} words a minute, {question} minute a question, {lab} minutes a lab; "
                "stated is what the front matter says."
            ).format(words=WORDS_A_MINUTE, question=MINUTES_A_QUESTION, lab=MINUTES_A_LAB),
        ),
        (
            translate("Reading level"),
            said,
            translate(
                "Automated Readability Index (Smith and Senter, 1967): about the school grade that the "
                "sentences take, without formulas and code. For English of 100 words or more."
            ),
        ),
        (translate("Questions"), str(counts.questions), ""),
        (translate("Labs"), str(counts.labs), ""),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, value, help in rows:
            st.metric(label, value, help=help or None, width="content")
    for note in _notes(found, counts):
        st.markdown(note)


def _notes(found: CheckedLesson, counts: Measures) -> list[str]:
    """Return what to know about the counts: questions left out, and minutes far from the estimate."""
    lost = found.reading.lost_questions
    notes = []
    if lost:
        notes.append(
            translate_count(
                "{n} question with a mistake is left out of the page and of the count.",
                "{n} questions with mistakes are left out of the page and of the count.",
                lost,
            )
        )
    if found.lesson and is_far(found.lesson.front.minutes, counts.minutes):
        said = translate("You state {stated} minutes, the estimate is {estimate}: which of the two is right?")
        notes.append(said.format(stated=found.lesson.front.minutes, estimate=counts.minutes))
    return notes


def _variant(context: LessonContext) -> None:
    """Let the author leaf through the numbers of all questions at once."""
    drawn = [one for one in context.lesson.questions if one.params]
    if not drawn:
        return
    key = f"{context.key}.author-variant"
    for one in drawn:
        st.session_state.setdefault(variant_key(context, one), 0)

    def show() -> None:
        for one in drawn:
            st.session_state[variant_key(context, one)] = st.session_state[key] - 1

    most = min(MOST_VARIANTS, max(count_combinations(one) for one in drawn))
    if most > 1:
        st.slider(
            translate("Variant of the numbers"),
            1,
            most,
            key=key,
            on_change=show,
            width=SLIDER_PX,
            help=translate("Each learner gets the numbers in an order of their own; this one is yours."),
        )


def _pictures(pictures: Sequence[Picture], folder: Path) -> None:
    if not pictures:
        return
    title = translate("Pictures and their words ({number})").format(number=len(pictures))
    with st.expander(title, icon=":material/image:"):
        for one in pictures:
            is_there = bool(picture_address(file_beside(folder, one.path)))
            missing = "" if is_there else f" **{translate('The file is missing.')}**"
            st.markdown(f"- `{one.path}`: {one.alt or UNKNOWN}{missing}")


def _forget_trials(context: LessonContext) -> None:
    """Offer to begin anew; what an author tries is kept apart from what learners answer."""
    if st.button(
        translate("Forget my trial answers"),
        key="author.forget",
        help=translate("What you answer here counts for no learner."),
    ):
        context.progress.forget(context.learner)
        forget(context.key)
        st.rerun()
